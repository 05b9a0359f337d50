"""The log over HTTP is the log of the export, byte for byte; all else is a problem."""

from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.proof.checkpoint import open_checkpoint
from ledger.proof.tile import EntryBundle, HashTile, parse_bundle, tiles_for_size
from tests.api.conftest import Client
from tests.audit.exported import export
from tests.audit.house import House
from tests.audit.plan import SIZE, event_at

PREFIX = "/log/110000"
ZH = {"accept-language": "zh-CN,zh;q=0.9"}


def test_every_tile_of_the_log_is_that_of_the_export(
    house: House, client: Client, tmp_path: Path
) -> None:
    exported = export(house, tmp_path / "export", facts=False)
    note = client.get(f"{PREFIX}/checkpoint")
    assert note.content == exported.path("checkpoint").read_bytes()
    for tile in tiles_for_size(SIZE):
        served = client.get(f"{PREFIX}/{tile.path()}")
        assert served.status_code == 200
        assert served.content == exported.path(tile.path()).read_bytes()


def test_a_checkpoint_is_text_that_is_asked_for_anew(house: House, client: Client) -> None:
    response = client.get(f"{PREFIX}/checkpoint")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=1, must-revalidate"
    checkpoint = open_checkpoint(response.content, house.key.verifier_key)
    assert checkpoint.size == SIZE


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/108", "tile/entries/001"]
)
def test_a_tile_is_bytes_that_never_change(sqlite_client: Client, path: str) -> None:
    response = sqlite_client.get(f"{PREFIX}/{path}")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_checkpoint_covers_what_was_just_appended(house: House, client: Client) -> None:
    client.get(f"{PREFIX}/checkpoint")
    house.append(event_at(SIZE))
    response = client.get(f"{PREFIX}/checkpoint")
    assert open_checkpoint(response.content, house.key.verifier_key).size == SIZE + 1
    bundle = client.get(f"{PREFIX}/{EntryBundle(2, 109).path()}").content
    assert len(parse_bundle(bundle, count=109)) == 109


def test_a_partial_tile_of_an_older_checkpoint_is_still_there(client: Client) -> None:
    for tile in tiles_for_size(300):
        response = client.get(f"{PREFIX}/{tile.path()}")
        assert response.status_code == 200
        whole = client.get(f"{PREFIX}/{type(tile)(**_whole(tile)).path()}").content
        assert whole.startswith(response.content)


def _whole(tile: HashTile | EntryBundle) -> dict[str, int]:
    """Return the largest published tile at the same place."""
    level = tile.level if isinstance(tile, HashTile) else 0
    width = min(256, (SIZE >> (8 * level)) - tile.index * 256)
    place = {"index": tile.index, "width": width}
    return place | ({"level": level} if isinstance(tile, HashTile) else {})


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002.p/109",
        "tile/0/002",
        "tile/0/003",
        "tile/1/000.p/3",
        "tile/2/000.p/1",
        "tile/entries/002.p/109",
        "tile/entries/x999/x999/999",
        "tile/63/x999/x999/999",
    ],
)
def test_a_tile_beyond_the_checkpoint_is_a_problem(sqlite_client: Client, path: str) -> None:
    response = sqlite_client.get(f"{PREFIX}/{path}")
    _is_problem(response.status_code, response.headers, response.json(), 404)
    assert response.json()["code"] == "tile_beyond_checkpoint"


MALFORMED = [
    "tile/",
    "tile/0",
    "tile/0/",
    "tile/0/0",
    "tile/0/000/",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/0/x000/000",
    "tile/data/000",
    "tile/entries/000.p/",
    "tile/0/000%0a",
    "tile/0/000%00",
    "tile/0/00%30",
    "tile/%30/000",
    "tile/%65ntries/000",
    "tile%2f0/000",
    "tile/0/000%2ep/1",
    "tile/0//000",
    "tile/0/x000",
    "tile/0/0000",
    "tile/0/1/000",
    "tile/0/x999/x999/x999/x999/x999/x999/999",
    "tile/0/000.p/99999999999999999999",
    "tile/0/000.p/１",
    "tile/entries/+00",
    "tile/0/٠٠٠",
    "tile/..%2f..%2fcheckpoint",
    "tile/%2e%2e/%2e%2e/etc/passwd",
    "tile//etc/passwd",
    "tile/0/000?x=1".replace("?", "%3f"),
    "tile/" + "x000/" * 1_000,
]


@pytest.mark.parametrize("path", MALFORMED)
def test_a_path_that_is_no_tile_is_a_problem(sqlite_client: Client, path: str) -> None:
    response = sqlite_client.get(f"{PREFIX}/{quote(path, safe='/%')}")
    _is_problem(response.status_code, response.headers, response.json(), 404)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/log/110000", 404),
        ("GET", "/log/120000/checkpoint", 404),
        ("GET", "/log/110000/checkpoint/", 404),
        ("GET", "/log/110000/%63heckpoint", 404),
        ("GET", "/log/110000/checkpoint%0a", 404),
        ("GET", "/log/11000%30/checkpoint", 404),
        ("GET", "/log/11000%30/tile/0/000", 404),
        ("GET", "//log/110000/checkpoint", 404),
        ("GET", "/log/110000/../110000/checkpoint%2f", 404),
        ("GET", "/log/%2e%2e/110000/checkpoint", 404),
        ("OPTIONS", "/log/110000/checkpoint", 405),
        ("PROPFIND", "/log/110000/tile/0/000", 405),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("POST", "/log/110000/checkpoint", 405),
        ("DELETE", "/log/110000/tile/0/000", 405),
    ],
)
def test_an_address_that_is_none_is_a_problem(
    sqlite_client: Client, method: str, path: str, status: int
) -> None:
    response = sqlite_client.request(method, path)
    _is_problem(response.status_code, response.headers, response.json(), status)


def test_a_file_that_the_reader_has_is_not_sent_again(client: Client) -> None:
    for path in ("checkpoint", "tile/0/001", "tile/entries/002.p/108"):
        first = client.get(f"{PREFIX}/{path}")
        etag = first.headers["etag"]
        for known in (etag, f'"other", W/{etag}', "*"):
            again = client.get(f"{PREFIX}/{path}", headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == etag
            assert again.headers["cache-control"] == first.headers["cache-control"]
        other = client.get(f"{PREFIX}/{path}", headers={"if-none-match": '"other"'})
        assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/0/0", "tile/0/003"])
def test_a_page_of_another_site_may_read_the_log(sqlite_client: Client, path: str) -> None:
    response = sqlite_client.get(f"{PREFIX}/{path}")
    assert response.headers["access-control-allow-origin"] == "*"


def _is_problem(status: int, headers: object, body: dict[str, object], want: int) -> None:
    assert status == want
    assert headers["content-type"] == "application/problem+json"  # type: ignore[index]
    assert set(body) == {"type", "title", "status", "code"}
    assert body["status"] == want
    assert body["type"] == f"urn:ledger:problem:{body['code']}"


def test_a_problem_speaks_the_readers_language(sqlite_client: Client) -> None:
    path = f"{PREFIX}/tile/0/0"
    english, chinese = (
        sqlite_client.get(path).json(),
        sqlite_client.get(path, headers=ZH).json(),
    )
    assert english["code"] == chinese["code"] == "no_such_tile"
    assert english["title"].isascii()
    assert "瓦片" in chinese["title"]


@pytest.mark.parametrize("path", ["tile/entries/001", "tile/0/001"])
def test_a_tile_with_missing_rows_is_never_served(
    house: House, client: Client, path: str
) -> None:
    client.get(f"{PREFIX}/checkpoint")
    house.lie("DELETE FROM entries WHERE {log} AND seq = 333")
    response = client.get(f"{PREFIX}/{path}")
    _is_problem(response.status_code, response.headers, response.json(), 503)
    assert response.json()["code"] == "tile_damaged"
    assert response.headers["cache-control"] == "no-store"

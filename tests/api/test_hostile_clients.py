"""Hostile clients of the running service: each is answered or cut off, and nobody waits."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.api.service import Service, serving, until_closed
from tests.shell import Shell

PREFIX = "/log/110000"
HEAD_BYTES_MAX = 16 * 1024


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    shell = Shell(tmp_path_factory.mktemp("hostile"))
    shell.init()
    shell.append(299)
    with serving(shell) as running:
        yield running


@pytest.fixture(autouse=True)
def still_answers(service: Service) -> Iterator[None]:
    """Whatever a client did, the next one is answered."""
    yield
    assert service.get(f"{PREFIX}/checkpoint").status_code == 200
    assert service.get("/healthz").status_code == 200


def request(target: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "host: ledger", "connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def answers(service: Service, data: bytes) -> bytes:
    """Send bytes as they are and return all that comes back until the service closes."""
    with service.connect() as connection:
        try:
            connection.sendall(data)
            return until_closed(connection)
        except (BrokenPipeError, ConnectionResetError):
            return b""


def status_of(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 ")
    return int(answer[9:12])


def code_of(answer: bytes) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    code: str = json.loads(body)["code"]
    return code


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/log/110000/../110000/checkpoint",
        "/log/110000/./checkpoint",
        "/log/%2e%2e/110000/checkpoint",
        "//log/110000/checkpoint",
        "/log//110000/checkpoint",
        "/log/110000//checkpoint",
        "/log/110000/checkpoint%00",
        "/log/11000%30/checkpoint",
        "/%6cog/110000/tile/0/000",
        "/log/110000/checkpoint%0d%0aset-cookie:%20x",
        "/log/110000/%63heckpoint",
        "/log/110000/tile/0/000/",
        "/log/110000/tile/0/../0/000",
        "/log/110000/tile/./0/000",
        "/log/110000/tile/0/%2e%2e/000",
        "/log/110000/tile/0/00%30",
        "/log/110000/tile/0/000%0a",
        "/log/110000/tile/0/000%00",
        "/log/110000/tile/0/%d9%a0%d9%a0%d9%a0",
        "/log/110000/tile/0/%ef%bc%90%ef%bc%90%ef%bc%90",
        "/log/110000/tile/0/%ff%fe",
        "/log/110000/tile/0/" + "x999/" * 2_000 + "999",
        "/log/110000/tile/0/" + "9" * 5_000,
        "/log/110000/tile/0/000.p/" + "9" * 5_000,
        "/log/110000/tile/99999999999999999999/000",
        "/log/110000/tile/entries/000%3fx",
        "/log/110000/tile/0/000;x",
    ],
)
def test_a_path_has_one_spelling(service: Service, path: str) -> None:
    answer = answers(service, request(path))
    assert status_of(answer) == 404
    assert code_of(answer) in ("no_such_tile", "not_found")
    assert b"set-cookie" not in answer.lower()


@pytest.mark.parametrize(
    "data",
    [
        request("/" + "a" * HEAD_BYTES_MAX),
        request("/", "x: " + "a" * HEAD_BYTES_MAX),
        request("/", *(f"x{n}: y" for n in range(3_000))),
        b"GET /" + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\nx: " + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 100_000,
    ],
    ids=["path", "header", "headers", "path open", "header open", "name open", "headers open"],
)
def test_a_head_without_end_is_cut_off(service: Service, data: bytes) -> None:
    answer = answers(service, data)
    # Who goes on sending may be cut off before he has read why.
    assert answer == b"" or (status_of(answer), code_of(answer)) in (
        (431, "head_too_large"),
        (400, "not_http"),
    )


def test_who_stops_at_the_bound_reads_why(service: Service) -> None:
    data = b"GET / HTTP/1.1\r\nx: " + b"a" * HEAD_BYTES_MAX
    answer = answers(service, data)
    assert (status_of(answer), code_of(answer)) == (431, "head_too_large")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 100,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GÉT / HTTP/1.1\r\n\r\n".encode(),
    ],
)
def test_what_is_no_request_is_said_to_be_none(service: Service, data: bytes) -> None:
    answer = answers(service, data)
    assert status_of(answer) in (400, 404)
    if status_of(answer) == 400:
        assert code_of(answer) == "not_http"


def test_a_body_that_is_none_ends_the_connection(service: Service) -> None:
    with service.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n")
        answer = until_closed(connection)
    assert answer == b"" or status_of(answer) in (400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_the_log_can_only_be_read(service: Service, method: str) -> None:
    for path in ("/checkpoint", "/tile/0/000"):
        answer = answers(service, request(PREFIX + path, "content-length: 0", method=method))
        assert (status_of(answer), code_of(answer)) == (405, "method_not_allowed")
        assert b"allow: " in answer.lower()


def test_a_head_is_answered_as_a_get_without_its_body(service: Service) -> None:
    for path in ("/checkpoint", "/tile/0/000", "/tile/0/003"):
        asked = answers(service, request(PREFIX + path))
        head, _, body = answers(service, request(PREFIX + path, method="HEAD")).partition(
            b"\r\n\r\n"
        )
        assert body == b""
        assert b"content-length: %d" % len(asked.partition(b"\r\n\r\n")[2]) in head


def test_a_part_is_not_cut_out_of_a_tile(service: Service) -> None:
    for part in ("bytes=0-31", "bytes=0-0,1-1,2-2,3-3", "bytes=-999999999999999999999"):
        answer = answers(service, request(f"{PREFIX}/tile/0/000", f"range: {part}"))
        assert status_of(answer) == 200
        assert len(answer.partition(b"\r\n\r\n")[2]) == 8_192


def test_a_body_without_end_is_not_awaited(service: Service) -> None:
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    head = request("/", "transfer-encoding: chunked", method="POST").replace(
        b"connection: close\r\n", b""
    )
    with service.connect() as connection:
        connection.sendall(head)
        try:
            for _ in range(10_000):
                connection.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return
    raise AssertionError("it took 600 MB")


def test_requests_sent_far_ahead_are_cut_off(service: Service) -> None:
    one = request(f"{PREFIX}/tile/0/000").replace(b"connection: close\r\n", b"")
    answer = answers(service, one * 5_000)
    assert answer.count(b"HTTP/1.1 200") < 5_000


def test_the_slow_are_told_so_and_keep_nobody_out(service: Service) -> None:
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(service.connect()) for _ in range(100)]
        for number, connection in enumerate(slow):
            connection.sendall((b"", b"G", b"GET / HTTP/1.1\r\nx: ")[number % 3])
        # While they dawdle, others are served.
        assert service.get(f"{PREFIX}/tile/0/000").status_code == 200
        for connection in slow:
            answer = until_closed(connection)
            assert (status_of(answer), code_of(answer)) == (408, "request_too_slow")

"""Too large, too slow, packed, too deep, too many: answered early, within little memory."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from ledger.api.v1.bodies import HELD_BYTES_MAX, JSON_BYTES_MAX, SIGNED_BYTES_MAX
from tests.api.service import until_closed
from tests.api.v1.running import API, JOSE, JSON, KEY, RunningTown, TownBase, running, told
from tests.api.v1.settling import REVIEWED
from tests.application.signing import as_bytes, private_key, signed
from tests.faults.conftest import Shown
from tests.faults.scene import wait_until

MIB = 1024 * 1024
AT_ONCE = 16
ROWS_MIB, BURST_MIB = 96, 384
"""How much more memory one body may take, and many at once."""
FULL = SIGNED_BYTES_MAX - 1_000
ROWS: Mapping[str, bytes] = {
    "a million empty texts": b'"",',
    "short texts": b'"ab",',
    "objects": b"{},",
    "objects with a member": b'{"a":0},',
    "arrays": b"[],",
    "numbers": b"0,",
    "large numbers": b"9007199254740991,",
    "characters of four bytes": "\U00020000".encode() + b"a" * 60,
    "escapes": b"\\u4e00",
}


@pytest.fixture(scope="module")
def alone(
    town_base: TownBase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningTown]:
    """Return a town whose memory nobody else uses."""
    with running(town_base, tmp_path_factory.mktemp("alone"), at=REVIEWED) as made:
        made.sign_in("station.recorder")
        yield made


@pytest.fixture(scope="module")
def stalled(alone: RunningTown) -> Iterator[list[socket.socket]]:
    """Return connections that have sent a part of a body, or of a head, and no more."""
    with ExitStack() as open_ones:
        made = [open_ones.enter_context(alone.service.connect()) for _ in range(40)]
        for number, connection in enumerate(made):
            head = head_of("/submissions", **{"content-length": "1000000", **JOSE})
            begun = (head + b"{" * 10_000, head, b"POST /api/v1/records HTTP/1.1\r\nx: ")
            connection.sendall(begun[number % len(begun)])
        yield made


@pytest.fixture(autouse=True)
def still_serves(alone: RunningTown, stalled: list[socket.socket]) -> Iterator[None]:
    """Whatever came, the same process serves the next one."""
    yield
    assert alone.service.process.poll() is None
    assert alone.read("/me", "station.recorder")["staff"]


def head_of(path: str, **headers: str) -> bytes:
    lines = [f"POST {API}{path} HTTP/1.1", "host: ledger"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def memory(town: RunningTown, name: str) -> int:
    """Return bytes of memory of the service, now (`VmRSS`) or at most (`VmHWM`)."""
    status = Path(f"/proc/{town.service.process.pid}/status").read_text("utf-8")
    line = next(each for each in status.splitlines() if each.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def grown(town: RunningTown, act: Callable[[], None]) -> int:
    """Return how much more memory the service had at most than before."""
    Path(f"/proc/{town.service.process.pid}/clear_refs").write_text("5", "utf-8")
    before = memory(town, "VmRSS")
    act()
    return memory(town, "VmHWM") - before


def filled(part: bytes) -> bytes:
    """Return the largest body there is of something that looks like a submission."""
    begin, end = b'{"protected":"e30","payload":"e30","signature":"","records":[', b'""]}'
    if part.isascii() and part.endswith(b","):
        return begin + part * ((FULL - len(begin)) // len(part)) + end
    text = part * ((FULL - len(begin)) // len(part))
    return begin + b'"' + text + b'"]}'


def tried(town: RunningTown, content: bytes) -> int | None:
    """Return the status of the answer; None where we were cut off while we were sending."""
    try:
        return town.submit(content).status_code
    except httpx.TransportError:
        return None


@pytest.mark.parametrize(
    ("path", "kind", "length"),
    [
        ("/activities", JSON, 2**30),
        ("/activities", JSON, JSON_BYTES_MAX + 1),
        ("/sessions", JSON, 10**30),
        ("/submissions", JOSE, SIGNED_BYTES_MAX + 1),
        ("/records", JOSE, 2**40),
    ],
)
@pytest.mark.case(44, "oversized body, told by its length")
def test_who_says_that_too_much_comes_is_told_before_it_comes(
    alone: RunningTown, path: str, kind: dict[str, str], length: int, shown: Shown
) -> None:
    shown.by(f"POST {path} with content-length {length}, and nothing sent of it")
    with alone.service.connect() as connection:
        headers = kind | {"content-length": str(length), **alone.headers("station.recorder")}
        connection.sendall(head_of(path, **headers))
        answer = connection.recv(65_536)
    assert answer.startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 400 "))
    shown.saw(answer=answer[9:12].decode())


@pytest.mark.parametrize(
    ("path", "kind", "most"),
    [("/activities", JSON, JSON_BYTES_MAX), ("/submissions", JOSE, SIGNED_BYTES_MAX)],
)
@pytest.mark.case(44, "oversized body, in chunks without an end")
def test_a_body_without_end_is_cut_off_at_the_bound(
    alone: RunningTown, path: str, kind: dict[str, str], most: int, shown: Shown
) -> None:
    shown.by(f"POST {path} in chunks of 64 KiB, for ever")
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            yield b" " * 65_536
            sent += 65_536

    with httpx.Client(base_url=alone.service.address, timeout=60) as client:
        headers = kind | alone.headers("station.recorder")
        try:
            answer = client.post(API + path, content=endless(), headers=headers)
            assert told(answer) == (413, {"body_is_too_large"})
        except httpx.TransportError:
            pass  # it was still sending when the connection was closed
    assert sent < most + 16 * MIB  # what lies in the system's buffers was sent as well
    shown.saw(cut_off_after_mib=most // MIB or "1/4")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
@pytest.mark.case(44, "compressed bomb")
def test_nothing_is_unpacked(alone: RunningTown, coding: str, shown: Shown) -> None:
    shown.by(f"content-encoding: {coding}")
    headers = {"content-encoding": coding}
    for path, kind in (("/activities", JSON), ("/submissions", JOSE)):
        answer = alone.send(
            "POST", path, "station.recorder", content=b"\x1f\x8b", headers=kind | headers
        )
        assert told(answer) == (415, {"body_is_packed"})
    shown.saw(answer=415)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[" * 100_000, "json_is_too_deep"),
        (b'{"a":' * 40_000, "json_is_too_deep"),
        (b"[" + b"[]," * 80_000 + b"[]]", "json_has_too_many_parts"),
        (b'{"head_count":' + b"9" * 200_000 + b"}", "json_number_is_too_large"),
        (b'{"head_count":-1e' + b"9" * 200_000 + b"}", "json_number_is_no_integer"),
    ],
    ids=["arrays", "objects", "a hundred thousand arrays", "digits", "an exponent"],
)
@pytest.mark.case(44, "deep JSON, huge integers")
def test_what_is_deep_or_huge_is_refused_unread(
    alone: RunningTown, content: bytes, code: str, shown: Shown
) -> None:
    shown.by(f"{len(content) // 1024} KiB of it in one body")
    answer = alone.send(
        "POST", "/activities", "station.recorder", content=content, headers=JSON
    )
    assert told(answer) == (422, {code})
    shown.saw(answer=422, code=code)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.case(44, "a million rows in one submission, from anybody")
def test_a_body_takes_little_more_than_its_bytes(
    alone: RunningTown, rows: str, shown: Shown
) -> None:
    shown.by(f"4 MiB of {rows} in the place of records, signed by nobody")
    content = filled(ROWS[rows])

    def send() -> None:
        assert alone.submit(content).status_code in (413, 422)

    more = grown(alone, send)
    assert more < ROWS_MIB * MIB
    shown.saw(answer="413 or 422", more_memory_mib=more // MIB)


@pytest.mark.case(44, "a manifest of a million digests, and an endless record, signed")
def test_not_even_a_known_key_sends_without_bounds(alone: RunningTown, shown: Shown) -> None:
    shown.by("an honest signature over 3 MiB of digests; a record of 3 MiB beside another one")
    header = {"alg": "Ed25519", "kid": alone.id("key")}
    manifest = {
        "jti": "jti-million-01",
        "iat": alone.now(),
        "aud": "x",
        "records": ["0"] * 500_000,
    }
    payload = json.dumps(manifest).encode()
    content = as_bytes(signed(private_key(KEY), header, payload, []))
    assert told(alone.submit(content)) == (413, {"body_is_too_large"})
    content = alone.signed_texts("[" * 3_000_000, jti="jti-million-02")
    assert told(alone.submit(content)) == (413, {"body_is_too_large"})
    shown.saw(answer=413)


@pytest.mark.case(44, "many large bodies at once")
def test_many_large_bodies_at_once_keep_nobody_waiting_long(
    alone: RunningTown, shown: Shown
) -> None:
    shown.by(f"{AT_ONCE} bodies of 4 MiB at once; others are served between them")
    content = filled(ROWS["short texts"])
    answers: list[int | None] = []

    def burst() -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sending = [pool.submit(tried, alone, content) for _ in range(AT_ONCE)]
            while not all(each.done() for each in sending):
                assert alone.service.get("/healthz").status_code == 200
            answers.extend(each.result() for each in sending)

    more = grown(alone, burst)
    assert more < BURST_MIB * MIB
    assert set(answers) <= {422, 503, None}
    shown.saw(more_memory_mib=more // MIB, sent_away=AT_ONCE - answers.count(422))


@pytest.mark.case(44, "large bodies that are held back")
def test_who_holds_bodies_back_takes_no_more_than_the_room_there_is(
    alone: RunningTown, shown: Shown
) -> None:
    parts = HELD_BYTES_MAX // FULL
    shown.by(f"{parts} bodies of 4 MiB, of each all but the last byte; then another one")
    head = head_of("/submissions", **{"content-length": str(FULL), **JOSE})
    with ExitStack() as open_ones:
        for _ in range(parts):
            connection = open_ones.enter_context(alone.service.connect())
            connection.sendall(head + b" " * (FULL - 1))
        wait_until(lambda: tried(alone, b" " * FULL) == 503)
        assert alone.read("/me", "station.recorder")
    assert told(alone.submit(b" " * 100_000)) == (422, {"json_is_malformed"})
    shown.saw(another_one=503, a_small_request=200, after_they_left=422)


@pytest.mark.case(44, "slow bodies and slow heads")
def test_the_slow_are_cut_off(
    alone: RunningTown, stalled: list[socket.socket], shown: Shown
) -> None:
    shown.by(f"{len(stalled)} connections that stop in a head or a body")
    answers = [until_closed(connection) for connection in stalled]
    # Who stops in a head is told so, who stops in a body is cut off.
    told_so = sum(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
    assert told_so == len(answers[2::3])
    assert answers.count(b"") == len(answers) - told_so
    shown.saw(told_408=told_so, cut_off=len(answers) - told_so)

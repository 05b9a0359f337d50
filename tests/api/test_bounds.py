"""The bounds of one connection, with small numbers: who is cut off, and what he is told."""

import asyncio
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
import uvloop
from uvicorn.server import ServerState

from ledger.api import bounded_http
from tests.api.service import until_closed

DEADLINE_S = 30
LARGE = 64 * 1024 * 1024
PIECE = 64 * 1024

pieces_ended = threading.Event()


async def application(
    scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
) -> None:
    """Read the whole body where it is asked to, then answer, with much where it is asked to."""
    if scope["type"] != "http":
        return
    if scope["path"] in ("/body", "/names"):
        while (await receive()).get("more_body"):
            pass
    if scope["path"] == "/pieces":
        await answer_in_pieces(send)
        return
    size = LARGE if scope["path"] == "/much" else 2
    body = b"x" * size
    if scope["path"] == "/names":
        body = b" ".join(name for name, _ in scope["headers"]) + b"\r\n\r\nxx"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer_in_pieces(send: Callable[..., Any]) -> None:
    """Answer with much, a piece at a time, each when there is room for it."""
    pieces_ended.clear()
    try:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(LARGE // PIECE):
            await send({"type": "http.response.body", "body": bytes(PIECE), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        pieces_ended.set()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(bounded_http, "HEAD_S", 0.5)
    monkeypatch.setattr(bounded_http, "STALL_S", 2.0)
    monkeypatch.setattr(bounded_http, "CONNECTIONS_MAX", 4)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, http=bounded_http.BoundedHttp, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    deadline = time.monotonic() + DEADLINE_S
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(DEADLINE_S)
    listening.close()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)


def answered(connection: socket.socket) -> bool:
    """Return whether the whole short answer came; not where another came in its place."""
    received = b""
    while not received.endswith(b"\r\n\r\nxx"):
        part = connection.recv(4_096)
        if not part:
            return False
        received += part
    return True


def test_a_request_is_answered(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert until_closed(connection).endswith(b"\r\n\r\nxx")


def test_a_connection_is_used_again(port: int) -> None:
    with connect(port) as connection:
        for _ in range(20):
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert answered(connection)


def test_who_is_answered_before_his_body_is_told_of_the_close(port: int) -> None:
    """Otherwise he would send his next request into the closed connection."""
    with connect(port) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n")
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert b"connection: close" in head.split(b"\r\n")
    assert body == b"xx"


def test_an_awaited_body_that_stalls_is_cut_off(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc")
        assert until_closed(connection) == b""


def test_a_body_that_comes_piece_by_piece_is_awaited(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 25\r\n\r\n")
        for _ in range(25):  # altogether longer than any of the bounds
            connection.sendall(b"a")
            time.sleep(0.1)
        assert answered(connection)


def test_who_takes_nothing_of_his_answer_is_cut_off(port: int) -> None:
    with connect(port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n")
        # Nothing is read until the service has given up and hears no more of us.
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            _send_until_refused(connection)
        assert len(until_closed(connection)) < LARGE


def _send_until_refused(connection: socket.socket) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        connection.sendall(b"\r\n")
        time.sleep(0.01)


def test_one_connection_too_many_is_told_so(port: int) -> None:
    with connect(port) as a, connect(port) as b, connect(port) as c, connect(port) as d:
        for each in (a, b, c, d):
            each.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert answered(each)
        with connect(port) as late:
            late.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            answer = until_closed(late)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"too_many_connections" in answer
    # The others left: before long somebody else is let in.
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        with connect(port) as after:
            after.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            if answered(after):
                return
    raise AssertionError("nobody is let in")


def test_the_silent_are_cut_off(port: int) -> None:
    with connect(port) as connection:
        assert until_closed(connection).startswith(b"HTTP/1.1 408 ")


CHUNKED = b"POST %s HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begun", "without_end"),
    [
        (b"1\r\na\r\n0\r\n", b"a: b\r\n" * 10_000),
        (b"0\r\na: ", b"b" * 65_536),
        (b"0\r\n", b"a" * 65_536),
        (b"1;", b"a" * 65_536),
        (b"", b"0" * 65_536),
    ],
    ids=[
        "trailers",
        "one trailer",
        "a trailer's name",
        "a chunk's extension",
        "a chunk's size",
    ],
)
def test_what_frames_a_body_has_an_end(
    port: int, begun: bytes, without_end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_http, "STALL_S", 2.0 * DEADLINE_S)  # its length alone counts
    with connect(port) as connection:
        connection.sendall(CHUNKED % b"/body" + begun)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            _send_again_and_again(connection, without_end)


def _send_again_and_again(connection: socket.socket, part: bytes) -> None:
    for _ in range(LARGE // 2 // len(part)):
        connection.sendall(part)


def test_a_chunked_body_may_be_long_and_have_trailers(port: int) -> None:
    trailers = b"a: " + b"b" * (bounded_http.HEAD_BYTES_MAX // 2) + b"\r\n\r\n"
    with connect(port) as connection:
        for _ in range(3):
            connection.sendall(CHUNKED % b"/body")
            for _ in range(20_000):  # more framing than any head may have
                connection.sendall(b"1;b\r\na\r\n")
            connection.sendall(b"0\r\n" + trailers)
            assert answered(connection)


def test_a_trailer_is_no_header(port: int) -> None:
    with connect(port) as connection:
        for _ in range(2):  # nor one of the next request
            trailers = b"authorization: y\r\nforwarded: z\r\n\r\n"
            connection.sendall(CHUNKED % b"/names" + b"1\r\na\r\n0\r\n" + trailers)
            received = b""
            while not received.endswith(b"\r\n\r\nxx"):
                part = connection.recv(4_096)
                assert part
                received += part
            assert b"host transfer-encoding\r\n" in received
            assert b"authorization" not in received
            assert b"forwarded" not in received


ONE = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.mark.parametrize(
    "after",
    [ONE, ONE * (bounded_http.AHEAD_MAX + 2), ONE + b"no request\r\n\r\n"],
    ids=["goes away", "too far ahead", "no HTTP"],
)
def test_an_answer_that_nobody_takes_any_more_ends_without_an_error(
    port: int, after: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET /pieces HTTP/1.1\r\nhost: x\r\n\r\n")
        assert connection.recv(1) == b"H"
        connection.sendall(after)
        if after != ONE:
            assert pieces_ended.wait(DEADLINE_S)
        # Closed while not all is read, it is reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert pieces_ended.wait(DEADLINE_S)
    with connect(port) as other:
        other.sendall(ONE)
        assert answered(other)
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


class Timers:
    """A loop whose timers run when a test says so."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._set: list[tuple[float, asyncio.Handle]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def call_later(
        self, delay: float, callback: Callable[..., None], *arguments: object
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, arguments, self._loop)
        self._set.append((delay, handle))
        return handle

    def run(self, delay: float) -> int:
        """Run those that were set for so long; return how many that were."""
        due = [handle for until, handle in self._set if until == delay]
        self._set = [(until, handle) for until, handle in self._set if until != delay]
        awaited = [handle for handle in due if not handle.cancelled()]
        for handle in awaited:
            handle._run()
        return len(awaited)


@pytest.mark.parametrize("loop_of", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("system_buffer", [4_096, 1 << 20])
def test_who_takes_his_answer_slowly_but_steadily_gets_all_of_it(
    loop_of: Callable[[], asyncio.AbstractEventLoop], system_buffer: int
) -> None:
    with asyncio.Runner(loop_factory=loop_of) as runner:
        runner.run(_take_steadily(system_buffer))


async def _take_steadily(system_buffer: int) -> None:
    loop = asyncio.get_running_loop()
    ours, theirs = _connected()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, system_buffer)
    timers = Timers(loop)
    config = uvicorn.Config(application, lifespan="off", log_config=None)
    transport, protocol = await loop.connect_accepted_socket(
        lambda: bounded_http.BoundedHttp(config, ServerState(), {}, timers),  # type: ignore[arg-type]
        ours,
    )
    with theirs:
        await loop.sock_sendall(theirs, b"GET /pieces HTTP/1.1\r\nhost: x\r\n\r\n")
        looks = 0
        for _ in range(100):
            await _take(theirs, PIECE)
            while not protocol.flow.write_paused:
                await asyncio.sleep(0)
            looks += timers.run(bounded_http.STALL_S)
            assert not transport.is_closing()
        assert looks > 50
        transport.abort()
        while protocol.tasks:
            await asyncio.sleep(0)


def _connected() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        theirs = socket.socket()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
        theirs.connect(listening.getsockname())
        ours, _ = listening.accept()
    theirs.setblocking(False)
    ours.setblocking(False)
    return ours, theirs


async def _take(connection: socket.socket, size: int) -> None:
    while size > 0:
        size -= len(await asyncio.get_running_loop().sock_recv(connection, min(size, 4_096)))

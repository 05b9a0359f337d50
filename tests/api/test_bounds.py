"""The bounds of one connection, with small numbers: who is cut off, and what he is told."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from ledger.api import bounded_http

DEADLINE_S = 30
LARGE = 64 * 1024 * 1024


async def application(scope: dict[str, object], receive: object, send: object) -> None:
    """Read the whole body where it is asked to, then answer, with much where it is asked to."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/body":
        while (await receive())["more_body"]:  # type: ignore[operator]
            pass
    size = LARGE if scope["path"] == "/much" else 2
    length = str(size).encode()
    headers = [(b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"x" * size})  # type: ignore[operator]


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
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
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


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    try:
        while part := connection.recv(1 << 20):
            received += part
    except ConnectionResetError:
        pass
    return received


def test_a_request_is_answered(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert until_closed(connection).endswith(b"\r\n\r\nxx")


def test_a_connection_is_used_again(port: int) -> None:
    with connect(port) as connection:
        for _ in range(20):
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert answered(connection)


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

"""A server on loopback whose every answer a test writes byte by byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from ledger.witness.cosigning import Reply

DEADLINE_S = 60


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    body: bytes

    @property
    def old_size(self) -> int:
        return int(self.body.split(b"\n", 1)[0].removeprefix(b"old "))

    @property
    def proof(self) -> list[bytes]:
        return self.body.partition(b"\n\n")[0].split(b"\n")[1:]

    @property
    def note(self) -> bytes:
        return self.body.partition(b"\n\n")[2]


Script = Callable[[Asked, socket.socket], None]


@dataclass
class Wire:
    """What was asked of a server, and how it answers; both may be changed between rounds."""

    script: Script
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def posts(self) -> list[Asked]:
        return [each for each in self.asked if each.method == "POST"]


@contextmanager
def listening(script: Script) -> Iterator[Wire]:
    """Answer on a port of its own until the end of the block."""
    wire = Wire(script)
    with socket.create_server(("127.0.0.1", 0)) as server:
        wire.url = f"http://127.0.0.1:{server.getsockname()[1]}"
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    thread = threading.Thread(target=_serve, args=(wire, client))
                    threads.append(thread)
                    thread.start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield wire
        finally:
            wire.stopping.set()
            server.shutdown(socket.SHUT_RDWR)
            accepting.join(DEADLINE_S)
            for thread in threads:
                thread.join(DEADLINE_S)


def _serve(wire: Wire, client: socket.socket) -> None:
    client.settimeout(DEADLINE_S)
    with client, suppress(OSError):
        asked = _read(client)
        wire.asked.append(asked)
        wire.script(asked, client)


def _read(client: socket.socket) -> Asked:
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(client)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    while len(body) < int(headers.get("content-length", 0)):
        body += _some(client)
    return Asked(method, path, body)


def _some(client: socket.socket) -> bytes:
    data = client.recv(65_536)
    if not data:
        raise ConnectionResetError
    return data


def http(status: int, body: bytes = b"", content_type: str = "text/plain") -> bytes:
    """Return an answer as it stands on the wire."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nConnection: close\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def saying(answer: bytes) -> Script:
    """Return a script that always gives one answer."""
    return lambda _asked, client: client.sendall(answer)


def replying(reply: Callable[[Asked], Reply]) -> Script:
    """Return a script that answers as a function does."""

    def script(asked: Asked, client: socket.socket) -> None:
        given = reply(asked)
        client.sendall(http(given.status, given.body, given.content_type))

    return script

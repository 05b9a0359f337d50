"""HTTP within bounds: who sends too much, too slowly, or takes nothing, is cut off early.

uvicorn bounds how long an idle connection lives, but neither how long a head may grow nor how
slowly it may come, nor how slowly an answer may be taken. Each open connection counts, so
without these bounds some hundred silent ones keep everybody out.

    HEAD_BYTES_MAX    of request line and headers                  431 head_too_large
    HEAD_S            from connecting to the end of the head       408 request_too_slow
    CONNECTIONS_MAX   of one worker                                503 too_many_connections
                      twice as many                                cut
    AHEAD_MAX         requests sent ahead of their answers         cut
    HEAD_BYTES_MAX    of framing and trailers between body bytes   cut
    STALL_S           without a byte of an awaited body            cut
                      or without one of an answer being taken      cut
                      what is not HTTP/1.1                         400 not_http
                      a body that goes on after its answer         closed
"""

import asyncio
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from fcntl import ioctl
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from ledger.api.problems import problem_body
from ledger.application.texts import say

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

HEAD_BYTES_MAX = 16 * 1024
HEAD_S = 10.0
STALL_S = 30.0
AHEAD_MAX = 16
CONNECTIONS_MAX = 256


class MeasuredTransport:
    """A transport that tells how much of what was written to it the other side has taken."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._written = 0

    def write(self, data: bytes) -> None:
        """Write, and count the bytes."""
        self._written += len(data)
        self._transport.write(data)

    def taken(self) -> int:
        """Return the bytes that the other side has acknowledged since the beginning."""
        # The system's own buffer may hold megabytes and asks for more only when a third of it
        # is free: by ours alone, who reads slowly but steadily seems to stand still.
        held = bytes(4)
        with suppress(OSError):
            held = ioctl(self.get_extra_info("socket").fileno(), termios.TIOCOUTQ, held)
        waiting = self._transport.get_write_buffer_size()
        return self._written - waiting - int.from_bytes(held, sys.byteorder)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with a bound on every length and every wait of one connection."""

    _head_bytes = 0
    _bytes_since_body = 0
    _in_head = True
    _refused = False
    _sender: asyncio.TimerHandle | None = None
    _reader: asyncio.TimerHandle | None = None
    _answered: RequestResponseCycle | None = None

    def connection_made(self, transport: Any) -> None:
        """Await a request, unless there are far too many connections already."""
        self._measured = MeasuredTransport(transport)
        super().connection_made(self._measured)  # type: ignore[arg-type]
        if len(self.connections) > 2 * CONNECTIONS_MAX:
            self._refused = True
            transport.abort()
            return
        self._await_sender(HEAD_S, self._time_out)

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing any more."""
        self._await_sender(0, None)
        self._forget_reader()
        self._disconnect()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as far as the bounds allow."""
        if self._refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._sender is None:
                self._await_sender(HEAD_S, self._time_out)
        # The body's bytes and the end of a head begin this count anew: what is left is whole
        # reads of chunk sizes, chunk extensions and trailers, which nobody pauses.
        self._bytes_since_body += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES_MAX:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large")
        elif not self._in_head and self._bytes_since_body > HEAD_BYTES_MAX:
            self._cut()

    def on_message_begin(self) -> None:
        """Begin to count the next head."""
        if not self._refused:
            self._in_head = True
            super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer is none, and is dropped (RFC 9110, 6.5.1)."""
        if self._in_head and not self._refused:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request on, now that its head is whole."""
        if self._refused:
            return
        self._in_head, self._head_bytes, self._bytes_since_body = False, 0, 0
        head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if head > HEAD_BYTES_MAX:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large")
        elif len(self.connections) > CONNECTIONS_MAX:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_connections")
        elif len(self.pipeline) >= AHEAD_MAX:
            self._cut()
        else:
            self._await_sender(STALL_S, self._cut)
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, and await the next."""
        if not self._refused:
            self._bytes_since_body = 0
            self._await_sender(STALL_S, self._cut)
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Await nothing more of this request; the next one begins with its first byte."""
        if self._refused:
            return
        self._in_head = True
        self._await_sender(0, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on to the next request, unless this one has not ended yet."""
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body:
            self.transport.close()
        if self.transport.get_write_buffer_size():
            self._await_reader()

    def pause_writing(self) -> None:
        """Await a reader who takes his answer."""
        super().pause_writing()
        self._await_reader()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the text is ours
        """Answer what is not HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST, "not_http")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: "ASGI3Application") -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, _telling_of_close(cycle, app))

    def _time_out(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, "request_too_slow")

    def _refuse(self, status: HTTPStatus, code: str) -> None:
        """Answer by one problem and close; what still comes is not looked at."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._await_sender(0, None)
        body = orjson.dumps(problem_body(status, code, say(code, "en")))
        lines = [
            STATUS_LINE[status],
            b"content-type: application/problem+json\r\n",
            b"cache-control: no-store\r\n",
            b"content-length: %d\r\n" % len(body),
            b"connection: close\r\n\r\n",
            body,
        ]
        # An answer that is under way must not be broken into.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.write(b"".join(lines))
        self._disconnect()
        self.transport.close()
        if self.transport.get_write_buffer_size():
            self._await_reader()

    def _cut(self) -> None:
        self._refused = True
        self._disconnect()
        self.transport.abort()

    def _disconnect(self) -> None:
        """Tell every request of this connection that nobody takes its answer any more."""
        # uvicorn tells only the latest; one before it would write to a closed transport.
        waiting = [cycle for cycle, _ in self.pipeline]
        self.pipeline.clear()
        for cycle in (self._answered, self.cycle, *waiting):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.flow.resume_writing()

    def _await_sender(self, seconds: float, otherwise: Callable[[], None] | None) -> None:
        if self._sender is not None:
            self._sender.cancel()
        self._sender = None if otherwise is None else self.loop.call_later(seconds, otherwise)

    def _await_reader(self) -> None:
        if self._reader is None:
            taken = self._measured.taken()
            self._reader = self.loop.call_later(STALL_S, self._look_at_reader, taken)

    def _look_at_reader(self, before: int) -> None:
        self._reader = None
        if not self.transport.get_write_buffer_size():
            return
        if self._measured.taken() > before:
            self._await_reader()
        else:
            self._cut()

    def _forget_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None


def _telling_of_close(
    cycle: RequestResponseCycle, app: "ASGI3Application"
) -> "ASGI3Application":
    """Return the application whose answers say when they come before the whole request.

    The connection is closed behind such an answer (RFC 9112, 9.6): who is not told would send
    the next request into it.
    """

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start" and cycle.more_body:
                headers = [*message.get("headers", ()), (b"connection", b"close")]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, sending)

    return answering

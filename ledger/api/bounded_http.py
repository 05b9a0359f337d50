"""HTTP within bounds: who sends too much, too slowly, or takes nothing, is cut off early.

uvicorn bounds how long an idle connection lives, but neither how long a head may grow nor how
slowly it may come, nor how slowly an answer may be taken. Each open connection counts, so
without these bounds some hundred silent ones keep everybody out.

    HEAD_BYTES_MAX    of request line and headers                  431 head_too_large
    HEAD_S            from connecting to the end of the head       408 request_too_slow
    CONNECTIONS_MAX   of one worker                                503 too_many_connections
                      twice as many                                cut
    AHEAD_MAX         requests sent ahead of their answers         cut
    STALL_S           without a byte of an awaited body            cut
                      or without one of an answer being taken      cut
                      what is not HTTP/1.1                         400 not_http
                      a body that goes on after its answer         closed
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from ledger.api.problems import problem_body
from ledger.application.texts import say

HEAD_BYTES_MAX = 16 * 1024
HEAD_S = 10.0
STALL_S = 30.0
AHEAD_MAX = 16
CONNECTIONS_MAX = 256


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with a bound on every length and every wait of one connection."""

    _head_bytes = 0
    _in_head = True
    _refused = False
    _sender: asyncio.TimerHandle | None = None
    _reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Await a request, unless there are far too many connections already."""
        super().connection_made(transport)
        if len(self.connections) > 2 * CONNECTIONS_MAX:
            self._refused = True
            transport.abort()
            return
        self._await_sender(HEAD_S, self._time_out)

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing any more."""
        self._await_sender(0, None)
        self._forget_reader()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as far as the bounds allow."""
        if self._refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._sender is None:
                self._await_sender(HEAD_S, self._time_out)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES_MAX:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large")

    def on_message_begin(self) -> None:
        """Begin to count the next head."""
        if not self._refused:
            self._in_head = True
            super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Hand the request on, now that its head is whole."""
        if self._refused:
            return
        self._in_head, self._head_bytes = False, 0
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
        self.transport.close()

    def _cut(self) -> None:
        self._refused = True
        self.transport.abort()

    def _await_sender(self, seconds: float, otherwise: Callable[[], None] | None) -> None:
        if self._sender is not None:
            self._sender.cancel()
        self._sender = None if otherwise is None else self.loop.call_later(seconds, otherwise)

    def _await_reader(self) -> None:
        if self._reader is None:
            left = self.transport.get_write_buffer_size()
            self._reader = self.loop.call_later(STALL_S, self._look_at_reader, left)

    def _look_at_reader(self, before: int) -> None:
        self._reader = None
        left = self.transport.get_write_buffer_size()
        if left >= before:
            self._cut()
        elif left:
            self._await_reader()

    def _forget_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

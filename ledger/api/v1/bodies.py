"""Bodies of requests: bounded, of a known kind, read in one way only.

What FastAPI would read with a lenient parser is read here strictly, before any form sees it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from email.message import Message
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from ledger.application.strict_json import UnreadableJsonError, read_json

JSON_BYTES_MAX = 256 * 1024
"""One act of one person."""
SIGNED_BYTES_MAX = 4 * 1024 * 1024
"""A submission of up to 1,000 records."""
HELD_BYTES_MAX = 32 * 1024 * 1024
"""What a process holds at once of signed submissions; whoever comes then is sent away."""
BODY_S = 60.0
"""In such a time a body has come whole: who sends a byte now and then holds what came."""
JSON = "application/json"
JOSE = "application/jose+json"


Receive = Callable[[Request], Coroutine[Any, Any, Response]]
"""Answers a request."""


class UnusableBodyError(HTTPException):
    """A body is none of those that an address takes; ``code`` says why, ``name`` where."""

    def __init__(self, status: HTTPStatus, code: str, name: str | None = None) -> None:
        super().__init__(status)
        self.code = code
        self.name = name


class StrictRequest(Request):
    """A request whose body is read within bounds, and as JSON in one way only."""

    async def body(self) -> bytes:
        """Return the whole body.

        Raises:
            UnusableBodyError: It is too large, or packed.
        """
        if not hasattr(self, "_body"):
            kind = media_type(self)
            self._body = await bounded_body(self, _bytes_max(kind))
        return self._body

    async def json(self) -> Any:
        """Return the one value that the body has.

        Raises:
            UnusableBodyError: It has none, or several.
        """
        content = await self.body()
        try:
            return read_json(content)
        except UnreadableJsonError as error:
            raise unreadable(error) from error


class StrictRoute(APIRoute):
    """A route whose requests have strict bodies."""

    def get_route_handler(self) -> Receive:
        """Return the handler, given a strict request."""
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def strictly(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            if takes_body and media_type(strict) != JSON:
                raise UnusableBodyError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "body_is_no_json")
            return await handle(strict)

        return strictly


def taking_signed(receive: Receive) -> type[StrictRoute]:
    """Return a kind of routes that take a signed submission in the place of their form.

    What the submission asks for stands in its items, whichever of these it is sent to.
    """

    class SignedRoute(StrictRoute):
        """A route that takes a form from a person, or what a system has signed."""

        def get_route_handler(self) -> Receive:
            """Return the handler."""
            handle = super().get_route_handler()
            is_write = bool({"POST", "PUT"} & (self.methods or set()))

            async def either(request: Request) -> Response:
                if is_write and media_type(request) == JOSE:
                    return await receive(request)
                return await handle(request)

            return either

    return SignedRoute


class Room:
    """What a process holds of bodies, of one event loop."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._held = 0

    @asynccontextmanager
    async def body(self, request: Request, bytes_max: int) -> AsyncIterator[bytes]:
        """Yield a body, and count it until whoever asked is done with it.

        Raises:
            UnusableBodyError: As `bounded_body`; or too much is held already.
        """
        taken = 0

        def take(size: int) -> None:
            nonlocal taken
            if self._held + size > self._bytes_max:
                raise UnusableBodyError(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_bodies")
            taken += size
            self._held += size

        try:
            yield await bounded_body(request, bytes_max, take)
        finally:
            self._held -= taken


async def bounded_body(
    request: Request, bytes_max: int, take: Callable[[int], None] = lambda _size: None
) -> bytes:
    """Return a body of bounded length; ``take`` is told how much of it comes.

    Raises:
        UnusableBodyError: It is longer, or packed: what it unpacks to has no bound; or it did
            not come in time.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnusableBodyError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "body_is_packed")
    too_large = UnusableBodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_is_too_large")
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > bytes_max:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                size += len(part)
                if size > bytes_max:
                    raise too_large
                take(len(part))
                parts.append(part)
    except TimeoutError:
        raise UnusableBodyError(HTTPStatus.REQUEST_TIMEOUT, "request_too_slow") from None
    return b"".join(parts)


def media_type(request: Request) -> str:
    """Return the media type of a body, without parameters; empty where none is named."""
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    return message.get_content_type() if request.headers.get("content-type") else ""


def unreadable(error: UnreadableJsonError) -> UnusableBodyError:
    """Return how a body that cannot be read is told."""
    return UnusableBodyError(HTTPStatus.UNPROCESSABLE_ENTITY, error.code, error.name)


def _bytes_max(kind: str) -> int:
    return SIGNED_BYTES_MAX if kind == JOSE else JSON_BYTES_MAX

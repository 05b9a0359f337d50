"""The log over HTTP: `/log/<division>/checkpoint` and `/log/<division>/tile/…` (C2SP)."""

import logging
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from ledger.api.metrics import Metrics
from ledger.api.problems import FOR_EVERYBODY, PROBLEM_TYPE, problem
from ledger.application.health import Health
from ledger.application.log_files import BeyondCheckpoint, LogFiles
from ledger.application.texts import say
from ledger.proof.errors import MalformedError, ProofError, shorten
from ledger.proof.tile import EntryBundle, Tile, parse_tile_path

CHECKPOINT_CACHE = "public, max-age=1, must-revalidate"
"""C2SP tlog-tiles: nobody should keep a checkpoint for more than a few seconds."""
TILE_CACHE = "public, max-age=31536000, immutable"
_OPERATOR = logging.getLogger("uvicorn.error")


def log_routes(
    files: LogFiles, *, division: str, health: Health, metrics: Metrics
) -> APIRouter:
    """Return the routes of one log; ``division`` is the last path element of its origin."""

    # To read may mean to sign first, which a process that lost a write must not.
    async def may_sign() -> None:
        health.check()

    router = APIRouter(
        prefix=f"/log/{division}",
        tags=["log"],
        dependencies=[Depends(may_sign)],
        default_response_class=Response,
    )

    # Plain functions: FastAPI runs them on threads, for they wait for the database.
    @router.head("/checkpoint", include_in_schema=False)
    @router.get("/checkpoint", responses=_documented("text/plain"))
    def checkpoint(request: Request) -> Response:
        """Return the newest checkpoint."""
        if not _is_spelled(request, "checkpoint"):
            return problem(request, 404, "not_found")
        return _file(request, files.checkpoint(), "text/plain; charset=utf-8", CHECKPOINT_CACHE)

    @router.head("/tile/{path:path}", include_in_schema=False)
    @router.get("/tile/{path:path}", responses=_documented("application/octet-stream"))
    def tile(request: Request, path: str) -> Response:
        """Return a hash tile or an entry bundle; it never changes."""
        try:
            wanted = parse_tile_path(f"tile/{path}")
        except MalformedError:
            metrics.count_tile(kind="none", outcome="absent")
            return problem(request, 404, "no_such_tile")
        if not _is_spelled(request, wanted.path()):
            metrics.count_tile(kind="none", outcome="absent")
            return problem(request, 404, "no_such_tile")
        response, outcome = _answer(request, files, wanted)
        kind = "entries" if isinstance(wanted, EntryBundle) else "hashes"
        metrics.count_tile(kind=kind, outcome=outcome)
        return response

    return router


def _documented(media_type: str) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of a file."""
    problem_said: dict[str, Any] = {"content": {PROBLEM_TYPE: {}}}
    return {
        200: {"content": {media_type: {}}},
        304: {"description": "The reader has it already"},
        404: {"description": "There is no such file", **problem_said},
        503: {"description": "It cannot be served", **problem_said},
    }


def _answer(request: Request, files: LogFiles, wanted: Tile) -> tuple[Response, str]:
    """Return the response for a tile, and what became of it in one word."""
    try:
        content = files.tile(wanted)
    except BeyondCheckpoint:
        return problem(request, 404, "tile_beyond_checkpoint"), "absent"
    except ProofError as error:
        # The alarm: what is wrong stays with the operator.
        _OPERATOR.error(
            say(
                "log_damaged",
                "en",
                what=f"{wanted.path()}: {error.step}",
                want=shorten(error.want),
                got=shorten(error.got),
            )
        )
        return problem(request, 503, "tile_damaged"), "damaged"
    response = _file(request, content, "application/octet-stream", TILE_CACHE)
    return response, "served" if response.status_code == HTTPStatus.OK else "not_modified"


def _is_spelled(request: Request, path: str) -> bool:
    """Return whether a file was asked for by its one address, with nothing escaped.

    A route also matches before a newline, and an escaped digit is a digit to it.
    """
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.endswith(b"/" + path.encode("ascii")) and b"%" not in raw


def _file(request: Request, content: bytes, media_type: str, cache: str) -> Response:
    """Return a file, or only that the reader has it already (RFC 9110, 13.1.2)."""
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"cache-control": cache, "etag": etag, **FOR_EVERYBODY}
    known = request.headers.get("if-none-match", "").split(",")
    if {"*", etag, f"W/{etag}"} & {each.strip() for each in known}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type=media_type, headers=headers)

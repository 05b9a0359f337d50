"""The log over HTTP: `/log/<division>/checkpoint` and `/log/<division>/tile/…` (C2SP)."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ledger.api.problems import problem
from ledger.application.log_files import BeyondCheckpoint, LogFiles
from ledger.proof.errors import MalformedError
from ledger.proof.tile import parse_tile_path

CHECKPOINT_CACHE = "no-cache"
TILE_CACHE = "public, max-age=31536000, immutable"


def log_routes(files: LogFiles, *, division: str) -> APIRouter:
    """Return the routes of one log; ``division`` is the last path element of its origin."""
    router = APIRouter(prefix=f"/log/{division}", tags=["log"])

    # Plain functions: FastAPI runs them on threads, for they wait for the database.
    @router.get("/checkpoint")
    def checkpoint() -> Response:
        """Return the newest signed checkpoint."""
        return Response(
            files.checkpoint(),
            media_type="text/plain; charset=utf-8",
            headers={"cache-control": CHECKPOINT_CACHE},
        )

    @router.get("/tile/{path:path}")
    def tile(request: Request, path: str) -> Response:
        """Return a hash tile or an entry bundle; it never changes."""
        try:
            wanted = parse_tile_path(f"tile/{path}")
        except MalformedError:
            return problem(request, 404, "no_such_tile")
        # A route also matches before a newline; a tile has one address.
        if not request.scope["path"].endswith(wanted.path()):
            return problem(request, 404, "no_such_tile")
        try:
            content = files.tile(wanted)
        except BeyondCheckpoint:
            return problem(request, 404, "tile_beyond_checkpoint")
        return Response(
            content,
            media_type="application/octet-stream",
            headers={"cache-control": TILE_CACHE},
        )

    return router

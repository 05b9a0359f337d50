"""The service's one ASGI application, put together from what it is given."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from ledger.api.log_routes import log_routes
from ledger.api.problems import problem
from ledger.application.log_files import LogFiles
from ledger.store.event import HeadTamperedError, RolledBackError


def make_app(files: LogFiles, *, division: str, check: Callable[[], int]) -> FastAPI:
    """Return the application; ``check()`` returns the size or raises why not to serve."""
    app = FastAPI(title="Volunteer service ledger 志愿服务记录账本", openapi_url=None)
    app.include_router(log_routes(files, division=division))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> dict[str, object]:
        """Say that the log can be extended: head sealed, register continued."""
        return {"status": "ready", "size": check()}

    @app.exception_handler(RolledBackError)
    async def rolled_back(request: Request, _error: RolledBackError) -> Response:
        return problem(request, 503, "rolled_back")

    @app.exception_handler(HeadTamperedError)
    async def head_tampered(request: Request, _error: HeadTamperedError) -> JSONResponse:
        return problem(request, 503, "head_tampered")

    return app

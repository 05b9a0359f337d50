"""The service's one ASGI application, put together from what it is given."""

from collections.abc import Callable

from fastapi import FastAPI

from ledger.api.log_routes import log_routes
from ledger.api.problems import answer_with_problems
from ledger.application.log_files import LogFiles


def make_app(files: LogFiles, *, division: str, check: Callable[[], int]) -> FastAPI:
    """Return the application; ``check()`` returns the size or raises why not to serve."""
    app = FastAPI(
        title="Volunteer service ledger 志愿服务记录账本",
        openapi_url=None,
        redirect_slashes=False,
    )
    answer_with_problems(app)
    app.include_router(log_routes(files, division=division))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> dict[str, object]:
        """Say that the log can be extended: head sealed, register continued."""
        return {"status": "ready", "size": check()}

    return app

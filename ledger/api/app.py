"""The service's one ASGI application, put together from what it is given."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from ledger.api.log_routes import log_routes
from ledger.api.metrics import Metrics
from ledger.api.problems import answer_with_problems
from ledger.api.state_routes import state_routes
from ledger.application.health import Health
from ledger.application.log_files import LogFiles
from ledger.application.log_state import LogState


def make_app(
    files: LogFiles,
    *,
    division: str,
    state: Callable[[], LogState],
    health: Health,
    metrics: Metrics,
    ending: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Return the application; ``state()`` says how the log stands at the moment.

    ``ending()`` is done when no request is taken any more.
    """

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(ending)

    app = FastAPI(
        lifespan=living,
        title="Volunteer service ledger 志愿服务记录账本",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its pages would be fetched from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    answer_with_problems(app, health)
    app.include_router(log_routes(files, division=division, health=health, metrics=metrics))
    app.include_router(state_routes(health, state, metrics))
    return app

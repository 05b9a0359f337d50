"""`ledger serve` as it is, with one route more: an empty POST, which is what HTTP alone costs.

python -m benchmarks.serving serve --port PORT
"""

import os
import signal
import sys
import threading
from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from benchmarks.submitting import EMPTY_PATH
from ledger import cli
from ledger.wiring import serving


def with_empty_post(create_app: Callable[[], FastAPI]) -> Callable[[], FastAPI]:
    """Return what makes the same application, and adds the route to it."""

    def create() -> FastAPI:
        app = create_app()

        @app.post(EMPTY_PATH, status_code=204)
        async def take(request: Request) -> Response:
            """Read a body of nothing."""
            await request.body()
            return Response(status_code=204)

        return app

    return create


def _end_with_the_bench() -> None:
    """End when whoever started this is gone, however it went: then its end of the pipe is."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


# By this name uvicorn asks for it, in each worker; every one of them reads this file first.
serving.create_app = with_empty_post(serving.create_app)

if __name__ == "__main__":
    threading.Thread(target=_end_with_the_bench, name="bench", daemon=True).start()
    cli.main()

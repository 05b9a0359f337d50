"""The state of the service: `/healthz`, `/readyz` and `/metrics`."""

from collections.abc import Callable
from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.api.metrics import CONTENT_TYPE, Metrics
from ledger.application.health import Health
from ledger.application.log_state import LogState


def state_routes(health: Health, state: Callable[[], LogState], metrics: Metrics) -> APIRouter:
    """Return the routes by which an operator watches the service."""
    router = APIRouter(tags=["state"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process answers, and that no write of it was lost."""
        health.check()
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> dict[str, object]:
        """Say that the log can be extended, and how far it is ahead of its witnesses."""
        health.check()
        now = state()
        if now.trouble is not None:
            raise now.trouble
        ready: dict[str, object] = {
            "status": "ready",
            "size": now.size,
            "signed": now.signed,
            "witnessed": now.witnessed,
            "unwitnessed": now.unwitnessed,
        }
        if now.views is not None:
            ready["views"] = asdict(now.views)
        if now.mail is not None:
            ready["mail"] = asdict(now.mail)
        return ready

    @router.get(
        "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}}
    )
    def prometheus() -> Response:
        """Return the sizes and counts in the text format of Prometheus."""
        return Response(
            metrics.text(), headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE
        )

    return router

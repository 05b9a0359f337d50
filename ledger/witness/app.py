"""The witness over HTTP (C2SP tlog-witness): one body of bounded size in bounded time."""

import asyncio
import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from ledger.proof.add_checkpoint import REQUEST_BYTES_MAX
from ledger.witness.cosigning import Reply, Witness

BODY_S = 10.0
"""How long a request's body may take, in all."""

_OPERATOR = logging.getLogger("uvicorn.error")


def make_witness_app(witness: Witness) -> FastAPI:
    """Return the ASGI application of a witness."""
    app = FastAPI(title="Witness", openapi_url=None, redirect_slashes=False)

    @app.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        """Cosign a checkpoint, or say by the status why not."""
        try:
            async with asyncio.timeout(BODY_S):
                body = await _bounded_body(request)
        except TimeoutError:
            return _closing(HTTPStatus.REQUEST_TIMEOUT)
        except ClientDisconnect:
            return _closing(HTTPStatus.BAD_REQUEST)
        if body is None:
            return _closing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            return _response(await run_in_threadpool(witness.add_checkpoint, body))
        except OSError as error:
            _OPERATOR.error("nothing was cosigned: %s", error)
            return _response(Reply(HTTPStatus.SERVICE_UNAVAILABLE, b"the disk refused\n"))

    @app.get("/{origin_hash}/checkpoint")
    def latest(origin_hash: str) -> Response:
        """Return the checkpoint cosigned last for the log of this origin."""
        return _response(witness.latest(origin_hash))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    return app


async def _bounded_body(request: Request) -> bytes | None:
    """Return the body, or None as soon as it is larger than any request may be."""
    got = bytearray()
    async for part in request.stream():
        got += part
        if len(got) > REQUEST_BYTES_MAX:
            return None
    return bytes(got)


def _response(reply: Reply) -> Response:
    response = Response(reply.body, reply.status)
    # Set by hand: Starlette would add a charset to the size's media type.
    response.headers["Content-Type"] = reply.content_type
    return response


def _closing(status: HTTPStatus) -> Response:
    """Return a refusal after which nothing more is read from the connection."""
    return Response(f"{status.phrase}\n", status, headers={"Connection": "close"})

"""Errors as RFC 9457 problems: a code, a text in the reader's language, what to do next."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ledger.application.explaining import KNOWN, explain
from ledger.application.texts import Language, say

_OPERATOR = logging.getLogger("uvicorn.error")
_HTTP_CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}


def problem(request: Request, status: int, code: str, **facts: object) -> JSONResponse:
    """Return a problem response whose text follows Accept-Language."""
    language: Language = (
        "zh" if request.headers.get("accept-language", "").startswith("zh") else "en"
    )
    body = {
        "type": f"urn:ledger:problem:{code}",
        "title": say(code, language, **facts),
        "status": status,
        "code": code,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of an application a problem.

    A known error says that the service cannot go on as it is (503). What it is made of, the
    operator sees where the service runs; the world sees the code.
    """

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        code = _HTTP_CODES.get(HTTPStatus(error.status_code), "request_refused")
        response = problem(request, error.status_code, code)
        response.headers.update(error.headers or {})
        return response

    async def known(request: Request, error: Exception) -> JSONResponse:
        code, facts = explain(error) or ("unexpected", {})
        _OPERATOR.error(say(code, "en", **facts))
        return problem(request, 503, code)

    for kind in KNOWN:
        app.add_exception_handler(kind, known)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, _error: Exception) -> JSONResponse:
        return problem(request, 500, "unexpected")

"""Errors as RFC 9457 problems: a code, a text in the reader's language, what to do next."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ledger.api.languages import language_of
from ledger.application.explaining import explain, explained_errors
from ledger.application.health import Health
from ledger.application.texts import say
from ledger.store.storage_faults import is_disk_full

_OPERATOR = logging.getLogger("uvicorn.error")
PROBLEM_TYPE = "application/problem+json"
_HTTP_CODES = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}
FOR_EVERYBODY = {"access-control-allow-origin": "*"}
"""A page of any site may read the log and its problems: there is nothing in them to protect."""


def problem(request: Request, status: int, code: str, **facts: object) -> JSONResponse:
    """Return a problem response whose text follows Accept-Language; no cache keeps it."""
    language = language_of(request)
    body = problem_body(status, code, say(code, language, **facts))
    headers = {
        "cache-control": "no-store",
        "vary": "accept-language",
        "content-language": language,
        **FOR_EVERYBODY,
    }
    return JSONResponse(body, status, headers, media_type=PROBLEM_TYPE)


def problem_body(status: int, code: str, title: str) -> dict[str, object]:
    """Return the members of a problem (RFC 9457, 3)."""
    return {
        "type": f"urn:ledger:problem:{code}",
        "title": title,
        "status": int(status),
        "code": code,
    }


def answer_with_problems(app: FastAPI, health: Health) -> None:
    """Make every error of an application a problem.

    A known error says that the service cannot go on as it is (503, or 507 where the disk is
    full). What it is made of, the operator sees where the service runs; the world sees the
    code. An error that says a write was lost ends the service.
    """

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        code = _HTTP_CODES.get(HTTPStatus(error.status_code), "request_refused")
        response = problem(request, error.status_code, code)
        response.headers.update(error.headers or {})
        return response

    async def known(request: Request, error: Exception) -> JSONResponse:
        health.observe(error)
        code, facts = explain(error) or ("unexpected", {})
        _OPERATOR.error(say(code, "en", **facts))
        full = is_disk_full(error)
        return problem(request, HTTPStatus.INSUFFICIENT_STORAGE if full else 503, code)

    for kind in explained_errors():
        app.add_exception_handler(kind, known)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, _error: Exception) -> JSONResponse:
        return problem(request, 500, "unexpected")

"""Problems of the JSON API (RFC 9457): each reason with its field, in the reader's language."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from ledger.api.v1.answers import BadEtagError
from ledger.api.v1.bodies import UnusableBodyError
from ledger.api.v1.signed_in import NotSignedInError, UnclearCapacityError
from ledger.api.v1.statuses import status_of
from ledger.application.desk import ActRefused, ContendedError, VersionMismatch
from ledger.application.forms.reasons import form_reasons
from ledger.application.reading import HiddenError
from ledger.application.states import ForeignStreamError
from ledger.application.texts import Language, say
from ledger.domain.refusal import Refusal

PROBLEM_TYPE = "application/problem+json"
REASONS_MAX = 50
"""Reasons that one problem tells; a batch has its own list."""


def language_of(request: Request) -> Language:
    """Return the language in which the reader wants to be told (RFC 9110, 12.5.4)."""
    for wanted in request.headers.get("accept-language", "").split(","):
        name = wanted.partition(";")[0].strip().lower()
        if name.startswith("zh"):
            return "zh"
        if name.startswith("en"):
            return "en"
    return "en"


def problem(
    request: Request, status: int, code: str, reasons: Sequence[Refusal] = (), **facts: object
) -> JSONResponse:
    """Return a problem; its title is the text of its code, what to do next included."""
    language = language_of(request)
    body: dict[str, Any] = {
        "type": f"urn:ledger:problem:{code}",
        "title": say(code, language, **facts),
        "status": int(status),
        "code": code,
    }
    if reasons:
        body["reasons"] = [told(each, language) for each in reasons[:REASONS_MAX]]
    headers = {
        "cache-control": "no-store",
        "vary": "accept-language",
        "content-language": language,
    }
    return JSONResponse(body, int(status), headers, media_type=PROBLEM_TYPE)


def told(reason: Refusal, language: Language) -> dict[str, Any]:
    """Return one reason as it is told: code, field, text, details."""
    return {
        "code": reason.code,
        "field": reason.about,
        "text": say(reason.code, language, **reason.details),
        "details": dict(reason.details),
    }


def answer_acts_with_problems(app: FastAPI) -> None:
    """Make every refusal of an act, and every request that is none, a problem."""

    @app.exception_handler(ActRefused)
    async def refused(request: Request, error: ActRefused) -> JSONResponse:
        reasons = error.refused.reasons
        first = reasons[0]
        status = status_of(error.refused)
        return problem(request, status, first.code, reasons, **first.details)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        reasons = form_reasons(error.errors())
        return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "form_is_malformed", reasons)

    @app.exception_handler(UnusableBodyError)
    async def unusable(request: Request, error: UnusableBodyError) -> JSONResponse:
        reasons = (Refusal(error.code, error.name),)
        return problem(request, error.status_code, error.code, reasons)

    @app.exception_handler(BadEtagError)
    async def bad_etag(request: Request, error: BadEtagError) -> JSONResponse:
        return problem(request, error.status_code, error.code)

    @app.exception_handler(NotSignedInError)
    async def not_signed_in(request: Request, _: NotSignedInError) -> JSONResponse:
        answer = problem(request, HTTPStatus.UNAUTHORIZED, "sign_in_is_needed")
        answer.headers["www-authenticate"] = "Bearer"
        return answer

    @app.exception_handler(UnclearCapacityError)
    async def unclear(request: Request, error: UnclearCapacityError) -> JSONResponse:
        return problem(request, HTTPStatus.BAD_REQUEST, error.code)

    @app.exception_handler(VersionMismatch)
    async def moved(request: Request, error: VersionMismatch) -> JSONResponse:
        facts = {"want": error.want, "got": error.got}
        return problem(request, HTTPStatus.PRECONDITION_FAILED, "changed_meanwhile", **facts)

    @app.exception_handler(ContendedError)
    async def contended(request: Request, _: ContendedError) -> JSONResponse:
        answer = problem(request, HTTPStatus.SERVICE_UNAVAILABLE, "contended")
        answer.headers["retry-after"] = "1"
        return answer

    # What is not there and what is not hers look alike: ids are not to be tried out.
    for kind in (HiddenError, ForeignStreamError):
        app.add_exception_handler(kind, _hidden)


async def _hidden(request: Request, _: Exception) -> JSONResponse:
    return problem(request, HTTPStatus.NOT_FOUND, "nothing_to_see")

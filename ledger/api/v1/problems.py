"""Problems of the JSON API (RFC 9457): each reason with its field, in the reader's language."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from ledger.api.languages import language_of
from ledger.api.problems import PROBLEM_TYPE
from ledger.api.v1.answers import BadEtagError
from ledger.api.v1.bodies import UnusableBodyError
from ledger.api.v1.pages import BadCursorError
from ledger.api.v1.signed_in import NotSignedInError, UnclearCapacityError
from ledger.api.v1.statuses import status_of
from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, ContendedError, Intent, VersionMismatch
from ledger.application.forms.reasons import form_reasons
from ledger.application.reading import HiddenError
from ledger.application.states import ForeignStreamError
from ledger.application.texts import Language, say
from ledger.domain.refusal import Refusal, Refused

REASONS_MAX = 50
"""Reasons that one problem tells; a batch has its own list."""
UNEXPECTED = "field_is_unexpected"
USE_SESSION = "session.use"
"""Coming with a token of a session, as it is written down."""


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


class Attempts(Protocol):
    """Writes down who was refused, as `ledger.application.refusals.Refusals` does."""

    def record(self, caller: Caller, intent: Intent, refused: Refused) -> None:
        """Write down that somebody known was refused."""

    def note_anonymous(self, act: str, code: str, address: str) -> None:
        """Write down that somebody unknown was refused."""


def answer_acts_with_problems(app: FastAPI, attempts: Attempts | None = None) -> None:
    """Make every refusal of an act, and every request that is none, a problem.

    ``attempts`` writes down who sent fields that only the ledger sets, and who came with a
    token that opens nothing.
    """
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)

    async def not_signed_in(request: Request, error: Exception) -> Response:
        is_noted = cast("NotSignedInError", error).is_noted
        if attempts is not None and "authorization" in request.headers and not is_noted:
            address = request.client.host if request.client else "unknown"
            await run_in_threadpool(
                attempts.note_anonymous, USE_SESSION, "sign_in_is_needed", address
            )
        answer = problem(request, HTTPStatus.UNAUTHORIZED, "sign_in_is_needed")
        answer.headers["www-authenticate"] = "Bearer"
        return answer

    async def malformed(request: Request, error: Exception) -> Response:
        reasons = form_reasons(cast("RequestValidationError", error).errors())
        attempt = tuple(each for each in reasons if each.code == UNEXPECTED)
        caller: Caller | None = getattr(request.state, "caller", None)
        if attempt and caller is not None and attempts is not None:
            intent = Intent(act=f"{request.method} {request.scope['route'].path}")
            await run_in_threadpool(attempts.record, caller, intent, Refused(attempt))
        return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "form_is_malformed", reasons)

    app.add_exception_handler(NotSignedInError, not_signed_in)
    app.add_exception_handler(RequestValidationError, malformed)


async def _refused(request: Request, error: Exception) -> Response:
    reasons = cast("ActRefused", error).refused.reasons
    first = reasons[0]
    status = status_of(Refused(reasons))
    return problem(request, status, first.code, reasons, **first.details)


async def _unusable(request: Request, error: Exception) -> Response:
    body = cast("UnusableBodyError", error)
    return problem(request, body.status_code, body.code, (Refusal(body.code, body.name),))


async def _bad_etag(request: Request, _: Exception) -> Response:
    return problem(request, HTTPStatus.BAD_REQUEST, "etag_is_malformed")


async def _unclear(request: Request, error: Exception) -> Response:
    code = cast("UnclearCapacityError", error).code
    return problem(request, HTTPStatus.BAD_REQUEST, code)


async def _moved(request: Request, error: Exception) -> Response:
    facts = vars(error)
    return problem(request, HTTPStatus.PRECONDITION_FAILED, "changed_meanwhile", **facts)


async def _contended(request: Request, _: Exception) -> Response:
    answer = problem(request, HTTPStatus.SERVICE_UNAVAILABLE, "contended")
    answer.headers["retry-after"] = "1"
    return answer


async def _hidden(request: Request, _: Exception) -> Response:
    return problem(request, HTTPStatus.NOT_FOUND, "nothing_to_see")


_ANSWERS: Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    ActRefused: _refused,
    UnusableBodyError: _unusable,
    BadEtagError: _bad_etag,
    BadCursorError: _unusable,
    UnclearCapacityError: _unclear,
    VersionMismatch: _moved,
    ContendedError: _contended,
    # What is not there and what is not hers look alike: ids are not to be tried out.
    HiddenError: _hidden,
    ForeignStreamError: _hidden,
}
"""What is raised → how it is told; of a class of errors the nearest counts."""

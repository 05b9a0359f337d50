"""Signed submissions over HTTP: sent by an organization's system, and looked up again."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from ledger.api.languages import language_of
from ledger.api.v1.answers import settle_at
from ledger.api.v1.bodies import (
    HELD_BYTES_MAX,
    JOSE,
    SIGNED_BYTES_MAX,
    Receive,
    Room,
    StrictRoute,
    media_type,
)
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.gathering import Gathering
from ledger.api.v1.problems import problem, told
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.health import Health
from ledger.application.key_holders import UnprovenSignatureError
from ledger.application.office import Office
from ledger.application.signed_body import UnusableSubmissionError
from ledger.application.submission_attempt import ItemOutcome
from ledger.application.submissions import Apart, Outcome, Submissions
from ledger.application.texts import Language, is_filled_in, say
from ledger.application.view_answers import WAIT_S
from ledger.domain.refusal import Refusal

GATHERED_MAX = 16
"""So many are decided, appended and proved in one go."""
SMALL_BYTES_MAX = 64 * 1024
"""A longer one keeps nobody waiting but itself."""
_EXAMPLE = {
    "protected": "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoi4oCmIn0",
    "payload": "eyJqdGkiOiLigKYifQ",
    "signature": "b6vQ…",
    "records": ['{"act":"record.submit","nonce":"…","activity":"…","volunteer":"…"}'],
}
SIGNED_BODY: dict[str, Any] = {
    "content": {
        JOSE: {
            "schema": {
                "type": "object",
                "required": ["protected", "payload", "signature", "records"],
                "properties": {
                    "protected": {"type": "string"},
                    "payload": {"type": "string"},
                    "signature": {"type": "string"},
                    "records": {"type": "array", "items": {"type": "string"}},
                },
                "additionalProperties": False,
            },
            "example": _EXAMPLE,
        }
    },
    "required": True,
}
"""A flattened JWS (RFC 7515, 7.2.2) over the digests of the records that stand beside it."""


class ItemOut(BaseModel):
    """What became of one item 单项结果."""

    index: int
    status: str = Field(examples=["accepted"])
    id: UUID | None = Field(description="What it led to 结果编号")
    reasons: list[dict[str, Any]]


class SubmissionOut(BaseModel):
    """What became of a submission 提交结果."""

    submission: UUID
    items: list[ItemOut]
    receipt: dict[str, Any] = Field(description="The entries with their proofs 回执")


def receiving(office: Office, submissions: Submissions, health: Health) -> Receive:
    """Return what receives a signed submission, at whichever address it is sent to."""
    room = Room(HELD_BYTES_MAX)
    counter = Counter(office, submissions)
    gathering: Gathering[Sent, Response | Apart] = Gathering(
        counter, at_most=GATHERED_MAX, wait_s=WAIT_S
    )

    async def receive(request: Request) -> Response:
        health.check()
        async with room.body(request, SIGNED_BYTES_MAX) as content:
            if len(content) > SMALL_BYTES_MAX:
                return await run_in_threadpool(counter.receive, request, content)
            answer = await gathering.ask((request, content))
            if isinstance(answer, Apart):
                return await run_in_threadpool(counter.perform, request, answer)
            return answer

    return receive


def submission_routes(
    office: Office, sessions: Sessions, submissions: Submissions, receive: Receive
) -> APIRouter:
    """Return the routes of signed submissions."""
    router = APIRouter(
        prefix="/api/v1/submissions",
        tags=["submissions 签名提交"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )

    @router.post(
        "",
        status_code=201,
        response_model=SubmissionOut,
        openapi_extra={"requestBody": SIGNED_BODY},
    )
    async def submit(request: Request) -> Response:
        """Take in what a system has signed; idempotent by `jti` 接收签名提交."""
        if media_type(request) != JOSE:
            return problem(request, 415, "body_is_no_jose")
        return await receive(request)

    @router.get("/{submission}")
    def read(
        submission: UUID,
        request: Request,
        caller: Annotated[Caller, Depends(calling(office, sessions))],
    ) -> SubmissionOut:
        """Return what became of a submission of your organization 查询提交结果."""
        return SubmissionOut(**_out(submissions.find(caller, submission), language_of(request)))

    return router


Sent: TypeAlias = tuple[Request, bytes]


class Counter:
    """Takes submissions in, and answers when what they led to can be read."""

    def __init__(self, office: Office, submissions: Submissions) -> None:
        self._office = office
        self._submissions = submissions

    def receive(self, request: Request, content: bytes) -> Response:
        """Return the answer to one submission.

        Raises:
            As `Submissions.receive`, but for what is a problem of its own.
        """
        (answer,) = self.answer([(request, content)])
        if isinstance(answer, Apart):
            return self.perform(request, answer)
        if isinstance(answer, Exception):
            raise answer
        self.wait([answer], WAIT_S)
        return answer

    def answer(self, questions: Sequence[Sent]) -> Sequence[Response | Apart | Exception]:
        """Return the answers to several, or what is raised instead, or left to `perform`."""
        sent = [(content, _address(request)) for request, content in questions]
        found = self._submissions.receive_all(sent)
        return [
            each if isinstance(each, Apart | Exception) else _told(request, each)
            for (request, _), each in zip(questions, found, strict=True)
        ]

    def perform(self, request: Request, apart: Apart) -> Response:
        """Return the answer to one that goes its own way.

        Raises:
            As `Submissions.receive`, but for what is a problem of its own.
        """
        try:
            answer = _told(request, apart.perform())
        except UnusableSubmissionError as error:
            status = 413 if error.code == "body_is_too_large" else 422
            reasons = (Refusal(error.code, error.name),)
            return problem(request, status, error.code, reasons)
        except UnprovenSignatureError:
            return problem(request, 401, "signature_is_unproven")
        self.wait([answer], WAIT_S)
        return answer

    def has_to_wait(self, answer: Response | Apart) -> bool:
        """Return whether something was appended that is to be read."""
        return isinstance(answer, _Taken)

    def wait(self, answers: Sequence[Response | Apart], timeout_s: float) -> None:
        """Wait until what was appended can be read; where it cannot yet, say so with 202."""
        taken = [each for each in answers if isinstance(each, _Taken)]
        last = max((each.last for each in taken), default=-1)
        if self._office.views.wait_until(last, timeout_s):
            return
        for each in taken:
            settle_at(self._office, each, each.last, timeout_s=0)


class _Taken(Response):
    """The answer to what was taken in; ``last`` is where the last of its entries is."""

    last: int


def _told(request: Request, outcome: Outcome) -> Response:
    # Receipts are long, and checked by whoever gets them: written once, as they are.
    body = orjson.dumps(_out(outcome, language_of(request)))
    status = 200 if outcome.is_known else 201
    where = {"location": f"/api/v1/submissions/{outcome.submission}"}
    response = _Taken(body, status, where, media_type="application/json")
    response.last = outcome.appended.first_seq + outcome.appended.count - 1
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _out(outcome: Outcome, language: Language) -> dict[str, Any]:
    """Return what `SubmissionOut` describes."""
    return {
        "submission": outcome.submission,
        "items": [_item(each, language) for each in outcome.items],
        "receipt": outcome.receipt.as_json(),
    }


def _item(item: ItemOutcome, language: Language) -> dict[str, Any]:
    return {
        "index": item.index,
        "status": "refused" if item.reasons else "accepted",
        "id": item.thing,
        "reasons": [_reason(reason, language) for reason in item.reasons],
    }


def _reason(reason: Refusal, language: Language) -> dict[str, Any]:
    """Return a reason as it is told; of one that is told again the log keeps the code alone."""
    whole = told(reason, language)
    if not is_filled_in(reason.code, reason.details):
        whole["text"] = say("reason_was_told", language)
    return whole

"""Looking a certificate up over HTTP, by anybody who holds it; an address says nothing."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from ledger.api.v1.access_routes import address_of
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.volunteer_routes import uncached
from ledger.application.certifying.looking_up import Found, LookUps
from ledger.application.certifying.status import Status
from ledger.application.desk import ActRefused
from ledger.application.forms.verification import VerificationForm
from ledger.domain.certificate import RevocationGround

REFUSED_EACH_S = 0.25
"""Refusals are answered at the end of such a stretch: what was read shows in no delay."""
_PROOF = "c2sp.org/tlog-proof@v1\nextra …\n"


class LineChangeOut(BaseModel):
    """What became of one line since 记录变更.

    With neither, it was amended and amended back; at 0 minutes now, it counts for another.
    """

    line: int = Field(description="Its number on the paper, from 1 序号")
    voided: bool
    facts: list[str] = Field(description="Which facts were amended", examples=[["end"]])
    minutes: int
    minutes_now: int
    counts: bool = Field(description="False: it counts for somebody else now")


class VerificationOut(BaseModel):
    """How a certificate stands, as its ledger says; the proof says what was issued."""

    status: Status
    changes: list[LineChangeOut]
    minutes_now: int | None
    issuer_suspended: bool = Field(
        description="Whether its issuer is not in force 出具单位已停权"
    )
    revoked: RevocationGround | None
    holder: str = Field(description="Masked 姓名(遮盖)", examples=["王*"])
    size: int = Field(description="A size of the log at which, or later, this was read")
    at: datetime
    proof: str | None = Field(
        description="A C2SP tlog-proof of the face that shows what names nobody; null while no "
        "witnessed checkpoint covers it 日志包含证明",
        examples=[_PROOF],
    )


def verification_routes(look_ups: LookUps) -> APIRouter:
    """Return the route by which the public asks for a certificate."""
    router = APIRouter(
        prefix="/api/v1/verifications",
        tags=["certificates 证明"],
        route_class=StrictRoute,
        responses=REFUSALS,
        dependencies=[Depends(uncached)],
    )

    @router.post("")
    async def verify(
        form: VerificationForm, address: Annotated[str, Depends(_address)]
    ) -> VerificationOut:
        """Tell how a certificate stands, to whoever holds it; needs no sign-in 核验证明."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            return _out(await run_in_threadpool(look_ups.find, form, address))
        except ActRefused:
            await asyncio.sleep(rest_of(clock() - began))
            raise

    return router


def rest_of(seconds: float) -> float:
    """Return how long the stretch still lasts in which an answer was found."""
    return REFUSED_EACH_S - seconds % REFUSED_EACH_S


def _address(request: Request) -> str:
    return address_of(request)


def _out(found: Found) -> VerificationOut:
    told = found.told
    places = {record: place for place, record in enumerate(found.records, 1)}
    return VerificationOut(
        status=told.status,
        changes=[
            LineChangeOut(
                line=places[each.record],
                voided=each.voided,
                facts=list(each.facts),
                minutes=each.minutes,
                minutes_now=each.minutes_now,
                counts=each.counts,
            )
            for each in told.changes
        ],
        minutes_now=told.minutes_now,
        issuer_suspended=told.is_issuer_out,
        revoked=told.revoked,
        holder=found.holder,
        size=found.size,
        at=found.at,
        proof=None if found.proof is None else found.proof.decode("utf-8"),
    )

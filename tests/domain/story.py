"""The story of one record and its volunteer's account, told by commands and their actors."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain import account, crediting, record
from ledger.domain.account import Account, AccountEvent
from ledger.domain.codes import Channel
from ledger.domain.event import Act, Happened
from ledger.domain.record import (
    AcceptAmendment,
    ApproveRecord,
    ConfirmRecord,
    ProposeAmendment,
    ProposeVoiding,
    PublicizeRecord,
    RaiseObjection,
    Record,
    RecordEvent,
    SubmitRecord,
    Surroundings,
    VoidRecord,
)
from ledger.domain.record.codes import ObjectionKind
from ledger.domain.refusal import Refused
from tests.domain.specification import Specification
from tests.domain.town import (
    AROUND,
    HERSELF,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    SERVICE,
    beijing,
    employer,
)

RECORD, AMENDMENT, OBJECTION = UUID(int=0x900), UUID(int=0x901), UUID(int=0x902)

SUBMIT = SubmitRecord(
    record=RECORD, recorder=RECORDER.id, channel=Channel.TYPED, service=SERVICE
)
OBJECT = RaiseObjection(
    objection=OBJECTION,
    objector=NEIGHBOUR.id,
    kind=ObjectionKind.NOT_SERVED,
    text="当天没有看到她。",
)
LONGER = replace(SERVICE, end=beijing("2026-11-20 13:00"))
PROPOSE = ProposeAmendment(amendment=AMENDMENT, service=LONGER, reason="结束时间填错。")
PROPOSE_VOIDING = ProposeVoiding(amendment=AMENDMENT, reason="重复录入。")
ACCEPT = AcceptAmendment(amendment=AMENDMENT)
VOID = VoidRecord(amendment=AMENDMENT, reason="核实为重复。")
APPROVE = ApproveRecord(reason="已核对签到表。")

SHOWN = beijing("2026-11-24 10:00")
"""A Tuesday; three working days of publicity end on Friday the 27th."""
REVIEWED = beijing("2026-11-28 00:00")
LATER = beijing("2026-12-14 09:00")


@dataclass(frozen=True)
class Chapter:
    """The record and the account as they stand."""

    record: Record | None
    account: Account


def _decide(
    state: Chapter | None, command: Any, act: Act, around: Surroundings
) -> tuple[Any, ...] | Refused:
    now = state or Chapter(None, Account.of(HERSELF.id))
    if around.acting is None:
        around = replace(around, acting=employer(act.by, around.organization))
    if isinstance(command, ConfirmRecord | ApproveRecord | AcceptAmendment | VoidRecord):
        together = crediting.decide(now.record, now.account, command, act, around)
        if isinstance(together, Refused):
            return together
        return (*together.record, *together.account)
    return record.decide(now.record, command, act, around)


def _evolve(state: Chapter | None, event: RecordEvent | AccountEvent, at: Happened) -> Chapter:
    now = state or Chapter(None, Account.of(HERSELF.id))
    if event.TYPE.startswith(("credit.", "account.")):
        return replace(now, account=account.evolve(now.account, event, at))  # type: ignore[arg-type]
    return replace(now, record=record.evolve(now.record, event, at))  # type: ignore[arg-type]


def story(around: Surroundings = AROUND) -> Specification:
    """Begin with nothing recorded and nothing credited."""
    return Specification(_decide, _evolve, around)


def submitted(around: Surroundings = AROUND, command: SubmitRecord = SUBMIT) -> Specification:
    """Begin with an entry of Tuesday morning."""
    return story(around).when(command, by=RECORDER, now=SHOWN)


def publicized(around: Surroundings = AROUND, command: SubmitRecord = SUBMIT) -> Specification:
    """Begin with a record that is shown."""
    return submitted(around, command).when(PublicizeRecord(), by=RECORDER, now=SHOWN)


def confirmed(
    around: Surroundings = AROUND,
    command: SubmitRecord = SUBMIT,
    now: datetime = REVIEWED,
) -> Specification:
    """Begin with a record that a second person confirmed after its publicity."""
    return publicized(around, command).when(ConfirmRecord(), by=REVIEWER, now=now)


def proposed(around: Surroundings = AROUND) -> Specification:
    """Begin with a confirmed record and the recorder's amendment of it."""
    return confirmed(around).when(PROPOSE, by=RECORDER, now=REVIEWED)


def elsewhere(told: Specification, around: Surroundings) -> Specification:
    """Go on from where a story stands, in other surroundings."""
    other = story(around)
    other._state, other._version = told._state, told._version
    return other

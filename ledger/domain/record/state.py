"""A record as its history left it; what is recorded has happened, nothing is refused."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from ledger.domain.civil_time import civil_date
from ledger.domain.codes import Channel
from ledger.domain.event import Actor, Happened
from ledger.domain.record.codes import Signal, Stage
from ledger.domain.record.events import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentReplied,
    ObjectionDecided,
    ObjectionRaised,
    RecordApproved,
    RecordConfirmed,
    RecordEvent,
    RecordPublicized,
    RecordResubmitted,
    RecordReturned,
    RecordSubmitted,
    RecordVoided,
    VoidingProposed,
)
from ledger.domain.record.service import Service, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicity:
    """The days on which a record is shown; the first and the last are among them."""

    opens_on: date
    closes_on: date
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An objection on which nobody has decided yet.

    ``raised_by`` is the objector herself, or whoever wrote it down for her.
    """

    id: UUID
    objector: UUID
    raised_by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A proposal on which nobody has decided yet; ``service`` None is a voiding."""

    id: UUID
    proposer: Actor
    proposed_on: date
    service: Service | None
    replied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One volunteer's part in one session of an activity.

    ``organization`` recorded it; ``recorder`` answers for the last entry, ``recorders`` are
    all who ever entered it. ``awaits`` is what a second approval was, or is, needed for.
    ``is_of_paper`` says that it was copied from paper, now or in an earlier entry.
    """

    id: UUID
    volunteer: UUID
    activity: UUID
    organization: UUID
    recorder: UUID
    recorders: tuple[UUID, ...]
    service: Service
    signals: tuple[Signal, ...]
    is_of_paper: bool = False
    stage: Stage = Stage.SUBMITTED
    publicity: Publicity | None = None
    objections: tuple[Objection, ...] = ()
    reviewer: UUID | None = None
    awaits: tuple[Signal, ...] = ()
    approver: UUID | None = None
    amendment: Amendment | None = None

    @property
    def is_credited(self) -> bool:
        """Whether its minutes count."""
        return self.stage is Stage.CONFIRMED

    def objection(self, objection: UUID) -> Objection | None:
        """Return an open objection."""
        return next((each for each in self.objections if each.id == objection), None)


def evolve(state: Record | None, event: RecordEvent, at: Happened) -> Record:
    """Return the record after an event.

    Raises:
        ValueError: A history begins with something else than a submission.
    """
    if isinstance(event, RecordSubmitted):
        return Record(
            id=event.record,
            volunteer=event.volunteer,
            activity=event.activity,
            organization=event.on_behalf_of,
            recorder=event.recorder,
            recorders=(event.recorder,),
            service=_service(event),
            signals=event.signals,
            is_of_paper=event.channel is Channel.PAPER,
        )
    if state is None:
        raise ValueError("a history of a record begins with its submission")
    match event:
        case (
            AmendmentProposed()
            | VoidingProposed()
            | AmendmentReplied()
            | AmendmentAccepted()
            | AmendmentRejected()
            | RecordVoided()
        ):
            return _after_amendment(state, event, at)
        case ObjectionRaised() | ObjectionDecided():
            return _after_objection(state, event, at)
        case RecordResubmitted():
            return _resubmitted(state, event)
        case _:
            return _on_the_way(state, event)


def _after_objection(
    state: Record, event: ObjectionRaised | ObjectionDecided, at: Happened
) -> Record:
    match event:
        case ObjectionRaised():
            raised = Objection(id=event.objection, objector=event.objector, raised_by=at.by)
            return replace(state, objections=(*state.objections, raised))
        case ObjectionDecided():
            left = tuple(each for each in state.objections if each.id != event.objection)
            after = replace(state, objections=left)
            return _returned(after) if event.upheld else after
        case _:
            assert_never(event)


def _on_the_way(
    state: Record,
    event: RecordPublicized | RecordReturned | RecordConfirmed | RecordApproved,
) -> Record:
    match event:
        case RecordPublicized():
            shown = Publicity(
                opens_on=event.opens_on,
                closes_on=event.closes_on,
                provisional=event.provisional,
            )
            return replace(state, stage=Stage.PUBLICIZED, publicity=shown)
        case RecordReturned():
            return _returned(state)
        case RecordConfirmed():
            stage = Stage.HELD if event.awaits else Stage.CONFIRMED
            return replace(state, stage=stage, reviewer=event.reviewer, awaits=event.awaits)
        case RecordApproved():
            return replace(
                state, stage=Stage.CONFIRMED, approver=event.approver, awaits=event.signals
            )
        case _:
            assert_never(event)


def _resubmitted(state: Record, event: RecordResubmitted) -> Record:
    return replace(
        state,
        recorder=event.recorder,
        recorders=tuple(dict.fromkeys((*state.recorders, event.recorder))),
        service=_service(event),
        signals=event.signals,
        is_of_paper=state.is_of_paper or event.channel is Channel.PAPER,
        stage=Stage.SUBMITTED,
    )


def _returned(state: Record) -> Record:
    return replace(state, stage=Stage.RETURNED, publicity=None, reviewer=None, awaits=())


def _after_amendment(
    state: Record,
    event: AmendmentProposed
    | VoidingProposed
    | AmendmentReplied
    | AmendmentAccepted
    | AmendmentRejected
    | RecordVoided,
    at: Happened,
) -> Record:
    proposed = state.amendment
    match event:
        case AmendmentProposed() | VoidingProposed():
            proposed = Amendment(
                id=event.amendment,
                proposer=at.by,
                proposed_on=civil_date(at.at),
                service=_service(event) if isinstance(event, AmendmentProposed) else None,
            )
            return replace(state, amendment=proposed)
        case AmendmentReplied():
            return replace(
                state, amendment=replace(proposed, replied=True) if proposed else None
            )
        case AmendmentAccepted():
            service = proposed.service if proposed else None
            return replace(state, service=service or state.service, amendment=None)
        case AmendmentRejected():
            return replace(state, amendment=None)
        case RecordVoided():
            # Nothing follows it: an objection that was open could still return it.
            return replace(state, stage=Stage.VOIDED, amendment=None, objections=())
        case _:
            assert_never(event)


def _service(event: Service) -> Service:
    return Service(**facts_of(event))

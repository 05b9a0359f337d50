"""Looking at a file of evidence: opened and compared, written down who looks, and then shown.

Recorders, reviewers, supervisors and responsible persons of the organization, or of one above,
see the file; where it shows a minor, the responsible person alone (MNR 36). A volunteer sees a
file that shows nobody else; of one that shows others too, she learns that it is kept and who
looked, and is not handed their faces and names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn, Protocol
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.disclosing import OF_AGE
from ledger.application.docket import Docket
from ledger.application.office import Office
from ledger.application.permission import acting_in, check_role
from ledger.application.reading import HiddenError, deny, is_own, may_read_of
from ledger.application.states import EVIDENCE, ORGANIZATION, VOLUNTEER, ForeignStreamError
from ledger.application.streams import evidence_stream
from ledger.domain.acting import check_answers_for, check_person
from ledger.domain.civil_time import civil_date
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.event import Act, Actor, ActorKind, Erased
from ledger.domain.evidence_files import EvidenceDisclosed, EvidenceFile
from ledger.domain.organization import Role
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer import age_on
from ledger.store.evidence_files import Kept

DISCLOSE = "evidence.disclose"
READ = "evidence.read"
LOOKING = (Role.RECORDER, Role.REVIEWER, Role.SUPERVISOR, Role.RESPONSIBLE)


class Store(Protocol):
    """Where files lie, as `ledger.store.evidence_files.EvidenceFiles` has them."""

    def open(self, kept: Kept) -> bytes | None:
        """Return a file as it came, None where a person whom it shows was erased."""

    def can_open(self, kept: Kept) -> bool:
        """Return whether the keys of all whom it shows are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Who was shown a file, in whose name, what for and when."""

    seq: int
    at: datetime
    by: Actor
    organization: UUID | None
    purpose: DisclosurePurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is known of a file; ``persons`` are those of whom the reader may know."""

    state: EvidenceFile
    persons: tuple[UUID, ...]
    kept_at: datetime
    kept_by: Actor
    can_be_opened: bool
    looked: tuple[Looked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file as it came."""

    state: EvidenceFile
    content: bytes = field(repr=False)


class EvidenceReading:
    """Shows files of evidence of one ledger, from any thread."""

    def __init__(self, office: Office, store: Store) -> None:
        self._office = office
        self._store = store

    def show(self, caller: Caller, evidence: UUID, purpose: DisclosurePurpose) -> Shown:
        """Return a file, once it is in the log who is shown it and what for.

        Raises:
            HiddenError: There is no such file, or it is not for the caller to see.
            ActRefused: She may not, or it can be opened no more (`evidence_is_erased`).
            EvidenceDamagedError: It is not what was kept.
            As `Desk.perform`.
        """
        seen = self._readable(caller, evidence)
        opened: list[bytes] = []

        def decided(docket: Docket) -> UUID | Refused:
            around = self._refused(docket, caller, evidence)
            if around is not None:
                return around
            content = opened[0] if opened else self._store.open(kept_of(seen))
            if content is None:
                return refuse("evidence_is_erased")
            opened[:] = [content]
            event = EvidenceDisclosed(
                evidence=evidence,
                activity=seen.activity,
                purpose=purpose,
                on_behalf_of=caller.organization,
            )
            docket.add(EVIDENCE, evidence, [event])
            return evidence

        self._office.desk.perform(caller, Intent(act=DISCLOSE, target=evidence), decided)
        return Shown(state=seen, content=opened[0])

    def describe(self, caller: Caller, organization: UUID, sha256: str) -> Described:
        """Return what is known of the file that an organization keeps under a digest.

        Raises:
            HiddenError: There is none, or it is not for the caller to know of.
            As `States.get`.
        """
        evidence = evidence_stream(organization, sha256)
        seen = self._readable(caller, evidence)
        events = self._office.states.events(EVIDENCE, evidence)
        is_hers = caller.actor.kind is ActorKind.VOLUNTEER
        return Described(
            state=seen,
            persons=tuple(
                each
                for each in seen.persons
                if not is_hers or is_own(self._office, caller, each)
            ),
            kept_at=events[0].happened.at,
            kept_by=events[0].happened.by,
            can_be_opened=self._store.can_open(kept_of(seen)),
            looked=tuple(
                Looked(
                    seq=each.seq,
                    at=each.happened.at,
                    by=each.happened.by,
                    organization=each.event.on_behalf_of,
                    purpose=each.event.purpose,
                )
                for each in events
                if isinstance(each.event, EvidenceDisclosed)
            ),
        )

    def can_open(self, state: EvidenceFile) -> bool:
        """Return whether a file can still be opened: nobody whom it shows was erased."""
        return self._store.can_open(kept_of(state))

    def _readable(self, caller: Caller, evidence: UUID) -> EvidenceFile:
        """Return a file of which the caller may know."""
        office = self._office
        try:
            state = office.states.get(EVIDENCE, evidence, fresh=True).state
        except ForeignStreamError:
            state = None
        if state is None:
            raise HiddenError
        if caller.actor.kind is ActorKind.VOLUNTEER:
            if not any(is_own(office, caller, each) for each in state.persons):
                self._deny(caller, evidence)
        elif not may_read_of(office, caller, state.organization):
            self._deny(caller, evidence)
        return state

    def _deny(self, caller: Caller, evidence: UUID) -> NoReturn:
        deny(self._office, caller, READ, evidence)

    def _refused(self, docket: Docket, caller: Caller, evidence: UUID) -> Refused | None:
        """Return why somebody who may know of a file is not shown it."""
        state = docket.read(EVIDENCE, evidence)
        if state is None:
            return refuse("evidence_is_missing")
        if caller.actor.kind is ActorKind.VOLUNTEER:
            shows_others = len(state.persons) > 1
            return refuse("evidence_shows_others") if shows_others else None
        acting = acting_in(docket, caller)
        organization = docket.read(ORGANIZATION, state.organization)
        answers: Sequence[Refusal] = ()
        if organization is not None:
            answers = check_answers_for(acting, organization)
        shows_minor = self._shows_minor(docket, state.persons, docket.act)
        return gathered(
            check_person(docket.act, acting, *LOOKING),
            answers,
            check_role("profile.disclose_minor", docket.act, acting) if shows_minor else None,
        )

    @staticmethod
    def _shows_minor(docket: Docket, persons: Sequence[UUID], act: Act) -> bool:
        for person in persons:
            known = docket.read(VOLUNTEER, person)
            born = None if known is None else known.birth_date
            if born is None or isinstance(born, Erased):
                continue  # of an erased one, nothing can be opened anyway
            if age_on(born, civil_date(act.now)) < OF_AGE:
                return True
        return False


def kept_of(state: EvidenceFile) -> Kept:
    """Return a file as its store knows it."""
    return Kept(file=state.file, size=state.size, sha256=state.sha256, persons=state.persons)

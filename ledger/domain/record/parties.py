"""Who is party to a record, and who may decide about it: never those who made it.

Recorder, reviewer and proposer are different persons, whatever roles they have and in whichever
organization (340号 Art. 4 and the pilot plan 三(四) name the persons; that they differ is our
rule [P]). What an entry holds is approved by a person of a body above.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from ledger.domain.acting import check_answers_for, check_person
from ledger.domain.activity.state import Activity
from ledger.domain.event import Act, ActorKind
from ledger.domain.imports.state import Import
from ledger.domain.organization.authority import stands_over
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Organization
from ledger.domain.presence.state import Presence
from ledger.domain.record.codes import Stage
from ledger.domain.record.state import Objection, Record
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.rules import RuleBook, RuleSet
from ledger.domain.volunteer.state import Volunteer

_STANDING = {
    Stage.SUBMITTED: "record_is_submitted",
    Stage.PUBLICIZED: "record_is_publicized",
    Stage.RETURNED: "record_is_returned",
    Stage.HELD: "record_is_held",
    Stage.CONFIRMED: "record_is_confirmed",
    Stage.VOIDED: "record_is_voided",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision about a record looks at beside it.

    ``organization`` records the activity, ``acting`` is in whose name the actor acts: None
    for a volunteer and for the ledger itself. ``volunteer`` is the registration that the
    record names, ``volunteer_as_staff`` the same person where she works for an organization,
    if that is known. ``objector_as_staff`` is the same of whose objection is to be decided.
    ``actor_minutes`` is what the actor entered in the 60 minutes before;
    ``entered_minutes``, for a confirmation, what who entered the record had entered within 60
    minutes with it, as is known by now: entries at the same moment did not see each other.
    ``other_volunteers`` how many others are recorded in the activity. ``presence`` is when the
    volunteer signed in and out there, for an entry that is compared with it. ``kept_scans``
    are the SHA-256 of those among an entry's evidence that the organization keeps as scans of
    paper of this activity; ``batch`` is the file from which a record of paper was made, for
    its confirmation, and ``entered_seq`` where its last entry stands in the log. No command
    says these.
    """

    book: RuleBook
    activity: Activity
    organization: Organization
    acting: Organization | None
    volunteer: Volunteer
    volunteer_as_staff: UUID | None = None
    objector_as_staff: UUID | None = None
    actor_minutes: int = 0
    entered_minutes: int = 0
    other_volunteers: int = 0
    presence: Presence | None = None
    kept_scans: frozenset[str] = frozenset()
    batch: Import | None = None
    entered_seq: int = 0

    def rules(self, day: date) -> RuleSet:
        """Return the rules of the day of a service: they judge its record for good."""
        return self.book.on(day)

    @property
    def on_behalf_of(self) -> UUID:
        """Who acts, once it is established that an organization does."""
        if self.acting is None:
            raise ValueError("an acting organization is wanted")
        return self.acting.id

    def is_volunteer(self, person: UUID) -> bool:
        """Return whether a person is the one whom the record is about, as far as is known."""
        same = (self.volunteer.id, self.volunteer.into, self.volunteer_as_staff)
        return person in same

    def is_herself(self, act: Act) -> bool:
        """Return whether the volunteer acts herself."""
        return act.by.kind is ActorKind.VOLUNTEER and self.is_volunteer(act.by.id)


def check_stage(state: Record, *wanted: Stage) -> Refused | None:
    """Return how the record stands, where it would have to stand otherwise."""
    return None if state.stage in wanted else refuse(_STANDING[state.stage])


def check_reviewer(state: Record, act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the actor may not decide about a record as its second person."""
    yield from check_person(act, around.acting, Role.REVIEWER)
    yield from check_answers_for(around.acting, around.organization)
    yield from check_second_person(state, act, around)


def check_approver(state: Record, act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the actor may not give the second approval."""
    yield from check_person(act, around.acting, Role.REVIEWER, Role.SUPERVISOR)
    if not acts_from_above(around):
        yield Refusal("approver_is_not_above")
    yield from check_second_person(state, act, around)
    if act.by.id == state.reviewer:
        yield Refusal("approver_is_reviewer")


def check_second_person(state: Record, act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the actor is no second person: she entered or typed it, or it is about her."""
    if act.by.id in state.recorders or _keyed(act.by.id, around):
        yield Refusal("reviewer_is_recorder")
    if around.is_volunteer(act.by.id):
        yield Refusal("reviewer_is_volunteer")


def check_not_proposer(state: Record, act: Act) -> Iterator[Refusal]:
    """Yield why the actor decides about her own proposal."""
    if state.amendment is not None and act.by.id == state.amendment.proposer.id:
        yield Refusal("reviewer_is_proposer")


def check_not_objector(
    objection: Objection, act: Act, around: Surroundings
) -> Iterator[Refusal]:
    """Yield why the actor decides about her own objection, or about one she wrote down."""
    objectors = (objection.objector, objection.raised_by.id, around.objector_as_staff)
    if act.by.id in objectors:
        yield Refusal("decider_is_objector")


def check_paper(state: Record, around: Surroundings) -> Iterator[Refusal]:
    """Yield why a record that was copied from paper in a batch does not count yet.

    Somebody who neither entered or typed it nor is its volunteer has compared this very entry
    with all of the paper, and found it to be so.
    """
    batch = around.batch
    if batch is None or not batch.is_of_paper:
        return
    check, told = batch.check, str(batch.id)
    if (
        check is None
        or check.as_of <= around.entered_seq
        or check.scans < len(batch.scans)
        or _is_party(check.checker, state, around)
    ):
        yield Refusal("paper_is_not_checked", None, {"import": told})
        return
    difference = check.difference_of(state.id)
    if difference is not None:
        facts = {"import": told, "difference": difference}
        yield Refusal("record_differs_from_paper", None, facts)


def _is_party(person: UUID, state: Record, around: Surroundings) -> bool:
    entered = person in state.recorders or _keyed(person, around)
    return entered or around.is_volunteer(person)


def _keyed(person: UUID, around: Surroundings) -> bool:
    """Return whether a person typed the file from which the record was made, or imported it."""
    return around.batch is not None and person in around.batch.keyers


def check_not_erased(around: Surroundings) -> Refused | None:
    """Return why nothing can be said of the volunteer in words: her key is destroyed."""
    return refuse("volunteer_is_erased") if around.volunteer.is_erased else None


def check_may_have_served(day: date, around: Surroundings) -> Refused | None:
    """Return why she could not have served on a day, of a record that there is already.

    That she was merged since is no reason: it counts on the account that absorbed hers.
    """
    return replace(around.volunteer, into=None).may_serve_on(day, around.rules(day))


def acts_from_above(around: Surroundings) -> bool:
    """Return whether the actor acts for a body that stands over the recording one."""
    acting = around.acting
    return acting is None or stands_over(acting, around.organization)

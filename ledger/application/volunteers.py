"""What is done to a registration: amended, confirmed, corrections asked for and taken back.

Whoever acts has to do with the volunteer, or is herself; for others she does not exist. Her
stream is read afresh for that, so that what was erased meanwhile is known to be gone.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.volunteer import (
    AmendmentForm,
    ConfirmationForm,
    CorrectionForm,
)
from ledger.application.office import Office
from ledger.application.permission import acting_in, check_role
from ledger.application.reading import readable_volunteer
from ledger.application.record_surroundings import book_of
from ledger.application.states import IDENTITY, VOLUNTEER
from ledger.application.streams import identity_stream
from ledger.domain import identity
from ledger.domain.civil_time import civil_date
from ledger.domain.event import ActorKind
from ledger.domain.identity import Identity
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.domain.volunteer import Command, Surroundings, WithdrawCorrection, decide

Step: TypeAlias = Callable[[Docket, Surroundings], UUID | Refused]

_NOT_TO_ONES_OWN: Mapping[str, str] = {
    "volunteer.confirm": "confirmer_is_volunteer",
    "volunteer.merge": "registration_is_ones_own",
    "volunteer.separate": "registration_is_ones_own",
    "identity.free": "registration_is_ones_own",
}
"""Acts of a second person → why she is none: by human, whichever capacity she acts in."""


def amend(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: AmendmentForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Set particulars right; another ID number is claimed together with it.

    Raises:
        As `act_on`.
    """

    def step(docket: Docket, around: Surroundings) -> UUID | Refused:
        return _amend_in(docket, office, around, volunteer, form)

    intent = Intent(act="volunteer.amend", target=volunteer)
    return act_on(office, caller, intent, step, expected=expected)


def confirm(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: ConfirmationForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Say that her real name was checked, as somebody else than who entered it.

    Raises:
        As `act_on`.
    """
    intent = Intent(act="volunteer.confirm", target=volunteer)
    return carry_out(office, caller, intent, form.command(), expected=expected)


def request_correction(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: CorrectionForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Ask her to set facts right; return the request's id.

    Raises:
        As `act_on`.
    """
    correction = office.desk.random_uuid()
    command = form.command(correction)
    intent = Intent(act="correction.request", target=volunteer)
    return carry_out(office, caller, intent, command, thing=correction, expected=expected)


def withdraw_correction(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    command: WithdrawCorrection,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Take back a request for correction.

    Raises:
        As `act_on`.
    """
    intent = Intent(act="correction.withdraw", target=volunteer)
    thing = command.correction
    return carry_out(office, caller, intent, command, thing=thing, expected=expected)


def carry_out(
    office: Office,
    caller: Caller,
    intent: Intent,
    command: Command,
    *,
    thing: UUID | None = None,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Do what is asked of one registration alone; return the id of the ``thing`` it is about.

    Raises:
        As `act_on`.
    """
    volunteer = target_of(intent)

    def step(docket: Docket, around: Surroundings) -> UUID | Refused:
        events = decide(docket.read(VOLUNTEER, volunteer), command, docket.act, around)
        if isinstance(events, Refused):
            return events
        docket.add(VOLUNTEER, volunteer, events)
        return thing or volunteer

    return act_on(office, caller, intent, step, expected=expected)


def act_on(
    office: Office,
    caller: Caller,
    intent: Intent,
    step: Step,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Do something to the registration that is the intent's target.

    Raises:
        HiddenError: There is no such volunteer, or the caller has nothing to do with her.
        As `Desk.perform`.
    """
    check_concerned(office, caller, target_of(intent), intent.act)

    def decided(docket: Docket) -> UUID | Refused:
        around = surroundings(docket, office, caller)
        refused = gathered(
            check_role(intent.act, docket.act, around.acting),
            check_not_own(office, caller, intent.act, target_of(intent)),
        )
        outcome = step(docket, around)
        reasons = outcome if isinstance(outcome, Refused) else None
        return gathered(refused, reasons) or outcome

    return office.desk.perform(caller, intent, decided, expected=expected)


def check_concerned(office: Office, caller: Caller, volunteer: UUID, act: str) -> None:
    """Return if the caller has to do with a volunteer, who is known to be erased if she is.

    Raises:
        HiddenError: There is none, or she has not; the attempt is written down.
    """
    if caller.actor.kind is ActorKind.SYSTEM:
        return
    known = readable_volunteer(office, caller, volunteer, act=act)
    if known.state is not None and known.state.is_erased:
        office.states.forget([volunteer])


def check_not_own(office: Office, caller: Caller, act: str, volunteer: UUID) -> Refused | None:
    """Return why a person of the staff does not do this to her own registration."""
    code = _NOT_TO_ONES_OWN.get(act)
    if code is None or caller.staff is None:
        return None
    is_own = volunteer == caller.volunteer
    is_own = is_own or office.colleagues.staff_of(volunteer) == caller.staff
    return refuse(code) if is_own else None


def forget_person(office: Office) -> None:
    """Let nothing be remembered of a person who was erased: call it after `erase_person`."""
    office.states.forget_all()


def surroundings(docket: Docket, office: Office, caller: Caller) -> Surroundings:
    """Return what a decision about a volunteer is taken in."""
    rules = book_of(docket, office).on(civil_date(docket.act.now))
    return Surroundings(rules=rules, acting=acting_in(docket, caller))


def identity_in(docket: Docket, stream: UUID) -> Identity:
    """Return whose an ID number is, of which the stream is known."""
    return docket.read(IDENTITY, stream) or Identity.of(stream)


def target_of(intent: Intent) -> UUID:
    """Return the volunteer on whom an act is intended.

    Raises:
        ValueError: It is on nobody: a programmer's mistake.
    """
    if intent.target is None:
        raise ValueError("an act on a volunteer is wanted")
    return intent.target


def _amend_in(
    docket: Docket, office: Office, around: Surroundings, volunteer: UUID, form: AmendmentForm
) -> UUID | Refused:
    state = docket.read(VOLUNTEER, volunteer)
    if state is None:
        return refuse("volunteer_is_unknown")
    said = state.present()
    if isinstance(said, Refused):
        return said
    to_be = form.changes.applied_to(said)
    before = after = identity_in(docket, state.identity)
    if (to_be.id_type, to_be.id_number) != (said.id_type, said.id_number):
        number = identity_stream(office.index_key, to_be.id_type, to_be.id_number)
        after = identity_in(docket, number)
    command = form.command(to_be, after.id)
    claimed = identity.amend(state, command, docket.act, around, before=before, after=after)
    if isinstance(claimed, Refused):
        return claimed
    docket.add(VOLUNTEER, volunteer, claimed.volunteer)
    docket.add(IDENTITY, before.id, claimed.before)
    docket.add(IDENTITY, after.id, claimed.after)
    return volunteer

"""Activities: registered, changed before their end, amended by two persons, cancelled."""

from uuid import UUID, uuid5

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.activity import (
    ActivityForm,
    CancellationForm,
    ChangeForm,
    ProposalForm,
    RejectionForm,
)
from ledger.application.office import Office
from ledger.application.permission import acting_in, find
from ledger.application.record_surroundings import book_of
from ledger.application.states import ACTIVITY, ORGANIZATION, PROJECT_NO
from ledger.application.streams import project_no_stream
from ledger.domain.acting import check_person
from ledger.domain.activity import (
    AcceptActivityAmendment,
    Command,
    ProjectNoClaimed,
    RegisterActivity,
    Surroundings,
    decide,
    project_no,
)
from ledger.domain.activity.project_numbers import ATTEMPTS_MAX
from ledger.domain.civil_time import civil_date
from ledger.domain.refusal import Refusal, Refused, gathered, refuse

REGISTER = "activity.register"


def register(office: Office, caller: Caller, form: ActivityForm) -> Done[UUID]:
    """Register an activity that the caller's organization will record; return its fresh id.

    Raises:
        As `Desk.perform`.
    """
    activity = office.desk.random_uuid()

    def decided(docket: Docket) -> UUID | Refused:
        return register_in(docket, office, caller, form, activity)

    return office.desk.perform(caller, Intent(act=REGISTER), decided)


def register_in(
    docket: Docket, office: Office, caller: Caller, form: ActivityForm, activity: UUID
) -> UUID | Refused:
    """Register an activity in a docket, alone or among others; return its id.

    A person in charge who is not named by an id gets one that follows from the activity's:
    what is decided anew after others were faster is the same.
    """
    acting = acting_in(docket, caller)
    if acting is None:
        return Refused(check_person(docket.act, None))
    number = _free_number(docket, office, activity, form.division)
    command = form.command(activity, number, acting.id, uuid5(activity, "person in charge"))
    around = Surroundings(book=book_of(docket, office), organization=acting, acting=acting)
    events = decide(docket.begin(ACTIVITY, activity), command, docket.act, around)
    missing = _missing_organizations(docket, command)
    if isinstance(events, Refused):
        return gathered(events, missing) or events
    if missing:
        return Refused(missing)
    docket.add(ACTIVITY, activity, events)
    claimed = ProjectNoClaimed(project_no=number, activity=activity)
    docket.add(PROJECT_NO, project_no_stream(office.origin, number), (claimed,))
    return activity


def change(
    office: Office,
    caller: Caller,
    activity: UUID,
    form: ChangeForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Say anew what is said of an activity before it is over.

    Raises:
        As `Desk.perform`.
    """
    command = form.command(office.desk.random_uuid())
    intent = Intent(act="activity.change", target=activity)
    return _perform(office, caller, intent, command, expected=expected)


def propose(
    office: Office,
    caller: Caller,
    activity: UUID,
    form: ProposalForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Propose what an activity that is over really was; return the amendment's fresh id.

    Raises:
        As `Desk.perform`.
    """
    amendment = office.desk.random_uuid()
    command = form.command(amendment, office.desk.random_uuid())
    intent = Intent(act="activity_amendment.propose", target=activity)
    return _perform(office, caller, intent, command, value=amendment, expected=expected)


def accept(
    office: Office,
    caller: Caller,
    activity: UUID,
    amendment: UUID,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Agree to what another person proposed; return the amendment's id.

    Raises:
        As `Desk.perform`.
    """
    command = AcceptActivityAmendment(amendment=amendment)
    intent = Intent(act="activity_amendment.accept", target=activity)
    return _perform(office, caller, intent, command, value=amendment, expected=expected)


def reject(
    office: Office,
    caller: Caller,
    activity: UUID,
    amendment: UUID,
    form: RejectionForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Disagree with what another person proposed; return the amendment's id.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act="activity_amendment.reject", target=activity)
    command = form.command(amendment)
    return _perform(office, caller, intent, command, value=amendment, expected=expected)


def cancel(
    office: Office,
    caller: Caller,
    activity: UUID,
    form: CancellationForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Say that an activity does not take place.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act="activity.cancel", target=activity)
    return _perform(office, caller, intent, form.command(), expected=expected)


def _perform(
    office: Office,
    caller: Caller,
    intent: Intent,
    command: Command,
    *,
    value: UUID | None = None,
    expected: Expected | None = None,
) -> Done[UUID]:
    activity = intent.target
    if activity is None:
        raise ValueError("an act on an activity is wanted")

    def decided(docket: Docket) -> UUID | Refused:
        state = docket.read(ACTIVITY, activity)
        if state is None:
            return refuse("activity_is_missing")
        recording = docket.read(ORGANIZATION, state.recording_organization)
        if recording is None:
            return refuse("organization_is_missing")
        around = Surroundings(
            book=book_of(docket, office),
            organization=recording,
            acting=acting_in(docket, caller),
            recorded=office.views.recorded_in(activity),
        )
        events = decide(state, command, docket.act, around)
        if isinstance(events, Refused):
            return events
        docket.add(ACTIVITY, activity, events)
        return value or activity

    return office.desk.perform(caller, intent, decided, expected=expected)


def _free_number(docket: Docket, office: Office, activity: UUID, division: str) -> str:
    """Return the first number of an activity that no other one has.

    Whoever claims it in the same moment is noticed at the commit; the next attempt sees it.

    Raises:
        LookupError: All of its numbers are taken: there are too few of them.
    """
    year = civil_date(docket.act.now).year
    for attempt in range(ATTEMPTS_MAX):
        number = project_no(activity, division=division, year=year, attempt=attempt)
        if docket.begin(PROJECT_NO, project_no_stream(office.origin, number)) is None:
            return number
    raise LookupError("a free project number is wanted")


def _missing_organizations(docket: Docket, command: RegisterActivity) -> tuple[Refusal, ...]:
    """Return which of the organizations that a registration names there are not."""
    named = {
        "organizer": command.organizer,
        "guiding_organization": command.guiding_organization,
    }
    return tuple(
        Refusal("organization_is_unknown", about)
        for about, organization in named.items()
        if organization is not None and find(docket, organization) is None
    )

"""Who may read what: her own, what her organization answers for, and nothing else.

What somebody may not see does not exist for her, so that ids are not worth trying out; that
she tried is written down. Every write is decided by the domain; this is about reading alone.
"""

from contextlib import suppress
from typing import NoReturn
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Intent
from ledger.application.office import Office
from ledger.application.states import ACTIVITY, ORGANIZATION, RECORD, VOLUNTEER, Known
from ledger.domain.acting import answers_for
from ledger.domain.activity import Activity
from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import is_within
from ledger.domain.event import ActorKind, Erased
from ledger.domain.organization import Organization, OrganizationKind, Role
from ledger.domain.organization.kinds import BUREAUS
from ledger.domain.record import Record
from ledger.domain.refusal import refuse
from ledger.domain.volunteer.state import Volunteer


class HiddenError(Exception):
    """There is no such thing, or the caller may not see it: nobody is told which."""


def acting_organization(office: Office, caller: Caller) -> Organization | None:
    """Return in whose name the caller reads, once it is found that she may.

    A key must be in force, a person have any role today; otherwise there is none.
    """
    if caller.organization is None:
        return None
    # Read afresh: no append notices here that another process has seen somebody released.
    organization = office.states.get(ORGANIZATION, caller.organization, fresh=True).state
    if organization is None:
        return None
    today = civil_date(office.desk.now())
    if caller.is_key:
        return organization if organization.key_in_force(caller.actor.id, today) else None
    works_there = any(organization.has_role(caller.actor.id, role, today) for role in Role)
    return organization if works_there else None


def may_read_of(office: Office, caller: Caller, organization: UUID) -> bool:
    """Return whether the caller's organization answers for what another one recorded."""
    acting = acting_organization(office, caller)
    return has_charge_of(office, acting, organization, fresh=True)


def has_charge_of(
    office: Office, acting: Organization | None, organization: UUID, *, fresh: bool = False
) -> bool:
    """Return whether an organization answers for what another one recorded.

    What is remembered of the other one may be old, where ``fresh`` is not asked for.
    """
    if acting is not None and acting.id == organization:
        return True
    other = office.states.get(ORGANIZATION, organization, fresh=fresh).state
    return acting is not None and other is not None and answers_for(acting, other)


def readable_record(
    office: Office, caller: Caller, record: UUID, *, size: int | None = None
) -> Known[Record]:
    """Return a record that the caller may see, now or as it was at a size of the log.

    Raises:
        HiddenError: There is none, or she may not.
        As `States.get`.
    """
    known = office.states.at(RECORD, record, size=size)
    state = known.state
    if state is None:
        raise HiddenError
    is_hers = is_own(office, caller, state.volunteer)
    if not is_hers and not may_read_of(office, caller, state.organization):
        deny(office, caller, "record.read", record)
    return known


def readable_activity(
    office: Office, caller: Caller, activity: UUID, *, size: int | None = None
) -> Known[Activity]:
    """Return an activity that the caller may see; to volunteers, any: they choose by it.

    Raises:
        HiddenError: There is none, or she may not.
        As `States.get`.
    """
    known = office.states.at(ACTIVITY, activity, size=size)
    state = known.state
    if state is None:
        raise HiddenError
    is_volunteer = caller.actor.kind is ActorKind.VOLUNTEER
    if not is_volunteer and not may_read_of(office, caller, state.recording_organization):
        deny(office, caller, "activity.read", activity)
    return known


def readable_volunteer(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    *,
    size: int | None = None,
    act: str = "volunteer.read",
) -> Known[Volunteer]:
    """Return a volunteer whom the caller may see: herself, or one whom `looks_after` names.

    ``act`` is what is written down where she may not.

    Raises:
        HiddenError: There is none, or she may not.
        As `States.get`.
    """
    known = office.states.at(VOLUNTEER, volunteer, size=size)
    if known.state is None:
        raise HiddenError
    if is_own(office, caller, volunteer):
        return known
    if not looks_after(office, acting_organization(office, caller), known.state):
        deny(office, caller, act, volunteer)
    return known


def looks_after(office: Office, acting: Organization | None, volunteer: Volunteer) -> bool:
    """Return whether an organization has to do with a volunteer.

    It has if it answers for one that registered her or recorded something of her. Who came by
    herself, and did nothing yet, is looked after where she lives [P]: somebody has to confirm
    who she is.
    """
    if acting is None:
        return False
    concerned = {
        organization
        for each in (volunteer.id, *volunteer.absorbed)
        for organization in office.views.organizations_of(each)
    }
    if concerned:
        return any(has_charge_of(office, acting, each) for each in sorted(concerned))
    return _is_local(acting, volunteer)


def _is_local(acting: Organization, volunteer: Volunteer) -> bool:
    """Return whether a volunteer lives in the area of a body that has one of its own."""
    if acting.kind is OrganizationKind.ENTRUSTED:
        return False
    said = volunteer.particulars
    # Who lives elsewhere, or erased ones of whom nobody knows where: that leaves the city.
    is_here = not isinstance(said, Erased) and is_within(said.residence_area, acting.division)
    return is_here or acting.kind is OrganizationKind.CITY_BUREAU


def oversees(acting: Organization | None, division: str) -> bool:
    """Return whether a body has others below it in an area, which is its own or lies in it."""
    if acting is None or acting.kind not in (*BUREAUS, OrganizationKind.ASSOCIATION):
        return False
    return is_within(division, acting.division)


def is_own(office: Office, caller: Caller, volunteer: UUID) -> bool:
    """Return whether a registration is the caller's own, or was merged into it."""
    if caller.actor.kind is not ActorKind.VOLUNTEER:
        return False
    if caller.actor.id == volunteer:
        return True
    # Read afresh: no append notices here that another process has parted the two again.
    state = office.states.get(VOLUNTEER, volunteer, fresh=True).state
    return state is not None and state.into == caller.actor.id


def deny(office: Office, caller: Caller, act: str, target: UUID) -> NoReturn:
    """Write down that somebody tried to read what is not hers, and hide it.

    Raises:
        HiddenError: Always.
    """
    with suppress(ActRefused):
        office.desk.refuse(caller, Intent(act=act, target=target), refuse("not_in_scope"))
    raise HiddenError

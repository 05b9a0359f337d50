"""Particulars in clear: first it is written down who asks and what for, then they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.volunteer import DisclosureForm
from ledger.application.office import Office
from ledger.application.permission import check_role
from ledger.application.reading import acting_organization, deny, is_own, readable_volunteer
from ledger.application.states import ORGANIZATION, VOLUNTEER, Kind
from ledger.application.streams import disclosures_stream
from ledger.application.volunteers import act_on
from ledger.domain.acting import check_person
from ledger.domain.civil_time import civil_date
from ledger.domain.disclosed import DisclosurePurpose, Disclosures, ProfileDisclosed, evolve
from ledger.domain.event import Actor, Erased
from ledger.domain.organization import Role
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.domain.volunteer import Surroundings, age_on

DISCLOSURES: Kind[Disclosures] = Kind("disclosures", ProfileDisclosed, evolve)
DISCLOSE = "profile.disclose"
OF_AGE: Final = 18
"""From this age on nobody is a minor (未成年人保护法 Art. 2)."""

_OVERSEERS = (Role.RESPONSIBLE, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who was shown a volunteer's particulars, in whose name, what for and when."""

    seq: int
    at: datetime
    by: Actor
    organization: UUID
    organization_name: str | None
    purpose: DisclosurePurpose


def disclose(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: DisclosureForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Write down that somebody is shown a volunteer's particulars, and let her see them then.

    Raises:
        As `volunteers.act_on`.
    """

    def step(docket: Docket, around: Surroundings) -> UUID | Refused:
        refused = _check(docket, around, volunteer)
        if refused is not None or around.acting is None:
            return refused or refuse("acting_organization_is_missing")
        event = ProfileDisclosed(
            volunteer=volunteer, purpose=form.purpose, on_behalf_of=around.acting.id
        )
        docket.add(DISCLOSURES, disclosures_stream(volunteer), [event])
        return volunteer

    intent = Intent(act=DISCLOSE, target=volunteer)
    return act_on(office, caller, intent, step, expected=expected)


def readers(
    office: Office, caller: Caller, volunteer: UUID, *, size: int | None = None
) -> Sequence[Reader]:
    """Return who was shown her particulars, for herself and for those who oversee, in order.

    Raises:
        HiddenError: There is no such volunteer, or it is not for the caller to see.
        As `States.get`.
    """
    readable_volunteer(office, caller, volunteer, size=size, act="readers.read")
    if not is_own(office, caller, volunteer) and not _oversees(office, caller):
        deny(office, caller, "readers.read", volunteer)
    events = office.states.events(DISCLOSURES, disclosures_stream(volunteer), size=size)
    return [
        _reader(office, each.event, each.seq, each.happened.by, each.happened.at)
        for each in events
        if isinstance(each.event, ProfileDisclosed)
    ]


def _check(docket: Docket, around: Surroundings, volunteer: UUID) -> Refused | None:
    state = docket.read(VOLUNTEER, volunteer)
    if state is None:
        return refuse("volunteer_is_unknown")
    born = state.birth_date
    if isinstance(born, Erased):
        return refuse("volunteer_is_erased")
    is_minor = age_on(born, civil_date(docket.act.now)) < OF_AGE
    return gathered(
        check_person(docket.act, around.acting, *Role),
        check_role("profile.disclose_minor", docket.act, around.acting) if is_minor else None,
    )


def _oversees(office: Office, caller: Caller) -> bool:
    acting, today = acting_organization(office, caller), civil_date(office.desk.now())
    return acting is not None and any(
        acting.has_role(caller.actor.id, role, today) for role in _OVERSEERS
    )


def _reader(
    office: Office, event: ProfileDisclosed, seq: int, by: Actor, at: datetime
) -> Reader:
    organization = office.states.get(ORGANIZATION, event.on_behalf_of).state
    return Reader(
        seq=seq,
        at=at,
        by=by,
        organization=event.on_behalf_of,
        organization_name=None
        if organization is None
        else organization.name_on(civil_date(at)),
        purpose=event.purpose,
    )

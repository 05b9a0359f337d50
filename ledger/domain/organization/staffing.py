"""Named persons and their roles: appointed by somebody else, from a day on, never backwards.

340号, article 4, asks for persons who are answerable (落实到人). That nobody appoints herself
and nobody is appointed for the past is ours [P]: it would put right what was wrong.
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.authority import (
    Surroundings,
    check_itself_in_any_state_or_above,
    check_itself_or_above,
)
from ledger.domain.organization.commands import (
    AmendStaff,
    AppointStaff,
    ReleaseStaff,
    StaffCommand,
)
from ledger.domain.organization.events import StaffAmended, StaffAppointed, StaffReleased
from ledger.domain.organization.kinds import OrganizationKind, Status, has_such_role
from ledger.domain.organization.particulars import check_reason
from ledger.domain.organization.state import Organization, StaffMember
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.words import check_name, check_phone

_STAFFED = frozenset({Status.REGISTERED, Status.AUTHORIZED, Status.SUSPENDED})


def staff(
    state: Organization, command: StaffCommand, act: Act, around: Surroundings
) -> tuple[StaffAppointed | StaffAmended | StaffReleased, ...] | Refused:
    """Appoint, amend or release a person."""
    match command:
        case AppointStaff():
            return _appoint(state, command, act, around.acting)
        case AmendStaff():
            return _amend(state, command, act, around.acting)
        case ReleaseStaff():
            return _release(state, command, act, around.acting)
        case _:
            assert_never(command)


def _appoint(
    state: Organization, command: AppointStaff, act: Act, acting: Organization | None
) -> tuple[StaffAppointed, ...] | Refused:
    today = civil_date(act.now)
    refused = gathered(
        state.check_standing(_STAFFED),
        _check_appointer(state, act, acting, today),
        [Refusal("appointee_appoints_herself")] if act.by.id == command.person else None,
        _check_roles_to_give(state, command, today),
        _check_contact(command.name, command.telephone),
    )
    if refused is not None:
        return refused
    appointed = StaffAppointed(
        person=command.person,
        roles=command.roles,
        from_day=command.from_day,
        name=command.name,
        telephone=command.telephone,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (appointed,)


def _amend(
    state: Organization, command: AmendStaff, act: Act, acting: Organization | None
) -> tuple[StaffAmended, ...] | Refused:
    said = StaffMember(person=command.person, name=command.name, telephone=command.telephone)
    known = state.member(command.person)
    refused = gathered(
        [Refusal("person_is_not_of_the_staff", "person")] if known is None else None,
        [Refusal("nothing_is_amended")] if known == said else None,
        check_itself_or_above(state, act, acting),
        _check_contact(command.name, command.telephone),
    )
    if refused is not None:
        return refused
    amended = StaffAmended(
        person=command.person,
        name=command.name,
        telephone=command.telephone,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (amended,)


def _release(
    state: Organization, command: ReleaseStaff, act: Act, acting: Organization | None
) -> tuple[StaffReleased, ...] | Refused:
    today = civil_date(act.now)
    refused = gathered(
        _check_roles_to_take(state, command, today),
        check_itself_in_any_state_or_above(state, act, acting),
        check_reason(command.reason),
    )
    if refused is not None:
        return refused
    released = StaffReleased(
        person=command.person,
        roles=command.roles,
        from_day=command.from_day,
        reason=command.reason,
        on_behalf_of=None if acting is None else acting.id,
    )
    return (released,)


def _check_appointer(
    state: Organization, act: Act, acting: Organization | None, today: date
) -> Refused | None:
    """The ledger itself appoints while the city bureau has nobody: its first person."""
    if act.by.kind is not ActorKind.SYSTEM or acting is not None:
        return check_itself_or_above(state, act, acting)
    if state.kind is not OrganizationKind.CITY_BUREAU or state.has_anybody(today):
        return refuse("ledger_appoints_the_first_person_only")
    return None


def _check_roles_to_give(
    state: Organization, command: AppointStaff, today: date
) -> Iterator[Refusal]:
    if not command.roles:
        yield Refusal("role_is_missing", "roles")
    if len(set(command.roles)) != len(command.roles):
        yield Refusal("role_named_twice", "roles")
    for role in command.roles:
        if not has_such_role(state.kind, role):
            yield Refusal("role_not_of_kind", "roles", {"role": role, "kind": state.kind})
        if state.is_appointed(command.person, role, command.from_day):
            yield Refusal("role_is_held", "roles", {"role": role})
    if command.from_day < today:
        yield Refusal("appointment_is_backdated", "from_day")


def _check_roles_to_take(
    state: Organization, command: ReleaseStaff, today: date
) -> Iterator[Refusal]:
    if not command.roles:
        yield Refusal("role_is_missing", "roles")
    if len(set(command.roles)) != len(command.roles):
        yield Refusal("role_named_twice", "roles")
    for role in command.roles:
        if not state.is_appointed(command.person, role, command.from_day):
            yield Refusal("role_not_held", "roles", {"role": role})
    if command.from_day < today:
        yield Refusal("release_is_backdated", "from_day")


def _check_contact(name: str, telephone: str | None) -> Iterator[Refusal]:
    yield from check_name(name, "name")
    malformed = None if telephone is None else check_phone(telephone, "telephone")
    if malformed is not None:
        yield malformed

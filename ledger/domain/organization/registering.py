"""Registering and amending an organization: who it is, where it stands, what is said of it."""

from collections.abc import Iterator, Mapping
from datetime import date

from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import Division, Level, check_division, is_within
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.authority import (
    Surroundings,
    check_acting,
    check_itself_or_above,
    stands_over,
)
from ledger.domain.organization.commands import AmendOrganization, RegisterOrganization
from ledger.domain.organization.events import (
    OrganizationAmended,
    OrganizationAuthorized,
    OrganizationRegistered,
)
from ledger.domain.organization.kinds import PARENTS, OrganizationKind, Status
from ledger.domain.organization.particulars import check_particulars, check_reason
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered, refuse

_LEVELS: Mapping[OrganizationKind, Level] = {
    OrganizationKind.CITY_BUREAU: Level.CITY,
    OrganizationKind.DISTRICT_BUREAU: Level.DISTRICT,
    OrganizationKind.ASSOCIATION: Level.STREET,
    OrganizationKind.STATION: Level.COMMUNITY,
}
"""Kind → the level of its division; an entrusted organization may serve any."""

_AMENDABLE = frozenset({Status.REGISTERED, Status.AUTHORIZED, Status.SUSPENDED})


def register(
    state: Organization | None,
    command: RegisterOrganization,
    act: Act,
    around: Surroundings,
) -> tuple[OrganizationRegistered | OrganizationAuthorized, ...] | Refused:
    """Register an organization; the city bureau is authorized with it, as nobody is above it.

    Everybody else is registered by the parent or by who stands over the parent.
    """
    if state is not None:
        return refuse("organization_is_registered", "organization")
    is_first = command.kind is OrganizationKind.CITY_BUREAU
    refused = gathered(
        _check_beginning(act, around) if is_first else _check_registrar(command, act, around),
        _check_division(command),
        _check_parent(command, around.find(command.parent)),
        check_particulars(command.kind, command.particulars),
    )
    if refused is not None:
        return refused
    said = command.particulars
    registered = OrganizationRegistered(
        organization=command.organization,
        kind=command.kind,
        division=command.division,
        parent=command.parent,
        name=said.name,
        form=said.form,
        category=said.category,
        authority=said.authority,
        credit_code=said.credit_code,
        approving_unit=said.approving_unit,
        registration_authority=said.registration_authority,
        telephone=said.telephone,
        on_behalf_of=None if around.acting is None else around.acting.id,
    )
    if is_first:
        return registered, OrganizationAuthorized(reason=None, on_behalf_of=None)
    return (registered,)


def amend(
    state: Organization, command: AmendOrganization, act: Act, around: Surroundings
) -> tuple[OrganizationAmended, ...] | Refused:
    """Say anew what is said of an organization, by itself or by who stands over it."""
    refused = gathered(
        state.check_standing(_AMENDABLE),
        check_itself_or_above(state, act, around.acting),
        check_particulars(state.kind, command.particulars),
        _check_effective_day(state, command, civil_date(act.now)),
        check_reason(command.reason),
        [Refusal("nothing_is_amended")] if command.particulars == state.particulars else None,
    )
    if refused is not None:
        return refused
    said = command.particulars
    amended = OrganizationAmended(
        name=said.name,
        form=said.form,
        category=said.category,
        authority=said.authority,
        credit_code=said.credit_code,
        approving_unit=said.approving_unit,
        registration_authority=said.registration_authority,
        telephone=said.telephone,
        effective_on=command.effective_on,
        reason=command.reason,
        on_behalf_of=None if around.acting is None else around.acting.id,
    )
    return (amended,)


def _check_beginning(act: Act, around: Surroundings) -> Iterator[Refusal]:
    if act.by.kind is not ActorKind.SYSTEM or around.acting is not None:
        yield Refusal("city_bureau_is_registered_by_the_ledger")
    if not around.is_empty:
        yield Refusal("ledger_has_its_city_bureau")


def _check_registrar(
    command: RegisterOrganization, act: Act, around: Surroundings
) -> Refused | None:
    acting, parent = around.acting, around.find(command.parent)
    stands = (
        acting is None
        or parent is None
        or acting.id == parent.id
        or stands_over(acting, parent)
    )
    return gathered(
        check_acting(act, acting), None if stands else refuse("organization_not_above")
    )


def _check_division(command: RegisterOrganization) -> Iterator[Refusal]:
    malformed = check_division(command.division)
    if malformed is not None:
        yield malformed
    elif _LEVELS.get(command.kind) not in (None, Division(command.division).level):
        yield Refusal("division_not_of_kind", "division", {"kind": command.kind})


def _check_parent(
    command: RegisterOrganization, parent: Organization | None
) -> Iterator[Refusal]:
    if parent is None:
        if PARENTS[command.kind] or command.parent is not None:
            yield Refusal("parent_is_missing", "parent")
        return
    if parent.kind not in PARENTS[command.kind]:
        yield Refusal("kind_not_under_parent", "parent", {"kind": command.kind})
    elif check_division(command.division) is None and not is_within(
        command.division, parent.division
    ):
        yield Refusal("division_outside_parent", "division", {"scope": parent.division})
    if not parent.is_in_force:
        yield Refusal("parent_not_in_force", "parent")


def _check_effective_day(
    state: Organization, command: AmendOrganization, today: date
) -> Iterator[Refusal]:
    if command.effective_on > today:
        yield Refusal("effective_day_in_future", "effective_on")
    last = state.names[-1].since
    if command.particulars.name != state.particulars.name and command.effective_on < last:
        yield Refusal(
            "effective_day_before_last_name", "effective_on", {"since": last.isoformat()}
        )

"""Who registers whom, where it stands, and what is said of it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.codes import Authority
from ledger.domain.event import Actor
from ledger.domain.organization import Organization, Status, stands_over
from ledger.domain.organization.events import OrganizationRegistered
from ledger.domain.organization.kinds import LegalForm
from ledger.domain.organization.particulars import ApprovingUnit
from tests.domain.organizations import (
    A_KEY,
    A_VOLUNTEER,
    ANOTHER_DISTRICT,
    LEDGER,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    THE_ENTRUSTED,
    THE_STATION,
    in_name_of,
    organization,
    register,
    register_saying,
    said_of,
)
from tests.domain.samples_organization import (
    ASSOCIATION_REGISTERED,
    AUTHORIZED,
    CITY_BUREAU_AUTHORIZED,
    CITY_BUREAU_REGISTERED,
    DISTRICT_BUREAU,
    DISTRICT_BUREAU_REGISTERED,
    ENTRUSTED_REGISTERED,
    STATION_REGISTERED,
    SUSPENDED,
)
from tests.domain.specification import CLERK

TODAY = date(2026, 11, 24)


def test_the_ledger_registers_the_city_bureau_and_with_that_it_is_in_force() -> None:
    city: Organization = (
        in_name_of(None, is_empty=True)
        .when(register(CITY_BUREAU_REGISTERED), by=LEDGER)
        .then(CITY_BUREAU_REGISTERED, CITY_BUREAU_AUTHORIZED)
    )
    assert city.is_in_force
    assert city.is_bureau


def test_there_is_one_city_bureau() -> None:
    in_name_of(None).when(register(CITY_BUREAU_REGISTERED), by=LEDGER).then_refused(
        "ledger_has_its_city_bureau"
    )


@pytest.mark.parametrize(
    ("by", "acting"), [(CLERK, None), (CLERK, THE_DISTRICT), (LEDGER, THE_DISTRICT)]
)
def test_nobody_but_the_ledger_itself_registers_the_city_bureau(
    by: Actor, acting: Organization | None
) -> None:
    in_name_of(acting, is_empty=True).when(
        register(CITY_BUREAU_REGISTERED), by=by
    ).then_refused("city_bureau_is_registered_by_the_ledger")


def test_the_ledger_registers_nobody_else() -> None:
    in_name_of(None, THE_CITY).when(
        register(DISTRICT_BUREAU_REGISTERED), by=LEDGER
    ).then_refused("actor_is_not_staff")


@pytest.mark.parametrize(
    ("event", "parent"),
    [
        (DISTRICT_BUREAU_REGISTERED, THE_CITY),
        (ASSOCIATION_REGISTERED, THE_DISTRICT),
        (STATION_REGISTERED, THE_ASSOCIATION),
        (ENTRUSTED_REGISTERED, THE_DISTRICT),
    ],
)
def test_each_organization_is_registered_by_its_parent_and_waits_for_authority(
    event: OrganizationRegistered, parent: Organization
) -> None:
    state: Organization = in_name_of(parent, parent).when(register(event)).then(event)
    assert state.status is Status.REGISTERED
    assert state.id == event.organization
    assert state.parent == parent.id


@pytest.mark.parametrize("above", [THE_CITY, THE_DISTRICT])
def test_a_bureau_above_the_parent_registers_as_well(above: Organization) -> None:
    in_name_of(above, THE_ASSOCIATION).when(register(STATION_REGISTERED)).then_some(
        OrganizationRegistered
    )


@pytest.mark.parametrize("acting", [ANOTHER_DISTRICT, THE_STATION, THE_ENTRUSTED])
def test_nobody_beside_or_below_the_parent_registers(acting: Organization) -> None:
    in_name_of(acting, THE_ASSOCIATION).when(register(STATION_REGISTERED)).then_refused(
        "organization_not_above"
    )


def test_the_one_who_registers_is_in_force_and_so_is_the_parent() -> None:
    halted = organization(ASSOCIATION_REGISTERED, AUTHORIZED, SUSPENDED)
    in_name_of(halted, halted).when(register(STATION_REGISTERED)).then_refused(
        "acting_organization_not_in_force", "parent_not_in_force"
    )


@pytest.mark.parametrize("by", [A_KEY, A_VOLUNTEER, LEDGER])
def test_only_a_person_of_an_organization_registers(by: Actor) -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).when(
        register(ASSOCIATION_REGISTERED), by=by
    ).then_refused("actor_is_not_staff")


def test_a_person_acts_in_the_name_of_an_organization() -> None:
    in_name_of(None, THE_DISTRICT).when(register(ASSOCIATION_REGISTERED)).then_refused(
        "acting_organization_is_missing"
    )


@pytest.mark.parametrize(
    ("event", "parent"),
    [
        (DISTRICT_BUREAU_REGISTERED, THE_DISTRICT),
        (ASSOCIATION_REGISTERED, THE_CITY),
        (STATION_REGISTERED, THE_DISTRICT),
        (ENTRUSTED_REGISTERED, THE_ASSOCIATION),
    ],
)
def test_a_kind_has_its_own_kind_of_parent(
    event: OrganizationRegistered, parent: Organization
) -> None:
    in_name_of(THE_CITY, parent).when(register(event, parent=parent.id)).then_refused(
        "kind_not_under_parent", about="parent"
    )


@pytest.mark.parametrize("parent", [None, UUID(int=0xBAD)])
def test_a_parent_is_named_and_known(parent: UUID | None) -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).when(
        register(ASSOCIATION_REGISTERED, parent=parent)
    ).then_refused("parent_is_missing")


def test_the_city_bureau_has_no_parent() -> None:
    in_name_of(None, THE_DISTRICT, is_empty=True).when(
        register(CITY_BUREAU_REGISTERED, parent=DISTRICT_BUREAU), by=LEDGER
    ).then_refused("kind_not_under_parent")


@pytest.mark.parametrize(
    ("division", "code"),
    [
        ("110105001", "division_outside_parent"),
        ("110101", "division_not_of_kind"),
        ("110101001001", "division_not_of_kind"),
        ("110101999", "division_is_unknown"),
        ("11010100１", "division_is_malformed"),
    ],
)
def test_a_division_is_of_the_kind_and_inside_the_parents(division: str, code: str) -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).when(
        register(ASSOCIATION_REGISTERED, division=division)
    ).then_refused(code, about="division")


@pytest.mark.parametrize("division", ["110101", "110101001", "110101001001"])
def test_an_entrusted_organization_serves_an_area_of_any_size(division: str) -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).when(
        register(ENTRUSTED_REGISTERED, division=division)
    ).then_some(OrganizationRegistered)


def test_an_organization_is_registered_once() -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).given(ASSOCIATION_REGISTERED).when(
        register(ASSOCIATION_REGISTERED)
    ).then_refused("organization_is_registered")


def test_who_stands_over_whom() -> None:
    chain = [THE_CITY, THE_DISTRICT, THE_ASSOCIATION, THE_STATION]
    for place, above in enumerate(chain):
        for other, below in enumerate(chain):
            assert stands_over(above, below) == (place < other)
    assert stands_over(THE_CITY, THE_ENTRUSTED)
    assert stands_over(THE_DISTRICT, THE_ENTRUSTED)
    assert not stands_over(THE_ASSOCIATION, THE_ENTRUSTED)
    assert not stands_over(THE_ENTRUSTED, THE_STATION)
    for below in (*chain, THE_ENTRUSTED):
        assert not stands_over(ANOTHER_DISTRICT, below)


def test_a_district_bureau_does_not_stand_over_whom_the_city_entrusts_in_its_district() -> None:
    of_the_city = replace(THE_ENTRUSTED, parent=THE_CITY.id)
    assert not stands_over(THE_DISTRICT, of_the_city)
    assert stands_over(THE_CITY, of_the_city)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "text_is_missing"),
        ({"name": "协会\u202e"}, "text_has_forbidden_character"),
        ({"credit_code": None}, "credit_code_is_missing"),
        ({"credit_code": "511101015000000013"}, "credit_code_is_mistyped"),
        ({"credit_code": "51110101500000001I"}, "credit_code_is_malformed"),
        ({"form": LegalForm.GROUP, "credit_code": None}, "approving_unit_is_missing"),
        ({"authority": Authority.CIVIL_AFFAIRS}, "authority_is_for_bureaus"),
        ({"registration_authority": " "}, "text_has_outer_space"),
        ({"telephone": "13800000000"}, "office_telephone_is_mobile"),
        ({"telephone": "０１０-00000002"}, "phone_is_malformed"),
    ],
)
def test_what_is_said_of_an_association_is_checked(changes: Any, code: str) -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).when(
        register_saying(ASSOCIATION_REGISTERED, **changes)
    ).then_refused(code)


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        (ApprovingUnit(name="", credit_code=None), "text_is_missing"),
        (ApprovingUnit(name="居委会", credit_code="1"), "credit_code_is_malformed"),
    ],
)
def test_who_agreed_to_a_group_is_checked(unit: ApprovingUnit, code: str) -> None:
    in_name_of(THE_ASSOCIATION, THE_ASSOCIATION).when(
        register_saying(STATION_REGISTERED, approving_unit=unit)
    ).then_refused(code, about="approving_unit")


def test_a_group_that_is_no_legal_person_has_no_credit_code_of_its_own() -> None:
    in_name_of(THE_ASSOCIATION, THE_ASSOCIATION).when(
        register_saying(STATION_REGISTERED, credit_code="511101015000000012")
    ).then_refused("group_has_credit_code", about="credit_code")


def test_a_bureau_is_a_legal_person_of_a_named_department() -> None:
    in_name_of(THE_CITY, THE_CITY).when(
        register_saying(
            DISTRICT_BUREAU_REGISTERED,
            form=LegalForm.VOLUNTEER_ORGANIZATION,
            authority=None,
        )
    ).then_refused("form_not_of_kind", "authority_is_missing")


def test_an_entrusted_organization_is_no_mere_group() -> None:
    in_name_of(THE_DISTRICT, THE_DISTRICT).when(
        register_saying(
            ENTRUSTED_REGISTERED,
            form=LegalForm.GROUP,
            credit_code=None,
            approving_unit=ApprovingUnit(name="居委会", credit_code=None),
        )
    ).then_refused("form_not_of_kind")


def test_all_that_is_wrong_is_said_at_once() -> None:
    in_name_of(ANOTHER_DISTRICT, THE_DISTRICT).when(
        register(
            ASSOCIATION_REGISTERED,
            division="110105001",
            particulars=said_of(ASSOCIATION_REGISTERED, name="", credit_code=None),
        )
    ).then_refused(
        "organization_not_above",
        "division_outside_parent",
        "text_is_missing",
        "credit_code_is_missing",
    )


def test_a_history_begins_with_a_registration() -> None:
    with pytest.raises(ValueError, match="begins"):
        organization(AUTHORIZED)

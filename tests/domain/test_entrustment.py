"""Entrustments: by a bureau, for an area, for a time, on evidence; over when they are over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.codes import ServiceCategory
from ledger.domain.organization import Organization
from ledger.domain.organization.commands import GrantEntrustment, RevokeEntrustment
from ledger.domain.organization.entrusting import AREA_MAX
from ledger.domain.organization.events import EntrustmentGranted, EntrustmentRevoked
from ledger.domain.organization.particulars import DOCUMENTS_MAX, Document
from tests.domain.organizations import (
    A_KEY,
    ANOTHER_DISTRICT,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    THE_ENTRUSTED,
    in_name_of,
    organization,
)
from tests.domain.samples_organization import (
    ASSOCIATION_REGISTERED,
    AUTHORIZED,
    CITY_BUREAU,
    ENTRUSTED_REGISTERED,
    ENTRUSTMENT_REVOKED,
    GRANTED,
    STATION_REGISTERED,
    SUSPENDED,
)
from tests.domain.specification import NOW

TODAY = date(2026, 11, 24)
GRANT = GrantEntrustment(
    entrustment=GRANTED.entrustment,
    divisions=GRANTED.divisions,
    categories=GRANTED.categories,
    valid_from=GRANTED.valid_from,
    valid_to=GRANTED.valid_to,
    qualification=GRANTED.qualification,
)
REVOKE = RevokeEntrustment(entrustment=GRANTED.entrustment, reason=ENTRUSTMENT_REVOKED.reason)
HOLDER = organization(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED)
COMMUNITY = [ServiceCategory.COMMUNITY]
STREET = "110101001"


def why_not(
    holder: Organization,
    on: date = TODAY,
    division: str = STREET,
    categories: list[ServiceCategory] = COMMUNITY,
) -> tuple[str, ...]:
    refused = holder.may_record(on, division, categories)
    return () if refused is None else refused.codes


def test_a_bureau_entrusts_a_qualified_organization() -> None:
    state: Organization = (
        in_name_of(THE_DISTRICT)
        .given(ENTRUSTED_REGISTERED, AUTHORIZED)
        .when(GRANT)
        .then(GRANTED)
    )
    assert why_not(state) == ()


def test_without_an_entrustment_an_entrusted_organization_records_nothing() -> None:
    assert why_not(THE_ENTRUSTED) == ("entrustment_not_in_force",)


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2025, 12, 31), ("entrustment_not_in_force",)),
        (date(2026, 1, 1), ()),
        (date(2026, 12, 31), ()),
        (date(2027, 1, 1), ("entrustment_not_in_force",)),
    ],
)
def test_what_is_appended_outside_the_days_of_an_entrustment_is_refused(
    on: date, codes: tuple[str, ...]
) -> None:
    assert why_not(HOLDER, on=on) == codes


@pytest.mark.parametrize(
    ("division", "codes"),
    [
        ("110101001", ()),
        ("110101002003", ()),
        ("110101003", ("division_outside_entrustment",)),
        ("110101", ("division_outside_entrustment",)),
    ],
)
def test_an_entrustment_is_for_its_area(division: str, codes: tuple[str, ...]) -> None:
    assert why_not(HOLDER, division=division) == codes


@pytest.mark.parametrize(
    ("categories", "codes"),
    [
        ([], ()),
        ([ServiceCategory.TEACHING, ServiceCategory.COMMUNITY], ()),
        (
            [ServiceCategory.TEACHING, ServiceCategory.HEALTH],
            ("categories_outside_entrustment",),
        ),
    ],
)
def test_an_entrustment_is_for_its_categories(
    categories: list[ServiceCategory], codes: tuple[str, ...]
) -> None:
    assert why_not(HOLDER, categories=categories) == codes


def test_an_entrustment_for_every_category_says_so() -> None:
    every = organization(ENTRUSTED_REGISTERED, AUTHORIZED, replace(GRANTED, categories=None))
    assert why_not(every, categories=list(ServiceCategory)) == ()


def test_area_and_categories_are_those_of_one_entrustment() -> None:
    second = replace(
        GRANTED,
        entrustment=UUID(int=0xE9),
        divisions=("110101003",),
        categories=(ServiceCategory.HEALTH,),
    )
    both = organization(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED, second)
    health = [ServiceCategory.HEALTH]
    assert why_not(both, division="110101003", categories=health) == ()
    assert why_not(both, division="110101001", categories=health) == (
        "categories_outside_entrustment",
    )


def test_a_suspended_organization_records_nothing_whatever_it_is_entrusted_with() -> None:
    halted = organization(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED, SUSPENDED)
    assert why_not(halted) == ("organization_is_suspended",)


def test_an_association_is_entrusted_with_more_than_its_street() -> None:
    wider = organization(ASSOCIATION_REGISTERED, AUTHORIZED, GRANTED)
    assert why_not(THE_ASSOCIATION, division="110101002") == ("division_outside_organization",)
    assert why_not(wider, division="110101002") == ()
    assert why_not(wider, division="110101001", categories=[ServiceCategory.HEALTH]) == ()
    assert why_not(wider, division="110101003") == ("division_outside_entrustment",)


def test_another_district_entrusts_for_its_own_area() -> None:
    (event,) = (
        in_name_of(ANOTHER_DISTRICT)
        .given(ENTRUSTED_REGISTERED, AUTHORIZED)
        .when(replace(GRANT, divisions=("110105001",)))
        .then_some(EntrustmentGranted)
    )
    assert event.on_behalf_of == ANOTHER_DISTRICT.id


def test_a_station_is_not_entrusted() -> None:
    in_name_of(THE_DISTRICT).given(STATION_REGISTERED, AUTHORIZED).when(GRANT).then_refused(
        "kind_is_not_entrusted"
    )


def test_who_is_not_in_force_is_not_entrusted() -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED).when(GRANT).then_refused(
        "organization_not_authorized"
    )


def test_only_a_bureau_entrusts() -> None:
    in_name_of(THE_ASSOCIATION).given(ENTRUSTED_REGISTERED, AUTHORIZED).when(
        replace(GRANT, divisions=(STREET,))
    ).then_refused("entrusting_is_for_bureaus")


def test_a_key_does_not_entrust() -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED).when(
        GRANT, by=A_KEY
    ).then_refused("actor_is_not_staff")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"divisions": ()}, ["entrusted_area_is_missing"]),
        (
            {"divisions": tuple(f"110101001{number:03}" for number in range(1, 202))},
            ["entrusted_area_has_too_many_parts"],
        ),
        ({"divisions": ("110101", "110101")}, ["entrusted_area_named_twice"]),
        ({"divisions": ("110105001",)}, ["entrusted_area_outside_bureau"]),
        ({"divisions": ("110000",)}, ["entrusted_area_outside_bureau"]),
        ({"divisions": ("1101",)}, ["division_is_malformed"]),
        ({"categories": ()}, ["entrusted_categories_are_missing"]),
        (
            {"categories": (ServiceCategory.HEALTH, ServiceCategory.HEALTH)},
            ["entrusted_category_named_twice"],
        ),
        ({"valid_from": date(2027, 1, 1)}, ["validity_ends_before_it_begins"]),
        ({"valid_to": TODAY - timedelta(days=1)}, ["validity_is_over"]),
        ({"qualification": ()}, ["qualification_is_missing"]),
        (
            {"qualification": (*GRANTED.qualification,) * 21},
            ["documents_are_too_many"],
        ),
        (
            {"qualification": (Document(title="证书", sha256="0"),)},
            ["document_digest_is_malformed"],
        ),
    ],
)
def test_an_entrustment_is_checked(changes: Any, codes: list[str]) -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED).when(
        replace(GRANT, **changes)
    ).then_refused(*codes)


def test_an_entrustment_may_be_for_today_alone() -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED).when(
        replace(GRANT, valid_from=TODAY, valid_to=TODAY)
    ).then_some(EntrustmentGranted)


def test_an_entrustment_is_granted_once() -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED).when(
        GRANT
    ).then_refused("entrustment_is_known")


def test_a_revoked_entrustment_ends_at_once() -> None:
    state: Organization = (
        in_name_of(THE_DISTRICT)
        .given(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED)
        .when(REVOKE)
        .then(ENTRUSTMENT_REVOKED)
    )
    assert why_not(state) == ("entrustment_not_in_force",)


def test_the_city_revokes_what_a_district_granted_and_not_the_reverse() -> None:
    history = (ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED)
    in_name_of(THE_CITY).given(*history).when(REVOKE).then_some(EntrustmentRevoked)
    in_name_of(ANOTHER_DISTRICT).given(*history).when(REVOKE).then_refused(
        "bureau_is_not_the_grantor"
    )
    by_city = (ENTRUSTED_REGISTERED, AUTHORIZED, replace(GRANTED, on_behalf_of=CITY_BUREAU))
    in_name_of(THE_DISTRICT).given(*by_city).when(REVOKE).then_refused(
        "bureau_is_not_the_grantor"
    )


def test_what_is_not_there_or_over_is_not_revoked() -> None:
    history = (ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED)
    in_name_of(THE_DISTRICT).given(*history[:2]).when(REVOKE).then_refused(
        "entrustment_is_missing"
    )
    in_name_of(THE_DISTRICT).given(*history, ENTRUSTMENT_REVOKED).when(REVOKE).then_refused(
        "entrustment_is_revoked"
    )
    in_name_of(THE_DISTRICT).given(*history).when(
        REVOKE, now=NOW + timedelta(days=60)
    ).then_refused("entrustment_is_over")


def test_a_revocation_has_its_reason() -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED).when(
        replace(REVOKE, reason="")
    ).then_refused("text_is_missing")


def test_an_entrustment_is_revoked_on_its_last_day_still() -> None:
    last = replace(GRANTED, valid_to=TODAY)
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED, last).when(
        REVOKE
    ).then_some(EntrustmentRevoked)


def test_a_key_does_not_revoke_an_entrustment() -> None:
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED, GRANTED).when(
        REVOKE, by=A_KEY
    ).then_refused("actor_is_not_staff")


def test_an_area_has_as_many_parts_as_the_bound_and_the_documents_too() -> None:
    parts = tuple(f"110101001{number:03}" for number in range(1, AREA_MAX + 1))
    in_name_of(THE_DISTRICT).given(ENTRUSTED_REGISTERED, AUTHORIZED).when(
        replace(GRANT, divisions=parts, qualification=GRANT.qualification * DOCUMENTS_MAX)
    ).then_some(EntrustmentGranted)

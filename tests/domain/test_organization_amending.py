"""What is said of an organization changes from a day on, and each day keeps its own name."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.domain.codes import Authority
from ledger.domain.organization import Organization, OrganizationKind
from ledger.domain.organization.commands import AmendOrganization
from ledger.domain.organization.events import OrganizationAmended
from tests.domain.organizations import (
    ANOTHER_DISTRICT,
    LEDGER,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    THE_ENTRUSTED,
    THE_STATION,
    in_name_of,
    organization,
    said_of,
)
from tests.domain.samples_organization import (
    AMENDED,
    ASSOCIATION_REGISTERED,
    AUTHORIZED,
    CITY_BUREAU_AUTHORIZED,
    CITY_BUREAU_REGISTERED,
    REVOKED,
    SUCCEEDED,
)
from tests.domain.specification import CLERK, Done

TODAY = date(2026, 11, 24)


AMEND = AmendOrganization(
    particulars=said_of(AMENDED), effective_on=AMENDED.effective_on, reason=AMENDED.reason
)


def test_an_organization_that_is_not_there_refuses_everything() -> None:
    in_name_of(THE_DISTRICT).when(AMEND).then_refused("organization_is_missing")


@pytest.mark.parametrize("acting", [THE_ASSOCIATION, THE_DISTRICT, THE_CITY])
def test_an_organization_is_amended_by_itself_and_from_above(acting: Organization) -> None:
    (event,) = (
        in_name_of(acting)
        .given(ASSOCIATION_REGISTERED, AUTHORIZED)
        .when(AMEND)
        .then_some(OrganizationAmended)
    )
    assert event == replace(AMENDED, on_behalf_of=acting.id)


@pytest.mark.parametrize("acting", [ANOTHER_DISTRICT, THE_STATION, THE_ENTRUSTED])
def test_an_organization_is_amended_by_nobody_else(acting: Organization) -> None:
    in_name_of(acting).given(ASSOCIATION_REGISTERED, AUTHORIZED).when(AMEND).then_refused(
        "organization_not_above"
    )


def test_each_day_keeps_its_own_name() -> None:
    state: Organization = (
        in_name_of(THE_ASSOCIATION)
        .given(ASSOCIATION_REGISTERED, AUTHORIZED)
        .when(AMEND)
        .then(AMENDED)
    )
    assert state.particulars.name == AMENDED.name
    assert state.name_on(date(2026, 11, 10)) == AMENDED.name
    assert state.name_on(date(2026, 11, 9)) == ASSOCIATION_REGISTERED.name
    assert state.name_on(date(2020, 1, 1)) == ASSOCIATION_REGISTERED.name


@pytest.mark.parametrize(
    ("name", "effective_on"),
    [(AMENDED.name, date(2026, 10, 25)), (ASSOCIATION_REGISTERED.name, date(2026, 10, 1))],
)
def test_a_name_may_change_on_the_day_of_the_last_one_and_the_rest_before(
    name: str, effective_on: date
) -> None:
    said = said_of(AMENDED, name=name, telephone=None)
    in_name_of(THE_ASSOCIATION).given(ASSOCIATION_REGISTERED, AUTHORIZED).when(
        replace(AMEND, particulars=said, effective_on=effective_on)
    ).then_some(OrganizationAmended)


def test_an_amendment_of_something_else_leaves_the_names_as_they_are() -> None:
    state = organization(
        ASSOCIATION_REGISTERED,
        replace(AMENDED, name=ASSOCIATION_REGISTERED.name, telephone=None),
    )
    assert len(state.names) == 1
    assert state.particulars.telephone is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"effective_on": TODAY + timedelta(days=1)}, "effective_day_in_future"),
        ({"effective_on": date(2026, 10, 24)}, "effective_day_before_last_name"),
        ({"reason": ""}, "text_is_missing"),
        ({"particulars": said_of(ASSOCIATION_REGISTERED)}, "nothing_is_amended"),
        ({"particulars": said_of(AMENDED, credit_code=None)}, "credit_code_is_missing"),
    ],
)
def test_an_amendment_is_checked(changes: Any, code: str) -> None:
    in_name_of(THE_ASSOCIATION).given(ASSOCIATION_REGISTERED, AUTHORIZED).when(
        replace(AMEND, **changes)
    ).then_refused(code)


@pytest.mark.parametrize(
    ("event", "code"),
    [(REVOKED, "organization_is_revoked"), (SUCCEEDED, "organization_is_succeeded")],
)
def test_what_came_to_its_end_is_not_amended(event: Any, code: str) -> None:
    in_name_of(THE_DISTRICT).given(ASSOCIATION_REGISTERED, AUTHORIZED, event).when(
        AMEND
    ).then_refused(code)


def test_a_city_bureau_passes_to_another_department_by_an_amendment() -> None:
    moved = said_of(
        CITY_BUREAU_REGISTERED, name="北京市委社会工作部", authority=Authority.SOCIAL_WORK
    )
    state: Organization = (
        in_name_of(THE_CITY)
        .given(CITY_BUREAU_REGISTERED, Done(CITY_BUREAU_AUTHORIZED, by=LEDGER))
        .when(
            AmendOrganization(particulars=moved, effective_on=TODAY, reason="机构改革"),
            by=CLERK,
        )
        .state
    )
    assert state.particulars == moved
    assert state.kind is OrganizationKind.CITY_BUREAU

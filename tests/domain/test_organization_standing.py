"""Authorized, suspended, reinstated, revoked, succeeded: a bureau's decision, with a reason."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.codes import ServiceCategory
from ledger.domain.event import Actor
from ledger.domain.organization import Organization, Status
from ledger.domain.organization.commands import (
    AuthorizeOrganization,
    ReinstateOrganization,
    RevokeOrganization,
    StandingCommand,
    SucceedOrganization,
    SuspendOrganization,
)
from ledger.domain.organization.events import (
    OrganizationAuthorized,
    OrganizationEvent,
    OrganizationReinstated,
    OrganizationRevoked,
    OrganizationSucceeded,
    OrganizationSuspended,
)
from ledger.domain.organization.kinds import SuccessionKind
from ledger.domain.organization.particulars import Document
from ledger.domain.refusal import Refused
from tests.domain.organizations import (
    A_KEY,
    A_VOLUNTEER,
    ANOTHER_DISTRICT,
    LEDGER,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    THE_ENTRUSTED,
    in_name_of,
    organization,
)
from tests.domain.samples_organization import (
    ASSOCIATION,
    AUTHORIZED,
    CITY_BUREAU,
    CITY_BUREAU_AUTHORIZED,
    CITY_BUREAU_REGISTERED,
    DECISION,
    DISTRICT_BUREAU_REGISTERED,
    REINSTATED,
    REVOKED,
    STATION,
    STATION_REGISTERED,
    SUCCEEDED,
    SUSPENDED,
)

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
HERE = "110101001001"

AUTHORIZE = AuthorizeOrganization(reason="东民社〔2026〕11号")
SUSPEND = SuspendOrganization(
    ground=SUSPENDED.ground, reason=SUSPENDED.reason, rectify_by=SUSPENDED.rectify_by
)
REINSTATE = ReinstateOrganization(reason=REINSTATED.reason)
REVOKE = RevokeOrganization(ground=REVOKED.ground, reason=REVOKED.reason)
SUCCEED = SucceedOrganization(
    succession=SUCCEEDED.succession,
    successors=SUCCEEDED.successors,
    effective_on=SUCCEEDED.effective_on,
    evidence=SUCCEEDED.evidence,
    reason=SUCCEEDED.reason,
)

HISTORIES: dict[Status, tuple[OrganizationEvent, ...]] = {
    Status.REGISTERED: (STATION_REGISTERED,),
    Status.AUTHORIZED: (STATION_REGISTERED, AUTHORIZED),
    Status.SUSPENDED: (STATION_REGISTERED, AUTHORIZED, SUSPENDED),
    Status.REVOKED: (STATION_REGISTERED, AUTHORIZED, REVOKED),
    Status.SUCCEEDED: (STATION_REGISTERED, AUTHORIZED, SUCCEEDED),
}
REFUSALS = {
    Status.REGISTERED: "organization_not_authorized",
    Status.AUTHORIZED: "organization_is_authorized",
    Status.SUSPENDED: "organization_is_suspended",
    Status.REVOKED: "organization_is_revoked",
    Status.SUCCEEDED: "organization_is_succeeded",
}
LEADS: dict[tuple[Status, StandingCommand], tuple[Status, OrganizationEvent]] = {
    (Status.REGISTERED, AUTHORIZE): (Status.AUTHORIZED, AUTHORIZED),
    (Status.REGISTERED, REVOKE): (Status.REVOKED, REVOKED),
    (Status.REGISTERED, SUCCEED): (Status.SUCCEEDED, SUCCEEDED),
    (Status.AUTHORIZED, SUSPEND): (Status.SUSPENDED, SUSPENDED),
    (Status.AUTHORIZED, REVOKE): (Status.REVOKED, REVOKED),
    (Status.AUTHORIZED, SUCCEED): (Status.SUCCEEDED, SUCCEEDED),
    (Status.SUSPENDED, REINSTATE): (Status.AUTHORIZED, REINSTATED),
    (Status.SUSPENDED, REVOKE): (Status.REVOKED, REVOKED),
    (Status.SUSPENDED, SUCCEED): (Status.SUCCEEDED, SUCCEEDED),
    (Status.REVOKED, AUTHORIZE): (Status.AUTHORIZED, AUTHORIZED),
    (Status.REVOKED, SUCCEED): (Status.SUCCEEDED, SUCCEEDED),
}
"""Every way in which the standing changes; all else is refused."""


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("command", [AUTHORIZE, SUSPEND, REINSTATE, REVOKE, SUCCEED])
def test_each_standing_takes_the_decisions_that_fit_it(
    status: Status, command: StandingCommand
) -> None:
    done = in_name_of(THE_DISTRICT, THE_ASSOCIATION).given(*HISTORIES[status]).when(command)
    if (status, command) in LEADS:
        after, event = LEADS[status, command]
        assert done.then(event).status is after
    else:
        done.then_refused(REFUSALS[status])


@pytest.mark.parametrize("status", Status)
def test_only_an_authorized_organization_records(status: Status) -> None:
    state = organization(*HISTORIES[status])
    refused = state.may_record(TODAY, HERE, [ServiceCategory.COMMUNITY])
    if status is Status.AUTHORIZED:
        assert refused is None
        assert state.is_in_force
    else:
        assert refused is not None
        assert refused.codes == (REFUSALS[status],)
        assert not state.is_in_force


@pytest.mark.parametrize("acting", [THE_ASSOCIATION, ANOTHER_DISTRICT, THE_ENTRUSTED])
@pytest.mark.parametrize("command", [SUSPEND, REVOKE, SUCCEED])
def test_a_bureau_above_decides_and_nobody_else(
    acting: Organization, command: StandingCommand
) -> None:
    in_name_of(acting, THE_ASSOCIATION).given(*HISTORIES[Status.AUTHORIZED]).when(
        command
    ).then_refused("bureau_not_above")


@pytest.mark.parametrize("by", [A_KEY, A_VOLUNTEER, LEDGER])
def test_a_person_decides(by: Actor) -> None:
    in_name_of(THE_DISTRICT).given(*HISTORIES[Status.AUTHORIZED]).when(
        SUSPEND, by=by
    ).then_refused("actor_is_not_staff")


def test_nobody_stands_over_the_city_bureau() -> None:
    in_name_of(THE_CITY).given(CITY_BUREAU_REGISTERED, CITY_BUREAU_AUTHORIZED).when(
        SUSPEND
    ).then_refused("bureau_not_above")


def test_a_bureau_that_is_suspended_decides_nothing() -> None:
    halted = organization(
        DISTRICT_BUREAU_REGISTERED, AUTHORIZED, replace(SUSPENDED, on_behalf_of=CITY_BUREAU)
    )
    in_name_of(halted).given(*HISTORIES[Status.AUTHORIZED]).when(SUSPEND).then_refused(
        "acting_organization_not_in_force"
    )


@pytest.mark.parametrize(
    ("halt", "command"), [(SUSPENDED, REINSTATE), (SUSPENDED, REVOKE), (REVOKED, AUTHORIZE)]
)
def test_what_the_city_halted_a_district_does_not_lift(
    halt: OrganizationSuspended | OrganizationRevoked, command: StandingCommand
) -> None:
    history = (STATION_REGISTERED, AUTHORIZED, replace(halt, on_behalf_of=CITY_BUREAU))
    in_name_of(THE_DISTRICT).given(*history).when(command).then_refused("halted_from_above")
    in_name_of(THE_CITY).given(*history).when(command).then_some(
        {
            REINSTATE: OrganizationReinstated,
            REVOKE: OrganizationRevoked,
            AUTHORIZE: OrganizationAuthorized,
        }[command]
    )


def test_what_a_district_halted_the_city_lifts_and_then_it_is_forgotten() -> None:
    state: Organization = (
        in_name_of(THE_CITY)
        .given(*HISTORIES[Status.SUSPENDED])
        .when(REINSTATE)
        .then(replace(REINSTATED, on_behalf_of=CITY_BUREAU))
    )
    assert state.halted_by is None


@pytest.mark.parametrize(
    ("status", "command"),
    [
        (Status.REGISTERED, AUTHORIZE),
        (Status.AUTHORIZED, SUSPEND),
        (Status.SUSPENDED, REINSTATE),
        (Status.AUTHORIZED, REVOKE),
        (Status.AUTHORIZED, SUCCEED),
    ],
)
def test_each_decision_has_its_reason(status: Status, command: StandingCommand) -> None:
    in_name_of(THE_DISTRICT, THE_ASSOCIATION).given(*HISTORIES[status]).when(
        replace(command, reason="")
    ).then_refused("text_is_missing", about="reason")


def test_a_suspension_gives_time_to_mend_not_time_that_has_passed() -> None:
    given = HISTORIES[Status.AUTHORIZED]
    yesterday = replace(SUSPEND, rectify_by=TODAY - timedelta(days=1))
    in_name_of(THE_DISTRICT).given(*given).when(yesterday).then_refused(
        "rectification_day_has_passed"
    )
    for day in (TODAY, None):
        in_name_of(THE_DISTRICT).given(*given).when(replace(SUSPEND, rectify_by=day)).then_some(
            OrganizationSuspended
        )


def test_reasons_are_gathered() -> None:
    in_name_of(ANOTHER_DISTRICT).given(*HISTORIES[Status.SUSPENDED]).when(
        replace(SUSPEND, reason="", rectify_by=date(2020, 1, 1))
    ).then_refused(
        "organization_is_suspended",
        "bureau_not_above",
        "halted_from_above",
        "rectification_day_has_passed",
        "text_is_missing",
    )


SECOND = UUID(int=0xA2)
SPLIT = replace(SUCCEED, succession=SuccessionKind.SPLIT, successors=(ASSOCIATION, SECOND))


def succeed(command: SucceedOrganization, *named: Organization) -> Any:
    given = HISTORIES[Status.AUTHORIZED]
    return in_name_of(THE_DISTRICT, *named).given(*given).when(command)


def test_a_succession_may_hold_from_today() -> None:
    succeed(replace(SUCCEED, effective_on=TODAY), THE_ASSOCIATION).then_some(
        OrganizationSucceeded
    )


def test_successors_answer_for_what_was_recorded() -> None:
    assert succeed(SUCCEED, THE_ASSOCIATION).state.successors == (ASSOCIATION,)
    second = replace(THE_ASSOCIATION, id=SECOND)
    succeed(SPLIT, THE_ASSOCIATION, second).then_some(OrganizationSucceeded)


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (replace(SUCCEED, successors=()), ["successor_count_is_wrong"]),
        (
            replace(SUCCEED, successors=(ASSOCIATION, SECOND)),
            ["successor_count_is_wrong", "successor_is_missing"],
        ),
        (replace(SPLIT, successors=(ASSOCIATION,)), ["successor_count_is_wrong"]),
        (replace(SPLIT, successors=(ASSOCIATION, ASSOCIATION)), ["successor_named_twice"]),
        (replace(SUCCEED, successors=(SECOND,)), ["successor_is_missing"]),
        (
            replace(SUCCEED, successors=(STATION,)),
            ["successor_is_itself", "successor_is_missing"],
        ),
        (replace(SUCCEED, effective_on=TOMORROW), ["effective_day_in_future"]),
        (replace(SUCCEED, evidence=()), ["succession_evidence_is_missing"]),
        (
            replace(SUCCEED, evidence=(Document(title="", sha256="AB" * 32), DECISION)),
            ["text_is_missing", "document_digest_is_malformed"],
        ),
    ],
)
def test_a_succession_is_checked(command: SucceedOrganization, codes: list[str]) -> None:
    refused = succeed(command, THE_ASSOCIATION)
    refused.then_refused(*codes)


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.AUTHORIZED])
def test_a_successor_is_in_force_so_that_no_circle_arises(status: Status) -> None:
    successor = replace(THE_ASSOCIATION, status=status)
    succeed(SUCCEED, successor).then_refused("successor_not_in_force")


def test_a_bureau_supervises_and_does_not_record() -> None:
    for bureau in (THE_CITY, THE_DISTRICT):
        refused = bureau.may_record(TODAY, bureau.division, [])
        assert isinstance(refused, Refused)
        assert refused.codes == ("bureau_does_not_record",)


@pytest.mark.parametrize(
    ("division", "codes"),
    [
        ("110101001", ()),
        ("110101001002", ()),
        ("110101", ("division_outside_organization",)),
        ("110101002", ("division_outside_organization",)),
        ("110000", ("division_outside_organization",)),
    ],
)
def test_an_association_records_inside_its_street(division: str, codes: Any) -> None:
    refused = THE_ASSOCIATION.may_record(TODAY, division, [])
    assert (() if refused is None else refused.codes) == codes

"""One organization for one credit code: the code's own stream is saved with hers."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from ledger.domain.event import Act
from ledger.domain.organization import (
    CodeStream,
    CreditCode,
    CreditCodeClaimed,
    CreditCodeReleased,
    Organization,
    Surroundings,
    decide_with_code,
    evolve_code,
)
from ledger.domain.organization.commands import AmendOrganization
from ledger.domain.organization.credit_code_claims import CreditCodeEvent
from ledger.domain.organization.events import OrganizationAmended
from ledger.domain.organization.kinds import LegalForm
from ledger.domain.refusal import Refused
from tests.domain.organizations import (
    THE_ASSOCIATION,
    THE_DISTRICT,
    THE_ENTRUSTED,
    THE_STATION,
    register,
    register_saying,
    said_of,
)
from tests.domain.samples_organization import (
    CODE_CLAIMED,
    CODE_RELEASED,
    ENTRUSTED,
    ENTRUSTED_REGISTERED,
    STATION,
    STATION_REGISTERED,
)
from tests.domain.specification import CLERK, NOW, Specification

ACT = Act(CLERK, NOW)
CODE = "52110101MJ0000000N"
OTHER_CODE = "52110101MJ0000001R"
STREAM, OTHER_STREAM = UUID(int=0xC0DE), UUID(int=0xC0DF)
IN_THE_DISTRICT = Surroundings(acting=THE_DISTRICT, named=(THE_DISTRICT,))
TODAY = date(2026, 11, 24)


def claimed(stream: UUID, *history: CreditCodeEvent) -> CodeStream:
    state: CreditCode | None = (
        Specification(decide_with_code, evolve_code).given(*history).state
    )
    return CodeStream(id=stream, state=state)


FREE = claimed(STREAM)
TAKEN = claimed(STREAM, CODE_CLAIMED)
GIVEN_UP = claimed(STREAM, CODE_CLAIMED, CODE_RELEASED)
OTHER_FREE = claimed(OTHER_STREAM)


def amend(state: Organization, code: str | None, form: LegalForm) -> AmendOrganization:
    said = replace(state.particulars, credit_code=code, form=form)
    return AmendOrganization(particulars=said, effective_on=TODAY, reason="代码有误,予以更正。")


@pytest.mark.parametrize("stream", [FREE, GIVEN_UP])
def test_a_registration_claims_its_code(stream: CodeStream) -> None:
    together = decide_with_code(
        None, register(ENTRUSTED_REGISTERED), ACT, IN_THE_DISTRICT, {CODE: stream}
    )
    assert together == {ENTRUSTED: (ENTRUSTED_REGISTERED,), STREAM: (CODE_CLAIMED,)}


def test_a_group_without_a_code_claims_none() -> None:
    around = Surroundings(acting=THE_ASSOCIATION, named=(THE_ASSOCIATION,))
    together = decide_with_code(None, register(STATION_REGISTERED), ACT, around, {})
    assert together == {STATION: (STATION_REGISTERED,)}


def test_a_code_that_another_organization_has_is_refused_with_all_other_reasons() -> None:
    twin = replace(ENTRUSTED_REGISTERED, organization=UUID(int=0xE7))
    streams = {CODE: TAKEN}
    refused = decide_with_code(None, register(twin), ACT, IN_THE_DISTRICT, streams)
    assert isinstance(refused, Refused)
    assert refused.codes == ("credit_code_is_claimed",)
    assert refused.reasons[0].details == {"organization": str(ENTRUSTED)}
    both = decide_with_code(None, register_saying(twin, name=""), ACT, IN_THE_DISTRICT, streams)
    assert isinstance(both, Refused)
    assert sorted(both.codes) == ["credit_code_is_claimed", "text_is_missing"]


def test_an_amended_code_is_claimed_and_the_one_before_given_up() -> None:
    command = amend(THE_ENTRUSTED, OTHER_CODE, LegalForm.LEGAL_PERSON)
    together = decide_with_code(
        THE_ENTRUSTED, command, ACT, IN_THE_DISTRICT, {CODE: TAKEN, OTHER_CODE: OTHER_FREE}
    )
    assert not isinstance(together, Refused)
    assert [type(event) for event in together[ENTRUSTED]] == [OrganizationAmended]
    assert together[STREAM] == (CODE_RELEASED,)
    assert together[OTHER_STREAM] == (
        CreditCodeClaimed(credit_code=OTHER_CODE, organization=ENTRUSTED),
    )


def test_an_amendment_of_something_else_leaves_the_code_alone() -> None:
    said = said_of(ENTRUSTED_REGISTERED, name="东城区社区服务中心")
    command = AmendOrganization(particulars=said, effective_on=TODAY, reason="更名。")
    together = decide_with_code(THE_ENTRUSTED, command, ACT, IN_THE_DISTRICT, {CODE: TAKEN})
    assert not isinstance(together, Refused)
    assert together.keys() == {ENTRUSTED}


def test_a_group_that_becomes_a_legal_person_claims_its_code() -> None:
    command = amend(THE_STATION, OTHER_CODE, LegalForm.VOLUNTEER_ORGANIZATION)
    around = Surroundings(acting=THE_STATION)
    together = decide_with_code(THE_STATION, command, ACT, around, {OTHER_CODE: OTHER_FREE})
    assert not isinstance(together, Refused)
    assert together.keys() == {STATION, OTHER_STREAM}


def test_an_amendment_to_a_code_that_is_taken_is_refused() -> None:
    command = amend(THE_STATION, CODE, LegalForm.VOLUNTEER_ORGANIZATION)
    around = Surroundings(acting=THE_STATION)
    refused = decide_with_code(THE_STATION, command, ACT, around, {CODE: TAKEN})
    assert isinstance(refused, Refused)
    assert refused.codes == ("credit_code_is_claimed",)


def test_an_organization_that_is_not_there_claims_nothing() -> None:
    command = amend(THE_ENTRUSTED, OTHER_CODE, LegalForm.LEGAL_PERSON)
    refused = decide_with_code(
        None, command, ACT, IN_THE_DISTRICT, {CODE: TAKEN, OTHER_CODE: OTHER_FREE}
    )
    assert isinstance(refused, Refused)
    assert refused.codes == ("organization_is_missing",)


def test_a_decision_without_the_stream_of_a_code_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        decide_with_code(None, register(ENTRUSTED_REGISTERED), ACT, IN_THE_DISTRICT, {})


def test_a_code_is_free_again_once_it_was_given_up() -> None:
    assert TAKEN.state == CreditCode(credit_code=CODE, holder=ENTRUSTED)
    assert GIVEN_UP.state == CreditCode(credit_code=CODE, holder=None)


def test_a_history_begins_with_a_claim() -> None:
    with pytest.raises(ValueError, match="begins"):
        claimed(STREAM, CreditCodeReleased(credit_code=CODE, organization=ENTRUSTED))

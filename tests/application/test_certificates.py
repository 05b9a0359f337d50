"""Certificates: an organization certifies what it recorded, by two persons, once proved."""

from typing import Any

import pytest

from ledger.application.callers import Caller
from ledger.application.forms.certificate import DeclineForm, RevocationForm
from ledger.application.states import RECORD
from ledger.domain.certificate import IssueMode, Stage, certificate_number
from ledger.domain.event import ERASED
from tests.application.certifying import Bureau, certifying_of, open_bureau
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import codes, erase


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


def test_a_certificate_is_asked_for_accepted_and_issued(bureau: Bureau) -> None:
    record = bureau.session.confirmed()
    certificate = bureau.request()
    assert bureau.state(certificate).stage is Stage.REQUESTED
    bureau.certifying.accept(bureau.handler, certificate)
    bureau.certifying.issue(bureau.head, certificate)
    state = bureau.state(certificate)
    face = state.issued
    assert face is not None
    assert state.stage is Stage.ISSUED
    assert face.number == certificate_number(certificate)
    assert (face.minutes, face.hours) == (150, "2.50")
    assert face.records == (record,)
    assert face.lines is not ERASED
    (line,) = face.lines
    assert (line.activity_name, line.minutes) == ("重阳助老", 150)
    assert line.content == "陪伴老人,打扫居室。"
    assert len(line.entries) == 3  # entered, shown, confirmed
    assert face.verified_size > max(line.entries)
    assert (face.handler_name, face.responsible_name) == ("何示例", "卫示例")
    assert (face.publicity_closes_on - face.publicity_opens_on).days == 7


def test_a_volunteer_prints_her_own_at_once(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.request(mode="self_printed")
    state = bureau.state(certificate)
    assert state.stage is Stage.ISSUED
    assert state.issued is not None
    assert state.issued.mode is IssueMode.SELF_PRINTED


@ON_SQLITE
def test_what_is_not_confirmed_is_not_certified(bureau: Bureau) -> None:
    bureau.session.publicized()
    assert codes(bureau.request, mode="self_printed") == {"nothing_to_certify"}


def test_what_is_not_confirmed_is_listed_apart_if_asked_for(bureau: Bureau) -> None:
    bureau.session.confirmed()
    later: dict[str, Any] = {"start": "2026-11-21T09:00+08:00", "end": "2026-11-21T10:00+08:00"}
    open_record = bureau.session.enter(**later, break_minutes=0)
    face = bureau.state(bureau.request(mode="self_printed", with_open=True)).issued
    assert face is not None
    assert face.minutes == 150
    assert face.open_lines is not ERASED
    assert [(each.record, each.minutes) for each in face.open_lines] == [(open_record, 60)]


@ON_SQLITE
def test_nobody_signs_twice_and_nobody_certifies_anothers_records(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.request()
    certifying, town = bureau.certifying, bureau.session.town
    assert codes(certifying.issue, bureau.head, certificate) == {"certificate_is_not_accepted"}
    certifying.accept(bureau.head, certificate)  # who may be handler as well
    assert codes(certifying.issue, bureau.head, certificate) == {"signer_is_handler"}
    assert codes(certifying.issue, bureau.handler, certificate) == {"actor_has_no_such_role"}
    other = codes(certifying.issue, town.other_head, certificate)
    assert other == {"organization_is_not_issuer"}


@ON_SQLITE
@pytest.mark.parametrize("who", ["recorder", "reviewer", "other_head"])
def test_who_is_no_handler_of_the_issuer_asks_for_nobody(bureau: Bureau, who: str) -> None:
    caller: Caller = getattr(bureau.session.town, who)
    refused = codes(bureau.request, caller)
    assert refused & {"actor_has_no_such_role", "organization_is_not_issuer"}


@ON_SQLITE
def test_a_station_has_nothing_of_what_another_one_recorded(bureau: Bureau) -> None:
    bureau.session.confirmed()
    other = str(bureau.session.town.other_station)
    assert codes(bureau.request, issuer=other, mode="self_printed") == {"nothing_to_certify"}


@ON_SQLITE
def test_only_the_period_that_was_asked_for_is_certified(bureau: Bureau) -> None:
    bureau.session.confirmed()
    outside = {"from_day": "2026-11-21", "mode": "self_printed"}
    assert codes(bureau.request, **outside) == {"nothing_to_certify"}
    assert codes(bureau.request, from_day="2026-11-21", to_day="2026-11-20") == {
        "period_ends_before_start"
    }


def test_a_row_that_was_changed_is_refused_and_told(bureau: Bureau) -> None:
    record = bureau.session.confirmed()
    bureau.house.ledger.as_dba(
        "UPDATE entries SET plain = :plain WHERE seq = :seq",
        plain=b'{"facts":{"type":"record.submitted"},"seed":"' + b"00" * 32 + b'"}',
        seq=bureau.session.office.states.events(RECORD, record)[0].seq,
    )
    bureau.certifying = certifying_of(bureau.house)
    refused = codes(bureau.request, mode="self_printed")
    assert refused == {"records_are_not_proved"}
    assert bureau.house.attempts()[-1].codes == ("records_are_not_proved",)


@ON_SQLITE
def test_before_witnesses_have_seen_it_nothing_is_certified(bureau: Bureau) -> None:
    bureau.session.confirmed()
    note = bureau.certifying.vouching.vouch([]).note
    unseen = certifying_of(bureau.house, checkpoint=lambda: None)
    late = certifying_of(bureau.house, checkpoint=lambda: note)
    bureau.certifying = unseen
    assert codes(bureau.request, mode="self_printed") == {"records_are_not_witnessed_yet"}
    bureau.certifying = late
    certificate = bureau.request(mode="self_printed")
    assert bureau.state(certificate).stage is Stage.ISSUED


@ON_SQLITE
def test_a_new_certificate_takes_the_place_of_an_old_one(bureau: Bureau) -> None:
    bureau.session.confirmed()
    first = bureau.issued()
    second = bureau.issued(replaces=str(first))
    assert bureau.state(first).stage is Stage.SUPERSEDED
    assert bureau.state(first).superseded_by == second
    assert codes(bureau.request, replaces=str(first)) == {"certificate_is_not_issued"}


@ON_SQLITE
def test_a_request_is_declined_or_withdrawn(bureau: Bureau) -> None:
    bureau.session.confirmed()
    doubt = DeclineForm.model_validate({"ground": "records_in_doubt"})
    withdrawn = DeclineForm.model_validate({"ground": "withdrawn"})
    certificate = bureau.request()
    certifying = bureau.certifying
    herself = bureau.session.herself
    assert codes(certifying.decline, herself, certificate, doubt) == {
        "volunteer_only_withdraws"
    }
    certifying.decline(herself, certificate, withdrawn)
    assert bureau.state(certificate).stage is Stage.DECLINED
    assert codes(certifying.accept, bureau.handler, certificate) == {
        "certificate_is_not_requested"
    }


@ON_SQLITE
def test_a_certificate_is_revoked_by_who_answers_for_its_issuer(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    form = RevocationForm.model_validate({"ground": "false_records"})
    town = bureau.session.town
    assert codes(bureau.certifying.revoke, town.other_head, certificate, form) == {
        "organization_does_not_answer"
    }
    bureau.certifying.revoke(town.district_head, certificate, form)
    assert bureau.state(certificate).stage is Stage.REVOKED


def test_who_was_erased_has_no_certificate_and_leaves_no_name_on_one(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    erase(bureau.house, bureau.session.volunteer)
    bureau.session.office.states.forget_all()
    face = bureau.state(certificate).issued
    assert face is not None
    assert face.holder_name is ERASED
    assert face.lines is ERASED
    assert face.responsible_name == "卫示例"
    refused = codes(bureau.request, bureau.handler)
    assert "volunteer_is_erased" in refused

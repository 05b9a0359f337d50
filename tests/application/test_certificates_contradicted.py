"""Certificates that come to be wrong: refused at issue, told later, or found by who checks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from ledger.application import staffing, volunteers
from ledger.application.callers import Caller, as_volunteer
from ledger.application.certifying.basis import Gathering
from ledger.application.certifying.lists import statuses
from ledger.application.certifying.status import Status, status_of
from ledger.application.forms.staff import ReleaseForm
from ledger.application.forms.volunteer import ConfirmationForm
from ledger.application.merging import merge, separate
from ledger.application.proving import prove_event
from ledger.certificates.checking import Answer
from ledger.domain.certificate import IssueMode
from ledger.projections.certificate_views import CERTIFICATES
from ledger.store.view_query import Query
from tests.application.certifying import (
    CHECKED,
    Bureau,
    checker_of,
    handing_out_of,
    open_bureau,
)
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.test_merging import into, out_of
from tests.application.town import Town
from tests.application.volunteering import OUYANG, codes, erase, registered

pytestmark = ON_SQLITE
OPEN = {"start": "2026-11-21T09:00+08:00", "end": "2026-11-21T10:00+08:00", "break_minutes": 0}


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


def joined(bureau: Bureau) -> Caller:
    """Merge the volunteer into another registration of hers; return that one as she calls."""
    session, office = bureau.session, bureau.session.office
    target = registered(office, session.town.recorder, OUYANG)
    confirmation = ConfirmationForm.model_validate(CHECKED)
    volunteers.confirm(office, session.town.reviewer, target, confirmation)
    merge(office, session.town.station_head, session.volunteer, into(target))
    return as_volunteer(target)


def test_software_that_lists_a_record_twice_issues_no_valid_certificate(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.session.confirmed()
    kept: Callable[..., Any] = Gathering._vouched
    monkeypatch.setattr(Gathering, "_vouched", lambda it, lines, *a: kept(it, lines * 2, *a))
    certificate = bureau.request(mode="self_printed")
    pdf = handing_out_of(bureau.house).pdf(bureau.session.herself, certificate)
    report = checker_of(bureau.house).check(pdf)
    assert report.verdict is Answer.NO
    assert report.face is None


def test_what_was_joined_to_her_is_certified_and_proved(bureau: Bureau) -> None:
    bureau.session.confirmed()
    herself = joined(bureau)
    certificate = bureau.request(herself, mode="self_printed")
    face = bureau.state(certificate).issued
    assert face is not None
    assert (face.minutes, len(face.joined)) == (150, 1)
    pdf = handing_out_of(bureau.house).pdf(herself, certificate)
    assert checker_of(bureau.house).check(pdf).verdict is Answer.YES


def listed(bureau: Bureau, certificate: UUID) -> Status:
    """Return the status that lists have of a certificate."""
    office = bureau.session.office
    query = Query(equal={"certificate": str(certificate)}, limit=1)
    return statuses(office, office.views.page(CERTIFICATES, query))[str(certificate)]


def test_a_merge_that_is_undone_changes_what_rests_on_it(bureau: Bureau) -> None:
    bureau.session.confirmed()
    herself = joined(bureau)
    state = bureau.state(bureau.request(herself, mode="self_printed"))
    office, head = bureau.session.office, bureau.session.town.station_head
    assert status_of(office, state).status is Status.VALID
    separate(office, head, bureau.session.volunteer, out_of(state.volunteer))
    told = status_of(office, state)
    assert (told.status, told.minutes_now) == (Status.CHANGED, 0)
    assert [(each.voided, each.facts) for each in told.changes] == [(False, ())]
    assert listed(bureau, state.id) is Status.CHANGED
    merge(office, head, bureau.session.volunteer, into(state.volunteer))
    assert status_of(office, state).status is Status.VALID
    assert listed(bureau, state.id) is Status.VALID


def test_a_certificate_stays_valid_where_its_holder_was_merged_later(bureau: Bureau) -> None:
    bureau.session.confirmed()
    state = bureau.state(bureau.request(mode="self_printed"))
    joined(bureau)
    assert status_of(bureau.session.office, state).status is Status.VALID
    assert listed(bureau, state.id) is Status.VALID


def test_open_records_of_a_joined_registration_are_listed_too(bureau: Bureau) -> None:
    bureau.session.confirmed()
    waiting = bureau.session.enter(None, **OPEN)
    face = bureau.state(
        bureau.request(joined(bureau), mode="self_printed", with_open=True)
    ).issued
    assert face is not None
    assert isinstance(face.open_lines, tuple)
    assert [each.record for each in face.open_lines] == [waiting]


def test_nobody_prints_for_her_and_her_handler_signs_only_while_she_is_one(
    bureau: Bureau,
) -> None:
    bureau.session.confirmed()
    alone = codes(bureau.request, bureau.handler, mode=IssueMode.SELF_PRINTED.value)
    assert alone == {"actor_is_not_the_volunteer"}
    certificate = bureau.request()
    bureau.certifying.accept(bureau.handler, certificate)
    released = ReleaseForm.model_validate(
        {
            "roles": ["handler"],
            "from_day": bureau.house.clock.today.isoformat(),
            "reason": "调任其他岗位。",
        }
    )
    person = bureau.handler.actor.id
    town = bureau.session.town
    staffing.release(bureau.session.office, bureau.head, town.station, person, released)
    refused = codes(bureau.certifying.issue, bureau.head, certificate)
    assert refused == {"handler_is_none_any_more"}


def test_who_may_not_ask_learns_nothing_of_whom_she_asks_about(bureau: Bureau) -> None:
    stranger = bureau.session.town.other_head
    unknown = {"volunteer": "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"}
    known = codes(bureau.request, stranger)
    erase(bureau.house, bureau.session.volunteer)
    bureau.session.office.states.forget_all()
    assert codes(bureau.request, stranger) == known == {"organization_is_not_issuer"}
    assert codes(bureau.request, stranger, **unknown) == known


@pytest.mark.parametrize("who", ["holder", "handler"])
def test_once_somebody_on_it_is_erased_no_file_is_made_any_more(
    bureau: Bureau, who: str
) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    session = bureau.session
    person = session.volunteer if who == "holder" else bureau.handler.actor.id
    erase(bureau.house, person)
    session.office.states.forget_all()
    handing_out = handing_out_of(bureau.house)
    for hand_out in (handing_out.pdf, handing_out.proof):
        assert codes(hand_out, session.herself, certificate) == {"certificate_is_erased"}


def test_what_no_font_can_print_is_not_issued(bureau: Bureau) -> None:
    bureau.session.confirmed(content="陪伴老人𰻝。\U0003134b")
    refused = codes(bureau.request, mode="self_printed")
    assert refused == {"certificate_cannot_be_printed"}
    assert "\U0003134b".encode() not in bureau.house.ledger.rows()[-1].plain


def test_a_proof_of_another_entry_is_valid_and_no_certificate(bureau: Bureau) -> None:
    bureau.session.confirmed()
    handing_out = handing_out_of(bureau.house)
    note = handing_out.checkpoint()
    assert note is not None
    with handing_out.subtrees() as subtree:
        proof = prove_event(handing_out.source, subtree, note=note, seq=10, names=None)
    report = checker_of(bureau.house).check(proof.encode())
    assert (report.verdict, report.face) == (Answer.YES, None)
    assert "verify_is_no_whole_certificate" in [step.code for step in report.unproved]

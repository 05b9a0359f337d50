"""Certificates in the views: what waits, what became of one, which place it has."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.application.streams import account_stream
from ledger.domain.account import (
    AccountAbsorbed,
    AccountRestored,
    AccountSeparated,
    AccountTransferred,
    CreditEntered,
    CreditWithdrawn,
)
from ledger.domain.account.events import Cause, Credit
from ledger.domain.certificate import (
    CertificateRevoked,
    CertificateSuperseded,
    IssueMode,
    RevocationGround,
)
from ledger.domain.event import Event
from ledger.domain.record import AmendmentAccepted, AmendmentProposed
from ledger.projections import certificates as folded
from ledger.projections import status_places
from ledger.projections.certificate_views import CERTIFICATES, CERTIFIED, STATUS_PLACES
from ledger.projections.notice_kinds import NoticeKind
from ledger.projections.status_places import LIST_SIZE
from ledger.projections.tasks import TaskKind
from ledger.projections.views import NOTICES, TASKS, VOLUNTEERS
from ledger.proof.shapes import FACTS_ERASED
from tests.domain import samples_certificate as certificates
from tests.domain.samples_account import CREDIT
from tests.domain.samples_organization import REINSTATED, SUSPENDED
from tests.domain.samples_record import AMENDMENT
from tests.domain.town import ABOVE, HERSELF, NEIGHBOUR, RECORDER, REVIEWER, STATION, SUPERVISOR
from tests.projections.histories import History
from tests.projections.made import Made, made_of
from tests.projections.test_notices import BODY, RECORD, entered, sample

CERTIFICATE = certificates.CERTIFICATE
NAME = str(CERTIFICATE)
GOLDEN_PLACES = (329_330, 423_661)


def credit(owner: UUID) -> Credit:
    names = Credit.__dataclass_fields__
    said: dict[str, Any] = {name: getattr(CREDIT, name) for name in names}
    return Credit(**said | {"record": RECORD, "recorded_for": owner})


def counted(history: History, account: UUID, owner: UUID) -> None:
    names = Credit.__dataclass_fields__
    said = {name: getattr(credit(owner), name) for name in names}
    history.tell(account_stream(account), CreditEntered(volunteer=account, **said))


def certified(holder: UUID = HERSELF.id) -> History:
    """Given a certificate of a record that counts for her."""
    history = entered()
    counted(history, HERSELF.id, HERSELF.id)
    for event in certificates.of_town(holder, STATION.id, RECORD):
        history.tell(CERTIFICATE, event, RECORDER)
    return history


def amend(history: History) -> None:
    history.tell(RECORD, sample(AmendmentProposed), ABOVE)
    history.tell(RECORD, sample(AmendmentAccepted, amendment=AMENDMENT), REVIEWER)


def move(history: History, events: Iterable[Event]) -> None:
    """Let something happen to accounts, each in the stream of its own."""
    for event in events:
        history.tell(account_stream(getattr(event, "volunteer")), event)  # noqa: B009


def stood(history: History) -> tuple[object, object]:
    row = made_of(history).row(CERTIFICATES, NAME)
    return row["standing"], row["changed"]


def waiting(made: Made) -> set[object]:
    return {kind for kind, about in made.current[TASKS] if about == NAME}


def test_a_request_waits_for_a_handler_and_then_for_the_responsible_person() -> None:
    history, steps = entered(), certificates.of_town(HERSELF.id, STATION.id, RECORD)
    seen = []
    for event in steps:
        history.tell(CERTIFICATE, event, RECORDER)
        seen.append(waiting(made_of(history)))
    assert seen == [{TaskKind.ACCEPT_CERTIFICATE}, {TaskKind.ISSUE_CERTIFICATE}, set()]
    row = made_of(history).row(CERTIFICATES, NAME)
    assert (row["stage"], row["standing"], row["minutes"]) == ("issued", "valid", 150)


def test_what_she_prints_herself_waits_for_nobody() -> None:
    history = entered()
    asked = replace(certificates.REQUESTED, mode=IssueMode.SELF_PRINTED)
    history.tell(CERTIFICATE, asked, HERSELF)
    assert waiting(made_of(history)) == set()


def test_an_accepted_amendment_changes_it_and_a_second_one_does_not_twice() -> None:
    history = certified()
    amend(history)
    assert stood(history) == ("changed", 1)
    amend(history)
    assert stood(history) == ("changed", 1)


def test_an_amended_credit_is_taken_out_and_put_back_without_a_trace() -> None:
    history = certified()
    gone = CreditWithdrawn(volunteer=HERSELF.id, record=RECORD, cause=Cause.AMENDED)
    move(history, [gone])
    assert stood(history) == ("changed", 1)
    counted(history, HERSELF.id, HERSELF.id)
    assert stood(history) == ("valid", 0)


def test_a_merge_leaves_it_valid_and_parting_leaves_it_to_whose_record_it_is() -> None:
    history, hers, theirs = certified(), HERSELF.id, NEIGHBOUR.id
    move(
        history,
        [
            AccountAbsorbed(
                volunteer=theirs, source=hers, owners=(hers,), credits=(credit(hers),)
            ),
            AccountTransferred(volunteer=hers, into=theirs),
        ],
    )
    later = UUID(int=0xF3C2)
    for event in certificates.of_town(theirs, STATION.id, RECORD, certificate=later):
        history.tell(later, event, RECORDER)
    assert stood(history) == ("valid", 0)
    assert made_of(history).row(CERTIFICATES, str(later))["standing"] == "valid"
    move(
        history,
        [
            AccountSeparated(volunteer=theirs, source=hers, owners=(hers,)),
            AccountRestored(volunteer=hers, out_of=theirs, credits=(credit(hers),)),
        ],
    )
    assert stood(history) == ("valid", 0)
    assert made_of(history).row(CERTIFICATES, str(later))["standing"] == "changed"
    # Whose certificate it is not any more is told, and she whose record it is is not.
    made = made_of(history)
    told = {
        (key[0], row["kind"], row["certificate"], row["record"])
        for key, row in made.current[NOTICES].items()
        if row["kind"] == NoticeKind.CERTIFICATE_CHANGED
    }
    assert told == {(str(theirs), "certificate_changed", str(later), str(RECORD))}


def test_only_what_is_in_force_is_read_when_its_issuer_stops_and_goes_on() -> None:
    history = entered()
    counted(history, HERSELF.id, HERSELF.id)
    names = [UUID(int=0xF400 + each) for each in range(5)]
    for name in names:
        for event in certificates.of_town(HERSELF.id, STATION.id, RECORD, certificate=name):
            history.tell(name, event, RECORDER)
    theirs = UUID(int=0xF500)
    for event in certificates.of_town(NEIGHBOUR.id, STATION.id, certificate=theirs):
        history.tell(theirs, event, RECORDER)
    for name in (names[1], names[4]):
        revoked = CertificateRevoked(
            certificate=name, ground=RevocationGround.FALSE_RECORDS, on_behalf_of=STATION.id
        )
        history.tell(name, revoked, REVIEWER)
    since = len(history.told)
    history.tell(STATION.id, SUSPENDED, SUPERVISOR)
    history.tell(STATION.id, REINSTATED, SUPERVISOR)
    made = made_of(history)
    kept = {
        row["certificate"] for key, row in made.current[CERTIFIED].items() if key[0] == BODY
    }
    assert kept == {str(each) for each in (names[0], names[2], names[3], theirs)}
    told = {
        key: (row["kind"], row["certificate"])
        for key, row in made.current[NOTICES].items()
        if isinstance(key[1], int) and key[1] >= since
    }
    assert told == {
        (str(who), since + at): (kind, str(newest))
        for at, kind in enumerate(
            ("certificate_issuer_suspended", "certificate_issuer_reinstated")
        )
        for who, newest in ((HERSELF.id, names[3]), (NEIGHBOUR.id, theirs))
    }


def test_certificates_beyond_one_read_are_told_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "_AT_ONCE", 2)
    history = entered()
    people = [UUID(int=0x9000 + each) for each in range(5)]
    for place, person in enumerate(people):
        name = UUID(int=0xF400 + place)
        for event in certificates.of_town(person, STATION.id, certificate=name):
            history.tell(name, event, RECORDER)
    history.tell(STATION.id, SUSPENDED, SUPERVISOR)
    since = len(history.told) - 1
    told = {key[0] for key in made_of(history).current[NOTICES] if key[1] == since}
    assert told == {str(each) for each in people}


def test_an_erased_holder_whose_registration_was_not_folded_has_no_worth_either() -> None:
    history = certified()
    made = made_of(history)
    made.rows.begin(len(history.told))
    made.rows.drop(VOLUNTEERS, (str(HERSELF.id),))
    told = history.tell(HERSELF.id, certificates.ACCEPTED).taken(len(history.told) - 1)
    facts = {"person": str(HERSELF.id)}
    made.take(told._replace(type=FACTS_ERASED, shape=1, facts=facts, personal={}))
    assert made.row(CERTIFICATES, NAME)["standing"] == "erased"


@pytest.mark.parametrize(
    ("event", "standing"),
    [
        (
            CertificateSuperseded(
                certificate=CERTIFICATE, by_certificate=UUID(int=2), on_behalf_of=STATION.id
            ),
            "superseded",
        ),
        (
            CertificateRevoked(
                certificate=CERTIFICATE,
                ground=RevocationGround.FALSE_RECORDS,
                on_behalf_of=STATION.id,
            ),
            "revoked",
        ),
    ],
)
def test_what_is_gone_stays_gone_whatever_becomes_of_its_records(
    event: Event, standing: str
) -> None:
    history = certified()
    history.tell(CERTIFICATE, event, REVIEWER)
    amend(history)
    assert stood(history) == (standing, 1)


def test_an_erased_holder_leaves_it_without_worth_and_her_request_waits_no_more() -> None:
    history = certified()
    open_request = UUID(int=0xF3C3)
    asked, *_ = certificates.of_town(HERSELF.id, STATION.id, certificate=open_request)
    history.tell(open_request, asked, HERSELF)
    made = made_of(history)
    told = history.tell(HERSELF.id, certificates.ACCEPTED).taken(len(history.told) - 1)
    facts = {"person": str(HERSELF.id)}
    made.take(told._replace(type=FACTS_ERASED, shape=1, facts=facts, personal={}))
    assert made.row(CERTIFICATES, NAME)["standing"] == "erased"
    assert not [key for key in made.current[TASKS] if key[1] == str(open_request)]


def test_each_has_a_place_of_its_own_that_tells_nothing_of_its_order() -> None:
    history = entered()
    names = [UUID(int=0xF400 + each) for each in range(40)]
    for name in names:
        for event in certificates.of_town(HERSELF.id, STATION.id, RECORD, certificate=name):
            history.tell(name, event, RECORDER)
    made = made_of(history)
    places = [made.row(CERTIFICATES, str(name))["status_index"] for name in names]
    assert len(set(places)) == len(places)
    assert all(isinstance(each, int) and 0 <= each < LIST_SIZE for each in places)
    assert places != sorted(places, key=str)
    assert {key[1] for key in made.current[STATUS_PLACES]} == set(places)
    assert len([key for key in made.current[CERTIFIED] if key[0] == str(RECORD)]) == 40


def test_who_finds_a_place_taken_goes_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_places, "_place", lambda _, attempt: attempt)
    monkeypatch.setattr(status_places, "TAKEN_MAX", 3)
    history = entered()
    names = [UUID(int=0xF400 + each) for each in range(7)]
    for name in names:
        for event in certificates.of_town(HERSELF.id, STATION.id, RECORD, certificate=name):
            history.tell(name, event, RECORDER)
    made = made_of(history)
    rows = [made.row(CERTIFICATES, str(name)) for name in names]
    places = [(row["status_list"], row["status_index"]) for row in rows]
    assert places == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (3, 0)]


def test_the_place_that_was_handed_out_stays() -> None:
    # Golden: credentials that are out there name these places.
    assert status_places._place(NAME, 0) == GOLDEN_PLACES[0]
    assert status_places._place(NAME, 1) == GOLDEN_PLACES[1]

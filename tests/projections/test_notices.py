"""Whom an entry concerns: given what stood before, who is told what, and as whose staff."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.application.streams import disclosures_stream, inbox_stream, sign_in_stream
from ledger.domain.access.events import Ground, SignInClosed, SignInInvited, SignInOpened
from ledger.domain.disclosed import DisclosurePurpose, ProfileDisclosed
from ledger.domain.event import Actor, ActorKind, Event
from ledger.domain.evidence_files import EvidenceDisclosed
from ledger.domain.record import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentReplied,
    ObjectionDecided,
    ObjectionRaised,
    RecordConfirmed,
    RecordReturned,
    RecordSubmitted,
    RecordVoided,
    Signal,
    VoidingProposed,
)
from ledger.domain.stored import instant_text
from ledger.projections.notice_kinds import NoticeKind
from ledger.projections.notices import TELLS
from ledger.projections.views import EVIDENCE, MAILING, NOTICES, NOTICES_SEEN, RECORDS, SIGN_INS
from ledger.proof.shapes import FACTS_ERASED
from tests.domain.samples_evidence import EVIDENCE as FILE
from tests.domain.samples_evidence import KEPT
from tests.domain.samples_notices import GIVEN, REMOVED, SEEN
from tests.domain.samples_record import AMENDMENT, OBJECTION, SAMPLES
from tests.domain.samples_volunteer import CONFIRMED, CORRECTION_REQUESTED, MERGED
from tests.domain.test_stored_events import SAMPLES as ALL_SAMPLES
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    HERSELF,
    NEIGHBOUR,
    RECORDER,
    REVIEWER,
    STATION,
    SUPERVISOR,
)
from tests.projections.histories import BEGAN, History, lives, prelude
from tests.projections.made import Made, made_of

RECORD = UUID(int=0x5EC)
BODY = str(STATION.id)


def sample(kind: type[Any], **changes: Any) -> Any:
    """Return the sample of an event of a record, about the town's own people."""
    found: Any = next(each for each in SAMPLES if isinstance(each, kind))
    names = set(found.__dataclass_fields__)
    of_town = {"volunteer": HERSELF.id, "on_behalf_of": STATION.id}
    return replace(found, **{k: v for k, v in of_town.items() if k in names} | changes)


def entered() -> History:
    """Given a record of hers, entered by a key with the recorder's name."""
    history = prelude()
    key = Actor(ActorKind.KEY, UUID(int=0x600))
    told = {"record": RECORD, "activity": ACTIVITY.id, "recorder": RECORDER.id}
    history.tell(RECORD, sample(RecordSubmitted, **told), key)
    return history


def told_of(history: History, since: int) -> set[tuple[str, str, str]]:
    """Return who is told what from an entry on, and as whose staff."""
    made = made_of(history)
    rows = {key: row for key, row in made.current[NOTICES].items() if int(key[1]) >= since}
    return {
        (str(recipient), str(row["kind"]), str(row["organization"]))
        for (recipient, _), row in rows.items()
    }


def when(
    *acts: tuple[Event, Actor], given_: History | None = None
) -> set[tuple[str, str, str]]:
    """Return who is told by the last of these acts on the record."""
    history = given_ or entered()
    for event, by in acts:
        history.tell(RECORD, event, by)
    return told_of(history, len(history.told) - 1)


HER, THE_RECORDER = str(HERSELF.id), str(RECORDER.id)
PROPOSED = sample(AmendmentProposed), ABOVE
RAISED = sample(ObjectionRaised, objector=NEIGHBOUR.id, on_behalf_of=None), NEIGHBOUR


def test_a_returned_record_is_told_to_who_answers_for_the_entry() -> None:
    assert when((sample(RecordReturned), REVIEWER)) == {
        (THE_RECORDER, NoticeKind.RECORD_RETURNED, BODY)
    }


def test_an_objection_is_told_to_recorder_and_volunteer_unless_it_is_hers() -> None:
    kind = NoticeKind.OBJECTION_RAISED
    assert when(RAISED) == {(THE_RECORDER, kind, BODY), (HER, kind, "")}
    hers = sample(ObjectionRaised, objector=HERSELF.id, on_behalf_of=None)
    assert when((hers, HERSELF)) == {(THE_RECORDER, kind, BODY)}
    written_down = sample(ObjectionRaised, objector=HERSELF.id)
    assert when((written_down, SUPERVISOR)) == {(THE_RECORDER, kind, BODY)}


@pytest.mark.parametrize("upheld", [True, False])
def test_a_decision_is_told_to_objector_volunteer_and_recorder(upheld: bool) -> None:
    kind = NoticeKind.OBJECTION_UPHELD if upheld else NoticeKind.OBJECTION_REJECTED
    decided = sample(ObjectionDecided, upheld=upheld, objection=OBJECTION)
    assert when(RAISED, (decided, REVIEWER)) == {
        (str(NEIGHBOUR.id), kind, ""),
        (HER, kind, ""),
        (THE_RECORDER, kind, BODY),
    }


def test_what_counts_is_told_to_her_and_what_is_held_is_not() -> None:
    confirmed = sample(RecordConfirmed, awaits=())
    assert when((confirmed, REVIEWER)) == {(HER, NoticeKind.RECORD_CREDITED, "")}
    assert when((replace(confirmed, awaits=(Signal.BACK_ENTRY,)), REVIEWER)) == set()


def test_she_is_told_of_a_proposal_and_all_of_what_became_of_it() -> None:
    assert when(PROPOSED) == {(HER, NoticeKind.AMENDMENT_PROPOSED, "")}
    assert when((sample(VoidingProposed), ABOVE)) == {(HER, NoticeKind.VOIDING_PROPOSED, "")}
    replied = sample(AmendmentReplied, amendment=AMENDMENT), HERSELF
    assert when(PROPOSED, replied) == {
        (str(ABOVE.id), NoticeKind.AMENDMENT_REPLIED, BODY),
    }
    accepted = sample(AmendmentAccepted, amendment=AMENDMENT), REVIEWER
    assert when(PROPOSED, accepted) == {
        (who, NoticeKind.RECORD_AMENDED, body)
        for who, body in ((HER, ""), (THE_RECORDER, BODY), (str(ABOVE.id), BODY))
    }
    voided = sample(RecordVoided, amendment=AMENDMENT), REVIEWER
    assert when((sample(VoidingProposed), ABOVE), voided) == {
        (who, NoticeKind.RECORD_VOIDED, body)
        for who, body in ((HER, ""), (THE_RECORDER, BODY), (str(ABOVE.id), BODY))
    }


def test_nobody_is_told_what_she_did_herself() -> None:
    hers = sample(AmendmentProposed, on_behalf_of=None), HERSELF
    assert when(hers) == set()


def test_she_is_told_what_happens_to_her_registration() -> None:
    history = prelude()
    since = len(history.told)
    for event in (CONFIRMED, CORRECTION_REQUESTED):
        about: Any = event
        history.tell(HERSELF.id, replace(about, volunteer=HERSELF.id), REVIEWER)
    assert told_of(history, since) == {
        (HER, NoticeKind.IDENTITY_CONFIRMED, ""),
        (HER, NoticeKind.CORRECTION_REQUESTED, ""),
    }


def test_a_merge_is_told_to_both_registrations() -> None:
    history = prelude()
    merged = replace(MERGED, volunteer=HERSELF.id, into=NEIGHBOUR.id)
    history.tell(HERSELF.id, merged, SUPERVISOR)
    assert told_of(history, len(history.told) - 1) == {
        (str(each.id), NoticeKind.REGISTRATIONS_MERGED, "") for each in (HERSELF, NEIGHBOUR)
    }


def test_who_is_looked_at_is_told_who_and_what_for() -> None:
    history = prelude()
    shown = ProfileDisclosed(
        volunteer=HERSELF.id, purpose=DisclosurePurpose.CONTACT, on_behalf_of=STATION.id
    )
    history.tell(disclosures_stream(HERSELF.id), shown, REVIEWER)
    persons = (HERSELF.id, NEIGHBOUR.id)
    history.tell(FILE, replace(KEPT, persons=persons), RECORDER)
    looked = EvidenceDisclosed(
        evidence=FILE,
        activity=ACTIVITY.id,
        purpose=DisclosurePurpose.INSPECTION,
        on_behalf_of=STATION.id,
    )
    history.tell(FILE, looked, SUPERVISOR)
    made = made_of(history)
    first = len(history.told) - 3
    row = made.current[NOTICES][HER, first]
    assert (row["kind"], row["purpose"]) == (NoticeKind.PARTICULARS_SHOWN, "contact")
    assert (row["by"], row["on_behalf_of"]) == (REVIEWER.text(), BODY)
    for person in persons:
        row = made.current[NOTICES][str(person), first + 2]
        assert (row["kind"], row["purpose"]) == (NoticeKind.EVIDENCE_SHOWN, "inspection")
        assert row["volunteer"] is None
    assert set(made.current[EVIDENCE]) == {(str(FILE),)}


def test_a_volunteer_who_looks_at_her_own_file_is_not_told_of_it() -> None:
    history = prelude()
    history.tell(FILE, replace(KEPT, persons=(HERSELF.id,)), RECORDER)
    looked = EvidenceDisclosed(
        evidence=FILE,
        activity=ACTIVITY.id,
        purpose=DisclosurePurpose.OWN_REQUEST,
        on_behalf_of=None,
    )
    history.tell(FILE, looked, HERSELF)
    assert told_of(history, len(history.told) - 1) == set()


def test_a_sign_in_that_opens_or_closes_is_told_once_to_the_human_whose_it_is() -> None:
    history, stream = prelude(), sign_in_stream(HERSELF.id)
    invited = SignInInvited(
        sign_in=stream,
        staff=RECORDER.id,
        volunteer=HERSELF.id,
        invitation="1a" * 32,
        expires_at=datetime(2026, 11, 27, 2, 0, tzinfo=UTC),
        on_behalf_of=STATION.id,
    )
    history.tell(stream, invited, SUPERVISOR)
    opened = SignInOpened(sign_in=stream, credential="c4" * 32, invitation="1a" * 32)
    history.tell(stream, opened, HERSELF)
    again = replace(opened, credential="c5" * 32, invitation=None)
    history.tell(stream, again, HERSELF)
    closed = SignInClosed(sign_in=stream, reason=Ground.EXPOSED, on_behalf_of=STATION.id)
    history.tell(stream, closed, SUPERVISOR)
    made, last = made_of(history), len(history.told) - 1
    kinds = [made.current[NOTICES][HER, each]["kind"] for each in range(last - 2, last + 1)]
    assert kinds == [NoticeKind.SIGN_IN_OPENED] * 2 + [NoticeKind.SIGN_IN_CLOSED]
    assert {key[0] for key in made.current[NOTICES]} == {HER}
    row = made.row(SIGN_INS, str(stream))
    assert (row["staff"], row["volunteer"]) == (THE_RECORDER, HER)


def test_what_was_seen_stays_seen_and_mail_is_wanted_until_it_is_not() -> None:
    history, stream = prelude(), inbox_stream(HERSELF.id)
    for through in (7, 3):
        history.tell(stream, replace(SEEN, person=HERSELF.id, through=through), HERSELF)
    history.tell(stream, replace(SEEN, person=HERSELF.id, through=9), NEIGHBOUR)
    history.tell(stream, replace(GIVEN, person=HERSELF.id), HERSELF)
    made = made_of(history)
    assert made.row(NOTICES_SEEN, HER, HER)["through"] == 7
    # Of one into whose registration hers was merged it is told apart.
    assert made.row(NOTICES_SEEN, HER, str(NEIGHBOUR.id))["through"] == 9
    assert made.row(MAILING, HER) == {"asked_at": instant_text(BEGAN)}
    history.tell(stream, replace(REMOVED, person=HERSELF.id), HERSELF)
    assert not made_of(history).current[MAILING]


def test_an_erased_person_wants_no_mail() -> None:
    history = prelude()
    history.tell(inbox_stream(HERSELF.id), replace(GIVEN, person=HERSELF.id), HERSELF)
    made = made_of(history)
    last = history.told[-1].taken(len(history.told))
    facts = {"person": HER, "entries": [], "backups_gone": "2026-12-31T00:00:00.000000Z"}
    made.take(last._replace(type=FACTS_ERASED, facts=facts, stream=str(UUID(int=0xE))))
    assert not made.current[MAILING]


def test_every_type_that_tells_is_an_event_of_the_catalogue() -> None:
    assert TELLS.keys() <= {each.TYPE for each in ALL_SAMPLES}


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_in_any_life_notices_name_those_who_are_concerned_and_no_actor(seed: int) -> None:
    history = lives(seed, 60).history
    made = made_of(history)
    people = {str(each.id) for each in (HERSELF, NEIGHBOUR)}
    for (recipient, seq), row in made.current[NOTICES].items():
        entry = history.told[int(seq)]
        assert recipient != str(entry.by.id)
        assert row["by"] == entry.by.text()
        assert (row["organization"] == "") is (recipient in people)
    returned = [
        seq for seq, each in enumerate(history.told) if each.event.TYPE == "record.returned"
    ]
    told = {int(key[1]) for key in made.current[NOTICES]}
    for seq in returned:
        recorder = made_of_recorder(made, str(history.told[seq].stream), seq)
        assert seq in told or recorder == str(history.told[seq].by.id)


def made_of_recorder(made: Made, record: str, seq: int) -> str:
    """Return who answered for a record before an entry."""
    versions = [
        each for each in made.versions[RECORDS] if each[0] == (record,) and each[2] < seq
    ]
    return str(versions[-1][1]["recorder"])

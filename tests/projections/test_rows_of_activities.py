"""Activities, merges and whom an entry concerns, event by event."""

from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.account import (
    AccountAbsorbed,
    AccountRestored,
    AccountSeparated,
    AccountTransferred,
    CreditEntered,
)
from ledger.domain.activity import (
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityAmendmentRejected,
    ActivityCancelled,
    ActivityChanged,
)
from ledger.domain.activity import Particulars as ActivityParticulars
from ledger.domain.disclosed import DisclosurePurpose, ProfileDisclosed
from ledger.domain.event import Event, Happened
from ledger.domain.record import RecordSubmitted, RecordVoided
from ledger.domain.submissions import SubmissionReceived
from ledger.projections.folding import PLAIN, SECRET, UnknownShapeError
from ledger.projections.tallying import MEASURES
from ledger.projections.tasks import TaskKind
from ledger.projections.views import (
    ACCOUNTS,
    ACTIVITIES,
    CHANGES,
    CREDITS,
    TALLIES,
    TASKS,
    VIEWS,
)
from tests.domain import samples_organization as organizations
from tests.domain.samples_account import CREDIT, KEPT, MERGED, RECORD
from tests.domain.samples_activity import AMENDMENT, FIRST_SAMPLES
from tests.domain.specification import NOW
from tests.domain.test_stored_events import SAMPLES
from tests.domain.town import ACTIVITY, ASSOCIATION, HERSELF, NEIGHBOUR, RECORDER, STATION
from tests.projections.histories import History, prelude
from tests.projections.made import Made, made_of

ENTERED = next(each for each in SAMPLES if isinstance(each, RecordSubmitted))
VOIDED = next(each for each in SAMPLES if isinstance(each, RecordVoided))
HERE: dict[str, Any] = {"volunteer": HERSELF.id, "activity": ACTIVITY.id}
ORGANIZATION = organizations.ENTRUSTED
PERSON = str(organizations.PERSON)
HAPPENED = Happened(RECORDER, NOW, 1)
STATION_ID, SHE = str(STATION.id), str(HERSELF.id)


def activity_facts(**changes: Any) -> dict[str, Any]:
    said = ACTIVITY.particulars
    facts = {each.name: getattr(said, each.name) for each in fields(ActivityParticulars)}
    return facts | {"reason": "错", "on_behalf_of": STATION.id, **changes}


def of_activity(*events: Event) -> Made:
    history = prelude()
    for event in events:
        history.tell(ACTIVITY.id, event, RECORDER, NOW)
    return made_of(history)


PROPOSED = ActivityAmendmentProposed(
    amendment=AMENDMENT,
    changed=("ends_on", "head_count"),
    **activity_facts(ends_on=date(2026, 12, 1), head_count=30),
)
DECIDE = (TaskKind.DECIDE_ACTIVITY_AMENDMENT.value, str(AMENDMENT))


def test_an_activity_is_as_was_said_last() -> None:
    changed = ActivityChanged(changed=("name",), **activity_facts(name="助老"))
    row = of_activity(changed).row(ACTIVITIES, str(ACTIVITY.id))
    assert (row["name"], row["organization"]) == ("助老", STATION_ID)
    assert row["organizer"] == str(ASSOCIATION.id)


def test_a_head_count_stands_to_those_who_are_recorded() -> None:
    two = ActivityChanged(changed=("head_count",), **activity_facts(head_count=2))
    history = prelude()
    assert standing(history) == (0, "short")
    assert tallies(history) == {"heads": 12, "head_counts_short": 1}
    for number, volunteer in enumerate((HERSELF, NEIGHBOUR)):
        entered = replace(ENTERED, volunteer=volunteer.id, activity=ACTIVITY.id)
        history.tell(
            UUID(int=0x900 + number), replace(entered, record=UUID(int=0x900 + number))
        )
    assert standing(history) == (2, "short")
    history.tell(ACTIVITY.id, two, RECORDER, NOW)
    assert standing(history) == (2, "agrees")
    assert tallies(history) == {"heads": 2, "heads_recorded": 2, "head_counts_short": 0}
    # A further record of somebody is nobody more.
    history.tell(UUID(int=0x902), replace(ENTERED, record=UUID(int=0x902), **HERE))
    assert standing(history) == (2, "agrees")
    one = ActivityChanged(changed=("head_count",), **activity_facts(head_count=1))
    history.tell(ACTIVITY.id, one, RECORDER, NOW)
    assert standing(history) == (2, "exceeded")
    assert tallies(history)["head_counts_exceeded"] == 1
    # One of her two records is voided, then the other.
    for record, recorded in ((UUID(int=0x900), 2), (UUID(int=0x902), 1)):
        history.tell(record, VOIDED)
        assert standing(history)[0] == recorded
    assert standing(history) == (1, "agrees")


def standing(history: History) -> tuple[object, object]:
    row = made_of(history).row(ACTIVITIES, str(ACTIVITY.id))
    return row["recorded"], row["head_count_standing"]


def tallies(history: History) -> dict[str, object]:
    counted = made_of(history).current[TALLIES]
    return {
        str(key[2]): row["value"]
        for key, row in counted.items()
        if str(key[2]).startswith("head") and key[0] == STATION_ID
    }


def test_an_activity_of_the_first_shape_is_known_without_what_it_did_not_say() -> None:
    history = History()
    for event in FIRST_SAMPLES:
        history.tell(ACTIVITY.id, event)
    history.tell(ACTIVITY.id, ActivityAmended(amendment=AMENDMENT, on_behalf_of=STATION.id))
    row = made_of(history).row(ACTIVITIES, str(ACTIVITY.id))
    assert (row["project_no"], row["admission_mode"], row["recruits_from"]) == (None,) * 3
    assert (row["head_count"], row["back_entry"]) == (14, True)


def test_a_shape_that_nobody_knows_is_refused() -> None:
    (told, *_) = [each for each in prelude().told if each.event.TYPE == "activity.registered"]
    with pytest.raises(UnknownShapeError):
        made_of(prelude()).take(told.taken(9)._replace(shape=3))


def test_an_amendment_of_an_activity_waits_and_then_holds() -> None:
    made = of_activity(PROPOSED)
    row = made.row(ACTIVITIES, str(ACTIVITY.id))
    assert (row["amendment"], row["ends_on"]) == (str(AMENDMENT), "2026-11-20")
    assert made.row(TASKS, *DECIDE)["since_day"] == "2026-11-24"
    accepted = of_activity(
        PROPOSED, ActivityAmended(amendment=AMENDMENT, on_behalf_of=STATION.id)
    )
    row = accepted.row(ACTIVITIES, str(ACTIVITY.id))
    assert (row["amendment"], row["ends_on"], row["head_count"]) == (None, "2026-12-01", 30)
    assert DECIDE not in accepted.current[TASKS]
    assert accepted.row(TALLIES, STATION_ID, "2026-12", "heads")["value"] == 30
    assert accepted.row(TALLIES, STATION_ID, "2026-11", "activities")["value"] == 0


def test_an_amendment_of_an_activity_may_be_rejected() -> None:
    rejected = ActivityAmendmentRejected(
        amendment=AMENDMENT, reason="否", on_behalf_of=STATION.id
    )
    made = of_activity(PROPOSED, rejected)
    row = made.row(ACTIVITIES, str(ACTIVITY.id))
    assert (row["amendment"], row["proposed"], row["head_count"]) == (None, None, 12)
    assert DECIDE not in made.current[TASKS]


def test_a_cancelled_activity_waits_for_nothing() -> None:
    cancelled = ActivityCancelled(reason="停办", on_behalf_of=STATION.id)
    made = of_activity(PROPOSED, cancelled)
    assert made.row(ACTIVITIES, str(ACTIVITY.id))["status"] == "cancelled"
    assert DECIDE not in made.current[TASKS]
    assert made.row(TALLIES, STATION_ID, "2026-11", "activities")["value"] == 0
    assert made.row(TALLIES, STATION_ID, "2026-11", "activities_cancelled")["value"] == 1


def test_a_merge_moves_minutes_and_its_undoing_moves_them_back() -> None:
    entered = {each.name: getattr(CREDIT, each.name) for each in fields(CREDIT)}
    history = History()
    history.tell(MERGED, CreditEntered(volunteer=MERGED, **entered))
    absorbed = AccountAbsorbed(
        volunteer=KEPT, source=MERGED, owners=(MERGED,), credits=(CREDIT,)
    )
    history.tell(KEPT, absorbed)
    history.tell(MERGED, AccountTransferred(volunteer=MERGED, into=KEPT))
    later = replace(CREDIT, record=UUID(int=0xA9), minutes=60)
    more = {each.name: getattr(later, each.name) for each in fields(later)}
    history.tell(KEPT, CreditEntered(volunteer=KEPT, **more))
    made = made_of(history)
    assert sums(made, KEPT) == (210, 2)
    assert sums(made, MERGED) == (0, 0)
    assert made.row(CREDITS, str(RECORD))["volunteer"] == str(KEPT)
    history.tell(KEPT, AccountSeparated(volunteer=KEPT, source=MERGED, owners=(MERGED,)))
    restored = AccountRestored(volunteer=MERGED, out_of=KEPT, credits=(CREDIT, later))
    history.tell(MERGED, restored)
    made = made_of(history)
    assert sums(made, KEPT) == (0, 0)
    assert sums(made, MERGED) == (210, 2)
    assert made.row(ACCOUNTS, str(MERGED))["into"] is None
    assert made.row(CREDITS, str(RECORD))["volunteer"] == str(MERGED)


def sums(made: Made, volunteer: UUID) -> tuple[object, object]:
    row = made.row(ACCOUNTS, str(volunteer))
    return row["minutes"], row["credits"]


def test_every_event_that_has_a_fold_is_an_event_of_the_catalogue() -> None:
    types = {sample.TYPE for sample in SAMPLES}
    assert (PLAIN.keys() | SECRET.keys()) - {"facts.erased"} <= types


def test_what_no_view_tells_of_is_known() -> None:
    types = {sample.TYPE for sample in SAMPLES}
    told_elsewhere = {
        each
        for each in types - PLAIN.keys() - SECRET.keys()
        if not each.startswith(("sign_in.", "act.", "submission.", "statement.", "profile."))
    }
    assert told_elsewhere == {
        "calendar.published",
        "consent.given",
        "consent.withdrawn",
        "credit_code.claimed",
        "credit_code.released",
        "entrustment.granted",
        "entrustment.revoked",
        "evidence.disclosed",
        "guardian.named",
        "identity.claimed",
        "identity.released",
        "project_no.claimed",
        "rules.enacted",
        "volunteer.absorbed",
        "volunteer.relinquished",
    }


def test_an_acting_organization_reads_what_was_done_in_its_name() -> None:
    history = prelude()
    history.tell(ORGANIZATION, organizations.ENTRUSTED_REGISTERED)
    history.tell(ORGANIZATION, replace(organizations.AUTHORIZED, on_behalf_of=STATION.id))
    made = made_of(history)
    seq = len(history.told) - 1
    got = {key[0] for key in made.current[CHANGES] if key[1] == seq}
    assert got == {str(ORGANIZATION), STATION_ID}


def concerned(history: History) -> set[object]:
    """Return whom the last entry of a history concerns."""
    made, seq = made_of(history), len(history.told) - 1
    return {key[0] for key in made.current[CHANGES] if key[1] == seq}


def test_a_submission_concerns_who_sent_it() -> None:
    received = next(each for each in SAMPLES if isinstance(each, SubmissionReceived))
    history = prelude()
    history.tell(received.submission, replace(received, organization=STATION.id))
    assert concerned(history) == {STATION_ID}


def test_a_disclosure_concerns_who_registered_her_and_who_was_told() -> None:
    disclosed = ProfileDisclosed(
        volunteer=HERSELF.id, purpose=DisclosurePurpose.CONTACT, on_behalf_of=ASSOCIATION.id
    )
    history = prelude()
    history.tell(UUID(int=0xD15C), disclosed)
    assert concerned(history) == {STATION_ID, str(ASSOCIATION.id)}


def test_a_merge_of_accounts_concerns_whose_records_move() -> None:
    absorbed = AccountAbsorbed(
        volunteer=KEPT, source=MERGED, owners=(MERGED,), credits=(CREDIT,)
    )
    history = prelude()
    history.tell(KEPT, absorbed)
    assert concerned(history) == {str(CREDIT.organization)}


def test_every_measure_and_every_view_is_described() -> None:
    assert all(text[0].islower() and not text.endswith(".") for text in MEASURES.values())
    assert len({view.name for view in VIEWS}) == len(VIEWS)

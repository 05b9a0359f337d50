"""Organizations, their people, volunteers, activities and merges, event by event."""

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
from ledger.domain.organization.events import OrganizationEvent
from ledger.domain.organization.evolving import evolve as evolve_organization
from ledger.domain.organization.kinds import Role
from ledger.domain.submissions import SubmissionReceived
from ledger.domain.volunteer.evolving import evolve as evolve_volunteer
from ledger.domain.volunteer.particulars import Fact
from ledger.projections.folding import PLAIN, SECRET
from ledger.projections.organizations import held_on
from ledger.projections.tallying import MEASURES
from ledger.projections.tasks import TaskKind
from ledger.projections.views import (
    ACCOUNTS,
    ACTIVITIES,
    CHANGES,
    CREDITS,
    ORGANIZATION_KEYS,
    ORGANIZATIONS,
    PERSONS,
    STAFF,
    TALLIES,
    TASKS,
    VIEWS,
    VOLUNTEER_TOKENS,
    VOLUNTEERS,
)
from tests.domain import samples_organization as organizations
from tests.domain import samples_volunteer as volunteers
from tests.domain.samples_account import CREDIT, KEPT, MERGED, RECORD
from tests.domain.samples_activity import AMENDMENT
from tests.domain.specification import NOW
from tests.domain.test_stored_events import SAMPLES
from tests.domain.town import ACTIVITY, ASSOCIATION, HERSELF, RECORDER, STATION
from tests.projections.histories import History, prelude
from tests.projections.made import Made

ORGANIZATION = organizations.ENTRUSTED
PERSON = str(organizations.PERSON)
HAPPENED = Happened(RECORDER, NOW, 1)
STATION_ID, SHE = str(STATION.id), str(HERSELF.id)


def made_of(history: History) -> Made:
    return Made().take_all(each.taken(seq) for seq, each in enumerate(history.told))


def of_organization(*events: Event) -> Made:
    """Return the views of the entrusted organization after these events."""
    history = prelude()
    history.tell(ORGANIZATION, organizations.ENTRUSTED_REGISTERED)
    for event in events:
        history.tell(ORGANIZATION, event, at=NOW)
    return made_of(history)


def of_volunteer(*events: Event) -> Made:
    """Return the views of a registered volunteer after these events."""
    history = prelude()
    for event in events:
        named: Any = replace(event, volunteer=HERSELF.id)  # type: ignore[type-var]
        history.tell(HERSELF.id, named, RECORDER, at=NOW)
    return made_of(history)


STANDINGS: list[list[OrganizationEvent]] = [
    [],
    [organizations.AUTHORIZED],
    [organizations.AUTHORIZED, organizations.SUSPENDED],
    [organizations.AUTHORIZED, organizations.SUSPENDED, organizations.REINSTATED],
    [organizations.REVOKED],
    [organizations.SUCCEEDED],
    [organizations.AMENDED],
]


@pytest.mark.parametrize("events", STANDINGS, ids=len)
def test_an_organization_stands_as_the_domain_says(events: list[OrganizationEvent]) -> None:
    row = of_organization(*events).row(ORGANIZATIONS, str(ORGANIZATION))
    state = evolve_organization(None, organizations.ENTRUSTED_REGISTERED, HAPPENED)
    for event in events:
        state = evolve_organization(state, event, HAPPENED)
    assert row == {
        "kind": state.kind.value,
        "division": state.division,
        "parent": str(state.parent),
        "name": state.particulars.name,
        "status": state.status.value,
        "credit_code": state.particulars.credit_code,
        "form": state.particulars.form.value,
    }


def test_a_key_is_its_organizations_until_it_is_revoked() -> None:
    key = str(organizations.KEY)
    row = of_organization(organizations.KEY_ADDED).row(ORGANIZATION_KEYS, key)
    assert (row["organization"], row["is_revoked"]) == (str(ORGANIZATION), False)
    assert row["valid_to"] == "2027-11-30"
    gone = of_organization(organizations.KEY_ADDED, organizations.KEY_REVOKED)
    assert gone.row(ORGANIZATION_KEYS, key)["is_revoked"] is True


TERMS: list[list[OrganizationEvent]] = [
    [organizations.APPOINTED],
    [organizations.APPOINTED, organizations.RELEASED],
    [
        organizations.APPOINTED,
        organizations.RELEASED,
        replace(organizations.APPOINTED, from_day=date(2027, 1, 1)),
    ],
    [
        organizations.APPOINTED,
        organizations.RELEASED,
        replace(organizations.APPOINTED, from_day=date(2027, 1, 1)),
        replace(organizations.RELEASED, from_day=date(2026, 12, 15)),
    ],
]


@pytest.mark.parametrize("events", TERMS, ids=len)
def test_a_role_is_held_when_the_domain_says_so(events: list[OrganizationEvent]) -> None:
    state = evolve_organization(None, organizations.ENTRUSTED_REGISTERED, HAPPENED)
    for event in events:
        state = evolve_organization(state, event, HAPPENED)
    made = of_organization(*events)
    for role in (Role.RECORDER, Role.CONTACT):
        terms = str(made.row(STAFF, str(ORGANIZATION), PERSON, role)["terms"])
        for month in range(10, 16):
            for day in (1, 14, 15, 28):
                on = date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, day)
                got = held_on(terms, on.isoformat())
                assert got is state.has_role(organizations.PERSON, role, on), on


def test_a_person_is_called_as_was_said_last() -> None:
    made = of_organization(organizations.APPOINTED)
    assert "'张𠮷'" in text_of(made.row(PERSONS, PERSON)["box"])
    made = of_organization(organizations.APPOINTED, organizations.STAFF_AMENDED)
    assert "'张𠮷祥'" in text_of(made.row(PERSONS, PERSON)["box"])


def text_of(box: object) -> str:
    assert isinstance(box, bytes)
    return box.decode()


CONFIRM = (TaskKind.CONFIRM_IDENTITY.value, SHE)
CORRECT = (TaskKind.ANSWER_CORRECTION.value, str(volunteers.CORRECTION))

LIVES: list[tuple[list[Any], dict[str, Any], set[tuple[str, str]]]] = [
    ([], {"status": "active", "is_confirmed": False}, {CONFIRM}),
    ([volunteers.CONFIRMED], {"is_confirmed": True}, set()),
    (
        [volunteers.CONFIRMED, volunteers.AMENDED],
        {"is_confirmed": False, "identified_by": RECORDER.text()},
        {CONFIRM},
    ),
    (
        [volunteers.CONFIRMED, replace(volunteers.AMENDED, changed=(Fact.CONTACT,))],
        {"is_confirmed": True},
        set(),
    ),
    (
        [volunteers.CORRECTION_REQUESTED],
        {"corrections": str(volunteers.CORRECTION)},
        {CONFIRM, CORRECT},
    ),
    (
        [volunteers.CORRECTION_REQUESTED, volunteers.CORRECTION_WITHDRAWN],
        {"corrections": ""},
        {CONFIRM},
    ),
    (
        [volunteers.CORRECTION_REQUESTED, volunteers.AMENDED],
        {"corrections": ""},
        {CONFIRM},
    ),
    (
        [volunteers.MERGED],
        {"status": "merged", "into": str(volunteers.OTHER)},
        set(),
    ),
    (
        [volunteers.MERGED, volunteers.SEPARATED],
        {"status": "active", "into": None},
        {CONFIRM},
    ),
    ([volunteers.CONFIRMED, volunteers.MERGED, volunteers.SEPARATED], {}, set()),
    ([volunteers.GUARDIAN_NAMED, volunteers.CONSENT_GIVEN], {"status": "active"}, {CONFIRM}),
]


@pytest.mark.parametrize(("events", "row", "tasks"), LIVES, ids=range(len(LIVES)))
def test_a_volunteer_stands_as_her_events_left_her(
    events: list[Any], row: dict[str, Any], tasks: set[tuple[str, str]]
) -> None:
    made = of_volunteer(*events)
    got = made.row(VOLUNTEERS, SHE)
    assert {name: got[name] for name in row} == row
    hers = {key for key, each in made.current[TASKS].items() if each["volunteer"] == SHE}
    assert hers == tasks
    state: Any = None
    told = prelude().told
    registered = next(each.event for each in told if each.stream == HERSELF.id)
    for event in [registered, *events]:
        state = evolve_volunteer(state, event, HAPPENED)
    assert got["is_confirmed"] is state.is_confirmed
    assert got["status"] == state.status.value
    assert got["corrections"] == " ".join(str(each.id) for each in state.corrections)


def test_what_she_is_found_by_follows_what_she_is_called() -> None:
    made = of_volunteer(replace(volunteers.AMENDED, name="王示例"))
    assert made.row(VOLUNTEER_TOKENS, SHE, "name")["token"] == "name=王示例"
    assert made.row(VOLUNTEER_TOKENS, SHE, "telephone")["token"] == "telephone=13800000001"


def test_a_merged_registration_is_counted_once() -> None:
    here = (STATION_ID, "2026-11", "volunteers")
    assert of_volunteer().row(TALLIES, *here)["value"] == 1
    assert of_volunteer(volunteers.MERGED).row(TALLIES, *here)["value"] == 0


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
        "guardian.named",
        "identity.claimed",
        "identity.released",
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

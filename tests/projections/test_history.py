"""Who changed what, when and why, before and after, over the histories of every kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import pytest

from ledger.domain import activity, organization, record, volunteer
from ledger.domain.event import ERASED, Actor, ActorKind, Event, Happened
from ledger.domain.organization.kinds import Role
from ledger.domain.stored import Value, slots_of
from ledger.projections.history import (
    ERASED_FACT,
    HIDDEN_FACT,
    Change,
    Item,
    differences,
    history,
    spelled,
)
from tests.domain import samples_activity, samples_record, samples_volunteer
from tests.domain import samples_organization as town

CLERK = Actor(ActorKind.STAFF, UUID(int=0xC1E4))
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
OTHER_PERSON = UUID(int=0xAB2)


@dataclass(frozen=True)
class Told:
    event: Event
    happened: Happened
    seq: int


def told(*events: Event) -> list[Told]:
    """Return events as they lie in a stream: each third entry of the log is one of them."""
    return [
        Told(event, Happened(CLERK, NOW, number), 3 * number)
        for number, event in enumerate(events, start=1)
    ]


def of_organization(*events: Event) -> Sequence[Item]:
    return history(told(*events), organization.evolve)


def erased(event: Event) -> Any:
    """Return an event as it is read once everybody of whom it tells is erased."""
    personal = [name for name, slot in slots_of(type(event)).items() if slot.person]
    whole: Any = event
    return replace(whole, **dict.fromkeys(personal, ERASED))


def test_an_item_says_who_did_what_when_why_and_in_whose_name() -> None:
    _, item = of_organization(town.ASSOCIATION_REGISTERED, town.AUTHORIZED)
    assert (item.seq, item.version, item.time, item.by) == (6, 2, NOW, CLERK)
    assert item.type == "organization.authorized"
    assert item.on_behalf_of == town.DISTRICT_BUREAU
    assert item.reason == "东民社〔2026〕11号"
    assert item.facts == {}
    assert item.changes == (Change(field="status", before="registered", after="authorized"),)


def test_the_first_item_tells_each_part_that_there_is() -> None:
    (item,) = of_organization(town.STATION_REGISTERED)
    told_of = {change.field: change for change in item.changes}
    assert all(change.before is None for change in item.changes)
    assert told_of["division"].after == "110101001001"
    assert told_of["particulars.approving_unit.name"].after == "多福巷社区居民委员会"
    # Nothing is told of what it has none of.
    assert "particulars.credit_code" not in told_of
    assert "keys" not in told_of


def test_a_part_that_goes_is_told_by_what_it_was() -> None:
    registered = town.STATION_REGISTERED
    becomes = replace(
        town.AMENDED,
        **{
            each.name: getattr(registered, each.name)
            for each in fields(type(registered).__mro__[1])
        },
    )
    item = of_organization(registered, replace(becomes, approving_unit=None))[-1]
    assert item.changes == (
        Change(
            field="particulars.approving_unit.name", before="多福巷社区居民委员会", after=None
        ),
    )


def test_an_amendment_tells_only_what_differs() -> None:
    item = of_organization(town.ASSOCIATION_REGISTERED, town.AMENDED)[-1]
    assert item.changes == (
        Change(
            field="particulars.name",
            before="东华门街道社区志愿者协会",
            after="东华门街道志愿服务协会",
        ),
        Change(
            field="names",
            before=None,
            after={"name": "东华门街道志愿服务协会", "since": "2026-11-10"},
        ),
    )
    assert item.facts["effective_on"] == "2026-11-10"


def test_each_part_of_a_list_is_a_change_of_its_own() -> None:
    appointed, released = of_organization(
        town.ASSOCIATION_REGISTERED, town.APPOINTED, town.RELEASED
    )[1:]
    roles = [change for change in appointed.changes if change.field == "appointments"]
    assert [change.before for change in roles] == [None, None]
    first: dict[str, Value] = {
        "person": str(town.PERSON),
        "role": "recorder",
        "from_day": "2026-11-01",
    }
    assert roles[0].after == first | {"until": None}
    assert released.changes == (
        Change(
            field="appointments",
            before=first | {"until": None},
            after=first | {"until": "2026-12-01"},
        ),
    )
    assert released.reason == "调任其他岗位。"


def test_a_part_that_leaves_a_list_is_told_too() -> None:
    changes = list(
        differences(
            organization.evolve(None, town.STATION_REGISTERED, Happened(CLERK, NOW, 1)).names,
            (),
            "names",
        )
    )
    assert [(change.field, change.after) for change in changes] == [("names", None)]
    assert isinstance(changes[0].before, dict)


def test_two_roles_that_end_at_once_are_two_changes() -> None:
    both = replace(town.RELEASED, roles=(Role.RECORDER, Role.CONTACT))
    item = of_organization(town.ASSOCIATION_REGISTERED, town.APPOINTED, both)[-1]
    ended = [(change.before, change.after) for change in item.changes]
    assert len(ended) == 2
    for before, after in ended:
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        assert before["role"] == after["role"]


def test_an_erased_fact_is_shown_as_erased_and_nothing_else_is_lost() -> None:
    item = of_organization(
        town.ASSOCIATION_REGISTERED, erased(town.APPOINTED), erased(town.RELEASED)
    )[1]
    assert item.facts["name"] == ERASED_FACT
    assert item.facts["telephone"] == ERASED_FACT
    assert item.facts["roles"] == ["recorder", "contact"]
    staff = next(change for change in item.changes if change.field == "staff")
    assert staff.after == {
        "person": str(town.PERSON),
        "name": ERASED_FACT,
        "telephone": ERASED_FACT,
    }


def test_an_erased_reason_is_shown_as_erased() -> None:
    item = of_organization(town.ASSOCIATION_REGISTERED, town.APPOINTED, erased(town.RELEASED))
    assert item[-1].reason == ERASED_FACT


def test_facts_of_persons_who_are_not_for_the_reader_are_hidden() -> None:
    items = history(
        told(
            town.ASSOCIATION_REGISTERED,
            town.APPOINTED,
            replace(town.APPOINTED, person=OTHER_PERSON, name="李𠮷"),
        ),
        organization.evolve,
        shows=lambda person: person == OTHER_PERSON,
    )
    assert items[1].facts["name"] == HIDDEN_FACT
    assert items[2].facts["name"] == "李𠮷"


def test_a_change_of_an_activity_names_its_parts() -> None:
    registered, moved = samples_activity.SAMPLES[:2]
    first, item = history(told(registered, moved), activity.evolve)
    assert first.reason == "纸质活动补登。"
    assert first.on_behalf_of is None
    assert item.changes == (
        Change(field="particulars.place", before="建外街道文化站", after="东花市文化站"),
        Change(field="particulars.person_in_charge_phone", before="13800000000", after=None),
    )
    assert item.facts["changed"] == ["place"]


def test_a_proposal_is_no_change_of_the_activity_until_it_is_accepted() -> None:
    registered, _, proposed, accepted, *_ = samples_activity.SAMPLES
    _, proposal, item = history(told(registered, proposed, accepted), activity.evolve)
    assert {change.field.partition(".")[0] for change in proposal.changes} == {"amendment"}
    assert Change(field="particulars.head_count", before=12, after=14) in item.changes


def test_a_volunteer_who_was_erased_has_a_history_still() -> None:
    events = [
        erased(each)
        for each in (
            samples_volunteer.REGISTERED,
            samples_volunteer.CONFIRMED,
            samples_volunteer.GUARDIAN_NAMED,
        )
    ]
    registered, confirmed, guardian = history(told(*events), volunteer.evolve)
    assert Change(field="particulars", before=None, after=ERASED_FACT) in registered.changes
    assert Change(field="is_confirmed", before=False, after=True) in confirmed.changes
    assert guardian.changes == (Change(field="guardian", before=None, after=ERASED_FACT),)


def _after(first: Event, samples: Sequence[Event]) -> Sequence[Event]:
    return [first, *(each for each in samples if type(each) is not type(first))]


@pytest.mark.parametrize(
    ("events", "evolve"),
    [
        (
            _after(
                town.ASSOCIATION_REGISTERED,
                [each for each in town.SAMPLES if not each.TYPE.startswith("credit_code")],
            ),
            organization.evolve,
        ),
        (samples_activity.SAMPLES, activity.evolve),
        (samples_activity.FIRST_SAMPLES, activity.evolve),
        (samples_record.SAMPLES, record.evolve),
        (
            _after(
                samples_volunteer.REGISTERED,
                [
                    each
                    for each in samples_volunteer.SAMPLES
                    if not each.TYPE.startswith(("identity", "profile"))
                ],
            ),
            volunteer.evolve,
        ),
    ],
    ids=["organization", "activity", "activity, first shapes", "record", "volunteer"],
)
def test_every_kind_of_event_has_an_item(
    events: Sequence[Event], evolve: Callable[..., Any]
) -> None:
    for version in (events, [erased(each) for each in events]):
        items = history(told(*version), evolve)
        assert [item.type for item in items] == [event.TYPE for event in version]
        assert [item.version for item in items] == list(range(1, len(events) + 1))
        for item in items:
            assert not {"reason", "on_behalf_of"} & item.facts.keys()
            for change in item.changes:
                assert change.before != change.after


def test_what_has_no_spelling_as_a_fact_is_refused() -> None:
    class Odd(Enum):
        ONE = 1

    assert spelled(CLERK) == CLERK.text()
    assert spelled((date(2026, 11, 24), NOW)) == ["2026-11-24", "2026-11-24T02:00:00.000000Z"]
    with pytest.raises(TypeError):
        spelled(Odd.ONE)

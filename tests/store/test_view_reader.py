"""Reading views: pages that follow each other, counts, statistics, each by an index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.activity import Recorded
from ledger.domain.organization.kinds import Role
from ledger.domain.record import RecordSubmitted, RecordVoided, VoidingProposed
from ledger.projections.view import View
from ledger.projections.views import (
    ACTIVITIES,
    CHANGES,
    ORGANIZATIONS,
    RECORDS,
    STAFF,
    TALLIES,
    TASKS,
    VOLUNTEERS,
)
from ledger.store.view_query import Query, select
from ledger.store.view_reader import (
    ALL,
    ENTERED,
    PAGE_MAX,
    RECORDED,
    RECORDED_OF,
    Attendance,
    Row,
)
from tests.domain.samples_organization import APPOINTED, PERSON, RELEASED
from tests.domain.samples_record import SAMPLES as RECORD_SAMPLES
from tests.domain.town import (
    ACTIVITY,
    BUREAU,
    HERSELF,
    NEIGHBOUR,
    OTHER_STATION,
    RECORDER,
    STATION,
)
from tests.projections.histories import BEGAN, History, lives, prelude
from tests.projections.viewed import Viewed, viewed
from tests.store.conftest import BACKENDS, tables
from tests.store.copied import Base
from tests.store.ledgers import Place

SUBMITTED = next(each for each in RECORD_SAMPLES if isinstance(each, RecordSubmitted))
RECORDS_TOLD = 23
STATION_ID = str(STATION.id)


def told() -> History:
    """Return the prelude, and records of two volunteers on many days."""
    history = prelude()
    numbers = count(1)
    for number in range(RECORDS_TOLD):
        start = SUBMITTED.start.replace(month=11, day=1 + number % 20)
        record = UUID(int=0x9000 + 7919 * number % 500)
        volunteer = (HERSELF, NEIGHBOUR)[number % 2].id
        event = replace(
            SUBMITTED,
            record=record,
            activity=ACTIVITY.id,
            volunteer=volunteer,
            start=start,
            end=start.replace(hour=4),
            on_behalf_of=STATION.id,
            signals=(),
        )
        history.tell(record, event, RECORDER, BEGAN.replace(minute=next(numbers)))
    return history


TOLD = told().told


@pytest.fixture(scope="module", params=BACKENDS)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Return a ledger with these records, folded."""
    made = tables(request.param, request).another(tmp_path_factory.mktemp("filled"))
    with viewed(made.place) as opened:
        opened.append(TOLD)
        opened.projector().catch_up()
    return made


@pytest.fixture
def house(base: Base, tmp_path: Path) -> Iterator[Viewed]:
    """Return a copy of it."""
    with base.copy(tmp_path) as place, viewed(place, found=False) as opened:
        yield opened


def all_pages(house: Viewed, view: View, query: Query) -> list[Row]:
    """Return what all pages hold."""
    rows: list[Row] = []
    while True:
        page = house.reader.rows(view, query).value
        assert len(page.rows) <= query.limit
        rows += page.rows
        if page.after is None:
            return rows
        query = replace(query, after=page.after)


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("limit", [1, 4, 100])
def test_pages_follow_each_other_without_a_gap(
    house: Viewed, limit: int, *, descending: bool
) -> None:
    query = Query(
        equal={"organization": STATION_ID}, order=("day",), descending=descending, limit=limit
    )
    rows = all_pages(house, RECORDS, query)
    order = [(row["day"], row["record"]) for row in rows]
    assert order == sorted(order, reverse=descending)
    assert len(set(order)) == RECORDS_TOLD


def test_rows_are_chosen_by_values_beginnings_and_bounds(house: Viewed) -> None:
    hers = all_pages(house, RECORDS, Query(equal={"volunteer": str(HERSELF.id)}))
    assert {row["volunteer"] for row in hers} == {str(HERSELF.id)}
    assert len(hers) == (RECORDS_TOLD + 1) // 2
    within = Query(between={"day": ("2026-11-03", "2026-11-05")})
    assert {row["day"] for row in all_pages(house, RECORDS, within)} == {
        f"2026-11-0{n}" for n in (3, 4, 5)
    }
    since = Query(between={"day": ("2026-11-19", None)})
    assert {row["day"] for row in all_pages(house, RECORDS, since)} == {
        "2026-11-19",
        "2026-11-20",
    }
    below = Query(prefix={"division": STATION.division[:9]}, order=("division",))
    names = [row["organization"] for row in all_pages(house, ORGANIZATIONS, below)]
    assert STATION_ID in names
    assert str(OTHER_STATION.id) in names
    assert str(BUREAU.id) not in names
    either = Query(among={"volunteer": [str(HERSELF.id), str(NEIGHBOUR.id), "x"]})
    assert len(all_pages(house, RECORDS, either)) == RECORDS_TOLD
    some = Query(among={"volunteer": [str(HERSELF.id)], "day": ["2026-11-01", "2026-11-02"]})
    assert {row["day"] for row in all_pages(house, RECORDS, some)} == {hers[0]["day"]}
    assert all_pages(house, RECORDS, Query(among={"volunteer": []})) == []
    nobody = Query(equal={"registered_by": None})
    assert [row["volunteer"] for row in all_pages(house, VOLUNTEERS, nobody)] == [
        str(NEIGHBOUR.id)
    ]


def test_a_query_that_nobody_can_answer_is_a_mistake(house: Viewed) -> None:
    with pytest.raises(KeyError):
        house.reader.rows(RECORDS, Query(equal={"no_such": "x"}))
    with pytest.raises(KeyError):
        house.reader.rows(RECORDS, Query(order=("no_such",)))
    with pytest.raises(ValueError, match="closes_on"):
        house.reader.rows(RECORDS, Query(order=("closes_on",)))
    with pytest.raises(ValueError, match="now alone"):
        house.reader.rows(TALLIES, Query(size=3))
    for limit in (0, PAGE_MAX + 1):
        with pytest.raises(ValueError, match="rows are wanted"):
            house.reader.rows(RECORDS, Query(limit=limit))


def test_a_row_that_is_not_there_is_none(house: Viewed) -> None:
    assert house.reader.row(RECORDS, ("x",)).value is None
    assert house.reader.row(ORGANIZATIONS, (STATION_ID,), size=1).value is None
    row = house.reader.row(ORGANIZATIONS, (STATION_ID,)).value
    assert row is not None
    assert row["since"] == 2


def test_an_activity_counts_its_days_and_volunteers(house: Viewed) -> None:
    want = Recorded(
        first_day=date(2026, 11, 1), last_day=date(2026, 11, 20), volunteers=2, confirmed=0
    )
    activity = str(ACTIVITY.id)
    assert house.reader.recorded_in(activity).value == want
    assert house.reader.recorded_in("x").value == Recorded()
    herself = str(HERSELF.id)
    asked = house.reader.attendances({activity: [herself, "x"], "y": [herself]}).value
    assert asked == {
        activity: Attendance(2, frozenset({herself})),
        "y": Attendance(0, frozenset()),
    }


def test_voided_records_do_not_count(house: Viewed) -> None:
    kinds = {type(each): each for each in RECORD_SAMPLES}
    history = told()
    for each in TOLD:
        if each.event.TYPE == "record.submitted" and each.event.volunteer == NEIGHBOUR.id:
            for kind in (VoidingProposed, RecordVoided):
                event: Any = kinds[kind]
                history.tell(each.stream, replace(event, on_behalf_of=STATION.id))
    house.append(history.told[len(TOLD) :])
    house.projector().catch_up()
    assert house.reader.recorded_in(str(ACTIVITY.id)).value.volunteers == 1
    herself, neighbour = str(HERSELF.id), str(NEIGHBOUR.id)
    activity = str(ACTIVITY.id)
    left = house.reader.attendances({activity: [herself, neighbour]}).value
    assert left == {activity: Attendance(1, frozenset({herself}))}


def test_what_an_actor_entered_counts_from_an_instant_on(house: Viewed) -> None:
    entered = house.rows(RECORDS)
    instants = sorted(row["submitted_at"] for row in entered.values())
    by = RECORDER.text()
    assert house.reader.actor_minutes(by, instants[0]).value == 150 * RECORDS_TOLD
    assert house.reader.actor_minutes(by, instants[-2]).value == 300
    assert house.reader.actor_minutes(by, instants[-1][:-1] + "~").value == 0
    assert house.reader.actor_minutes("staff:x", instants[0]).value == 0


def test_an_entry_counts_although_it_was_returned_and_entered_anew(house: Viewed) -> None:
    lived = lives(8, 200).history.told
    size = len(TOLD)
    own = [each for each in lived if each.event.TYPE.startswith("record.")]
    entered = [each for each in own if each.event.TYPE in ENTRIES and each.by == RECORDER]
    assert any(each.event.TYPE == "record.resubmitted" for each in entered)
    house.append(own_versions(own))
    house.projector().catch_up()
    before = house.reader.actor_minutes(RECORDER.text(), "2026-11-02T02:00:00").value
    assert house.reader.position() == size + len(own)
    assert before == sum(each.event.minutes for each in entered)


ENTRIES = ("record.submitted", "record.resubmitted")


def own_versions(told: list[Any]) -> list[Any]:
    """Return events of streams of which some others were left out, numbered anew."""
    history = History()
    for each in told:
        history.tell(each.stream, each.event, each.by, each.at)
    return history.told


def test_who_works_where_on_a_day(house: Viewed) -> None:
    history = told()
    history.tell(STATION.id, replace(APPOINTED, from_day=date(2026, 11, 1)))
    history.tell(STATION.id, replace(RELEASED, from_day=date(2026, 12, 1)))
    again = replace(APPOINTED, roles=(Role.RECORDER,), from_day=date(2027, 1, 1))
    history.tell(STATION.id, again)
    history.tell(OTHER_STATION.id, replace(APPOINTED, from_day=date(2026, 11, 15)))
    house.append(history.told[len(TOLD) :])
    house.projector().catch_up()
    person = str(PERSON)

    def roles(day: str) -> dict[str, list[str]]:
        found = house.reader.employers(person, day).value
        return {key: sorted(value) for key, value in found.items()}

    here, there, both = STATION_ID, str(OTHER_STATION.id), ["contact", "recorder"]
    assert roles("2026-10-31") == {}
    assert roles("2026-11-14") == {here: both}
    assert roles("2026-11-30") == {here: both, there: both}
    assert roles("2026-12-01") == {here: ["contact"], there: both}
    assert roles("2027-01-01") == {here: both, there: both}
    row = house.reader.row(STAFF, (here, person, "recorder")).value
    assert row is not None
    assert (row["from_day"], row["until_day"]) == ("2027-01-01", None)


def test_an_empty_ledger_has_no_organizations(place: Place) -> None:
    with viewed(place) as empty:
        assert not empty.reader.has_organizations().value
        empty.append(TOLD[:1])
        empty.projector().catch_up()
        assert empty.reader.has_organizations().value


INDEXED: list[tuple[View, Query]] = [
    (RECORDS, Query(equal={"volunteer": "x"}, order=("day",), descending=True)),
    (RECORDS, Query(equal={"volunteer": "x"}, order=("day",), size=3)),
    (RECORDS, Query(equal={"organization": "x"}, order=("day",), descending=True)),
    (RECORDS, Query(equal={"organization": "x"}, order=("day",), size=3)),
    (RECORDS, Query(equal={"activity": "x"}, order=("day",))),
    (RECORDS, Query(equal={"organization": "x", "stage": "publicized"}, order=("closes_on",),
                    between={"closes_on": ("2026-11-01", None)})),
    (RECORDS, Query(prefix={"division": "1101"}, equal={"stage": "publicized"},
                    order=("division", "closes_on"), between={"closes_on": ("2026", None)})),
    (RECORDS, Query(prefix={"division": ""}, equal={"stage": "publicized"},
                    order=("division", "closes_on"), between={"closes_on": ("2026", None)})),
    (ACTIVITIES, Query(equal={"organization": "x"}, order=("ends_on",), descending=True)),
    (ACTIVITIES, Query(prefix={"division": "1101"}, order=("division", "ends_on"))),
    (ACTIVITIES, Query(order=("ends_on",), descending=True)),
    (VOLUNTEERS, Query(equal={"registered_by": "x"}, order=("registered_on",))),
    (VOLUNTEERS, Query(order=("registered_on",))),
    (ORGANIZATIONS, Query(prefix={"division": "1101"}, order=("division",))),
    (ORGANIZATIONS, Query(equal={"parent": "x"})),
    (TASKS, Query(equal={"organization": "x"}, order=("since_day",))),
    (TASKS, Query(among={"volunteer": ["x"]}, order=("since_day",))),
    (TASKS, Query(equal={"kind": "approve"}, prefix={"division": "1101"},
                  order=("division", "since_day"))),
    (TASKS, Query(equal={"kind": "approve"}, prefix={"division": ""},
                  order=("division", "since_day"))),
    (CHANGES, Query(equal={"organization": "x"}, between={"seq": (5, None)}, order=("seq",))),
    (CHANGES, Query(between={"seq": (5, None)}, order=("seq",))),
    (STAFF, Query(equal={"person": "x"}, order=("organization", "role"))),
]  # fmt: skip
"""The lists that the application reads."""


@pytest.mark.parametrize("number", range(len(INDEXED)))
def test_a_list_is_read_from_an_index_in_its_order(tmp_path: Path, number: int) -> None:
    # On SQLite alone: PostgreSQL's planner counts rows, and there are none.
    place = Place(f"sqlite:///{tmp_path / 'log.sqlite'}", tmp_path)
    view, query = INDEXED[number]
    statement, values = select(view, query, "log", on_sqlite=True)
    with viewed(place) as house, house.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))
        lines = [str(row[-1]) for row in plan]
    assert not any(line.startswith("SCAN") for line in lines), lines
    if query.size is not None:
        return  # the rows of one volunteer or organization, by key, and put in order then
    assert len(lines) == 1, lines
    assert lines[0].startswith("SEARCH"), lines
    assert "USING" in lines[0]
    first = (
        "log=? AND " if query.equal or query.among or query.prefix or query.between else "log=?"
    )
    assert first in lines[0], lines


@pytest.mark.parametrize(
    ("query", "values"),
    [(RECORDED, "xy"), (ALL.format(number=0), "xy"), (ENTERED, "xyzz")],
    ids=["recorded", "all", "entered"],
)
def test_what_decisions_count_is_counted_from_an_index_alone(
    tmp_path: Path, query: str, values: str
) -> None:
    place = Place(f"sqlite:///{tmp_path / 'log.sqlite'}", tmp_path)
    with viewed(place) as house, house.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", tuple(values))
        (line,) = [str(row[-1]) for row in plan if "SEARCH" in str(row[-1])]
    assert "USING COVERING INDEX" in line
    assert "log=? AND activity=?" in line or "log=? AND submitted_by=?" in line


def test_of_several_activities_each_is_looked_up_in_an_index(tmp_path: Path) -> None:
    selects = [
        text
        for number in range(3)
        for text in (
            ALL.format(number=number),
            RECORDED_OF.format(number=number, marks="?, ?"),
        )
    ]
    place = Place(f"sqlite:///{tmp_path / 'log.sqlite'}", tmp_path)
    with viewed(place) as house, house.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {' UNION ALL '.join(selects)}", tuple("xyxyvw" * 3)
        )
        lines = [str(row[-1]) for row in plan]
    assert not any(line.startswith("SCAN") for line in lines)
    assert len([line for line in lines if line.startswith("SEARCH")]) == len(selects)


def test_attendances_of_many_activities_and_volunteers_are_those_of_each(
    house: Viewed,
) -> None:
    records = list(house.rows(RECORDS).values())
    activities = {str(row["activity"]) for row in records} | {f"a{n}" for n in range(100)}
    volunteers = [str(row["volunteer"]) for row in records if row["volunteer"]]
    volunteers += [f"v{n}" for n in range(600)]
    asked = dict.fromkeys(sorted(activities), volunteers)
    together = house.reader.attendances(asked).value
    for activity in asked:
        alone = house.reader.attendances({activity: volunteers}).value
        assert together[activity] == alone[activity]
    assert sum(each.total for each in together.values()) > 0

"""Views in a database: the same whatever was interrupted, as of any size, each entry once."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.projections.view import History
from ledger.projections.views import CHANGES, FAILURES, FOLDS, RECORDS, VIEWS, VOLUNTEERS
from ledger.store.migration import MigrationMissingError
from ledger.store.view_folding import FROZEN
from ledger.store.view_query import Query
from ledger.store.view_writing import ViewWriter, peek
from tests.domain.samples_organization import KEY_ADDED
from tests.domain.town import HERSELF, NEIGHBOUR, STATION
from tests.projections.histories import History as Telling
from tests.projections.histories import Told, lives
from tests.projections.made import Made
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place, noted

SEED, STEPS = 22, 400
TOLD = lives(SEED, STEPS).history.told
SIZE = len(TOLD)


@pytest.fixture
def empty(place: Place) -> Iterator[Viewed]:
    """Return a ledger without entries, and views."""
    with viewed(place) as opened:
        yield opened


@pytest.fixture
def house(empty: Viewed) -> Viewed:
    """Return a ledger with a history of which nothing is folded yet."""
    empty.append(TOLD)
    return empty


def test_the_history_is_worth_telling() -> None:
    types = {each.event.TYPE for each in TOLD}
    assert len(types) >= 22
    assert SIZE > 100


def test_every_row_is_what_the_folds_make_of_it(house: Viewed) -> None:
    house.folding(batch_max=17).step()
    while not house.folding(batch_max=17).step().is_done:
        pass
    made = Made().take_all(each.taken(seq) for seq, each in enumerate(TOLD))
    for view in VIEWS:
        got = [
            {name: value for name, value in row.items() if name != "box"}
            for row in house.rows(view).values()
        ]
        want = [
            {name: value for name, value in made.current[view][key].items() if name != "box"}
            for key in house.rows(view)
        ]
        assert house.rows(view).keys() == made.current[view].keys(), view.name
        if view.name != "volunteer_tokens":
            assert got == want, view.name


def test_a_fold_that_was_interrupted_anywhere_is_one_that_was_not(house: Viewed) -> None:
    while not house.folding(batch_max=1).step().is_done:
        pass
    one_by_one = house.dump()
    for batch_max in (2, 7, SIZE + 1):
        house.folding().empty()
        while not house.folding(batch_max).step().is_done:
            pass
        assert house.dump() == one_by_one


def test_one_that_remembers_is_one_that_has_just_come(house: Viewed) -> None:
    remembering = house.folding(batch_max=5)
    while not remembering.step().is_done:
        pass
    remembered = house.dump()
    house.folding().empty()
    while not house.folding(batch_max=5).step().is_done:
        pass
    assert house.dump() == remembered


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(0, SIZE), min_size=1, max_size=4))
def test_as_of_a_size_rows_are_what_they_were_then(house: Viewed, sizes: list[int]) -> None:
    house.projector().catch_up()
    for size in sizes:
        made = Made().take_all(each.taken(seq) for seq, each in enumerate(TOLD[:size]))
        for view in VIEWS:
            if view.history is History.NONE:
                continue
            got, want = house.rows(view, size), made.current[view]
            assert got.keys() == want.keys(), (view.name, size)
            for key, row in got.items():
                plain = {n for n in row if n not in ("box", "token")}
                assert {n: row[n] for n in plain} == {n: want[key][n] for n in plain}


def test_an_answer_says_as_of_which_size_it_is(house: Viewed) -> None:
    assert house.reader.position() == 0
    house.projector().catch_up()
    page = house.reader.rows(RECORDS, Query())
    assert (page.size, page.is_rebuilding) == (SIZE, False)
    assert house.reader.rows(RECORDS, Query(size=5)).size == 5
    assert house.reader.rows(RECORDS, Query(size=SIZE + 100)).size == SIZE
    for row in page.value.rows:
        assert row["since"] < SIZE


def test_two_who_fold_at_once_fold_each_entry_once(empty: Viewed) -> None:
    halves = [empty.projector(batch_max=3) for _ in range(2)]
    done = threading.Event()
    errors: list[BaseException] = []

    def follow(number: int) -> None:
        try:
            while not done.is_set() or empty.reader.position() < SIZE:
                halves[number].catch_up()
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=follow, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    empty.append(TOLD)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    together = empty.dump()
    empty.folding().empty()
    empty.projector().catch_up()
    assert empty.dump() == together


def test_what_was_not_committed_is_folded_again(house: Viewed) -> None:
    folding = house.folding(batch_max=10)
    folding.step()
    before = house.dump()

    def fail(*_: object) -> None:
        raise OSError("cut off")

    for name in ("write", "move", "commit"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ViewWriter, name, fail)
            with pytest.raises(OSError, match="cut off"):
                folding.step()
        assert house.dump() == before
        assert house.reader.position() == 10
    while not folding.step().is_done:
        pass
    once = house.dump()
    house.folding().empty()
    house.projector().catch_up()
    assert house.dump() == once


def test_what_no_fold_knows_changes_nothing(house: Viewed) -> None:
    house.projector().catch_up()
    before = house.dump()
    stranger = noted()
    with pytest.raises(Exception, match="published shape"):
        house.ledger.append(stranger)
    house.projector().catch_up()
    assert house.dump() == before


def test_changes_are_the_entries_that_concern_an_organization(house: Viewed) -> None:
    house.projector().catch_up()
    changes = house.rows(CHANGES)
    of_station = sorted(key[1] for key in changes if key[0] == str(STATION.id))
    for seq, each in enumerate(TOLD):
        kind = each.event.TYPE.partition(".")[0]
        if kind in ("record", "objection", "amendment", "voiding", "credit", "activity"):
            assert seq in of_station, each.event.TYPE
    registered = {str(HERSELF.id): True, str(NEIGHBOUR.id): False}
    for seq, each in enumerate(TOLD):
        if each.event.TYPE == "volunteer.registered":
            assert (seq in of_station) is registered[str(each.stream)]
    assert {row["division"] for key, row in changes.items() if key[0] == str(STATION.id)} == {
        STATION.division
    }


def poisoned(told: Told, **facts: Any) -> Any:
    """Return an event that could be appended and cannot be folded, or not be written."""
    new = told.new()
    changed: Any = {**new.facts, **facts}
    return type(new)(
        new.stream, new.type, new.shape, new.by, changed, new.personal, new.version
    )


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"signals": 5}, {"TypeError"}),
        ({"channel": None}, {"IntegrityError", "NotNullViolation"}),
    ],
    ids=["fold", "write"],
)
def test_a_poison_entry_freezes_its_stream_and_no_other(
    empty: Viewed, facts: dict[str, Any], errors: set[str]
) -> None:
    ledger = empty.ledger
    number = next(n for n, t in enumerate(TOLD) if t.event.TYPE == "record.submitted")
    empty.append(TOLD[:number])
    ledger.append(poisoned(TOLD[number], **facts))
    empty.append(TOLD[number + 1 :])
    assert empty.projector().catch_up() == SIZE
    stream = str(TOLD[number].stream)
    failures = empty.rows(FAILURES)
    seqs = [seq for seq, each in enumerate(TOLD) if str(each.stream) == stream]
    assert [key[0] for key in failures if failures[key]["stream"] == stream] == seqs
    first, *others = [failures[seq,]["error"] for seq in seqs]
    assert first in errors
    assert set(others) <= {FROZEN}
    assert empty.reader.frozen(stream).value == number
    assert (stream,) not in empty.rows(RECORDS)
    healthy = {str(t.stream) for t in TOLD if t.event.TYPE == "record.submitted"} - {stream}
    assert {key[0] for key in empty.rows(RECORDS)} == healthy
    assert empty.reader.frozen(healthy.pop()).value is None
    assert empty.reader.state().is_damaged


def test_what_a_poison_entry_leaves_is_the_same_whenever_it_is_met(empty: Viewed) -> None:
    number = next(n for n, t in enumerate(TOLD) if t.event.TYPE == "record.publicized")
    empty.append(TOLD[:number])
    empty.ledger.append(poisoned(TOLD[number], closes_on=None))
    empty.append(TOLD[number + 1 :])
    empty.projector(batch_max=1).catch_up()
    before = empty.dump()
    for batch_max in (10, 1_000):
        empty.folding().empty()
        empty.projector(batch_max).catch_up()
        assert empty.dump() == before


def test_readers_see_that_views_are_being_filled_anew(house: Viewed) -> None:
    house.projector().catch_up()
    house.folding().empty()
    answer = house.reader.rows(RECORDS, Query())
    assert (answer.size, answer.is_rebuilding, list(answer.value.rows)) == (0, True, [])
    assert house.reader.state().goal == SIZE
    folding = house.folding(batch_max=20)
    positions = []
    while not folding.step().is_done:
        state = house.reader.state()
        positions.append(state.position)
        assert (state.goal == SIZE) is (state.position < SIZE)
    assert positions == [*range(20, SIZE, 20)]
    assert not house.reader.rows(RECORDS, Query()).is_rebuilding


def test_a_first_filling_of_a_long_log_is_one_too(house: Viewed) -> None:
    house.folding(batch_max=20).step()
    assert house.reader.state().goal == SIZE


def test_what_an_older_release_has_filled_is_filled_anew(house: Viewed) -> None:
    house.projector().catch_up()
    want = house.dump()
    house.run("UPDATE view_positions SET folds = ?", FOLDS - 1)
    house.run("DELETE FROM view_records")
    assert house.reader.state().is_outdated
    house.projector().catch_up()
    assert house.dump() == want
    assert not house.reader.state().is_outdated


def test_what_a_newer_release_has_filled_is_left_alone(house: Viewed) -> None:
    house.projector().catch_up()
    house.run("UPDATE view_positions SET folds = ?", FOLDS + 1)
    before = house.dump()
    with pytest.raises(MigrationMissingError):
        house.projector().catch_up()
    assert house.dump() == before


def test_one_database_holds_the_views_of_many_logs(house: Viewed) -> None:
    house.projector().catch_up()
    before = {name: len(rows) for name, rows in house.dump().items()}
    columns = "log, position, generation, folds"
    house.run(f"INSERT INTO view_positions ({columns}) VALUES ('other', 0, 0, 1)")
    house.run(
        "INSERT INTO view_persons (log, person, since, is_erased)"
        f" VALUES ('other', 'x', 0, {'0' if house.ledger.place.on_sqlite else 'false'})"
    )
    house.folding().empty()
    assert sum(len(rows) for rows in house.dump().values()) == 1
    house.projector().catch_up()
    after = {name: len(rows) for name, rows in house.dump().items()}
    assert after == {**before, "persons": before["persons"] + 1}


def test_every_version_of_a_row_ends_where_the_next_begins(house: Viewed) -> None:
    house.projector().catch_up()
    table = sa.table("view_records", *(sa.column(n) for n in ("record", "since", "until")))
    with house.engine.connect() as connection:
        rows = connection.execute(sa.select(table).order_by("record", "since")).all()
    for before, after in pairwise(rows):
        if before.record == after.record:
            assert before.until == after.since
        else:
            assert before.until is None


def test_a_person_of_the_log_alone_is_found_by_her_box(house: Viewed) -> None:
    house.projector().catch_up()
    row = house.reader.row(VOLUNTEERS, (str(HERSELF.id),)).value
    assert row is not None
    (opened,) = house.boxes.open(VOLUNTEERS, [(str(HERSELF.id), row["box"])])
    assert opened == {"name": "王𠮷祥"}


@pytest.mark.parametrize("more", [-20, 0, 20])
def test_views_of_a_log_that_was_put_back_are_filled_anew(
    house: Viewed, tmp_path: Path, more: int
) -> None:
    """As after a restore: the log ends earlier, or has grown otherwise since."""
    house.projector().catch_up()
    other = tmp_path / "other"
    other.mkdir()
    with viewed(Place(f"sqlite:///{other / 'log.sqlite'}", other)) as again:
        told = TOLD[:40] + lives(8, 400).history.told
        again.append(renumbered(told)[: SIZE + more])
        want = again.projector().catch_up() and again.dump()
        moved = Viewed(again.ledger, house.views_url)
        assert moved.projector().catch_up() == SIZE + more
        assert moved.dump() == want
        assert moved.reader.state().goal is None
        moved.close()


def renumbered(told: list[Told]) -> list[Told]:
    """Return events of which some happen twice, each in a stream of its own the second time."""
    history = Telling()
    seen: set[tuple[UUID, int]] = set()
    for each in told:
        stream = each.stream
        while (stream, each.version) in seen:
            stream = uuid5(stream, "again")
        seen.add((stream, each.version))
        history.tell(stream, each.event, each.by, each.at)
    return history.told


def test_one_who_follows_does_not_fill_anew(house: Viewed) -> None:
    house.projector(batch_max=7).catch_up()
    generation = peek(house.engine, house.ledger.origin).generation
    house.append([told_later()])
    for _ in range(2):
        house.projector().catch_up()
    at = peek(house.engine, house.ledger.origin)
    assert (at.generation, at.position) == (generation, SIZE + 1)
    assert at.leaf == house.source.leaf(SIZE)


def told_later() -> Told:
    """Return something that happens after the history."""
    history = lives(SEED, STEPS).history
    return history.tell(STATION.id, KEY_ADDED, at=TOLD[-1].at)

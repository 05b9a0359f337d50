"""Views in a database: the same whatever was interrupted, as of any size, each entry once."""

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.projections.view import History
from ledger.projections.views import CHANGES, RECORDS, VIEWS, VOLUNTEERS
from ledger.store.view_query import Query
from ledger.store.view_writing import ViewWriter
from tests.domain.town import HERSELF, NEIGHBOUR, STATION
from tests.projections.histories import lives
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


LASTING = [(view, name) for view in VIEWS for name in sorted(view.lasting)]


def test_past_rows_of_one_value_are_found_by_the_current_ones(house: Viewed) -> None:
    house.projector().catch_up()
    asked = 0
    for view, name in LASTING:
        for size in (3, SIZE // 2, SIZE):
            every = house.rows(view, size)
            for value in {row[name] for row in every.values()}:
                query = Query(equal={name: value}, size=size)
                page = house.reader.rows(view, query).value
                got = {tuple(row[key] for key in view.key) for row in page.rows}
                assert got == {key for key, row in every.items() if row[name] == value}
                asked += 1
    assert asked > 2 * len(LASTING)


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


@pytest.mark.parametrize("other_stops", [SIZE, 20], ids=["at the end", "on the way"])
def test_what_was_read_ahead_is_let_go_when_another_has_folded(
    house: Viewed, other_stops: int
) -> None:
    folding, other = house.folding(batch_max=5), house.folding(batch_max=SIZE)
    folding.step()
    assert bool(folding._ahead._ahead) is not house.ledger.place.on_sqlite
    while not other.step(until=other_stops).is_done:
        pass
    folding.step(until=other_stops)
    assert not folding._ahead._ahead

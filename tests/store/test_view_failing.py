"""Views that are filled anew, and entries that cannot be folded into them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from ledger.projections.view import View
from ledger.projections.views import FAILURES, FOLDS, RECORDS
from ledger.store import view_statements, view_writing
from ledger.store.migration import MigrationMissingError
from ledger.store.view_folding import FROZEN, UnwritableError
from ledger.store.view_query import Query
from ledger.store.view_writing import peek
from tests.domain.samples_organization import KEY_ADDED
from tests.domain.town import STATION
from tests.projections.histories import History as Telling
from tests.projections.histories import Told, lives
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place

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


@pytest.mark.parametrize(
    ("value", "error"), [("\ud800", UnwritableError), (None, LookupError)], ids=str
)
def test_rows_that_cannot_be_made_are_an_error_of_their_own(
    house: Viewed, monkeypatch: pytest.MonkeyPatch, value: str | None, error: type[Exception]
) -> None:
    """No query that was cancelled, as the driver would have it, and would be tried again."""
    made = view_statements.row_maker

    def broken(view: View, *, on_sqlite: bool) -> Any:
        make = made(view, on_sqlite=on_sqlite)

        def row(origin: str, version: Any) -> Any:
            if view is not RECORDS and view is not FAILURES:
                return make(origin, version)
            if value is None:
                raise LookupError("no such column")
            return tuple(value if type(each) is str else each for each in make(origin, version))

        return row

    with monkeypatch.context() as patched:
        patched.setattr(view_writing, "row_maker", broken)
        with pytest.raises(error):
            house.projector().catch_up()
    assert house.projector().catch_up() == SIZE
    assert not house.rows(FAILURES)

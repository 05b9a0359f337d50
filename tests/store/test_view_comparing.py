"""What differs from the log is named by view, key and column, and is healed from the log."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from ledger.application.streams import inbox_stream, presence_stream, row_stream
from ledger.domain.organization.kinds import Role
from ledger.projections.view import History, Kind, View
from ledger.projections.views import RECORDS, TALLIES, VIEWS, VOLUNTEERS
from ledger.store.engine import sqlite_module
from ledger.store.view_comparing import (
    INDEX,
    MISSING,
    TOO_MANY,
    Difference,
    Kept,
    compared,
    differences,
    reading_kept,
)
from ledger.store.view_tables import TABLES, table_name
from tests.domain import samples_access as access
from tests.domain import samples_certificate as certificates
from tests.domain import samples_evidence as evidence
from tests.domain import samples_imports as imports
from tests.domain import samples_notices as notices
from tests.domain.samples_organization import APPOINTED, KEY_ADDED
from tests.domain.samples_presence import SIGNED_IN, SIGNED_OUT
from tests.domain.town import HERSELF, STATION
from tests.projections.histories import History as Histories
from tests.projections.histories import lives
from tests.projections.viewed import Viewed, viewed
from tests.store.conftest import BACKENDS, tables
from tests.store.copied import Base
from tests.store.ledgers import Place


def told() -> Histories:
    """Return a history after which no view is empty, but for failures."""
    history = lives(22, 400).history
    history.tell(STATION.id, APPOINTED)
    history.tell(STATION.id, replace(APPOINTED, roles=(Role.HANDLER,)))
    history.tell(STATION.id, KEY_ADDED)
    for event in (SIGNED_IN, SIGNED_OUT):
        history.tell(presence_stream(event.activity, event.volunteer), event)
    history.tell(evidence.EVIDENCE, evidence.KEPT)
    history.tell(access.SIGN_IN, access.SAMPLES[0])
    for said in (notices.SEEN, notices.GIVEN):
        about_her: Any = replace(said, person=HERSELF.id)
        history.tell(inbox_stream(HERSELF.id), about_her)
    for begun in (imports.BEGUN, imports.FINISHED, imports.ATTACHED, imports.CHECKED):
        history.tell(imports.IMPORT, begun)
    history.tell(row_stream(imports.ROW.record), imports.ROW)
    for stood in certificates.of_town(HERSELF.id, STATION.id, UUID(int=1)):
        history.tell(certificates.CERTIFICATE, stood)
    return history


AGAIN = "again.sqlite"


@pytest.fixture(scope="module", params=BACKENDS)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Return a ledger with its views, filled twice, and a poison entry among its own."""
    made = tables(request.param, request).another(tmp_path_factory.mktemp("filled"))
    with viewed(made.place) as opened:
        opened.append(told().told)
        opened.append_poison()
        opened.projector().catch_up()
        again = Viewed(opened.ledger, f"sqlite:///{made.folder / AGAIN}")
        again.projector(batch_max=13).catch_up()
        again.close()
    return made


@pytest.fixture
def house(base: Base, tmp_path: Path) -> Iterator[Viewed]:
    """Return a copy of that ledger."""
    with base.copy(tmp_path) as place, viewed(place, found=False) as opened:
        yield opened


@pytest.fixture
def made(house: Viewed, tmp_path: Path) -> Iterator[Viewed]:
    """Return the second filling of the same views."""
    again = Viewed(house.ledger, f"sqlite:///{tmp_path / AGAIN}")
    yield again
    again.close()


def found(house: Viewed, made: Viewed) -> list[Difference]:
    """Return what is named."""
    raw, again = reading_kept(house.engine), reading_kept(made.engine)
    with raw.reading() as ours, again.reading() as theirs:
        stored = Kept(ours, raw, origin=house.ledger.origin)
        filled = Kept(theirs, again, origin=house.ledger.origin)
        return list(differences(stored, filled))


def first_row(house: Viewed, view: View) -> Any:
    """Return the first version of the first row of a view."""
    key = ", ".join(f'"{name}"' for name in view.identifying)
    query = f"SELECT {key} FROM {table_name(view)} ORDER BY {key} LIMIT 1"
    with house.engine.connect() as connection:
        return connection.execute(sa.text(query)).one()


OTHER = {Kind.TEXT: "'other'", Kind.INTEGER: "-7", Kind.BYTES: "'\\x00'"}


def other(house: Viewed, kind: Kind, name: str) -> str:
    """Return SQL for another value than a column has."""
    if kind is Kind.BOOLEAN:
        return f'NOT "{name}"'
    if kind is Kind.BYTES:
        return "x'00'" if house.ledger.place.on_sqlite else "'\\x00'"
    return OTHER[kind]


def test_views_that_the_log_makes_are_the_same(house: Viewed, made: Viewed) -> None:
    assert all(house.dump().values())
    assert found(house, made) == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_column_of_every_view_is_compared(
    house: Viewed, made: Viewed, view: View
) -> None:
    key = first_row(house, view)
    same = " AND ".join(f'"{name}" = ?' for name in view.identifying)
    shown = " ".join(each if isinstance(each, str) else repr(each) for each in key)
    before = house.dump()[view.name]
    for name in compared(view):
        put = other(house, view.kind(name), name)
        house.run(f'UPDATE {table_name(view)} SET "{name}" = {put} WHERE {same}', *key)
        assert found(house, made) == [Difference(view.name, shown, name)]
        back_to(house, view, before)
    assert found(house, made) == []


def back_to(house: Viewed, view: View, before: Sequence[tuple[Any, ...]]) -> None:
    """Put the rows of a view back as they were."""
    table = TABLES[view]
    rows = [dict(zip(table.columns.keys(), row, strict=True)) for row in before]
    with house.engine.begin() as connection:
        connection.execute(table.delete())
        connection.execute(table.insert(), rows)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_row_that_is_gone_or_planted_is_named(
    house: Viewed, made: Viewed, view: View
) -> None:
    key = first_row(house, view)
    same = " AND ".join(f'"{name}" = ?' for name in view.identifying)
    shown = " ".join(each if isinstance(each, str) else repr(each) for each in key)
    made.run(f"DELETE FROM {table_name(view)} WHERE {same}", *key)
    assert found(house, made) == [Difference(view.name, shown, TOO_MANY)]
    house.run(f"DELETE FROM {table_name(view)} WHERE {same}", *key)
    assert found(house, made) == []
    made.projector().rebuild()
    assert found(house, made) == [Difference(view.name, shown, MISSING)]


@pytest.mark.parametrize("spare", [0, 1, -1], ids=["full", "one free", "one further"])
def test_no_row_is_lost_at_the_end_of_a_page(
    house: Viewed, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    raw = reading_kept(house.engine)
    with raw.reading() as connection:
        kept = Kept(connection, raw, origin=house.ledger.origin)
        rows = list(kept.rows(RECORDS))
        assert len(rows) > 1
        monkeypatch.setattr("ledger.store.view_comparing.PAGE", len(rows) + spare)
        assert list(kept.rows(RECORDS)) == rows


def test_filling_anew_heals(house: Viewed, made: Viewed) -> None:
    house.run("UPDATE view_records SET minutes = 99999")
    house.run("DELETE FROM view_tallies")
    named = {(each.view, each.column) for each in found(house, made)}
    assert named == {(RECORDS.name, "minutes"), (TALLIES.name, MISSING)}
    house.projector().rebuild()
    assert found(house, made) == []


def test_a_counter_says_with_which_entry_it_changed_last(house: Viewed, made: Viewed) -> None:
    assert TALLIES.history is History.NONE
    house.run("UPDATE view_tallies SET since = since + 1 WHERE measure = 'volunteers'")
    assert {each.column for each in found(house, made)} == {"since"}


def flip(file: Path, index: str, word: bytes) -> None:
    """Change a letter of a key that an index of one page has, as a failing disk does."""
    with sqlite_module().connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(query, (index,)).fetchone()
    content = bytearray(file.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    at = content.index(word, (page - 1) * size, page * size)
    content[at] ^= 1
    file.write_bytes(content)


def test_a_flipped_bit_in_an_index_is_named_and_healed(tmp_path: Path) -> None:
    place = Place(f"sqlite:///{tmp_path / 'log.sqlite'}", tmp_path)
    with viewed(place) as house:
        house.append(told().told)
        house.projector().catch_up()
        again = Viewed(house.ledger, f"sqlite:///{tmp_path / 'again.sqlite'}")
        again.projector().catch_up()
        house.engine.dispose()
        flip(tmp_path / "projections.sqlite", "view_volunteers_by_day", b"2026-11")
        (named,) = {each.view for each in found(house, again)}
        assert named == INDEX
        house.projector().rebuild()
        assert found(house, again) == []
        again.close()


def test_a_box_that_was_changed_is_named(house: Viewed, made: Viewed) -> None:
    put = other(house, Kind.BYTES, "box")
    house.run(f"UPDATE view_volunteers SET box = {put} WHERE until IS NULL")
    assert {(each.view, each.column) for each in found(house, made)} == {
        (VOLUNTEERS.name, "box")
    }
    assert INDEX not in {each.view for each in found(house, made)}

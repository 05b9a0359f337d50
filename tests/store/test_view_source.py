"""What the folds are given: entries below the sealed head, and what is wrong with a row."""

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.projections.taken import Taken
from ledger.projections.views import FAILURES, ORGANIZATIONS, VOLUNTEERS
from ledger.store.event import HeadTamperedError, LedgerMissingError
from ledger.store.schema import entries
from ledger.store.view_folding import FROZEN
from ledger.store.view_source import EntrySource, Unread
from tests.domain.samples_organization import AMENDED
from tests.domain.town import ASSOCIATION, HERSELF, NEIGHBOUR, STATION
from tests.projections.histories import prelude
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place, secret

TOLD = prelude().told
SIZE = len(TOLD)
STATION_SEQ = next(n for n, each in enumerate(TOLD) if each.stream == STATION.id)
HER_SEQ = next(n for n, each in enumerate(TOLD) if each.stream == HERSELF.id)


@pytest.fixture
def house(place: Place) -> Iterator[Viewed]:
    """Return a ledger of some entries, of which nothing is folded."""
    with viewed(place) as opened:
        opened.append(TOLD)
        yield opened


def failures(house: Viewed) -> dict[Any, tuple[Any, Any]]:
    """Return which entries failed, by stream and error."""
    house.projector().catch_up()
    rows = house.rows(FAILURES).items()
    return {key[0]: (row["stream"], row["error"]) for key, row in rows}


def test_entries_come_as_they_were_appended(house: Viewed) -> None:
    assert house.source.size() == SIZE
    batch = house.source.read(0, SIZE)
    for seq, (entry, each) in enumerate(zip(batch.entries, TOLD, strict=True)):
        want = each.taken(seq)
        assert isinstance(entry, Taken)
        assert entry._replace(facts={}, personal={}, time="") == want._replace(
            facts={}, personal={}, time=""
        )
        assert dict(entry.facts).items() >= dict(want.facts).items()
        opened = want.personal if entry.type.startswith("volunteer.") else {}
        assert {p: dict(f) for p, f in entry.personal.items()} == opened


def test_a_row_beyond_the_head_is_none(house: Viewed) -> None:
    columns = ", ".join(c.name for c in entries.columns if c.name != "seq")
    house.ledger.as_dba(
        f"INSERT INTO entries (seq, {columns}) SELECT {SIZE}, "
        + columns.replace("originator_version", "originator_version + 50")
        + f" FROM entries WHERE seq = {SIZE - 1}"
    )
    assert house.projector().catch_up() == SIZE
    assert failures(house) == {}


def test_a_head_that_is_not_the_services_is_not_believed(house: Viewed) -> None:
    house.ledger.as_dba("UPDATE heads SET size = size - 1")
    with pytest.raises(HeadTamperedError):
        house.projector().catch_up()
    assert house.reader.position() == 0


def test_there_may_be_no_such_ledger(house: Viewed) -> None:
    other = EntrySource(
        house.ledger.engine, house.ledger.vault, origin="other", seal_key=secret("seal")
    )
    with pytest.raises(LedgerMissingError):
        other.size()


def test_a_missing_row_is_noted_and_others_go_on(house: Viewed) -> None:
    house.ledger.as_dba(f"DELETE FROM entries WHERE seq = {STATION_SEQ}")
    found = failures(house)
    assert found.pop(STATION_SEQ) == ("", "EntryMissingError")
    assert found == {}  # the activity says where it belongs by itself
    assert (str(ASSOCIATION.id),) in house.rows(ORGANIZATIONS)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("plain = NULL", "FactsLostError"),
        ("version = version + 1", "RowDiffersError"),
        ("entry = :text", "RowDiffersError"),
        ("plain = :text", "JSONDecodeError"),
    ],
)
def test_a_row_that_contradicts_itself_freezes_its_stream(
    house: Viewed, change: str, error: str
) -> None:
    house.ledger.as_dba(f"UPDATE entries SET {change} WHERE seq = {HER_SEQ}", text=b"{}x")
    assert failures(house) == {HER_SEQ: (str(HERSELF.id), error)}
    assert house.rows(VOLUNTEERS).keys() == {(str(NEIGHBOUR.id),)}
    assert house.reader.frozen(str(HERSELF.id)).value == HER_SEQ


def test_a_box_that_does_not_open_freezes_its_stream(house: Viewed) -> None:
    house.ledger.as_dba(f"UPDATE boxes SET box = :box WHERE seq = {HER_SEQ}", box=b"x" * 60)
    assert failures(house) == {HER_SEQ: (str(HERSELF.id), "BoxUnreadError")}


def test_a_box_that_is_gone_freezes_its_stream(house: Viewed) -> None:
    house.ledger.as_dba(f"DELETE FROM boxes WHERE seq = {HER_SEQ}")
    assert failures(house) == {HER_SEQ: (str(HERSELF.id), "BoxUnreadError")}


def test_a_data_key_that_does_not_open_concerns_nobody_else(house: Viewed) -> None:
    vault = house.ledger.vault._engine
    with vault.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE data_keys SET wrapped = ? WHERE person = ?",
            (b"x" * 60, HERSELF.id.hex),
        )
    assert failures(house) == {HER_SEQ: (str(HERSELF.id), "BoxUnreadError")}
    assert (str(NEIGHBOUR.id),) in house.rows(VOLUNTEERS)


def test_what_is_put_back_is_folded_when_views_are_filled_anew(house: Viewed) -> None:
    statement = f"UPDATE entries SET version = version {{}} 1 WHERE seq = {STATION_SEQ}"
    house.append([prelude_amended()])
    house.ledger.as_dba(statement.format("+"))
    found = failures(house)
    assert found[STATION_SEQ][1] == "RowDiffersError"
    assert found[SIZE] == (str(STATION.id), FROZEN)
    house.ledger.as_dba(statement.format("-"))
    house.projector().rebuild()
    assert failures(house) == {}
    assert not house.reader.state().is_damaged
    assert house.rows(ORGANIZATIONS)[str(STATION.id),]["name"] == "东华门街道志愿服务协会"


def prelude_amended() -> Any:
    """Return an amendment of the station that follows the prelude."""
    return prelude().tell(STATION.id, AMENDED)


def test_an_unread_entry_names_no_facts(house: Viewed) -> None:
    house.ledger.as_dba(f"UPDATE entries SET plain = :text WHERE seq = {HER_SEQ}", text=b"x")
    (entry,) = house.source.read(HER_SEQ, HER_SEQ + 1).entries
    assert entry == Unread(HER_SEQ, str(HERSELF.id), "volunteer.registered", "JSONDecodeError")

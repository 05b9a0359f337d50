"""Rows deleted, swapped, inserted or cut off → exactly these findings."""

import pytest

from tests.audit.forger import Forger
from tests.audit.house import House
from tests.audit.plan import SIZE, Found, gone, next_in_stream, root_ripple, stream_of

K = 331
NOBODY = "7aaaaaaa-0000-4000-8000-000000000000"
DELETE = "DELETE FROM entries WHERE {log} AND seq BETWEEN ? AND ?"


@pytest.mark.parametrize("seqs", [range(K, K + 1), range(1), range(250, 271), range(1, 512)])
def test_deleted_rows_are_named_where_they_begin(house: House, seqs: range) -> None:
    house.lie(DELETE, seqs[0], seqs[-1])
    found = house.found()
    assert found == gone(seqs)
    (finding,) = (
        each for each in house.audit().tally.findings if each.code.value == "entry_missing"
    )
    assert finding.detail == (f"{len(seqs)} from here on" if len(seqs) > 1 else "")


def test_rows_deleted_at_the_end_are_named_with_what_was_signed(house: House) -> None:
    house.lie(DELETE, 590, SIZE)
    assert house.found() == {
        ("entry_missing", 590),
        ("head_differs", None),
        ("checkpoint_inconsistent", 590),
    }


def test_all_rows_deleted_are_named(house: House) -> None:
    house.lie(DELETE, 0, SIZE)
    assert house.found() == {
        ("entry_missing", 0),
        ("head_differs", None),
        ("checkpoint_inconsistent", 0),
    }


def _move(house: House, table: str, old: int, new: int) -> None:
    house.lie(f"UPDATE {table} SET seq = ? WHERE {{log}} AND seq = ?", new, old)


def _swap(house: House, one: int, other: int) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        _move(house, "entries", old, new)


def test_two_neighbouring_rows_swapped_are_named_at_both(house: House) -> None:
    _swap(house, K, K + 1)
    assert house.found() == root_ripple(K) | {
        ("entry_wrong_seq", K),
        ("entry_wrong_seq", K + 1),
        ("entry_wrong_prev", K),
        ("entry_wrong_prev", K + 1),
        ("entry_wrong_prev", K + 2),
    }


def test_two_rows_of_one_stream_swapped_are_named_in_the_stream_too(house: House) -> None:
    other = next_in_stream(K)
    assert other is not None
    later = next_in_stream(other)
    _swap(house, K, other)
    assert house.found() == root_ripple(K) | {
        ("entry_wrong_seq", K),
        ("entry_wrong_seq", other),
        ("entry_wrong_prev", K),
        ("entry_wrong_prev", K + 1),
        ("entry_wrong_prev", other),
        ("entry_wrong_prev", other + 1),
        # In the order of versions, the later one now lies before.
        ("stream_version", K),
    }
    assert later is not None


def _shift(house: House, start: int) -> None:
    """Make room for one row; the boxes move with their events."""
    for table in ("entries", "boxes"):
        query = f"UPDATE {table} SET seq = -1 - seq WHERE {{log}} AND seq >= ?"
        house.lie(query, start)
        house.lie(f"UPDATE {table} SET seq = -seq WHERE {{log}} AND seq < 0")


def _copy(house: House, seq: int, *, to: int, stream: str) -> None:
    columns = "leaf, {}, 1, 1, topic, plain, personal, submission"
    query = f"SELECT log, ?, entry, {columns.format(chr(39) + stream + chr(39))} FROM entries"
    if not house.outsider.on_sqlite:
        query = query.replace("log, ?,", "log, ?::bigint,").replace(
            f"'{stream}'", f"'{stream}'::uuid"
        )
    house.lie(f"INSERT INTO entries {query} WHERE {{log}} AND seq = ?", to, seq)


def test_a_row_inserted_in_the_middle_is_named_and_all_that_it_moved(house: House) -> None:
    _shift(house, K)
    _copy(house, K - 1, to=K, stream=house.outsider.uuid(NOBODY))
    found = house.found()
    moved: Found = {("entry_wrong_seq", seq) for seq in range(K, SIZE)}
    assert found == root_ripple(K) | moved | {
        ("entry_wrong_prev", K),
        ("facts_columns", K),
        ("stream_previous", K),
        ("entry_beyond_head", SIZE),
    }


def test_a_row_beyond_the_head_is_named(house: House) -> None:
    _copy(house, SIZE - 1, to=SIZE, stream=house.outsider.uuid(NOBODY))
    assert house.found() == {("entry_beyond_head", SIZE)}


def test_a_row_before_the_first_is_named(house: House) -> None:
    _copy(house, 0, to=-5, stream=house.outsider.uuid(NOBODY))
    assert house.found() == {("entry_beyond_head", -5)}


def test_a_row_far_away_and_a_head_to_match_do_not_keep_the_auditor_busy(
    house: House,
) -> None:
    far = 2**62
    _copy(house, 0, to=far, stream=house.outsider.uuid(NOBODY))
    house.lie("UPDATE heads SET size = ?, edge = ? WHERE {log}", far + 1, bytes(64))
    assert house.found() == {
        ("entry_missing", SIZE),
        ("entry_beyond_head", far),
        ("head_seal", None),
        ("head_differs", None),
    }


def test_a_row_of_another_log_in_the_same_tables_is_nobodys_business(house: House) -> None:
    house.lie(DELETE, K, K)
    assert ("entry_missing", K) in house.found()
    house.lie("UPDATE entries SET log = 'another' WHERE {log} AND seq = ?", K + 1)
    assert house.found() == gone([K, K + 1])


def test_an_event_appended_without_the_key_of_the_seal_is_named(house: House) -> None:
    forger = Forger(house)
    forger.invent(NOBODY, minutes=600)
    forger.rewrite(SIZE)
    report = house.audit()
    # Everything hangs together, but the service did not write it.
    assert report.checkpoint.size == SIZE + 1
    assert house.found() == {("head_seal", None)}


def test_the_seal_of_another_head_does_not_fit(house: House) -> None:
    forger = Forger(house)
    forger.invent(NOBODY, minutes=600)
    forger.rewrite(SIZE)
    house.lie("UPDATE heads SET mac = ? WHERE {log}", house.old_heads[600][4])
    assert house.found() == {("head_seal", None)}


def test_the_plan_of_the_house_puts_the_swap_where_it_says() -> None:
    assert stream_of(K) != stream_of(K + 1)
    assert all(seq % 10 != 5 for seq in (K, K + 1, next_in_stream(K)) if seq)

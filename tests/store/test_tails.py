"""The last row of a stream: edited by hand, nothing is linked to it; restored, all goes on."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from ledger.proof.canonical import Value
from ledger.proof.entry import parse_entry
from ledger.proof.facts import FactGroup, commitment, parse_group
from ledger.proof.merkle import leaf_hash
from ledger.store.event import Appended, NewEvent, StreamDamagedError
from ledger.store.schema import entries
from tests.store.ledgers import Ledger, noted, opened, registered, some_uuid

EDITS = {
    "leaf": "leaf = :hash",
    "entry": "entry = :entry",
    "entry and leaf": "entry = :entry, leaf = :leaf",
    "version": "version = 7, originator_version = 7",
    "number of its writer": "originator_version = 7",
    "facts": "plain = :plain",
    "facts gone": "plain = NULL",
    "facts and entry and leaf": "plain = :plain, entry = :other_entry, leaf = :other_leaf",
    "stream": "stream = :stream",
    "one fact": "plain = :forged",
    "one fact and entry to match": "plain = :forged, entry = :forged_entry",
    "time in the entry": "entry = :later",
    "digests": "personal = :personal",
    "bytes that are none": "entry = :hash",
}


def fill(ledger: Ledger, stream: str) -> None:
    """Append so much that the tail lies neither in the first tile nor in the last."""
    ledger.append(*[noted() for _ in range(300)])
    ledger.append(registered(some_uuid(), stream=stream), noted("last", stream=stream))
    ledger.append(*[noted() for _ in range(300)])


def edit(ledger: Ledger, assignment: str, *, stream: str, seq: int) -> None:
    """Edit the row, every value a possible one."""
    row = ledger.rows()[seq]
    other = ledger.rows()[seq + 1]
    entry = row.entry.replace(b'"facts":"', b'"facts":"0')[: len(row.entry)]
    # As somebody would who wants the row to look whole: all adds up but for the leaf.
    facts = parse_group(row.plain)
    forged = FactGroup(facts.seed, {**facts.facts, "note": "forged"})
    true = parse_entry(row.entry)
    forged_facts = commitment(list(forged.digests().values()))
    values: dict[str, Value | bytes] = {
        "forged": forged.text(),
        "forged_entry": replace(true, facts=forged_facts).text(),
        "later": replace(true, time="2999-01-01T00:00:00.000000Z").text(),
        "hash": bytes(range(32)),
        "entry": entry,
        "leaf": leaf_hash(entry),
        "plain": other.plain,
        "other_entry": other.entry,
        "other_leaf": other.leaf,
        "stream": stream.replace("-", "") if ledger.place.on_sqlite else stream,
        "personal": b"[]",
        "seq": seq,
    }
    ledger.as_dba(f"UPDATE entries SET {assignment} WHERE seq = :seq", **values)


@pytest.mark.parametrize("name", EDITS)
def test_nothing_is_linked_to_an_edited_row(ledger: Ledger, name: str) -> None:
    # Where the stream itself is edited, it is another one that seems to end in this row.
    stream, other = some_uuid(), some_uuid()
    fill(ledger, stream)
    before = _row(ledger, 301)
    edit(ledger, EDITS[name], stream=other, seq=301)
    claimed = other if name == "stream" else stream
    with opened(ledger.place) as restarted:
        with restarted.locked():
            first = restarted.begin(noted())
            refused = restarted.submit(noted(), noted(stream=claimed))
            accepted = restarted.submit(noted())
        error = refused.exception()
        assert isinstance(error, StreamDamagedError)
        assert (error.stream, error.seq) == (claimed, 301)
        assert [first.result(), accepted.result()] == [Appended(602, 1), Appended(603, 1)]
        _put_back(ledger, before)
        assert restarted.append(noted(stream=stream, version=3)) == Appended(604, 1)
        assert restarted.codes() == []


def test_a_row_of_another_stream_of_the_log_is_no_tail(ledger: Ledger) -> None:
    """Given that entry, leaf and facts are the log's own, but those of somebody else."""
    one, two = some_uuid(), some_uuid()
    ledger.append(noted("one", stream=one), noted("two", stream=two))
    first = ledger.rows()[0]
    ledger.as_dba(
        "UPDATE entries SET entry = :entry, leaf = :leaf, plain = :plain WHERE seq = 1",
        entry=first.entry,
        leaf=first.leaf,
        plain=first.plain,
    )
    with opened(ledger.place) as restarted:
        # The tree around it does not add up either, so its neighbour is not believed.
        for stream in (two, one):
            with pytest.raises(StreamDamagedError):
                restarted.append(noted(stream=stream))
        assert restarted.append(noted()) == Appended(2, 1)


def test_a_row_beyond_the_head_is_no_tail(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(noted(stream=stream), noted())
    planted = _row(ledger, 0) | {"seq": 99, "version": 2, "originator_version": 2}
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(entries).values(**planted))
    for each in (ledger, Ledger(ledger.place)):
        with pytest.raises(StreamDamagedError) as refused:
            each.append(noted(stream=stream))
        assert (refused.value.stream, refused.value.seq) == (stream, 99)
        assert each.append(noted()).count == 1
        each.close()


def test_a_row_taken_away_is_missed_by_whoever_wrote_it(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(noted(stream=stream), noted(stream=stream), noted())
    for seq in (1, 0):
        ledger.as_dba(f"DELETE FROM entries WHERE seq = {seq}")
        with pytest.raises(StreamDamagedError) as refused:
            ledger.append(noted(stream=stream))
        assert (refused.value.stream, refused.value.seq) == (stream, 1)


def test_what_another_process_appended_is_continued(ledger: Ledger) -> None:
    stream = some_uuid()
    with opened(ledger.place) as other:
        for version in range(1, 9):
            writer = (ledger, other)[version % 2]
            writer.append(noted(stream=stream, version=version))
    assert [parse_group(row.plain).facts["version"] for row in ledger.rows()] == [*range(1, 9)]
    assert ledger.codes() == []


def test_a_stream_of_another_application_is_continued_after_a_restart(ledger: Ledger) -> None:
    facts: dict[str, Value] = {"originator_version": 4, "state": "e30=", "topic": "dog:Dog"}
    stream = some_uuid()
    one = NewEvent(stream, "opaque.recorded", 1, "key:" + some_uuid(), facts)
    two = NewEvent(stream, "opaque.recorded", 1, one.by, {**facts, "originator_version": 9})
    ledger.append(one)
    with opened(ledger.place) as restarted:
        restarted.append(two)
        assert restarted.codes() == []


def test_the_entry_that_is_built_upon_is_the_one_that_was_proved(ledger: Ledger) -> None:
    stream = some_uuid()
    fill(ledger, stream)
    with opened(ledger.place) as restarted:
        restarted.append(noted(stream=stream))
    rows = ledger.rows()
    assert parse_group(rows[-1].plain).facts["previous"] == rows[301].leaf.hex()
    assert parse_entry(rows[-1].entry).prev == rows[-2].leaf


def _row(ledger: Ledger, seq: int) -> dict[str, object]:
    query = sa.select(entries).where(entries.c.seq == seq)
    with ledger.engine.connect() as connection:
        return dict(connection.execute(query).mappings().one())


def _put_back(ledger: Ledger, row: dict[str, object]) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(sa.update(entries).where(entries.c.seq == row["seq"]).values(**row))

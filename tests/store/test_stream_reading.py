"""A stream read for a decision: what the log holds, proved, or nothing at all."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from ledger.proof.box import Place as BoxPlace
from ledger.proof.box import seal_box
from ledger.proof.canonical import Value
from ledger.proof.entry import parse_entry, parse_time
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import FactGroup, commitment, parse_group
from ledger.proof.merkle import leaf_hash
from ledger.store.event import (
    HeadTamperedError,
    LedgerMissingError,
    NewEvent,
    StreamDamagedError,
    StreamMovedOn,
    Submission,
)
from ledger.store.schema import entries
from ledger.store.stream_memory import REMEMBERED_BYTES_MAX
from ledger.store.stream_opening import StoredEvent
from ledger.store.stream_reading import StreamReader
from tests.proof.test_canonical import VALUES
from tests.store.faults import faulty
from tests.store.ledgers import (
    ORIGIN,
    STAFF,
    Ledger,
    Place,
    noted,
    opened,
    registered,
    secret,
    some_uuid,
    submission,
)
from tests.store.test_tails import EDITS, edit


def reader(ledger: Ledger, *, remembered_bytes_max: int = REMEMBERED_BYTES_MAX) -> StreamReader:
    return StreamReader(
        ledger.engine,
        ledger.vault,
        origin=ORIGIN,
        seal_key=secret("seal"),
        remembered_bytes_max=remembered_bytes_max,
    )


def notes(history: Sequence[StoredEvent]) -> list[Value]:
    return [event.facts["note"] for event in history]


def fill(ledger: Ledger, stream: str) -> None:
    """Append a stream of three events at 301, 303 and 605: no tile of the tree has all."""
    ledger.append(*[noted() for _ in range(301)])
    for number in range(2):
        ledger.append(noted(f"note {number}", stream=stream), noted())
    ledger.append(*[noted() for _ in range(300)])
    ledger.append(noted("note 2", stream=stream), noted())


def damaged(reader: StreamReader, stream: str) -> int:
    with pytest.raises(StreamDamagedError) as refused:
        reader.read(stream)
    assert refused.value.stream == stream
    return refused.value.seq


def test_a_stream_that_does_not_exist_is_empty(ledger: Ledger) -> None:
    ledger.append(noted())
    assert list(reader(ledger).read(some_uuid())) == []


def test_what_is_no_stream_is_not_asked_for(ledger: Ledger) -> None:
    with pytest.raises(MalformedError):
        reader(ledger).read("' OR 1 = 1")


def test_a_history_is_what_was_appended(ledger: Ledger) -> None:
    stream, person = some_uuid(), some_uuid()
    ledger.append(noted(), registered(person, stream=stream))
    ledger.append(noted("second", stream=stream), noted(), noted("third", stream=stream))
    first, second, third = reader(ledger).read(stream)
    rows = ledger.rows()
    assert [each.seq for each in (first, second, third)] == [1, 2, 4]
    assert [each.version for each in (first, second, third)] == [1, 2, 3]
    assert {each.stream for each in (first, second, third)} == {stream}
    assert {each.by for each in (first, second, third)} == {STAFF}
    assert (first.type, first.shape, second.type) == ("person.registered", 1, "record.noted")
    assert first.facts == {"district": "110101"}
    assert list(first.personal) == [person]
    assert first.personal[person].keys() == {"name", "id_number"}
    assert [second.facts, third.facts] == [{"note": "second"}, {"note": "third"}]
    assert second.personal == {}
    assert second.time == parse_time(parse_entry(rows[2].entry).time)
    assert "示例" not in repr(first)
    assert "110101" not in repr(first)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_every_value_comes_back_as_it_was(ledger: Ledger, value: Value) -> None:
    stream, person = some_uuid(), some_uuid()
    plain = replace(noted(stream=stream), facts={"note": value})
    ledger.append(plain, replace(plain, facts={}, personal={person: {"note": value}}))
    one, two = reader(ledger).read(stream)
    assert [one.facts, two.facts] == [{"note": value}, {}]
    assert two.personal == {person: {"note": value}}


def test_facts_of_an_erased_person_are_absent_from_the_moment_of_erasure(
    ledger: Ledger,
) -> None:
    stream, erased, other = some_uuid(), some_uuid(), some_uuid()
    pair = NewEvent(
        stream,
        "pair.registered",
        1,
        STAFF,
        {},
        {erased: {"name": "甲示例"}, other: {"guardian_name": "乙示例"}},
    )
    ledger.append(registered(erased, stream=stream), pair)
    kept = reader(ledger)
    assert [event.personal.keys() for event in kept.read(stream)] == [{erased}, {erased, other}]
    ledger.vault.destroy(erased)
    for each in (kept, reader(ledger)):
        history = each.read(stream)
        assert history[0].personal == {}
        assert history[0].facts == {"district": "110101"}
        assert history[1].personal == {other: {"guardian_name": "乙示例"}}
    ledger.append(noted(stream=stream))
    assert len(kept.read(stream)) == 3


def test_a_history_grows_as_the_stream_does(ledger: Ledger) -> None:
    stream, person = some_uuid(), some_uuid()
    kept = reader(ledger)
    assert list(kept.read(stream)) == []
    with opened(ledger.place) as other:
        for version in range(1, 6):
            writer = (ledger, other)[version % 2]
            writer.append(noted(), registered(person, stream=stream))
            history = kept.read(stream)
            assert [event.version for event in history] == [*range(1, version + 1)]
            assert all(event.personal[person] for event in history)
            assert history == reader(ledger).read(stream) == kept.read(stream)


def test_what_a_caller_does_to_a_history_stays_with_the_caller(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(replace(noted(stream=stream), facts={"note": ["a", {"b": "c"}]}))
    kept = reader(ledger)
    note: Any = kept.read(stream)[0].facts["note"]
    note[1]["b"] = "changed"
    note.append("more")
    assert notes(kept.read(stream)) == [["a", {"b": "c"}]]


def test_events_of_another_application_are_numbered_as_it_likes(ledger: Ledger) -> None:
    stream = some_uuid()
    facts: dict[str, Value] = {"originator_version": 0, "state": "e30=", "topic": "dog:Dog"}
    event = NewEvent(stream, "opaque.recorded", 1, STAFF, facts)
    kept = reader(ledger)
    for count, number in enumerate((0, 4, 9), 1):
        ledger.append(replace(event, facts={**facts, "originator_version": number}))
        history = kept.read(stream)
        assert [each.version for each in history] == [*range(1, count + 1)]
        assert history[-1].facts == {**facts, "originator_version": number}


def test_a_decision_holds_while_what_it_read_stands(ledger: Ledger) -> None:
    organization = some_uuid()
    ledger.append(noted("entrusted", stream=organization))
    version = len(reader(ledger).read(organization))
    first = submission(noted())
    ledger.appender.append(replace(first, unchanged={organization: version}))
    ledger.append(noted("suspended", stream=organization))
    with pytest.raises(StreamMovedOn):
        ledger.appender.append(Submission(first.id, [noted()], None, {organization: version}))
    assert notes(reader(ledger).read(organization)) == ["entrusted", "suspended"]


CONSISTENT = "plain = :forged, entry = :forged_entry, leaf = :forged_leaf"


@pytest.mark.parametrize("seq", [301, 303, 605])
@pytest.mark.parametrize("name", [*EDITS, "all of one row"])
def test_a_row_that_was_edited_is_found(ledger: Ledger, name: str, seq: int) -> None:
    stream, other = some_uuid(), some_uuid()
    fill(ledger, stream)
    if name == "all of one row":
        _forge(ledger, seq)
    else:
        edit(ledger, EDITS[name], stream=other, seq=seq)
    if name != "stream":
        assert damaged(reader(ledger), stream) >= 301
        return
    # The other stream seems to begin with this row.
    assert damaged(reader(ledger), other) == seq
    if seq < 605:
        assert damaged(reader(ledger), stream) == {301: 303, 303: 605}[seq]
    else:  # as if it had been taken away
        assert notes(reader(ledger).read(stream)) == ["note 0", "note 1"]


def _forge(ledger: Ledger, seq: int) -> None:
    """Give a row another fact, and an entry and a leaf to match."""
    row = ledger.rows()[seq]
    facts = parse_group(row.plain)
    forged = FactGroup(facts.seed, {**facts.facts, "note": "forged"})
    committed = commitment(list(forged.digests().values()))
    entry = replace(parse_entry(row.entry), facts=committed).text()
    ledger.as_dba(
        f"UPDATE entries SET {CONSISTENT} WHERE seq = {seq}",
        forged=forged.text(),
        forged_entry=entry,
        forged_leaf=leaf_hash(entry),
    )


@pytest.mark.parametrize("column", ["entry", "leaf", "plain", "personal", "version"])
def test_text_that_is_no_text_where_none_belongs_is_found(
    sqlite_ledger: Ledger, column: str
) -> None:
    """SQLite keeps any type in any column."""
    stream = some_uuid()
    sqlite_ledger.append(noted(stream=stream), noted(stream=stream))
    sqlite_ledger.as_dba(f"UPDATE entries SET {column} = CAST(x'fffe' AS TEXT) WHERE seq = 0")
    assert damaged(reader(sqlite_ledger), stream) == 0


def test_a_history_that_adds_up_but_is_not_the_logs_is_found(ledger: Ledger) -> None:
    """Every row forged, each naming the forged one before: only the tree tells."""
    stream = some_uuid()
    fill(ledger, stream)
    previous = bytes(32)
    for seq in (301, 303, 605):
        row = ledger.rows()[seq]
        facts = parse_group(row.plain)
        changed = {**facts.facts, "note": "forged", "previous": previous.hex()}
        forged = FactGroup(facts.seed, changed)
        committed = commitment(list(forged.digests().values()))
        entry = replace(parse_entry(row.entry), facts=committed).text()
        previous = leaf_hash(entry)
        ledger.as_dba(
            f"UPDATE entries SET {CONSISTENT} WHERE seq = {seq}",
            forged=forged.text(),
            forged_entry=entry,
            forged_leaf=previous,
        )
    assert damaged(reader(ledger), stream) == 605


def test_an_entry_that_stands_at_another_place_is_found(ledger: Ledger) -> None:
    stream = some_uuid()
    fill(ledger, stream)
    ledger.as_dba("DELETE FROM entries WHERE seq = 302")
    ledger.as_dba("UPDATE entries SET seq = 302 WHERE seq = 303")
    assert damaged(reader(ledger), stream) == 302


@pytest.mark.parametrize(("seq", "named"), [(301, 303), (303, 605)])
def test_a_row_that_is_missing_between_others_is_missed(
    ledger: Ledger, seq: int, named: int
) -> None:
    stream = some_uuid()
    fill(ledger, stream)
    ledger.as_dba(f"DELETE FROM entries WHERE seq = {seq}")
    assert damaged(reader(ledger), stream) == named


def test_a_last_row_taken_away_is_missed_by_whoever_read_it(ledger: Ledger) -> None:
    stream = some_uuid()
    fill(ledger, stream)
    kept = reader(ledger)
    kept.read(stream)
    ledger.as_dba("DELETE FROM entries WHERE seq = 605")
    assert damaged(kept, stream) == 605
    ledger.as_dba("DELETE FROM entries WHERE seq IN (301, 303)")
    assert damaged(kept, stream) == 605


@pytest.mark.parametrize(
    "assignment", ["leaf = :other", "version = 9", "seq = 2000", "originator_version = 9"]
)
def test_a_last_row_that_is_not_what_it_was_is_found(ledger: Ledger, assignment: str) -> None:
    stream = some_uuid()
    fill(ledger, stream)
    kept = reader(ledger)
    kept.read(stream)
    ledger.as_dba(f"UPDATE entries SET {assignment} WHERE seq = 605", other=bytes(32))
    assert damaged(kept, stream) == 605


def test_a_row_beyond_the_head_is_no_event(ledger: Ledger) -> None:
    """Planted as the next of its stream, it continues it in every other respect."""
    stream = some_uuid()
    ledger.append(noted(stream=stream))
    kept = reader(ledger)
    kept.read(stream)
    true = ledger.rows()[0]
    facts = parse_group(true.plain)
    planted = FactGroup(facts.seed, {**facts.facts, "previous": true.leaf.hex(), "version": 2})
    committed = commitment(list(planted.digests().values()))
    entry = replace(parse_entry(true.entry), seq=1, prev=true.leaf, facts=committed)
    values = {**true._mapping, "seq": 1, "version": 2, "originator_version": 2}
    values |= {"entry": entry.text(), "leaf": entry.leaf(), "plain": planted.text()}
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(entries).values(**values))
    for each in (kept, reader(ledger)):
        assert damaged(each, stream) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM boxes WHERE seq = 1",
        "UPDATE boxes SET box = :junk WHERE seq = 1",
        "UPDATE boxes SET box = :other WHERE seq = 1",
    ],
)
def test_a_box_that_is_not_the_logs_is_found(ledger: Ledger, statement: str) -> None:
    stream, person = some_uuid(), some_uuid()
    ledger.append(noted(), registered(person, stream=stream), registered(person))
    with ledger.engine.connect() as connection:
        other = connection.execute(sa.text("SELECT box FROM boxes WHERE seq = 2")).scalar_one()
    ledger.as_dba(statement, junk=bytes(64), other=bytes(other))
    assert damaged(reader(ledger), stream) == 1
    ledger.vault.destroy(person)
    assert reader(ledger).read(stream)[0].personal == {}


def test_a_box_with_other_facts_under_the_right_key_is_found(ledger: Ledger) -> None:
    stream, person = some_uuid(), some_uuid()
    ledger.append(registered(person, stream=stream))
    data_key = ledger.vault.key_for_opening(person)
    assert data_key is not None
    group = FactGroup(bytes(32), {"id_number": "110101180001019999", "name": "forged"})
    where = BoxPlace(ORIGIN, stream, 1, person)
    forged = seal_box(group, data_key=data_key, nonce=bytes(12), place=where)
    ledger.as_dba("UPDATE boxes SET box = :forged", forged=forged)
    assert damaged(reader(ledger), stream) == 0


def test_a_data_key_that_does_not_open_is_told(ledger: Ledger) -> None:
    stream, person = some_uuid(), some_uuid()
    ledger.append(registered(person, stream=stream))
    with ledger.vault._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE data_keys SET wrapped = zeroblob(60)")
    with pytest.raises(ProofError):
        reader(ledger).read(stream)


def test_nothing_is_believed_under_a_head_without_its_seal(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(noted(stream=stream))
    ledger.as_dba("UPDATE heads SET mac = :junk", junk=bytes(32))
    with pytest.raises(HeadTamperedError):
        reader(ledger).read(stream)
    ledger.as_dba("DELETE FROM heads")
    with pytest.raises(LedgerMissingError):
        reader(ledger).read(stream)


def test_what_was_proved_is_not_read_again_unless_it_was_too_much(ledger: Ledger) -> None:
    stream, other = some_uuid(), some_uuid()
    for each in (stream, other):
        ledger.append(*[noted("x" * 1_000, stream=each) for _ in range(5)])
    kept, small = reader(ledger), reader(ledger, remembered_bytes_max=10_000)
    none = reader(ledger, remembered_bytes_max=100)
    for one in (kept, small, none):
        assert len(one.read(stream)) == len(one.read(other)) == 5
    ledger.as_dba("UPDATE entries SET plain = NULL WHERE seq IN (1, 6)")
    assert len(kept.read(stream)) == len(kept.read(other)) == 5
    assert len(small.read(other)) == 5
    assert damaged(small, stream) == 1
    assert [damaged(none, stream), damaged(none, other)] == [1, 6]


def test_a_long_history_takes_no_more_questions_than_a_short_one(place: Place) -> None:
    with opened(place) as ledger:
        statements = list[str]()
        if place.on_sqlite:

            def trace(connection: Any, _record: object) -> None:
                connection.set_trace_callback(statements.append)

            sa.event.listen(ledger.engine, "connect", trace)
        faults = faulty(ledger)
        ledger.found()
        stream, person = some_uuid(), some_uuid()
        ledger.append(*[registered(person, stream=stream) for _ in range(300)])
        before = faults.seen + len(statements)
        assert len(reader(ledger).read(stream)) == 300
        assert faults.seen + len(statements) - before < 30


def test_histories_read_while_others_append_are_whole(ledger: Ledger) -> None:
    stream, kept = some_uuid(), reader(ledger)
    ledger.append(noted(stream=stream))

    def append(_: int) -> None:
        for _ in range(5):
            ledger.append(noted(stream=stream), noted())

    def read(_: int) -> list[int]:
        lengths = []
        for _ in range(15):
            history = kept.read(stream)
            assert [event.version for event in history] == [*range(1, len(history) + 1)]
            lengths.append(len(history))
        return lengths

    with ThreadPoolExecutor(8) as pool:
        appending = [pool.submit(append, each) for each in range(4)]
        reading = [pool.submit(read, each) for each in range(4)]
    for each in reading:
        assert each.result() == sorted(each.result())
    assert [each.result() for each in appending] == [None] * 4
    assert len(kept.read(stream)) == 21

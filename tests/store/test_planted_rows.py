"""Rows that somebody planted beyond the head: harmless if true, else overwritten or named."""

import uuid

import pytest
import sqlalchemy as sa

from ledger.proof.merkle import root_of
from ledger.store import chance
from ledger.store.erasures import Erasures
from ledger.store.event import Appended, PlantedRowError
from ledger.store.linking import Chain
from ledger.store.preparing import prepare_all
from ledger.store.schema import boxes, entries, subtrees
from ledger.store.writing import writing
from tests.store.ledgers import ORIGIN, SHAPES, Ledger, noted, registered, secret, some_uuid


def plant(ledger: Ledger, table: sa.Table, **values: object) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(table).values(log=ORIGIN, **values))


def test_a_planted_subtree_that_is_another_one(ledger: Ledger) -> None:
    """On SQLite the truth takes its place; on PostgreSQL the table's trigger forbids it."""
    ledger.append(*[noted() for _ in range(250)])
    plant(ledger, subtrees, level=1, number=0, hash=bytes(32))
    if ledger.place.on_sqlite:
        assert ledger.append(*[noted() for _ in range(10)]) == Appended(250, 10)
    else:
        for _ in range(2):
            with pytest.raises(PlantedRowError) as refused:
                ledger.append(*[noted() for _ in range(10)])
            assert (refused.value.table, refused.value.seq) == ("subtrees", 250)
        assert ledger.append(noted()) == Appended(250, 1)
        ledger.as_dba("DELETE FROM subtrees")
        assert ledger.append(*[noted() for _ in range(9)]) == Appended(251, 9)
    assert ledger.codes() == []


def test_a_planted_subtree_without_a_trigger_gives_place(ledger: Ledger) -> None:
    ledger.append(*[noted() for _ in range(250)])
    plant(ledger, subtrees, level=1, number=0, hash=bytes(32))
    ledger.as_dba("UPDATE subtrees SET hash = hash")
    assert ledger.append(*[noted() for _ in range(10)]) == Appended(250, 10)
    with ledger.engine.connect() as connection:
        kept = connection.execute(sa.select(subtrees.c.hash)).scalar_one()
    assert kept == root_of([row.leaf for row in ledger.rows()[:256]])
    assert ledger.codes() == []


def test_a_planted_subtree_that_is_true_does_no_harm(ledger: Ledger) -> None:
    ledger.append(*[noted() for _ in range(250)])
    events = [noted() for _ in range(10)]
    prepared = prepare_all(events, shapes=SHAPES, random_bytes=chance.random_bytes)
    with writing(ledger.engine, ORIGIN) as writer:
        head = writer.lock().open(secret("seal"))
    chain = Chain(head, {}, chance.random_bytes, chance.now())
    for event in prepared:
        chain.link(event, data_keys={}, submission=uuid.uuid4())
    grown = chain.finish()
    [(level, number, root)] = chain.subtrees
    plant(ledger, subtrees, level=level, number=number, hash=root)
    with writing(ledger.engine, ORIGIN) as writer:
        writer.begin([], [])
        writer.write(chain, [])
        writer.commit(grown, seal_key=secret("seal"))
    assert ledger.append(noted()) == Appended(260, 1)
    assert ledger.codes() == []


@pytest.mark.parametrize("count", [1, 9])
def test_a_planted_box_gives_place_or_is_named(ledger: Ledger, count: int) -> None:
    person = some_uuid()
    ledger.append(registered(person))
    plant(ledger, boxes, seq=1, person=uuid.UUID(person), box=b"planted")
    if not ledger.place.on_sqlite:
        with pytest.raises(PlantedRowError) as refused:
            ledger.append(*[registered(person) for _ in range(count)])
        assert (refused.value.table, refused.value.seq) == ("boxes", 1)
        assert ledger.seqs() == [0]
        ledger.as_dba("DELETE FROM boxes WHERE seq = 1")
    assert ledger.append(*[registered(person) for _ in range(count)]) == Appended(1, count)
    assert ledger.codes() == []


@pytest.mark.parametrize("count", [1, 9])
def test_a_planted_entry_is_named(ledger: Ledger, count: int) -> None:
    ledger.append(noted())
    with ledger.engine.connect() as connection:
        row = dict(connection.execute(sa.select(entries)).mappings().one())
    planted = row | {"seq": 1, "stream": uuid.uuid4(), "log": ORIGIN}
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(entries).values(**planted))
    with pytest.raises(PlantedRowError) as refused:
        ledger.append(*[noted() for _ in range(count)])
    assert (refused.value.table, refused.value.seq) == ("entries", 1)
    ledger.as_dba("DELETE FROM entries WHERE seq = 1")
    assert ledger.append(noted()) == Appended(1, 1)
    assert ledger.codes() == []


def test_a_box_beyond_the_head_is_no_entry_about_a_person(ledger: Ledger) -> None:
    person = some_uuid()
    ledger.append(registered(person), noted())
    plant(ledger, boxes, seq=2, person=uuid.UUID(person), box=b"planted")
    erasures = Erasures(ledger.engine, ledger.publisher, origin=ORIGIN)
    assert erasures.boxed(person) == [0]

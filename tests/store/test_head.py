"""The head row: edited or rewound by hand, it is neither extended nor signed."""

import os
import uuid

import pytest
import sqlalchemy as sa

from ledger.audit.finding import Code
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import parse_checkpoint
from ledger.store.event import (
    Appended,
    HeadTamperedError,
    LedgerMissingError,
    OutcomeUnknownError,
    RolledBackError,
)
from ledger.store.head import HeadRow, empty_head, sealed_row
from ledger.store.schema import heads
from tests.store.ledgers import (
    ORIGIN,
    Ledger,
    Place,
    noted,
    opened,
    registered,
    secret,
    some_uuid,
    submission,
)

EDITS = {
    "size": "size = size - 1",
    "size and edge": "size = 0, edge = :nothing",
    "leaf": "leaf = :hash",
    "time": "time = '1999-01-01T00:00:00.000000Z'",
    "time that no text may be": "time = :noncharacter",
    "edge": "edge = :hash",
    "edge cut off": "edge = :nothing",
    "seal": "mac = :hash",
    "no seal": "mac = :nothing",
}
VALUES: dict[str, Value | bytes] = {
    "hash": bytes(range(32)),
    "nothing": b"",
    "noncharacter": "\ufffe",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_head_is_neither_extended_nor_signed(ledger: Ledger, edit: str) -> None:
    ledger.append(*[noted() for _ in range(4)])
    ledger.as_dba(f"UPDATE heads SET {edit}", **VALUES)
    with pytest.raises(HeadTamperedError):
        ledger.append(noted())
    with pytest.raises(HeadTamperedError):
        ledger.publisher.publish()
    assert ledger.seqs() == [0, 1, 2, 3]
    assert Code.HEAD_SEAL in ledger.codes()


@pytest.mark.parametrize("column", ["leaf", "edge", "mac"])
def test_a_column_of_another_type_is_an_edit_like_any_other(
    sqlite_ledger: Ledger, column: str
) -> None:
    sqlite_ledger.append(noted())
    sqlite_ledger.as_dba(f"UPDATE heads SET {column} = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'")
    with pytest.raises(HeadTamperedError):
        sqlite_ledger.append(noted())
    assert sqlite_ledger.seqs() == [0]


def test_the_seal_of_another_log_does_not_fit(ledger: Ledger) -> None:
    row = sealed_row(empty_head("other.example/log/1"), secret("seal"))
    with pytest.raises(HeadTamperedError):
        HeadRow(ORIGIN, row.size, row.leaf, row.time, row.edge, row.mac).open(secret("seal"))
    with pytest.raises(HeadTamperedError):
        sealed_row(empty_head(ORIGIN), secret("another seal")).open(secret("seal"))


def test_a_deleted_head_is_no_ledger(ledger: Ledger) -> None:
    ledger.append(noted(), noted())
    ledger.as_dba("DELETE FROM heads")
    with pytest.raises(LedgerMissingError):
        ledger.append(noted())
    with pytest.raises(LedgerMissingError):
        ledger.publisher.publish()


def test_a_log_that_was_rewound_is_not_signed_again(ledger: Ledger) -> None:
    """Given an older head with its own valid seal, and the tail deleted."""
    ledger.append(noted(), noted())
    older = _head_row(ledger)
    ledger.append(registered(some_uuid()), noted())
    ledger.publisher.publish()
    _rewind(ledger, older)
    with pytest.raises(RolledBackError) as refused:
        ledger.publisher.publish()
    assert parse_checkpoint(refused.value.want).size == 4
    assert parse_checkpoint(refused.value.got).size == 2
    assert ledger.codes() == [Code.CHECKPOINT_INCONSISTENT]


def test_a_log_that_was_rewound_is_not_extended(ledger: Ledger) -> None:
    """Given that what was cut off was acknowledged, and not yet signed."""
    ledger.append(noted(), noted())
    older = _head_row(ledger)
    ledger.append(noted())
    _rewind(ledger, older)
    assert ledger.codes() == [Code.CHECKPOINT_INCONSISTENT]
    with pytest.raises(RolledBackError) as refused:
        ledger.append(noted("other"), noted("other"))
    assert parse_checkpoint(refused.value.want).size == 3
    assert parse_checkpoint(refused.value.got).size == 2
    assert ledger.seqs() == [0, 1]


def test_a_log_that_was_rewound_and_written_anew_is_not_signed(ledger: Ledger) -> None:
    """Given a second register, with which somebody extends the log behind the first one."""
    ledger.append(noted(), noted())
    older = _head_row(ledger)
    before = ledger.register.path.read_bytes()
    ledger.append(noted())
    seen = ledger.register.path.read_bytes()
    _rewind(ledger, older)
    ledger.register.path.write_bytes(before)
    ledger.append(noted("other"), noted("other"))
    ledger.register.path.write_bytes(seen)
    for refused_act in (ledger.publisher.publish, lambda: ledger.append(noted())):
        with pytest.raises(RolledBackError) as refused:
            refused_act()
        assert parse_checkpoint(refused.value.want).size == 3
        assert parse_checkpoint(refused.value.got).size == 4
    assert Code.CHECKPOINT_INCONSISTENT in ledger.codes()


def test_what_was_acknowledged_is_registered(ledger: Ledger) -> None:
    for size in (1, 2, 3):
        ledger.append(noted())
        registered_edge = ledger.register.read()
        assert registered_edge is not None
        assert registered_edge.size == size


def test_what_cannot_be_registered_is_not_acknowledged(ledger: Ledger) -> None:
    ledger.append(noted())
    in_the_way = ledger.register.path.with_name(f".head.{os.getpid()}.new")
    in_the_way.mkdir()
    event = submission(noted())
    with pytest.raises(OutcomeUnknownError) as unknown:
        ledger.appender.append(event)
    assert unknown.value.submission == event.id
    for id_ in (event.id, uuid.uuid4()):
        with pytest.raises(OSError, match=in_the_way.name):
            ledger.appender.find(id_)
    assert _registered_size(ledger) == 1
    in_the_way.rmdir()
    assert ledger.appender.find(event.id) == Appended(1, 1)
    assert _registered_size(ledger) == 2
    assert ledger.appender.find(uuid.uuid4()) is None
    assert ledger.append(noted()) == Appended(2, 1)
    assert ledger.codes() == []


def test_a_log_whose_register_is_missing_is_not_signed(place: Place, ledger: Ledger) -> None:
    ledger.append(noted())
    (place.folder / "head").unlink()
    with pytest.raises(RolledBackError) as refused:
        ledger.publisher.publish()
    assert parse_checkpoint(refused.value.got).size == 1


def test_a_log_ahead_of_its_register_is_healthy(place: Place, ledger: Ledger) -> None:
    """As after a crash between the commit and the register."""
    before = ledger.register.path.read_bytes()
    ledger.append(*[noted() for _ in range(300)])
    ledger.register.path.write_bytes(before)
    with opened(place) as reopened:
        assert reopened.codes() == []
        reopened.publisher.publish()
        assert reopened.codes() == []


def _registered_size(ledger: Ledger) -> int:
    edge = ledger.register.read()
    assert edge is not None
    return edge.size


def _head_row(ledger: Ledger) -> dict[str, object]:
    with ledger.engine.connect() as connection:
        return dict(connection.execute(sa.select(heads)).mappings().one())


def _rewind(ledger: Ledger, older: dict[str, object]) -> None:
    size = older["size"]
    ledger.as_dba(
        f"DELETE FROM boxes WHERE seq >= {size}",
        f"DELETE FROM entries WHERE seq >= {size}",
    )
    with ledger.engine.begin() as connection:
        connection.execute(sa.update(heads).values(older))

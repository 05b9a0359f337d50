"""Rows by binary COPY are the rows that a cursor shows, whatever stands in them."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.proof.errors import MalformedError
from ledger.store import schema
from ledger.store.copy_rows import copy_rows, parse_copy
from ledger.store.engine import connect
from ledger.store.raw_rows import COMMON, RawReader

FURTHER = ("topic", "entry", "plain", "personal")
COLUMNS = (*COMMON, *FURTHER)
STREAM = uuid.UUID(int=7)
LOG = "copy.example/log"
ROWS: list[dict[str, Any]] = [
    {"entry": b"\x00\xff{}", "leaf": bytes(32), "topic": "record.entered", "plain": b"{}"},
    {"entry": b"", "leaf": b"short", "topic": "", "plain": None, "personal": b"[]"},
    {"entry": b"x" * 70_000, "leaf": b"y" * 33, "topic": "张示例\U0001f600", "plain": b"\n"},
    {"entry": b"PGCOPY\n\xff\r\n\x00", "leaf": b"z" * 32, "topic": "\xff\xff", "plain": b""},
]


def stored(engine: sa.Engine) -> list[dict[str, Any]]:
    schema.metadata.create_all(engine, tables=[schema.entries])
    rows = [
        {
            "log": LOG,
            "seq": seq,
            "stream": STREAM,
            "version": -seq,
            "originator_version": 2**62 + seq,
            "submission": STREAM,
            "personal": None,
            **row,
        }
        for seq, row in enumerate(ROWS, start=-1)
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(schema.entries), rows)
    return rows


def shown(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        tuple(str(row[name]) if name == "stream" else row[name] for name in COLUMNS)
        for row in rows
    ]


def read(engine: sa.Engine, rest: str, *values: object) -> list[tuple[Any, ...]]:
    raw = RawReader(engine)
    with raw.reading() as connection:
        return list(raw.records(connection, FURTHER, rest, *values))


def test_rows_come_as_they_are_stored(postgres_url: str) -> None:
    engine = connect(postgres_url)
    rows = stored(engine)
    assert read(engine, "WHERE log = ? ORDER BY seq", LOG) == shown(rows)
    assert read(engine, "WHERE log = ? AND seq > ?", LOG, 0) == shown(rows)[2:]
    assert read(engine, "WHERE log = ?", "it's 100 % another") == []
    engine.dispose()


def test_a_column_of_another_type_is_read_all_the_same(postgres_url: str) -> None:
    engine = connect(postgres_url)
    rows = stored(engine)
    with engine.begin() as connection:
        for column in ("stream", "version", "topic"):
            connection.exec_driver_sql(f"ALTER TABLE entries ALTER {column} TYPE text")
    assert read(engine, "WHERE log = ? ORDER BY seq", LOG) == shown(rows)
    engine.dispose()


def test_what_does_not_convert_is_read_through_a_cursor(postgres_url: str) -> None:
    engine = connect(postgres_url)
    rows = stored(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE entries ALTER version TYPE text")
        connection.exec_driver_sql("UPDATE entries SET version = 'one' WHERE seq = 0")
    found = read(engine, "WHERE log = ? ORDER BY seq", LOG)
    assert [row[1] for row in found] == [
        str(-row["seq"]) if row["seq"] else "one" for row in rows
    ]
    engine.dispose()


def test_every_row_that_is_cut_off_is_refused(postgres_url: str) -> None:
    engine = connect(postgres_url)
    stored(engine)
    parts = _copied(engine)
    texts = (True, False, False, False)
    assert len(list(parse_copy(parts, texts))) == 2
    for length in range(len(parts)):
        with pytest.raises(MalformedError):
            list(parse_copy(parts[:length], texts))
    for wrong in (parts + b"\x00", b"x" + parts, parts[:11] + b"\x00\x01\x00\x00" + parts[15:]):
        with pytest.raises(MalformedError):
            list(parse_copy(wrong, texts))
    with pytest.raises(MalformedError):
        list(parse_copy(parts, texts[:3]))
    engine.dispose()


def _copied(engine: sa.Engine) -> bytes:
    """Return what the server sends for two short rows."""
    columns = (
        "seq, version, originator_version, stream::text, leaf, topic, entry, plain, personal"
    )
    query = f"COPY (SELECT {columns} FROM entries WHERE seq < 1 ORDER BY seq) TO STDOUT"
    kept: list[bytes] = []

    class Parts:
        write = staticmethod(kept.append)

    with engine.connect() as connection:
        cursor: Any = connection.connection.cursor()
        cursor.copy_expert(f"{query} (FORMAT binary)", Parts())
    return b"".join(kept)


def test_a_query_that_the_database_refuses_is_an_error_of_the_database(
    postgres_url: str,
) -> None:
    engine = connect(postgres_url)
    with pytest.raises(sa.exc.DBAPIError):
        read(engine, "WHERE log = ?", LOG)
    assert copy_rows.__doc__
    engine.dispose()

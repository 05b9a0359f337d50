"""Lies told with the `sqlite3` and `psql` programs, and in ways that only SQLite allows."""

import subprocess

import pytest

from tests.audit.house import House
from tests.audit.outsider import Refused
from tests.audit.plan import SIZE, Found, gone, ripple, root_ripple

K = 333
SCRIPTS: dict[str, tuple[str, Found]] = {
    "edit": (
        f"UPDATE entries SET entry = {{edited}} WHERE seq = {K};",
        ripple(K) | {("entry_not_canonical", K)},
    ),
    "delete": (f"DELETE FROM entries WHERE seq = {K};", gone([K])),
    "swap": (
        f"UPDATE entries SET seq = -1 WHERE seq = {K};"
        f"UPDATE entries SET seq = {K} WHERE seq = {K + 1};"
        f"UPDATE entries SET seq = {K + 1} WHERE seq = -1;",
        root_ripple(K)
        | {("entry_wrong_seq", K), ("entry_wrong_seq", K + 1)}
        | {("entry_wrong_prev", seq) for seq in (K, K + 1, K + 2)},
    ),
    "insert": (
        f"INSERT INTO entries SELECT log, {SIZE}, entry, leaf, {{uuid}}, 1, 1, topic, plain,"
        f" personal, submission FROM entries WHERE seq = {SIZE - 1};",
        {("entry_beyond_head", SIZE)},
    ),
    "truncate": (
        f"DELETE FROM entries WHERE seq >= {K};",
        {("entry_missing", K), ("head_differs", None), ("checkpoint_inconsistent", K)},
    ),
}
VERSION = "'\"v\":1', '\"v\":2'"
ON_SQLITE = {
    "edited": f"CAST(replace(CAST(entry AS TEXT), {VERSION}) AS BLOB)",
    "uuid": "'7aaaaaaa000040008000000000000000'",
}
ON_POSTGRESQL = {
    "edited": f"decode(replace(encode(entry, 'escape'), {VERSION}), 'escape')",
    "uuid": "'7aaaaaaa-0000-4000-8000-000000000000'",
}


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _sqlite(house: House, script: str) -> "subprocess.CompletedProcess[str]":
    house.close()
    return _run("sqlite3", "-bail", house.outsider.file, script)


def _psql(house: House, script: str) -> "subprocess.CompletedProcess[str]":
    stop = "ON_ERROR_STOP=1"
    return _run("psql", "-X", "-q", "-v", stop, "-d", house.outsider.uri, "-c", script)


Told = tuple[str, Found]


@pytest.mark.tool("sqlite3")
@pytest.mark.parametrize("told", SCRIPTS.values(), ids=SCRIPTS)
def test_a_lie_told_with_sqlite3_is_named(sqlite_house: House, told: Told) -> None:
    script, found = told
    drop = "".join(
        f"DROP TRIGGER {table}_no_{act};"
        for table in ("entries", "boxes")
        for act in ("update", "delete")
    )
    done = _sqlite(sqlite_house, drop + script.format(**ON_SQLITE))
    assert done.returncode == 0, done.stderr
    assert sqlite_house.found() == found


@pytest.mark.tool("psql")
@pytest.mark.parametrize("told", SCRIPTS.values(), ids=SCRIPTS)
def test_a_lie_told_with_psql_is_named(postgres_house: House, told: Told) -> None:
    script, found = told
    done = _psql(
        postgres_house,
        "SET session_replication_role = replica; " + script.format(**ON_POSTGRESQL),
    )
    assert done.returncode == 0, done.stderr
    assert postgres_house.found() == found


@pytest.mark.parametrize("table", ["entries", "boxes", "subtrees", "checkpoints"])
@pytest.mark.parametrize("act", ["UPDATE {} SET log = 'x'", "DELETE FROM {}"])
def test_the_triggers_stop_a_mistake(house: House, table: str, act: str) -> None:
    with pytest.raises(Refused, match="never changed"):
        house.outsider.run_all([(act.format(table), ())], past_triggers=False)
    assert house.found() == set()


@pytest.mark.tool("psql")
def test_a_table_cannot_be_truncated_by_mistake_and_is_missed_when_it_is(
    postgres_house: House,
) -> None:
    done = _psql(postgres_house, "TRUNCATE entries")
    assert done.returncode != 0
    done = _psql(postgres_house, "SET session_replication_role = replica; TRUNCATE entries")
    assert done.returncode == 0, done.stderr
    assert postgres_house.found() == {
        ("entry_missing", 0),
        ("head_differs", None),
        ("checkpoint_inconsistent", 0),
    }


TEXT = "CAST(x'ff00' AS TEXT)"
ODD: dict[str, tuple[str, Found]] = {
    "topic that is no UTF-8": (
        f"UPDATE entries SET topic = {TEXT} WHERE seq = {K}",
        {("facts_columns", K)},
    ),
    "topic that is bytes": (
        f"UPDATE entries SET topic = x'00' WHERE seq = {K}",
        {("facts_columns", K)},
    ),
    "leaf that is a number": (
        f"UPDATE entries SET leaf = 7 WHERE seq = {K}",
        {("leaf_differs", K)},
    ),
    "plain facts that are text": (
        f"UPDATE entries SET plain = {TEXT} WHERE seq = {K}",
        {("facts_not_canonical", K)},
    ),
    "plain facts that are a number": (
        f"UPDATE entries SET plain = 0.5 WHERE seq = {K}",
        {("facts_not_canonical", K)},
    ),
    "entry that is text": (
        f"UPDATE entries SET entry = {TEXT} WHERE seq = {K}",
        ripple(K) | {("entry_not_canonical", K)},
    ),
    "entry that is a number": (
        f"UPDATE entries SET entry = 1 WHERE seq = {K}",
        ripple(K) | {("entry_not_canonical", K)},
    ),
    "stream that is no UUID": (
        f"UPDATE entries SET stream = 'nobody' WHERE seq = {K}",
        {("facts_columns", K)},
    ),
    "stream in capitals": (
        f"UPDATE entries SET stream = upper(stream) WHERE seq = {K}",
        {("facts_columns", K)},
    ),
    "version in words": (
        f"UPDATE entries SET version = 'nine' WHERE seq = {K}",
        {("facts_columns", K)},
    ),
    "seq between two": (
        f"UPDATE entries SET seq = {K}.5 WHERE seq = {K + 1}",
        gone([K + 1]) | {("entry_twice", K + 0.5)},
    ),
    "seq in words": (
        f"UPDATE entries SET seq = 'first' WHERE seq = {K}",
        gone([K]) | {("entry_beyond_head", "first")},
    ),
    "box about nobody": (
        "UPDATE boxes SET person = 'nobody' WHERE seq = 335",
        {("personal_missing", 335), ("box_differs", 335)},
    ),
    "box that is text": (
        f"UPDATE boxes SET box = {TEXT} WHERE seq = 335",
        {("box_differs", 335)},
    ),
    "size in words": (
        "UPDATE heads SET size = 'many'",
        {("head_seal", None), ("head_differs", None)},
    ),
    "time that is bytes": (
        "UPDATE heads SET time = x'00'",
        {("head_seal", None), ("head_differs", None)},
    ),
    "time that is no UTF-8": (
        f"UPDATE heads SET time = {TEXT}",
        {("head_seal", None), ("head_differs", None)},
    ),
    "edge that is text": (
        "UPDATE heads SET edge = 'edge', mac = 'mac', leaf = 'leaf'",
        {("head_seal", None), ("head_differs", None)},
    ),
    "root that is a number": (
        "UPDATE subtrees SET hash = 1 WHERE number = 1",
        {("subtree_differs", 256)},
    ),
    "note that is a number": (
        "UPDATE checkpoints SET note = 1 WHERE size = 300",
        {("checkpoint_signature", None)},
    ),
    "checkpoint of half a size": (
        "UPDATE checkpoints SET size = 300.5 WHERE size = 300",
        {("checkpoint_signature", None)},
    ),
    "checkpoint of a size in words": (
        "UPDATE checkpoints SET size = 'some' WHERE size = 300",
        set(),
    ),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_row_of_a_kind_that_should_not_be_is_named(sqlite_house: House, odd: Told) -> None:
    statement, found = odd
    sqlite_house.outsider.run(statement)
    assert sqlite_house.found() == found

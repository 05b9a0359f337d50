"""A bit flips in a stored event: the audit names it; only identical bytes make it sound."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Shown
from tests.faults.insider import Insider, judge
from tests.faults.scene import FOUND, Scene

PLAIN_SEQ, PERSONAL_SEQ = 7, 15
RESTORED = "entries.restored"
FACTS = {"facts_commitment", "facts_not_canonical"}
FLIPS = {
    # what it is in: (column, position, which of its bytes, what may be said of it)
    "entry": ("entry", PLAIN_SEQ, 20, {"entry_not_canonical", "facts_commitment"}),
    "leaf": ("leaf", PLAIN_SEQ, 5, {"leaf_differs"}),
    "plain facts": ("plain", PLAIN_SEQ, -4, FACTS),
    "digests of personal facts": ("personal", PERSONAL_SEQ, -4, FACTS),
}


def flip_in_file(file: Path, value: bytes, at: int) -> None:
    """Flip the lowest bit of one byte of a value, where it lies in a database file."""
    content = bytearray(file.read_bytes())
    assert content.count(value) == 1
    content[content.index(value) + at % len(value)] ^= 1
    file.write_bytes(content)


def flipped(value: bytes, at: int) -> bytes:
    """Return the value with the lowest bit of one byte flipped."""
    content = bytearray(value)
    content[at] ^= 1
    return bytes(content)


def sqlite_is_content(file: Path) -> bool:
    """Return whether SQLite itself sees nothing."""
    connection = sqlite3.connect(f"file:{file}?immutable=1", uri=True)
    answer: list[Any] = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return answer == [("ok",)]


def mends(scene: Scene, insider: Insider, seq: int) -> None:
    """Only the copy brings the event back, byte for byte, and the log says that it did."""
    before = insider.table("entries"), insider.table("heads")
    refused = scene.command("recover")
    assert refused.returncode == FOUND
    assert f"as they were: {seq}." in refused.stderr
    assert (insider.table("entries"), insider.table("heads")) == before
    mended = scene.command("recover", "--from", "copy")
    assert mended.returncode == 0, mended.stderr


def says_what_was_restored(insider: Insider, size: int, seq: int) -> None:
    """The newest event names exactly that entry and the copy it came from."""
    [*_, (_, at, *_, plain, _, _)] = insider.table("entries")
    facts = json.loads(plain)["facts"]
    assert (at, facts["type"], facts["entries"]) == (size, RESTORED, [[seq, seq]])
    assert len(facts["source"]) == 1


@pytest.mark.parametrize("what", FLIPS)
@pytest.mark.case(9, "bit flip in a stored event, on the disk")
def test_a_bit_flip_on_the_disk_is_named_and_mended(
    sqlite_scene: Scene, what: str, shown: Shown
) -> None:
    column, seq, at, codes = FLIPS[what]
    shown.by(f"one bit of the {what} of event {seq}, in the database file")
    insider, file = Insider(sqlite_scene), sqlite_scene.data_dir / "log.sqlite"
    before = insider.table("entries")
    assert sqlite_scene.command("backup", "copy").returncode == 0
    value = insider.value(column, seq)
    if column == "leaf":  # in the row, where it follows the entry; it is in an index as well
        value = insider.value("entry", seq) + value
        at -= len(insider.value(column, seq))
    flip_in_file(file, value, at)
    # A leaf is all that the database compares: with that index.
    assert sqlite_is_content(file) is (column != "leaf")
    judged = judge(sqlite_scene)
    assert judged.first_bad() == seq
    assert codes & {code for code, place in judged.audit if place == seq}
    mends(sqlite_scene, insider, seq)
    assert insider.table("entries")[:-1] == before
    says_what_was_restored(insider, len(before), seq)
    sqlite_scene.sound()
    checked = "ok" if column != "leaf" else "not ok, then ok"
    assert sqlite_is_content(file)
    shown.saw(found=judged.codes(), sqlite_integrity_check=checked, restored=seq)


@pytest.mark.case(9, "bit flip in a stored event, in PostgreSQL")
def test_a_bit_flip_in_postgresql_is_named_and_mended(
    postgresql_scene: Scene, shown: Shown
) -> None:
    shown.by("one bit of the entry of an event, under `session_replication_role = replica`")
    insider = Insider(postgresql_scene)
    before = insider.table("entries")
    assert postgresql_scene.command("backup", "copy").returncode == 0
    column, seq, at, _ = FLIPS["entry"]
    value = flipped(insider.value(column, seq), at)
    insider.run(f"UPDATE entries SET {column} = ? WHERE seq = ?", value, seq)
    judged = judge(postgresql_scene)
    assert judged.first_bad() == seq
    mends(postgresql_scene, insider, seq)
    assert insider.table("entries")[:-1] == before
    says_what_was_restored(insider, len(before), seq)
    postgresql_scene.sound()
    shown.saw(found=judged.codes(), restored=seq)

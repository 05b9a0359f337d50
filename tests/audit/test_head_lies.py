"""One lie at a time about what is kept beside the entries → exactly these findings."""

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.audit.source import Link
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.merkle import edge_of
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from ledger.store.reading import DatabaseSource
from ledger.store.register import register_text
from tests.audit.house import House, places, unchecked
from tests.audit.plan import CHECKPOINTS, ORIGIN, SIZE

TAMPERED = {("head_seal", None), ("head_differs", None)}
THIEF = SigningKey(ORIGIN, KeyType.ED25519, bytes(32))


def _head(house: House, **columns: object) -> None:
    for name, value in columns.items():
        house.lie(f"UPDATE heads SET {name} = ? WHERE {{log}}", value)


def _note(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    line = sign_checkpoint(checkpoint, key, timestamp=None)
    return add_signatures(checkpoint, [line]).encode()


def _put_note(house: House, size: int, note: bytes) -> None:
    house.lie("UPDATE checkpoints SET note = ? WHERE {log} AND size = ?", note, size)


def _plant(house: House, size: int, note: bytes) -> None:
    house.lie("INSERT INTO checkpoints VALUES (?, ?, ?)", ORIGIN, size, note)


def _root(house: House, size: int) -> bytes:
    kept = house.wiring.source.kept_hashes(0, 0, size)
    return edge_of([leaf or b"" for leaf in kept]).root()


def test_an_edited_seal_is_named(house: House) -> None:
    _head(house, mac=bytes(32))
    assert house.found() == {("head_seal", None)}


@pytest.mark.parametrize(
    "columns",
    [
        {"leaf": bytes(32)},
        {"time": "2026-03-01T08:00:00.000000Z"},
        {"time": "soon"},
        {"edge": bytes(5 * 32)},
        {"edge": b""},
        {"edge": b"odd"},
        {"size": 0},
        {"size": -1},
        {"size": 616},
    ],
    ids=str,
)
def test_an_edited_head_is_named(house: House, columns: dict[str, object]) -> None:
    _head(house, **columns)
    found = house.found()
    told = {place for place in found if place[0].startswith("head")}
    assert told == TAMPERED
    # A smaller size leaves rows over, and contradicts what was signed only below that.
    assert {code for code, _ in found - told} <= {
        "entry_beyond_head",
        "checkpoint_inconsistent",
    }


def test_a_head_of_any_size_does_not_keep_the_auditor_busy(house: House) -> None:
    _head(house, size=2**62)
    assert house.found() == TAMPERED | {("entry_missing", SIZE)}


def test_a_deleted_head_is_named_and_the_entries_still_read(house: House) -> None:
    house.lie("DELETE FROM heads WHERE {log}")
    report = house.audit()
    assert places(report) == {("head_differs", None)}
    assert report.checkpoint.size == SIZE


def test_a_deleted_head_and_an_edited_entry_are_both_named(house: House) -> None:
    house.lie("DELETE FROM heads WHERE {log}")
    house.edit(333, plain=None)
    assert house.found() == {("head_differs", None), ("facts_missing", 333)}


@pytest.mark.parametrize("number", [0, 1])
def test_an_edited_root_of_256_entries_is_named(house: House, number: int) -> None:
    query = "UPDATE subtrees SET hash = ? WHERE {log} AND level = 1 AND number = ?"
    house.lie(query, bytes(32), number)
    assert house.found() == {("subtree_differs", number * 256)}


def test_a_deleted_root_of_256_entries_is_named(house: House) -> None:
    house.lie("DELETE FROM subtrees WHERE {log} AND number = ?", 1)
    assert house.found() == {("subtree_differs", 256)}


def test_a_register_with_another_root_is_a_fork(house: House) -> None:
    other = edge_of([bytes(32)] * 600)
    house.paths.register.write_bytes(register_text(other, origin=ORIGIN))
    assert house.found() == {("checkpoint_inconsistent", 512)}


def test_a_register_ahead_of_the_database_is_a_rollback(house: House) -> None:
    ahead = edge_of([bytes(32)] * 700)
    house.paths.register.write_bytes(register_text(ahead, origin=ORIGIN))
    assert house.found() == {("checkpoint_inconsistent", SIZE)}


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff" * 9_000])
def test_a_register_that_is_none_is_named_and_the_audit_goes_on(
    house: House, content: bytes
) -> None:
    house.paths.register.write_bytes(content)
    house.edit(333, plain=None)
    report = house.audit()
    assert places(report) == {("file_malformed", None), ("facts_missing", 333)}
    assert "register_absent" not in unchecked(report)


def test_a_register_that_is_absent_is_not_passed_as_checked(house: House) -> None:
    house.paths.register.unlink()
    report = house.audit()
    assert report.ok
    assert unchecked(report)["register_absent"] == 1


def test_an_edited_checkpoint_is_named(house: House) -> None:
    source = house.wiring.source
    (mark,) = (mark for mark in source.marks(300, 300))
    assert isinstance(mark.head, bytes)
    _put_note(house, 300, mark.head.replace(b"\n300\n", b"\n301\n"))
    assert house.found() == {("checkpoint_signature", None)}


@pytest.mark.parametrize("note", [b"", b"junk", b"\xff\n\n", bytes(70_000)])
def test_a_checkpoint_that_is_none_is_named(house: House, note: bytes) -> None:
    _put_note(house, 300, note)
    assert house.found() == {("checkpoint_signature", None)}


def test_a_checkpoint_kept_under_another_size_is_named(house: House) -> None:
    house.lie("UPDATE checkpoints SET size = ? WHERE {log} AND size = ?", 301, 300)
    assert house.found() == {("checkpoint_signature", None)}


def test_a_planted_checkpoint_of_another_key_is_named(house: House) -> None:
    _plant(house, 400, _note(Checkpoint(ORIGIN, 400, _root(house, 400)), THIEF))
    assert house.found() == {("checkpoint_signature", None)}


def test_a_false_root_signed_with_the_stolen_key_is_a_fork(house: House) -> None:
    _plant(house, 400, _note(Checkpoint(ORIGIN, 400, bytes(32)), house.key))
    assert house.found() == {("checkpoint_inconsistent", 300)}


def test_a_planted_checkpoint_that_is_true_is_no_lie(house: House) -> None:
    _plant(house, 400, _note(Checkpoint(ORIGIN, 400, _root(house, 400)), house.key))
    assert house.found() == set()


def test_a_checkpoint_ahead_of_the_log_is_a_rollback(house: House) -> None:
    _plant(house, 2**40, _note(Checkpoint(ORIGIN, 2**40, bytes(32)), house.key))
    assert house.found() == {("checkpoint_inconsistent", SIZE)}


def test_one_deleted_checkpoint_is_missed_by_nobody_as_long_as_later_ones_stand(
    house: House,
) -> None:
    house.lie("DELETE FROM checkpoints WHERE {log} AND size = ?", 300)
    report = house.audit()
    assert report.ok
    assert unchecked(report) == {"not_witnessed": len(CHECKPOINTS) - 1}


def test_all_checkpoints_deleted_are_not_passed_as_checked(house: House) -> None:
    house.lie("DELETE FROM checkpoints WHERE {log}")
    report = house.audit()
    assert report.ok
    assert unchecked(report) == {"checkpoint_absent": 1}


def test_without_the_key_of_the_seal_the_seal_is_not_passed_as_checked(house: House) -> None:
    _head(house, mac=bytes(32))
    house.paths = replace(house.paths, seal_key=Path("/nonexistent"))
    report = house.audit()
    assert report.ok
    assert unchecked(report)["head_seal_without_key"] == 1


class _Forgetful(DatabaseSource):
    """A database whose index by stream has lost one event."""

    def links(self, first: str, last: str, *, size: int):  # type: ignore[no-untyped-def]
        found: list[Link] = list(super().links(first, last, size=size))
        return iter(link for link in found if link.seq != 610)


def test_an_index_that_lost_an_event_is_named(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.wiring.database_opener.DatabaseSource", _Forgetful)
    assert house.found() == {("stream_unread", None)}


def test_an_index_damaged_on_the_disk_is_named(sqlite_house: House) -> None:
    # An index without one row takes the place of the whole one.
    outsider = sqlite_house.outsider
    outsider.run(
        "CREATE INDEX short ON entries (log, stream, originator_version) WHERE seq <> 610"
    )
    page = "(SELECT rootpage FROM sqlite_schema WHERE name = 'short')"
    outsider.run_all(
        [
            ("PRAGMA writable_schema = ON", ()),
            (
                f"UPDATE sqlite_schema SET rootpage = {page}"
                " WHERE name = 'sqlite_autoindex_entries_2'",
                (),
            ),
            ("DELETE FROM sqlite_schema WHERE name = 'short'", ()),
        ]
    )
    assert sqlite_house.found() == {("stream_unread", None)}

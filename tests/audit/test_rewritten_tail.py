"""A tail cut off, or rewritten with every hash right, does not continue what was signed."""

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.proof.merkle import edge_of
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from ledger.store.appender import Appender
from ledger.store.event import Submission
from ledger.store.register import register_text
from tests.audit.forger import Forger, Row
from tests.audit.house import House, places, unchecked
from tests.audit.plan import CHECKPOINTS, ORIGIN, SHAPES, SIZE, Found, event_at

K = 333
UNPUBLISHED = 619
"""Nothing that was signed covers it."""


def _more_minutes(row: Row) -> None:
    row.facts["minutes"] = 6_000


def _cut(house: House, size: int) -> None:
    """Take the database back to how it was, as far as the database goes."""
    house.lie("DELETE FROM entries WHERE {log} AND seq >= ?", size)
    house.lie("DELETE FROM boxes WHERE {log} AND seq >= ?", size)
    house.lie("DELETE FROM subtrees WHERE {log} AND (number + 1) * 256 > ?", size)
    house.put_head_back(size)


@pytest.mark.parametrize("size", [1, 300, 512])
def test_a_tail_cut_off_under_an_old_head_is_a_rollback(house: House, size: int) -> None:
    _cut(house, size)
    report = house.audit()
    (finding,) = report.tally.findings
    assert (finding.code.value, finding.seq) == ("checkpoint_inconsistent", size)
    # Both checkpoints, as evidence.
    assert parse_checkpoint(str(finding.want)).size == 600
    assert parse_checkpoint(str(finding.got)) == report.checkpoint
    assert report.checkpoint.size == size


def test_the_register_alone_tells_of_a_rollback(house: House) -> None:
    _cut(house, 300)
    house.lie("DELETE FROM checkpoints WHERE {log} AND size > ?", 300)
    assert house.found() == {("checkpoint_inconsistent", 300)}


def test_whoever_also_rewrites_the_register_is_found_by_witnesses_only(house: House) -> None:
    _cut(house, 300)
    house.lie("DELETE FROM checkpoints WHERE {log} AND size > ?", 300)
    leaves = [house.kept(seq).leaf or b"" for seq in range(300)]
    house.paths.register.write_bytes(register_text(edge_of(leaves), origin=ORIGIN))
    report = house.audit()
    assert report.ok
    assert unchecked(report) == {"not_witnessed": 4}


def test_what_was_acknowledged_cannot_be_cut_off_before_it_is_published(house: House) -> None:
    wiring = house.wiring
    appender = Appender(
        wiring.engine,
        wiring.vault,
        origin=ORIGIN,
        seal_key=wiring.seal_key,
        shapes=SHAPES,
        register=wiring.register,
    )
    appender.append(Submission(uuid.uuid4(), [event_at(SIZE), event_at(SIZE + 1)]))
    appender.close()
    assert house.found() == set()
    _cut(house, SIZE)
    assert house.found() == {("checkpoint_inconsistent", SIZE)}


def test_a_checkpoint_of_what_is_gone_is_a_checkpoint_all_the_same(house: House) -> None:
    _cut(house, 1)
    house.lie("DELETE FROM checkpoints WHERE {log} AND size = 1")
    house.paths.register.unlink()
    report = house.audit()
    assert places(report) == {("checkpoint_inconsistent", 1)}
    assert unchecked(report) == {"not_witnessed": 5, "register_absent": 1}


def test_rows_that_outlive_a_head_put_back_are_named(house: House) -> None:
    house.put_head_back(512)
    assert house.found() == {
        ("checkpoint_inconsistent", 512),
        *(("entry_beyond_head", seq) for seq in range(512, 612)),
    }


@pytest.mark.parametrize("start", [3, K, 599])
def test_a_tail_rewritten_with_every_hash_right_is_a_fork(house: House, start: int) -> None:
    Forger(house).rewrite(start, _more_minutes)
    agreed = max(size for size in CHECKPOINTS if size <= start)
    assert house.found() == {("head_seal", None), ("checkpoint_inconsistent", agreed)}


def test_whoever_holds_the_seal_too_cannot_rewrite_what_was_signed(house: House) -> None:
    forger = Forger(house)
    forger.rewrite(K, _more_minutes)
    forger.seal()
    assert house.found() == {("checkpoint_inconsistent", 300)}


def test_a_fork_shows_both_checkpoints(house: House) -> None:
    signed = parse_checkpoint(_note_text(house, 600))
    Forger(house).rewrite(K, _more_minutes)
    last = house.audit().tally.findings[-1]
    assert parse_checkpoint(str(last.want)) == signed
    other = parse_checkpoint(str(last.got))
    assert (other.size, other.origin) == (600, ORIGIN)
    assert other.root != signed.root


def _note_text(house: House, size: int) -> str:
    registered = house.wiring.source.registered()
    assert registered is not None
    assert registered.size == size
    return registered.text()


def test_checkpoints_signed_again_by_another_key_are_named_one_by_one(house: House) -> None:
    forger = Forger(house)
    forger.rewrite(K, _more_minutes)
    key = SigningKey(ORIGIN, KeyType.ED25519, bytes(32))
    leaves = [row.stored_leaf for row in forger.rows]
    for size in (512, 600):
        checkpoint = Checkpoint(ORIGIN, size, edge_of(leaves[:size]).root())
        line = sign_checkpoint(checkpoint, key, timestamp=None)
        note = add_signatures(checkpoint, [line]).encode()
        house.lie("UPDATE checkpoints SET note = ? WHERE {log} AND size = ?", note, size)
    report = house.audit()
    assert places(report) == {
        ("head_seal", None),
        ("checkpoint_signature", None),
        # The register, which is not in the database.
        ("checkpoint_inconsistent", 300),
    }
    codes = [finding.code.value for finding in report.tally.findings]
    assert codes.count("checkpoint_signature") == 2


def _version_99(row: Row) -> None:
    row.facts["version"] = 99
    row.columns = {"version": 99, "originator_version": 99}


def _other_previous(row: Row) -> None:
    row.previous = "ab" * 32


def _earlier(row: Row) -> None:
    row.entry = replace(row.entry, time="2026-03-01T08:00:00.000000Z")


def _other_log(row: Row) -> None:
    row.entry = replace(row.entry, log="other.example/log/1")


def _unpublished_shape(row: Row) -> None:
    row.facts["shape"] = 2


def _more_facts(row: Row) -> None:
    row.facts["extra"] = True


def _nobody(row: Row) -> None:
    row.facts["by"] = "staff:somebody"


def _version_in_words(row: Row) -> None:
    row.facts["version"] = "seventeen"


INSIDE: dict[str, tuple[Callable[[Row], None], Found]] = {
    "a gap in a stream": (_version_99, {("stream_version", UNPUBLISHED)}),
    "another leaf as the one before": (_other_previous, {("stream_previous", UNPUBLISHED)}),
    "a time going back": (_earlier, {("entry_time_back", UNPUBLISHED)}),
    "an entry of another log": (_other_log, {("entry_wrong_log", UNPUBLISHED)}),
    "a shape never published": (_unpublished_shape, {("facts_shape", UNPUBLISHED)}),
    "a fact too many": (_more_facts, {("facts_shape", UNPUBLISHED)}),
    "nobody who did it": (_nobody, {("facts_not_canonical", UNPUBLISHED)}),
    "a version in words": (_version_in_words, {("facts_not_canonical", UNPUBLISHED)}),
}


@pytest.mark.parametrize("lie", INSIDE.values(), ids=INSIDE)
def test_what_no_honest_service_writes_is_named_under_its_own_seal(
    house: House, lie: tuple[Callable[[Row], None], Found]
) -> None:
    change, found = lie
    forger = Forger(house)
    forger.rewrite(UNPUBLISHED, change)
    forger.seal()
    assert house.found() == found


def test_a_forger_who_changes_nothing_leaves_the_log_sound(house: House) -> None:
    forger = Forger(house)
    forger.rewrite(K)
    assert forger.head().edge.size == SIZE
    assert house.found() == set()

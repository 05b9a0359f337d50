"""The times of entries against those of witnesses, and what their word is worth."""

from datetime import timedelta
from pathlib import Path

import pytest

from ledger.proof.checkpoint import add_signatures, parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, parse_note
from ledger.proof.policy import Policy, PolicyGroup, PolicyLog, PolicyWitness
from ledger.proof.shapes import KEY_ROTATED
from ledger.proof.signers import SigningKey
from ledger.store.event import NewEvent
from tests.audit.exported import export
from tests.audit.house import House, places, unchecked
from tests.audit.plan import STAFF, START, TICK_S, Found

WITNESSES = [
    SigningKey(f"witness{n}.example", KeyType.COSIGNATURE, bytes([n]) * 32) for n in range(3)
]
SIGNED = 300
PUBLISHED_S = int((START + timedelta(seconds=3 * TICK_S)).timestamp())
"""When the entries before the checkpoint of 300 were appended; the next came a tick later."""
BOUND_S = 10


def _policy(house: House, *, threshold: int = 1, witnesses: int = 1) -> Policy:
    known = tuple(
        PolicyWitness(f"w{n}", key.verifier_key) for n, key in enumerate(WITNESSES[:witnesses])
    )
    group = PolicyGroup("all_of_them", threshold, tuple(each.name for each in known))
    return Policy((PolicyLog(house.key.verifier_key),), known, (group,), group.name)


def _cosign(house: House, *timestamps: int, key: SigningKey | None = None) -> None:
    (mark,) = house.wiring.source.marks(SIGNED, SIGNED)
    assert isinstance(mark.head, bytes)
    note = parse_note(mark.head)
    lines = [
        sign_checkpoint(parse_checkpoint(note.text), key or witness, timestamp=timestamp)
        for witness, timestamp in zip(WITNESSES, timestamps, strict=False)
    ]
    data = add_signatures(note, lines).encode()
    house.lie("UPDATE checkpoints SET note = ? WHERE {log} AND size = ?", data, SIGNED)


@pytest.mark.parametrize(
    ("after_s", "found"),
    [
        (0, set()),
        (TICK_S // 2, set()),
        (-BOUND_S, set()),
        (-BOUND_S - 1, {("clock_in_doubt", SIGNED - 1)}),
        (TICK_S + BOUND_S, set()),
        (TICK_S + BOUND_S + 1, {("clock_in_doubt", SIGNED)}),
        (-86_400, {("clock_in_doubt", SIGNED - 1)}),
        (10 * 365 * 86_400, {("clock_in_doubt", SIGNED)}),
    ],
)
def test_an_entry_too_far_from_a_witness_time_is_in_doubt(
    house: House, after_s: int, found: Found
) -> None:
    _cosign(house, PUBLISHED_S + after_s)
    assert house.found(policy=_policy(house), clock_bound_s=BOUND_S) == found


@pytest.mark.parametrize("timestamp", [0, 2**63 - 1, PUBLISHED_S * 1_000])
def test_a_witness_may_sign_any_time_and_the_audit_goes_on(
    house: House, timestamp: int
) -> None:
    _cosign(house, timestamp)
    found = house.found(policy=_policy(house), clock_bound_s=BOUND_S)
    assert {code for code, _ in found} == {"clock_in_doubt"}


def test_the_checkpoints_without_a_quorum_are_counted(house: House) -> None:
    _cosign(house, PUBLISHED_S)
    report = house.audit(policy=_policy(house), clock_bound_s=BOUND_S)
    assert report.ok
    assert unchecked(report) == {"not_witnessed": 5}


def test_one_witness_is_no_quorum_of_two(house: House) -> None:
    _cosign(house, PUBLISHED_S - 1_000)
    policy = _policy(house, threshold=2, witnesses=3)
    report = house.audit(policy=policy, clock_bound_s=BOUND_S)
    # Whose time nobody has to believe puts nothing in doubt.
    assert report.ok
    assert unchecked(report) == {"not_witnessed": 6}


def test_each_witness_of_a_quorum_is_compared(house: House) -> None:
    _cosign(house, PUBLISHED_S, PUBLISHED_S + 1, PUBLISHED_S - 1_000)
    policy = _policy(house, threshold=2, witnesses=3)
    found = house.found(policy=policy, clock_bound_s=BOUND_S)
    assert found == {("clock_in_doubt", SIGNED - 1)}


def test_a_broken_line_of_a_known_witness_makes_the_checkpoint_worthless(
    house: House,
) -> None:
    _cosign(house, PUBLISHED_S)
    (mark,) = house.wiring.source.marks(SIGNED, SIGNED)
    assert isinstance(mark.head, bytes)
    data = bytearray(mark.head)
    data[-10] ^= 1 if chr(data[-10] ^ 1).isalnum() else 2
    house.lie("UPDATE checkpoints SET note = ? WHERE {log} AND size = ?", bytes(data), SIGNED)
    assert house.found(policy=_policy(house)) == {("checkpoint_signature", None)}


def test_a_witness_that_nobody_asked_for_counts_for_nothing(house: House) -> None:
    stranger = SigningKey("stranger.example", KeyType.COSIGNATURE, b"\x09" * 32)
    _cosign(house, 0, key=stranger)
    report = house.audit(policy=_policy(house))
    assert places(report) == set()
    assert unchecked(report) == {"not_witnessed": 6}


def test_an_export_without_the_quorum_that_is_asked_for_is_named(
    sqlite_house: House, tmp_path: Path
) -> None:
    exported = export(sqlite_house, tmp_path / "export", facts=False)
    report = exported.audit(policy=_policy(sqlite_house))
    # Only the newest one has to carry it; the older ones are counted.
    assert places(report) == {("checkpoint_quorum", None)}
    assert unchecked(report)["not_witnessed"] == 7


def test_a_rotation_that_names_no_keys_is_named(house: House) -> None:
    stream = "7aaaaaaa-0000-4000-8000-000000000000"
    keys = {"key": "new", "previous_key": "old"}
    house.append(NewEvent(stream, KEY_ROTATED, 1, STAFF, keys))
    assert house.found() == {("key_rotation_broken", 620)}

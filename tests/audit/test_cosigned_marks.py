"""Cosignatures lie in rows of their own: audit and export see them with their checkpoint."""

from pathlib import Path

from ledger.proof.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, parse_note
from ledger.proof.policy import Policy, PolicyGroup, PolicyLog, PolicyWitness
from ledger.proof.signers import SigningKey
from tests.audit.exported import export
from tests.audit.house import House, unchecked
from tests.audit.plan import CHECKPOINTS, ORIGIN, START

WITNESSES = [
    SigningKey(f"witness{n}.example", KeyType.COSIGNATURE, bytes([n]) * 32) for n in range(2)
]
COSIGNED = 300
FIRST, LATER = int(START.timestamp()) + 180, int(START.timestamp()) + 185


def cosign(house: House, key: SigningKey, time: int) -> bytes:
    """Keep a witness's line as the service does; return it."""
    (mark,) = house.wiring.source.marks(COSIGNED, COSIGNED)
    assert isinstance(mark.head, bytes)
    checkpoint = parse_checkpoint(parse_note(mark.head).text)
    line = sign_checkpoint(checkpoint, key, timestamp=time).text()
    house.outsider.run(
        "INSERT INTO cosignatures (log, size, witness, time, line) VALUES (?, ?, ?, ?, ?)",
        ORIGIN,
        COSIGNED,
        key.verifier_key.label,
        time,
        line,
    )
    return line.encode()


def policy(house: House) -> Policy:
    known = tuple(PolicyWitness(f"w{n}", key.verifier_key) for n, key in enumerate(WITNESSES))
    group = PolicyGroup("both", 2, ("w0", "w1"))
    return Policy((PolicyLog(house.key.verifier_key),), known, (group,), group.name)


def test_a_checkpoint_is_read_with_each_witnesss_latest_line(house: House) -> None:
    (before,) = house.wiring.source.marks(COSIGNED, COSIGNED)
    old = cosign(house, WITNESSES[0], FIRST)
    lines = {cosign(house, WITNESSES[0], LATER), cosign(house, WITNESSES[1], FIRST)}
    (mark,) = house.wiring.source.marks(COSIGNED, COSIGNED)
    assert isinstance(before.head, bytes)
    assert isinstance(mark.head, bytes)
    assert mark.head.startswith(before.head)
    assert set(mark.head.removeprefix(before.head).splitlines(keepends=True)) == lines
    assert old not in mark.head


def test_an_audit_counts_the_lines(house: House) -> None:
    cosign(house, WITNESSES[0], FIRST)
    assert unchecked(house.audit(policy(house)))["not_witnessed"] == len(CHECKPOINTS)
    cosign(house, WITNESSES[1], FIRST)
    report = house.audit(policy(house))
    assert report.ok
    assert unchecked(report)["not_witnessed"] == len(CHECKPOINTS) - 1


def test_an_export_holds_them(house: House, tmp_path: Path) -> None:
    before = export(house, tmp_path / "before", facts=False)
    lines = [cosign(house, key, FIRST) for key in WITNESSES]
    after = export(house, tmp_path / "after", facts=False)
    note = after.path(f"checkpoints/{COSIGNED}").read_bytes()
    assert all(line in note for line in lines)
    left = [unchecked(each.audit(policy=policy(house))) for each in (before, after)]
    assert left[1]["not_witnessed"] == left[0]["not_witnessed"] - 1

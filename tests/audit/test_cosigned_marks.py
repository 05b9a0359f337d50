"""Cosignatures lie in rows of their own: audit and export see them with their checkpoint."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.audit.finding import Code
from ledger.proof.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, parse_note
from ledger.proof.policy import Policy, PolicyGroup, PolicyLog, PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.store.reading import FAULTS_MAX
from tests.audit.exported import export
from tests.audit.house import House, unchecked
from tests.audit.plan import CHECKPOINTS, ORIGIN, SIZE, START

WITNESSES = [
    SigningKey(f"witness{n}.example", KeyType.COSIGNATURE, bytes([n]) * 32) for n in range(2)
]
LABEL = WITNESSES[0].verifier_key.label
COSIGNED = 300
FIRST, LATER = int(START.timestamp()) + 180, int(START.timestamp()) + 185


def line_of(house: House, key: SigningKey, time: int) -> str:
    """Return what a witness says of the checkpoint at 300 entries."""
    (mark,) = house.wiring.source.marks(COSIGNED, COSIGNED)
    assert isinstance(mark.head, bytes)
    checkpoint = parse_checkpoint(parse_note(mark.head).text)
    return sign_checkpoint(checkpoint, key, timestamp=time).text()


def keep(
    house: House, *, size: int = COSIGNED, label: str = LABEL, time: int, line: object
) -> None:
    """Put a row among the cosignatures."""
    house.outsider.run(
        "INSERT INTO cosignatures (log, size, witness, time, line) VALUES (?, ?, ?, ?, ?)",
        ORIGIN,
        size,
        label,
        time,
        line,
    )


def cosign(house: House, key: SigningKey, time: int) -> bytes:
    """Keep a witness's line as the service does; return it."""
    line = line_of(house, key, time)
    keep(house, label=key.verifier_key.label, time=time, line=line)
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


def told(house: House) -> list[tuple[str, str]]:
    findings = house.audit(policy(house)).tally.findings
    return [(finding.code.value, finding.detail) for finding in findings]


@pytest.mark.parametrize("size", [-1, 0, COSIGNED + 1, SIZE + 5, 2**62])
def test_a_cosignature_of_no_checkpoint_is_named(house: House, size: int) -> None:
    keep(house, size=size, time=FIRST, line=line_of(house, WITNESSES[0], FIRST))
    keep(house, size=size, time=LATER, line="x")
    where = f"size {size}, {LABEL}: no checkpoint of this size is kept"
    assert told(house) == [("cosignature_differs", where)]


def test_a_cosignature_is_named_whose_checkpoint_was_taken_away(house: House) -> None:
    cosign(house, WITNESSES[0], FIRST)
    house.lie("DELETE FROM checkpoints WHERE {log} AND size = ?", COSIGNED)
    where = f"size {COSIGNED}, {LABEL}: no checkpoint of this size is kept"
    assert told(house) == [("cosignature_differs", where)]


BAD: dict[str, tuple[Callable[[str], str], str]] = {
    "letters": (lambda _: "x", "not one signature line"),
    "nothing": (lambda _: "", "not one signature line"),
    "two lines": (lambda line: line * 2, "not one signature line"),
    "no newline": (lambda line: line.rstrip("\n"), "not one signature line"),
    "another key": (lambda line: line.replace("witness0", "witness1"), "a line of another key"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_row_that_is_no_cosignature_is_named_and_spoils_no_checkpoint(
    house: House, tmp_path: Path, bad: str
) -> None:
    spoil, fault = BAD[bad]
    for key in WITNESSES:
        cosign(house, key, FIRST)
    (before,) = house.wiring.source.marks(COSIGNED, COSIGNED)
    line = spoil(line_of(house, WITNESSES[0], LATER))
    keep(house, time=LATER, line=line)
    (after,) = house.wiring.source.marks(COSIGNED, COSIGNED)
    assert after == before
    assert told(house) == [("cosignature_differs", f"size {COSIGNED}, {LABEL}: {fault}")]
    report = export(house, tmp_path / "out", facts=False).audit(policy=policy(house))
    # Nothing but that the newest checkpoint has no quorum.
    assert [each.code for each in report.tally.findings] == [Code.CHECKPOINT_QUORUM]


def test_a_cosignature_kept_under_another_time_is_named(house: House) -> None:
    keep(house, time=LATER, line=line_of(house, WITNESSES[0], FIRST))
    where = f"size {COSIGNED}, {LABEL}: a line of another time"
    assert told(house) == [("cosignature_differs", where)]


def test_rows_that_are_not_even_text_are_named(sqlite_house: House) -> None:
    keep(sqlite_house, time=LATER, line=b"\xff\xfe")
    keep(sqlite_house, label="\xff", time=LATER, line=7)
    keep(sqlite_house, size=COSIGNED + 1, time=LATER, line=7)
    assert [code for code, _ in told(sqlite_house)] == ["cosignature_differs"] * 3


def test_many_rows_that_cosign_nothing_are_named_in_part(sqlite_house: House) -> None:
    insert = "INSERT INTO cosignatures (log, size, witness, time, line) VALUES (?, ?, ?, ?, ?)"
    sqlite_house.outsider.run_all(
        (insert, (ORIGIN, COSIGNED, LABEL, time, "x")) for time in range(3 * FAULTS_MAX)
    )
    assert told(sqlite_house) == [
        ("cosignature_differs", f"size {COSIGNED}, {LABEL}: not one signature line")
    ]

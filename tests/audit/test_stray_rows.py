"""Boxes and kept roots that are there for entries that are not → named; others are not."""

import pytest

from ledger.audit.finding import ITEMS_MAX
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from tests.audit.house import House
from tests.audit.plan import CHECKPOINTS, PEOPLE, SIZE

FAR = 2**62


def plant_box(house: House, seq: int, *, person: str = PEOPLE[0]) -> None:
    columns = "(log, seq, person, box)"
    outsider = house.outsider
    log = house.wiring.origin
    outsider.run(
        f"INSERT INTO boxes {columns} VALUES (?, ?, ?, ?)",
        log,
        seq,
        outsider.uuid(person),
        b"?",
    )


def plant_subtree(house: House, level: int, number: int) -> None:
    house.outsider.run(
        "INSERT INTO subtrees (log, level, number, hash) VALUES (?, ?, ?, ?)",
        house.wiring.origin,
        level,
        number,
        bytes(32),
    )


@pytest.mark.parametrize("seq", [-1, SIZE, SIZE + 5, FAR])
def test_a_box_beyond_the_head_is_named(house: House, seq: int) -> None:
    plant_box(house, seq)
    plant_box(house, seq, person=PEOPLE[1])
    assert house.found() == {("row_beyond_head", seq)}
    (finding,) = house.audit().tally.findings
    assert (finding.detail, finding.want) == ("boxes", SIZE)


@pytest.mark.parametrize(
    ("level", "number", "seq"),
    [
        (1, SIZE // 256, 512),
        (1, -1, -256),
        (2, 0, 0),
        (7, 127, 127 * 256**7),
        (1, 2**63 - 1, (2**63 - 1) * 256),
        (1, -(2**63), -(2**63) * 256),
        (9, 0, None),
        (0, 3, None),
    ],
)
def test_a_root_beyond_the_head_is_named(
    house: House, level: int, number: int, seq: int | None
) -> None:
    plant_subtree(house, level, number)
    assert house.found() == {("row_beyond_head", seq)}
    (finding,) = house.audit().tally.findings
    assert finding.detail == f"subtrees, level {level}, number {number}"


def test_what_is_left_of_entries_that_are_missing_is_no_finding_of_its_own(
    house: House,
) -> None:
    house.lie("DELETE FROM entries WHERE {log} AND seq >= ?", 500)
    assert not [code for code, _ in house.found() if code == "row_beyond_head"]


def test_many_boxes_of_one_entry_are_named_together(sqlite_house: House) -> None:
    persons = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(300)]
    outsider, log = sqlite_house.outsider, sqlite_house.wiring.origin
    outsider.run_all(
        (
            "INSERT INTO boxes (log, seq, person, box) VALUES (?, ?, ?, ?)",
            (log, 331, outsider.uuid(person), b"?"),
        )
        for person in persons
    )
    (finding,) = sqlite_house.audit().tally.findings
    shown = persons[:ITEMS_MAX]
    assert (finding.code.value, finding.seq, finding.got) == ("box_differs", 331, shown)


def test_a_rollback_is_shown_with_the_note_that_was_signed(house: House) -> None:
    (signed,) = (mark.head for mark in house.wiring.source.marks(600, 600))
    house.lie("DELETE FROM entries WHERE {log} AND seq >= ?", 590)
    (finding,) = (
        each
        for each in house.audit().tally.findings
        if each.code.value == "checkpoint_inconsistent"
    )
    assert isinstance(signed, bytes)
    assert finding.evidence == signed.decode()
    note = parse_note(str(finding.evidence).encode())
    assert parse_checkpoint(note.text) == parse_checkpoint(str(finding.want))


def test_a_fork_is_shown_with_the_notes_that_were_signed(house: House) -> None:
    notes = {mark.size: mark.head for mark in house.wiring.source.marks(0, SIZE)}
    house.edit(3, entry=house.kept(3).entry.replace(b"audit.", b"other."))
    told = [
        each.evidence
        for each in house.audit().tally.findings
        if each.code.value == "checkpoint_inconsistent"
    ]
    first, last = CHECKPOINTS[1], CHECKPOINTS[-1]
    assert told == [_text(notes[first]), _text(notes[last])]


def _text(note: object) -> str:
    assert isinstance(note, bytes)
    return note.decode()

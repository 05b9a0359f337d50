"""One lie at a time about the entries themselves → exactly these findings."""

import pytest

from tests.audit.house import House
from tests.audit.plan import Found, next_in_stream, ripple, root_ripple

K = 333
"""In the middle of a block of 256, between two checkpoints, in a stream that goes on."""
LAST = 619


def _with(old: bytes, new: bytes, text: bytes) -> bytes:
    assert text.count(old) == 1
    return text.replace(old, new)


EDITS: dict[str, tuple[bytes, bytes, Found]] = {
    "another time": (b"08:04:00.000000Z", b"08:04:00.000001Z", {("entry_time_back", K + 1)}),
    "an earlier time": (b"T08:04:00", b"T07:04:00", {("entry_time_back", K)}),
    "a day that never was": (b"2026-03-01T", b"2026-02-30T", {("entry_not_canonical", K)}),
    "another log": (b"audit.example", b"other.example", {("entry_wrong_log", K)}),
    "another seq": (b'"seq":333', b'"seq":334', {("entry_wrong_seq", K)}),
    "another spelling": (b'"seq":333', b'"seq": 333', {("entry_not_canonical", K)}),
    "another version": (b'"v":1', b'"v":2', {("entry_not_canonical", K)}),
    "cut off": (b',"v":1}', b"", {("entry_not_canonical", K)}),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_entry_is_named(house: House, edit: tuple[bytes, bytes, Found]) -> None:
    old, new, told = edit
    house.edit(K, entry=_with(old, new, house.kept(K).entry))
    assert house.found() == ripple(K) | told


@pytest.mark.parametrize(
    ("member", "told"), [("facts", ("facts_commitment", K)), ("prev", ("entry_wrong_prev", K))]
)
def test_one_changed_hex_digit_is_named(
    house: House, member: str, told: tuple[str, int]
) -> None:
    entry = bytearray(house.kept(K).entry)
    at = entry.index(f'"{member}":"'.encode()) + len(member) + 4
    entry[at] = ord("0") if entry[at] != ord("0") else ord("1")
    house.edit(K, entry=bytes(entry))
    assert house.found() == ripple(K) | {told}


@pytest.mark.parametrize("seq", [0, 255, 256, LAST])
def test_an_edit_at_a_border_is_named(house: House, seq: int) -> None:
    entry = house.kept(seq).entry.replace(b'"log":"audit.', b'"log":"other.')
    house.edit(seq, entry=entry)
    assert house.found() == ripple(seq) | {("entry_wrong_log", seq)}


def test_an_entry_put_in_the_place_of_another_is_named(house: House) -> None:
    house.edit(K, entry=house.kept(K + 40).entry)
    assert house.found() == ripple(K) | {
        ("entry_wrong_seq", K),
        ("entry_wrong_prev", K),
        ("facts_commitment", K),
    }


def test_an_empty_entry_is_named(house: House) -> None:
    house.edit(K, entry=b"")
    assert house.found() == ripple(K) | {("entry_not_canonical", K)}


def test_an_edited_leaf_alone_is_named(house: House) -> None:
    house.edit(K, leaf=bytes(32))
    assert house.found() == {("leaf_differs", K)}


def test_the_entry_and_its_leaf_edited_together_are_named(house: House) -> None:
    other = house.kept(K + 40)
    house.edit(K, entry=other.entry, leaf=other.leaf)
    assert house.found() == (ripple(K) - {("leaf_differs", K)}) | {
        ("entry_wrong_seq", K),
        ("entry_wrong_prev", K),
        ("facts_commitment", K),
    }


def test_findings_say_what_should_be_there_and_what_is(house: House) -> None:
    kept = house.kept(K)
    house.edit(K, leaf=bytes(32))
    (finding,) = house.audit().tally.findings
    assert kept.leaf is not None
    assert (finding.want, finding.got) == (kept.leaf.hex(), bytes(32).hex())


def test_three_lies_at_once_are_all_named(house: House) -> None:
    house.edit(600, topic="record.praised")
    house.edit(100, leaf=b"?")
    house.edit(K, plain=None)
    assert house.found() == {
        ("leaf_differs", 100),
        ("facts_missing", K),
        ("facts_columns", 600),
    }


def test_an_audit_goes_on_after_a_change_near_the_start(house: House) -> None:
    for seq in (3, K, 610):
        entry = house.kept(seq).entry.replace(b'"log":"audit.', b'"log":"other.')
        house.edit(seq, entry=entry)
    wrong = {("entry_wrong_log", seq) for seq in (3, K, 610)}
    later = ripple(K) | ripple(610)
    later -= {("checkpoint_inconsistent", 300)}
    assert house.found() == ripple(3) | later | wrong


def test_the_first_and_the_last_broken_checkpoint_stand_for_those_between(
    house: House,
) -> None:
    house.edit(3, entry=house.kept(3).entry.replace(b"audit.", b"other."))
    told = [
        finding
        for finding in house.audit().tally.findings
        if finding.code.value == "checkpoint_inconsistent"
    ]
    assert [finding.seq for finding in told] == [1, 1]
    assert [str(finding.want).split("\n")[1] for finding in told] == ["100", "600"]
    assert all(str(a.want) != str(a.got) for a in told)


def test_an_edit_after_the_last_checkpoint_leaves_the_checkpoints_alone(house: House) -> None:
    house.edit(610, entry=house.kept(610).entry.replace(b"audit.", b"other."))
    found = house.found()
    assert "checkpoint_inconsistent" not in {code for code, _ in found}
    assert found == ripple(610) | {("entry_wrong_log", 610)}


def test_the_plan_of_the_house_puts_the_edits_where_they_say() -> None:
    assert next_in_stream(K) == 370
    assert root_ripple(K) == {
        ("head_differs", None),
        ("checkpoint_inconsistent", 300),
        ("subtree_differs", 256),
    }

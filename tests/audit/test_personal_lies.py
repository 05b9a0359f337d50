"""One lie at a time about personal facts, boxes and data keys → exactly these findings."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.proof.box import Place, open_box, seal_box
from ledger.proof.facts import FactGroup, parse_group
from ledger.proof.shapes import FACTS_ERASED, FACTS_LOST
from ledger.store.event import NewEvent
from ledger.store.keyfiles import create_secret
from ledger.store.vault import Vault
from tests.audit.house import House, unchecked
from tests.audit.plan import ORIGIN, PEOPLE, SIZE, STAFF, person_number, seqs_about, stream_of

ABOUT = 335
PERSON = PEOPLE[3]
BOX = "UPDATE boxes SET box = ? WHERE {log} AND seq = ?"
MOVE = "UPDATE boxes SET seq = ? WHERE {log} AND seq = ?"
DROP = "DELETE FROM boxes WHERE {log} AND seq = ?"
SOMEBODY = "7bbbbbbb-0000-4000-8000-000000000000"
ALL_OF_HER = {("personal_missing", seq) for seq in seqs_about(3)}


def box_of(house: House, seq: int) -> bytes:
    ((_, box),) = house.kept(seq).boxes
    return box


def declared(event_type: str, entries: list[int], **facts: object) -> NewEvent:
    """Return an event that declares facts lost or erased."""
    more: dict[str, object] = {"reason": "fire"} if event_type == FACTS_LOST else {}
    stream = str(uuid.uuid5(uuid.NAMESPACE_URL, "declarations"))
    named = {"entries": entries, **more, **facts}
    return NewEvent(stream, event_type, 1, STAFF, named)  # type: ignore[arg-type]


def erased(person: str, entries: list[int]) -> NewEvent:
    return declared(FACTS_ERASED, entries, person=person, backups_gone="2026-04-01")


def test_the_plan_of_the_house_puts_the_lies_where_they_say() -> None:
    assert person_number(ABOUT) == 3
    assert person_number(ABOUT + 10) == 4


@pytest.mark.parametrize("at", [0, 11, 12, -1], ids=["nonce", "nonce end", "content", "tag"])
def test_an_edited_box_is_named(house: House, at: int) -> None:
    box = bytearray(box_of(house, ABOUT))
    box[at] ^= 1
    house.lie(BOX, bytes(box), ABOUT)
    assert house.found() == {("box_differs", ABOUT)}


@pytest.mark.parametrize("length", [0, 27])
def test_a_box_cut_off_is_named(house: House, length: int) -> None:
    house.lie(BOX, box_of(house, ABOUT)[:length], ABOUT)
    assert house.found() == {("box_differs", ABOUT)}


def test_boxes_of_two_people_swapped_are_named(house: House) -> None:
    one, other = box_of(house, ABOUT), box_of(house, ABOUT + 10)
    house.lie(BOX, other, ABOUT)
    house.lie(BOX, one, ABOUT + 10)
    assert house.found() == {("box_differs", ABOUT), ("box_differs", ABOUT + 10)}


def test_boxes_of_one_person_swapped_between_her_events_are_named(house: House) -> None:
    one, other = box_of(house, ABOUT), box_of(house, ABOUT + 50)
    house.lie(BOX, other, ABOUT)
    house.lie(BOX, one, ABOUT + 50)
    assert house.found() == {("box_differs", ABOUT), ("box_differs", ABOUT + 50)}


def test_a_box_sealed_anew_over_other_facts_is_named(house: House) -> None:
    # By somebody who holds the vault and its key.
    (key,) = house.wiring.vault.keys_for_opening([PERSON]).values()
    version = parse_group(house.kept(ABOUT).plain or b"").facts["version"]
    assert isinstance(version, int)
    place = Place(ORIGIN, stream_of(ABOUT), version, PERSON)
    group = open_box(box_of(house, ABOUT), data_key=key or b"", place=place)
    other = FactGroup(group.seed, {**group.facts, "name": "李示例"})
    box = seal_box(other, data_key=key or b"", nonce=bytes(12), place=place)
    house.lie(BOX, box, ABOUT)
    (finding,) = house.audit().tally.findings
    assert (finding.code.value, finding.seq, finding.got) == ("box_differs", ABOUT, ["name"])


def test_a_box_moved_to_another_event_is_named_at_both(house: House) -> None:
    house.lie(MOVE, ABOUT + 1, ABOUT)
    assert house.found() == {("personal_missing", ABOUT), ("box_differs", ABOUT + 1)}


def test_a_box_given_to_another_person_is_named(house: House) -> None:
    nobody = house.outsider.uuid("7aaaaaaa-0000-4000-8000-000000000000")
    house.lie("UPDATE boxes SET person = ? WHERE {log} AND seq = ?", nobody, ABOUT)
    assert house.found() == {("personal_missing", ABOUT), ("box_differs", ABOUT)}


def test_a_deleted_box_is_named(house: House) -> None:
    house.lie(DROP, ABOUT)
    assert house.found() == {("personal_missing", ABOUT)}


def test_the_person_is_named_by_her_opaque_id_alone(house: House) -> None:
    house.lie(DROP, ABOUT)
    (finding,) = house.audit().tally.findings
    assert finding.got == PERSON


def test_a_box_destroyed_and_declared_lost_is_no_finding(house: House) -> None:
    house.lie(DROP, ABOUT)
    house.append(declared(FACTS_LOST, [ABOUT]))
    assert house.found() == set()


def test_plain_facts_lost_and_declared_are_no_finding(house: House) -> None:
    house.edit(333, plain=None)
    house.edit(ABOUT, plain=None)
    house.append(declared(FACTS_LOST, [333, ABOUT]))
    assert house.found() == set()


def test_a_declaration_that_names_other_entries_excuses_nothing(house: House) -> None:
    house.append(declared(FACTS_LOST, [332, 334]))
    house.edit(333, plain=None)
    assert house.found() == {("facts_missing", 333)}


def test_a_declaration_excuses_no_later_entry(house: House) -> None:
    house.append(declared(FACTS_LOST, [333, SIZE + 1]))
    later = house.append(declared(FACTS_LOST, []))
    assert later == SIZE + 1
    house.edit(333, plain=None)
    house.edit(later, plain=None)
    assert house.found() == {("facts_missing", later)}


def test_plain_facts_are_never_excused_by_an_erasure(house: House) -> None:
    house.append(erased(PERSON, [ABOUT]))
    house.edit(ABOUT, plain=None)
    # Nor was her key destroyed, as the declaration says.
    assert house.found() == {("facts_missing", ABOUT), ("erasure_undone", None)}


def test_a_person_erased_as_it_should_be_is_no_finding(house: House) -> None:
    house.append(erased(PERSON, seqs_about(3)))
    house.wiring.vault.destroy(PERSON)
    report = house.audit()
    assert report.ok
    assert unchecked(report)["personal_declared_gone"] == len(seqs_about(3))


def test_an_erasure_that_forgets_an_entry_leaves_it_missing(house: House) -> None:
    house.append(erased(PERSON, seqs_about(3)[:-1]))
    house.wiring.vault.destroy(PERSON)
    assert house.found() == {("personal_missing", seqs_about(3)[-1])}


def test_an_erasure_of_another_person_excuses_nothing(house: House) -> None:
    house.append(erased(PEOPLE[4], seqs_about(3)))
    house.wiring.vault.destroy(PERSON)
    assert house.found() == ALL_OF_HER | {("erasure_undone", None)}


def test_a_data_key_deleted_without_a_word_is_named_at_every_entry(house: House) -> None:
    outsider = house.vault_outsider
    outsider.run("DELETE FROM data_keys WHERE person = ?", outsider.uuid(PERSON))
    assert house.found() == ALL_OF_HER


@pytest.mark.parametrize("wrapped", [b"", b"short", bytes(60)])
def test_an_edited_data_key_is_named_at_her_entries_and_at_nobody_elses(
    house: House, wrapped: bytes
) -> None:
    outsider = house.vault_outsider
    query = "UPDATE data_keys SET wrapped = ? WHERE person = ?"
    outsider.run(query, wrapped, outsider.uuid(PERSON))
    assert house.found() == ALL_OF_HER


def test_a_data_key_wrapped_by_another_key_is_named_at_her_entries(house: House) -> None:
    outsider = house.vault_outsider
    outsider.run("DELETE FROM data_keys WHERE person = ?", outsider.uuid(PERSON))
    engine = house.wiring.vault._engine
    other = Vault(engine, origin=ORIGIN, key_encryption_key=bytes(32))
    other.keys_for_sealing([PERSON])
    assert house.found() == ALL_OF_HER


def test_another_vault_key_opens_nobody(house: House) -> None:
    key = house.paths.vault_key
    key.unlink()
    create_secret(key)
    everybody = {("personal_missing", seq) for n in range(5) for seq in seqs_about(n)}
    assert house.found() == everybody


def test_without_the_vault_key_personal_facts_are_bound_and_not_opened(house: House) -> None:
    house.paths = replace(house.paths, vault_key=Path("/nonexistent"))
    report = house.audit()
    assert report.ok
    count = sum(len(seqs_about(n)) for n in range(5))
    assert unchecked(report)["personal_bound_not_opened"] == count


def test_an_erased_person_whose_key_came_back_is_named(house: House) -> None:
    """Given a row of the vault from before the erasure, put back by hand."""
    outsider = house.vault_outsider
    her, kept = outsider.uuid(PERSON), outsider.uuid(SOMEBODY)
    outsider.run(
        "INSERT INTO data_keys (log, person, wrapped, closed)"
        " SELECT log, ?, wrapped, closed FROM data_keys WHERE person = ?",
        kept,
        her,
    )
    house.append(erased(PERSON, seqs_about(3)))
    house.wiring.vault.destroy(PERSON)
    assert house.found() == set()
    outsider.run(
        "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE person = ?)"
        " WHERE person = ?",
        kept,
        her,
    )
    assert house.found() == {("erasure_undone", None)}

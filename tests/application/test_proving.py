"""Every entry can be proved to a stranger, showing no more than was asked for."""

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from ledger.application.proving import EntryNotFound, prove_event
from ledger.proof.box import Place, open_box, seal_box
from ledger.proof.checkpoint import open_checkpoint
from ledger.proof.disclosure import disclosed_facts, parse_proven_event, verify_disclosure
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import FactGroup, parse_group
from ledger.proof.merkle import verify_inclusion
from ledger.proof.tlog_proof import TlogProof, parse_tlog_proof
from ledger.store.exporting import Export
from tests.audit.exported import Exported
from tests.audit.house import House
from tests.audit.plan import ORIGIN, PEOPLE, PRIVATE, SHAPES, SIZE
from tests.audit.test_export import verified
from tests.foreign.conftest import XmodCheck, go_program, xmod_check

__all__ = ["go_program", "xmod_check"]  # fixtures
K = 333
ABOUT = 335


@pytest.fixture(params=["sqlite_house", "postgres_house"])
def house(request: pytest.FixtureRequest) -> House:
    made: House = request.getfixturevalue(request.param)
    return made


def prove(
    house: House, seq: int, names: Collection[str] | None = None, *, note: bytes | None = None
) -> TlogProof:
    note = note or house.wiring.publisher.publish()
    with house.wiring.subtrees() as subtree:
        return prove_event(house.wiring.source, subtree, note=note, seq=seq, names=names)


def shown(house: House, data: bytes) -> dict[str, object]:
    """Check a proof as a stranger does, and return what it shows."""
    proof = parse_tlog_proof(data)
    checkpoint = open_checkpoint(proof.note.encode(), house.key.verifier_key)
    event = parse_proven_event(proof.extra or b"")
    verify_inclusion(
        event.entry.leaf(),
        leaf_index=proof.index,
        tree_size=checkpoint.size,
        path=proof.path,
        root=checkpoint.root,
    )
    assert event.entry.seq == proof.index
    assert verify_disclosure(event.disclosure, facts=event.entry.facts, shapes=SHAPES) is None
    return dict(disclosed_facts(event.disclosure))


def test_every_entry_has_a_proof_that_holds(house: House) -> None:
    note = house.wiring.publisher.publish()
    for seq in range(SIZE):
        facts = shown(house, prove(house, seq, note=note).encode())
        assert {"type", "shape", "stream", "version"} <= facts.keys()
        assert not {"name", "id_number"} & facts.keys()


@pytest.mark.parametrize("size", [1, 100, 256, 300, 512, 600])
def test_an_older_checkpoint_proves_the_entries_that_it_covers(house: House, size: int) -> None:
    (note,) = (
        mark.head
        for mark in house.wiring.source.marks(size, size)
        if isinstance(mark.head, bytes)
    )
    for seq in (0, size // 2, size - 1):
        shown(house, prove(house, seq, note=note).encode())
    with pytest.raises(EntryNotFound):
        prove(house, size, note=note)


def test_only_the_named_facts_are_shown_beside_type_and_shape(house: House) -> None:
    data = prove(house, K, {"minutes"}).encode()
    assert shown(house, data) == {"minutes": 93, "shape": 1, "type": "record.entered"}


def test_personal_facts_are_shown_only_when_they_are_named(house: House) -> None:
    for names in (None, {"district"}):
        proof = prove(house, ABOUT, names)
        assert not any(word.encode() in (proof.extra or b"") for word in PRIVATE)
    facts = shown(house, prove(house, ABOUT, {"name"}).encode())
    assert facts == {"name": "张示例3", "shape": 1, "type": "volunteer.registered"}


def test_an_erased_fact_cannot_be_shown_and_the_rest_can(house: House) -> None:
    house.wiring.vault.destroy(PEOPLE[3])
    with pytest.raises(MalformedError):
        prove(house, ABOUT, {"name"})
    assert "district" in shown(house, prove(house, ABOUT).encode())


def test_a_fact_that_the_event_does_not_have_cannot_be_shown(house: House) -> None:
    with pytest.raises(MalformedError):
        prove(house, K, {"name"})


@pytest.mark.parametrize("seq", [-1, SIZE, SIZE + 1, 2**62])
def test_an_entry_that_is_not_there_has_no_proof(house: House, seq: int) -> None:
    with pytest.raises(EntryNotFound):
        prove(house, seq)


def test_lost_facts_have_no_proof(house: House) -> None:
    house.edit(K, plain=None)
    with pytest.raises(MalformedError):
        prove(house, K)


def test_a_proof_of_edited_facts_is_never_made(house: House) -> None:
    plain = house.kept(K).plain or b""
    house.edit(K, plain=plain.replace(b'"minutes":93', b'"minutes":930'))
    with pytest.raises(ProofError) as caught:
        prove(house, K)
    assert caught.value.step == "commitment"


def test_a_proof_of_an_edited_entry_is_never_made(house: House) -> None:
    entry = house.kept(K).entry.replace(b"audit.", b"other.")
    house.edit(K, entry=entry)
    with pytest.raises(ProofError) as caught:
        prove(house, K)
    assert caught.value.step == "inclusion"


def test_a_proof_out_of_a_box_of_another_event_is_never_made(house: House) -> None:
    ((_, other),) = house.kept(ABOUT + 50).boxes
    house.lie("UPDATE boxes SET box = ? WHERE {log} AND seq = ?", other, ABOUT)
    with pytest.raises(ProofError):
        prove(house, ABOUT, {"name"})


def test_a_proof_out_of_a_box_sealed_anew_is_never_made(house: House) -> None:
    ((person, box),) = house.kept(ABOUT).boxes
    key = house.wiring.vault.key_for_opening(person) or b""
    facts = parse_group(house.kept(ABOUT).plain or b"").facts
    place = Place(ORIGIN, str(facts["stream"]), int(str(facts["version"])), person)
    group = open_box(box, data_key=key, place=place)
    other = FactGroup(group.seed, {**group.facts, "name": "李示例"})
    sealed = seal_box(other, data_key=key, nonce=bytes(12), place=place)
    house.lie("UPDATE boxes SET box = ? WHERE {log} AND seq = ?", sealed, ABOUT)
    with pytest.raises(ProofError) as caught:
        prove(house, ABOUT, {"name"})
    assert caught.value.step == "commitment"


def test_a_proof_over_missing_neighbours_is_never_made(house: House) -> None:
    note = house.wiring.publisher.publish()
    house.lie("DELETE FROM entries WHERE {log} AND seq = ?", K + 1)
    with pytest.raises(ProofError):
        prove(house, K, note=note)


@pytest.fixture
def trusted(sqlite_house: House, tmp_path: Path) -> Exported:
    """Return a folder with the policy and shapes that strangers check by."""
    note = sqlite_house.wiring.publisher.publish()
    key = sqlite_house.key.verifier_key
    Export(sqlite_house.wiring.source, tmp_path / "trust", progress=lambda done: None).write(
        note,
        verifier_key=key.text(),
        policy=sqlite_house.wiring.policy.text(),
        shapes=SHAPES,
        facts=False,
    )
    return Exported(tmp_path / "trust", key)


@pytest.mark.parametrize("names", [None, {"name"}, {"by"}])
def test_the_stand_alone_verifier_accepts_a_proof(
    sqlite_house: House, trusted: Exported, tmp_path: Path, names: set[str] | None
) -> None:
    path = tmp_path / "event.tlog-proof"
    path.write_bytes(prove(sqlite_house, ABOUT, names).encode())
    done = verified(path, trusted)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["findings"] == []


@pytest.mark.tool("go")
@pytest.mark.parametrize("seq", [0, 255, 256, ABOUT, SIZE - 1])
def test_golang_x_mod_accepts_a_proof(
    sqlite_house: House, tmp_path: Path, xmod_check: XmodCheck, seq: int
) -> None:
    path = tmp_path / "event.tlog-proof"
    path.write_bytes(prove(sqlite_house, seq).encode())
    done = xmod_check(path, sqlite_house.key.verifier_key.text())
    assert done.returncode == 0, done.stdout + done.stderr

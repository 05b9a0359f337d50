"""Each row of the table in `docs/keys.md`, asked of two verifiers that share no code."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.application.proving import prove_event
from ledger.proof.canonical import Value, decode, encode
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from tests.keys.rotated import Keyed, check_export, cosign, create, policy_of, verify_log
from tests.shell import ORIGIN

OUT = {"checkpoint_key_not_in_force"}


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Keyed]:
    """Return a ledger with two keys: entries 0 to 2, the rotation at 3, entries 4 and 5."""
    made = create(tmp_path)
    made.append(2)
    made.rotate()
    made.append(2)
    yield made
    made.ledger.close()


ROWS = {
    # facts, trusted, witnessed policy, cosigned sizes → exit code
    "both keys, quorum on the newest": (True, (0, 1), True, (6,), 0),
    "both keys, no witnesses": (True, (0, 1), False, (), 2),
    "new key, quorum on the newest": (True, (1,), True, (6,), 0),
    "new key, no witnesses": (True, (1,), False, (), 2),
    "old key, quorum on the newest": (True, (0,), True, (6,), 0),
    "old key, no witnesses": (True, (0,), False, (), 2),
    "no facts, both keys, quorum on the newest": (False, (0, 1), True, (6,), 0),
    "no facts, both keys, no witnesses": (False, (0, 1), False, (), 2),
    "no facts, old key, quorum on the newest": (False, (0,), True, (6,), 2),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_table(row: str, keyed: Keyed, tmp_path: Path) -> None:
    facts, places, witnessed, cosigned, want = ROWS[row]
    folder = keyed.export(tmp_path / "e", facts=facts, cosigned=cosigned)
    assert check_export(folder, keyed.policy(*places, witnessed=witnessed)) == (want, set())


def test_old_checkpoints_are_covered_by_a_later_quorum_only(
    keyed: Keyed, tmp_path: Path
) -> None:
    policy = keyed.policy(0, 1, witnessed=True)
    early = keyed.export(tmp_path / "early", cosigned=(1,))
    code, codes = check_export_of_unwitnessed_head(early, keyed)
    assert (code, codes) == (2, set())
    assert check_export(keyed.export(tmp_path / "late", cosigned=(6,)), policy) == (0, set())


def check_export_of_unwitnessed_head(folder: Path, keyed: Keyed) -> tuple[int, set[str]]:
    return check_export(folder, keyed.policy(0, 1))


def test_the_old_key_alone_leads_nowhere_without_the_checkpoint_of_its_end(
    keyed: Keyed, tmp_path: Path
) -> None:
    folder = keyed.export(tmp_path / "e", cosigned=(6,))
    (folder / "checkpoints/4").unlink()
    assert check_export(folder, keyed.policy(0, witnessed=True)) == (2, set())
    assert check_export(folder, keyed.policy(0, 1, witnessed=True)) == (0, set())


def test_a_checkpoint_that_both_keys_sign_needs_no_witness(tmp_path: Path) -> None:
    made = create(tmp_path)
    made.rotate()
    folder = made.export(tmp_path / "e", facts=False)
    (folder / "checkpoints/1").unlink()
    assert made.signers() == {1: [0], 2: [0, 1]}
    assert check_export(folder, made.policy(0, 1)) == (0, set())
    made.ledger.close()


@pytest.mark.parametrize("places", [(0, 1), (1,)])
def test_the_old_key_signs_a_later_size(
    places: tuple[int, ...], keyed: Keyed, tmp_path: Path
) -> None:
    folder = keyed.export(tmp_path / "e", cosigned=(6,))
    (folder / "checkpoints/5").unlink()
    note = keyed.notes()[5]
    forged = forged_note(keyed, 5, keyed.keys[0])
    assert forged != note
    (folder / "checkpoints/5").write_bytes(forged)
    assert check_export(folder, keyed.policy(*places, witnessed=True)) == (1, OUT)


def test_the_new_key_signs_an_earlier_size(keyed: Keyed, tmp_path: Path) -> None:
    folder = keyed.export(tmp_path / "e", cosigned=(6,))
    (folder / "checkpoints/2").write_bytes(forged_note(keyed, 2, keyed.keys[1]))
    assert check_export(folder, keyed.policy(0, 1, witnessed=True)) == (1, OUT)


def test_an_opening_that_withholds_its_predecessor_names_no_key(tmp_path: Path) -> None:
    made = create(tmp_path)
    made.append(2)
    folder = made.export(tmp_path / "e")
    lines = (folder / "facts/000.jsonl").read_bytes().splitlines(keepends=True)
    facts = decode(lines[0].removesuffix(b"\n"))
    assert isinstance(facts, list)
    withheld: list[Value] = []
    for fact in facts:
        assert isinstance(fact, list)
        name, value, salt = fact
        digest = sha256(b"\2" + bytes.fromhex(str(salt)) + encode([name, value])).hexdigest()
        withheld.append(digest if name == "predecessor" else fact)
    assert len([fact for fact in withheld if isinstance(fact, str)]) == 1
    (folder / "facts/000.jsonl").write_bytes(encode(withheld) + b"\n" + b"".join(lines[1:]))
    assert check_export(folder, made.policy(0)) == (2, set())
    made.ledger.close()


def test_entries_that_no_checkpoint_covers_are_named_by_both(
    keyed: Keyed, tmp_path: Path
) -> None:
    folder = keyed.export(tmp_path / "e", cosigned=(6,))
    bundle = folder / "tile/entries/000.p/6"
    (folder / "tile/entries/001").write_bytes(bundle.read_bytes())
    policy = keyed.policy(0, 1, witnessed=True)
    assert check_export(folder, policy) == (1, {"entry_beyond_head"})


def forged_note(keyed: Keyed, size: int, key: SigningKey) -> bytes:
    checkpoint = Checkpoint(ORIGIN, size, keyed.root(size))
    line = sign_checkpoint(checkpoint, key, timestamp=None)
    return add_signatures(checkpoint, [line]).encode()


def test_a_key_that_the_log_never_named_is_not_in_force(keyed: Keyed, tmp_path: Path) -> None:
    other = SigningKey(ORIGIN, KeyType.ED25519, b"\x07" * 32)
    folder = keyed.export(tmp_path / "e")
    note = forged_note(keyed, 6, other)
    for name in ("checkpoint", "checkpoints/6"):
        (folder / name).write_bytes(note)
    code, codes = check_export(folder, policy_of(other.verifier_key))
    assert (code, codes) == (1, OUT | {"checkpoint_signature"})


def test_a_log_that_names_no_trusted_key_has_no_word(keyed: Keyed, tmp_path: Path) -> None:
    other = SigningKey(ORIGIN, KeyType.ED25519, b"\x07" * 32)
    folder = keyed.export(tmp_path / "e")
    code, codes = check_export(folder, policy_of(other.verifier_key))
    assert (code, codes) == (1, {"checkpoint_signature"})


@pytest.mark.parametrize(
    ("witnessed", "code"), [(True, 0), (False, 2)], ids=["witnessed", "unwitnessed"]
)
def test_a_proof_after_a_rotation(
    witnessed: bool, code: int, keyed: Keyed, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    note.write_bytes(keyed.ledger.publisher.publish())
    if witnessed:
        cosign(note)
    with keyed.ledger.subtrees() as subtree:
        proof = prove_event(
            keyed.ledger.source, subtree, note=note.read_bytes(), seq=1, names=None
        )
    file = tmp_path / "event.tlog-proof"
    file.write_bytes(proof.encode())
    policy = keyed.policy(0, 1, witnessed=witnessed)
    assert verify_log(file, policy) == (code, set())
    assert policy.verify(proof.note).log_keys == (keyed.keys[1].verifier_key,)

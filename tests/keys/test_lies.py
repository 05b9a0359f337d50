"""One lie at a time about a rotation → exactly these findings, by both verifiers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger import wiring
from ledger.application.auditing import audit
from ledger.audit.chunk import Question
from ledger.audit.finding import Unchecked
from ledger.audit.marks import Trust
from ledger.proof.checkpoint import add_signatures, parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, parse_note
from ledger.proof.signers import SigningKey
from ledger.store.export_reading import ExportOpener
from ledger.store.signing_keys import KeyNotInForceError
from tests.keys.rotated import Keyed, check_export, create
from tests.shell import ORIGIN

BROKEN = {"key_rotation_broken"}
OTHER = SigningKey(ORIGIN, KeyType.ED25519, b"\x07" * 32).verifier_key.text()
THIRD = SigningKey(ORIGIN, KeyType.ED25519, b"\x08" * 32).verifier_key.text()
PQ = SigningKey(ORIGIN, KeyType.MLDSA44, b"\x09" * 32).verifier_key.text()
STRANGE = SigningKey("other.example", KeyType.ED25519, b"\x07" * 32).verifier_key.text()


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Keyed]:
    """Return a ledger of three entries."""
    made = create(tmp_path)
    made.append(2)
    yield made
    made.ledger.close()


def own(keyed: Keyed) -> str:
    return keyed.keys[0].verifier_key.text()


Pairs = list[tuple[str | None, str]]
FALSE: dict[str, Callable[[str], Pairs]] = {
    "another previous key": lambda own: [(OTHER, THIRD)],
    "no previous key": lambda own: [(None, OTHER)],
    "the same key": lambda own: [(own, own)],
    "no key at all": lambda own: [(own, "none")],
    "another log's key": lambda own: [(own, STRANGE)],
    "a key of another kind": lambda own: [(own, PQ)],
}


@pytest.mark.parametrize("name", FALSE)
def test_a_rotation_that_does_not_follow_is_broken(
    name: str, keyed: Keyed, tmp_path: Path
) -> None:
    keyed.declare(*FALSE[name](own(keyed)))
    folder = keyed.export(tmp_path / "e")
    assert check_export(folder, keyed.policy(0)) == (1, BROKEN)


def test_two_rotations_in_one_batch_follow_one_another(keyed: Keyed, tmp_path: Path) -> None:
    folder = keyed.export(tmp_path / "before")
    assert check_export(folder, keyed.policy(0)) == (0, set())
    assert keyed.declare((own(keyed), OTHER), (OTHER, THIRD)) == 3
    history = keyed.ledger.key_rows.history()
    assert [(term.since, term.until) for term in history.terms()] == [(0, 4), (4, 5), (5, None)]
    # The key at hand is not the one in force, so nobody signs with it.
    with (
        closing(wiring.Wiring(keyed.ledger.paths, ORIGIN)) as fresh,
        pytest.raises(KeyNotInForceError),
    ):
        fresh.publisher.publish()


def test_a_rotation_back_to_an_earlier_key_is_broken(keyed: Keyed, tmp_path: Path) -> None:
    keyed.rotate()
    keyed.declare((keyed.keys[1].verifier_key.text(), own(keyed)))
    folder = keyed.export(tmp_path / "e", cosigned=(5,))
    assert check_export(folder, keyed.policy(0, 1, witnessed=True)) == (1, BROKEN)


def test_a_retired_key_in_the_place_of_the_next_is_refused(keyed: Keyed) -> None:
    keyed.rotate()
    files = keyed.ledger.key_files
    [retired] = files.retired(KeyType.ED25519)
    files.next(KeyType.ED25519).write_bytes(retired.read_bytes())
    files.next(KeyType.ED25519).chmod(0o600)
    with pytest.raises(KeyNotInForceError):
        keyed.rotate()
    assert files.next(KeyType.ED25519).exists()


def test_an_old_key_file_that_was_restored_signs_nothing(keyed: Keyed) -> None:
    keyed.rotate()
    files = keyed.ledger.key_files
    [retired] = files.retired(KeyType.ED25519)
    files.current(KeyType.ED25519).unlink()
    files.current(KeyType.ED25519).write_bytes(retired.read_bytes())
    files.current(KeyType.ED25519).chmod(0o600)
    with pytest.raises(KeyNotInForceError) as refused:
        keyed.append(1)
    assert refused.value.want == keyed.keys[1].verifier_key.label
    assert max(keyed.notes()) == 4


def test_a_rotation_whose_facts_are_gone_cannot_be_told(keyed: Keyed, tmp_path: Path) -> None:
    keyed.rotate()
    keyed.append(1)
    folder = keyed.export(tmp_path / "e")
    lines = (folder / "facts/000.jsonl").read_bytes().split(b"\n")
    lines[3] = b"null"
    (folder / "facts/000.jsonl").write_bytes(b"\n".join(lines))
    assert check_export(folder, keyed.policy(0, 1)) == (1, {"facts_missing"})


def test_a_forged_rotation_does_not_add_up(keyed: Keyed, tmp_path: Path) -> None:
    keyed.rotate()
    folder = keyed.export(tmp_path / "e", cosigned=(4,))
    file = folder / "facts/000.jsonl"
    file.write_bytes(
        file.read_bytes().replace(keyed.keys[1].verifier_key.text().encode(), OTHER.encode())
    )
    policy = keyed.policy(0, 1, witnessed=True)
    assert check_export(folder, policy) == (1, {"facts_commitment"})


def test_an_mldsa_key_begins_and_is_rotated(keyed: Keyed, tmp_path: Path) -> None:
    keyed.rotate(KeyType.MLDSA44)
    keyed.append(1)
    keyed.rotate(KeyType.MLDSA44)
    keyed.append(1)
    assert keyed.signers() == {
        1: [0],
        2: [0],
        3: [0],
        4: [0, 1],
        5: [0, 1],
        6: [0, 1, 2],
        7: [0, 2],
    }
    folder = keyed.export(tmp_path / "e")
    assert check_export(folder, keyed.policy(0)) == (0, set())
    assert check_export(folder, keyed.policy(0, 2)) == (0, set())


def test_a_line_of_a_key_that_the_policy_lacks_is_counted(keyed: Keyed, tmp_path: Path) -> None:
    folder = keyed.export(tmp_path / "e")
    other = SigningKey(ORIGIN, KeyType.MLDSA44, b"\x09" * 32)
    note = parse_note((folder / "checkpoint").read_bytes())
    line = sign_checkpoint(parse_checkpoint(note.text), other, timestamp=1)
    (folder / "checkpoint").write_bytes(add_signatures(note, [line]).encode())
    keys = (keyed.keys[0].verifier_key,)
    question = Question(wiring.SHAPES, Trust(keys, keyed.policy(0)), clock_bound_s=1)
    report = audit(
        ExportOpener(folder), question, scope="", progress=lambda *_: None, processes=1
    )
    unknown = (Unchecked.SIGNATURE_KEY_UNKNOWN, other.verifier_key.id.hex())
    assert (report.ok, report.tally.unchecked[unknown]) == (True, 1)
    assert check_export(folder, keyed.policy(0)) == (0, set())

"""One lie at a time about a rotation → exactly these findings, by both verifiers."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.application.auditing import audit
from ledger.application.published_shapes import SHAPES
from ledger.audit.chunk import Question
from ledger.audit.finding import Unchecked
from ledger.audit.marks import Trust
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import add_signatures, parse_checkpoint, sign_checkpoint
from ledger.proof.errors import ProofError
from ledger.proof.note import KeyType, parse_note
from ledger.proof.signers import SigningKey
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.store.export_reading import ExportOpener
from ledger.store.key_rows import KeysUnreadError
from ledger.store.signing_keys import KeyNotInForceError
from ledger.wiring.parts import Wiring
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
        closing(Wiring(keyed.ledger.paths, ORIGIN)) as fresh,
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


def put_back(keyed: Keyed) -> None:
    """Put the key that was retired in the place of the current one, as from an old copy."""
    files = keyed.ledger.key_files
    [retired] = files.retired(KeyType.ED25519)
    retired.replace(files.current(KeyType.ED25519))


def change(keyed: Keyed, statement: str) -> None:
    """Change rows by hand, past the triggers."""
    with keyed.ledger.engine.begin() as connection:
        for act in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS entries_no_{act}")
        connection.exec_driver_sql(statement)


UNREAD = {
    "facts of the rotation": "UPDATE entries SET plain = NULL WHERE seq = 3",
    "facts of both": "UPDATE entries SET plain = NULL WHERE seq IN (0, 3)",
    "facts of entry 0": "UPDATE entries SET plain = NULL WHERE seq = 0",
    "row of entry 0": "DELETE FROM entries WHERE seq = 0",
    "rows of both": "DELETE FROM entries WHERE seq IN (0, 3)",
    "stream of both": "UPDATE entries SET stream = '0' WHERE seq IN (0, 3)",
}


@pytest.mark.parametrize("statement", UNREAD.values(), ids=UNREAD)
def test_no_key_signs_where_the_log_cannot_say_which(keyed: Keyed, statement: str) -> None:
    keyed.rotate()
    change(keyed, statement)
    put_back(keyed)
    with pytest.raises((KeysUnreadError, ProofError)):
        keyed.append(1)
    assert max(keyed.notes()) == 4


def fill(keyed: Keyed) -> None:
    """Append so much that no proof of an entry before reads the rows of the next one."""
    actor = system_actor(ORIGIN)
    facts: dict[str, Value] = {"topic": "t", "originator_version": 0, "state": "e30="}
    events = [
        NewEvent(str(uuid.uuid4()), "opaque.recorded", 1, actor, {**facts}) for _ in range(256)
    ]
    keyed.ledger.appender.append(Submission(uuid.uuid4(), events))


def test_a_row_that_is_gone_between_two_rotations_is_missed(keyed: Keyed) -> None:
    fill(keyed)
    rotated = keyed.rotate()
    fill(keyed)
    keyed.rotate()
    change(keyed, f"DELETE FROM entries WHERE seq = {rotated.seq}")
    with (
        closing(Wiring(keyed.ledger.paths, ORIGIN)) as fresh,
        pytest.raises(KeysUnreadError) as refused,
    ):
        fresh.publisher.publish()
    assert refused.value.count == 1


def test_a_rotation_under_another_topic_is_still_read(keyed: Keyed) -> None:
    keyed.rotate()
    change(keyed, "UPDATE entries SET topic = 'opaque.recorded' WHERE seq = 3")
    put_back(keyed)
    with pytest.raises(KeyNotInForceError):
        keyed.append(1)


def test_a_planted_rotation_puts_no_key_in_force(keyed: Keyed) -> None:
    keyed.rotate()
    change(
        keyed,
        "INSERT INTO entries SELECT log, 9, entry, leaf, '0' || substr(stream, 2), version,"
        " originator_version, topic, plain, personal, submission FROM entries WHERE seq = 3",
    )
    change(keyed, "DELETE FROM entries WHERE seq = 3")
    stream = uuid.UUID(system_actor(ORIGIN).removeprefix("system:")).hex
    change(keyed, f"UPDATE entries SET stream = '{stream}' WHERE seq = 9")
    with (
        closing(Wiring(keyed.ledger.paths, ORIGIN)) as fresh,
        pytest.raises(ProofError),
    ):
        fresh.publisher.publish()


def test_an_event_moved_into_the_stream_of_the_keys_is_refused(keyed: Keyed) -> None:
    stream = uuid.UUID(system_actor(ORIGIN).removeprefix("system:")).hex
    change(keyed, f"UPDATE entries SET stream = '{stream}', version = 2 WHERE seq = 2")
    with (
        closing(Wiring(keyed.ledger.paths, ORIGIN)) as fresh,
        pytest.raises(ProofError) as refused,
    ):
        fresh.publisher.publish()
    assert refused.value.step == "stream of the keys"


def test_a_key_that_was_retired_in_this_folder_signs_nothing(keyed: Keyed) -> None:
    """Given that the newest row was taken away, which leaves no gap in the stream."""
    fill(keyed)
    rotated = keyed.rotate()
    fill(keyed)
    change(keyed, f"DELETE FROM entries WHERE seq = {rotated.seq}")
    files = keyed.ledger.key_files
    [retired] = files.retired(KeyType.ED25519)
    files.current(KeyType.ED25519).unlink()
    files.current(KeyType.ED25519).write_bytes(retired.read_bytes())
    files.current(KeyType.ED25519).chmod(0o600)
    with pytest.raises(KeyNotInForceError):
        keyed.append(1)
    assert max(keyed.notes()) == rotated.seq + 1


LOST_ROTATION = {
    "its facts": "UPDATE entries SET plain = NULL, submission = '0' || substr(submission, 2)",
    "its row": "DELETE FROM entries",
}


@pytest.mark.parametrize("statement", LOST_ROTATION.values(), ids=LOST_ROTATION)
def test_a_next_key_that_the_log_may_name_is_not_taken_away(
    keyed: Keyed, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr("ledger.application.rotating._complete", None)
        with pytest.raises(TypeError):
            keyed.rotate()
    waiting = keyed.ledger.key_files.next(KeyType.ED25519)
    kept = waiting.read_bytes()
    change(keyed, f"{statement} WHERE seq = 3")
    with pytest.raises(KeysUnreadError):
        keyed.rotate()
    assert waiting.read_bytes() == kept


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
    question = Question(SHAPES, Trust(keys, keyed.policy(0)), clock_bound_s=1)
    report = audit(
        ExportOpener(folder), question, scope="", progress=lambda *_: None, processes=1
    )
    unknown = (Unchecked.SIGNATURE_KEY_UNKNOWN, other.verifier_key.id.hex())
    assert (report.ok, report.tally.unchecked[unknown]) == (True, 1)
    assert check_export(folder, keyed.policy(0)) == (0, set())

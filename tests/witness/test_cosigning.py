"""Our witness: each status of C2SP tlog-witness, and what it never does."""

import base64
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import ledger.witness.memory as memory_module
from ledger.proof.add_checkpoint import origin_hash
from ledger.proof.checkpoint import parse_checkpoint, verify_signature
from ledger.proof.note import (
    KeyType,
    SignedNote,
    VerifierKey,
    parse_note,
    parse_signature_lines,
)
from ledger.proof.signers import SigningKey
from ledger.store.event import LedgerExistsError
from ledger.witness.cosigning import Reply, Witness
from ledger.witness.evidence import PAIRS_MAX
from ledger.witness.memory import MemoryLostError, WitnessFolder, WitnessMissingError
from tests.witness.foreign_log import LOG, OtherLog
from tests.witness.scene import Clock

NAME = "witness.example.org"
OTHER = OtherLog()
HASH = origin_hash(LOG)


@pytest.fixture
def folder(tmp_path: Path) -> WitnessFolder:
    """Return a witness that has seen nothing."""
    made = WitnessFolder(tmp_path / "witness")
    made.create(NAME, mldsa=False)
    return made


def started(
    folder: WitnessFolder, *, clock: Clock | None = None, keys: list[VerifierKey] | None = None
) -> Witness:
    """Return the witness as after a start."""
    folder.enrol([LOG])
    own = folder.read_keys()
    memory = folder.memory(LOG, own[0].verifier_key)
    logs = {LOG: keys or [OTHER.verifier_key]}
    return Witness(own, logs, {LOG: memory}, clock=clock or Clock())


@pytest.fixture
def witness(folder: WitnessFolder) -> Witness:
    return started(folder)


def check_lines(reply: Reply, note: SignedNote, keys: list[SigningKey]) -> list[int | None]:
    """Check that an answer holds a good line by every key; return their times."""
    assert reply.status == 200, reply
    lines = parse_signature_lines(reply.body.decode())
    assert len(lines) == len(keys)
    return [verify_signature(SignedNote(note.text, lines), key.verifier_key) for key in keys]


def evidence(folder: WitnessFolder) -> list[str]:
    """Return which notes were kept, by kind."""
    kept = folder.folder / "logs" / HASH / "evidence"
    return sorted(path.name.split("-")[0] + path.suffix for path in kept.glob("*"))


def test_a_log_is_followed_from_size_to_size(witness: Witness, folder: WitnessFolder) -> None:
    for old, new in [(0, 0), (0, 1), (1, 1), (1, 7), (7, 8), (8, 300), (300, 300)]:
        reply = witness.add_checkpoint(OTHER.request(old, new))
        times = check_lines(reply, OTHER.note(new), folder.read_keys())
        assert times == [int(Clock().now.timestamp())]


def test_what_was_cosigned_last_is_shown(witness: Witness, folder: WitnessFolder) -> None:
    assert witness.latest(HASH).status == 404
    witness.add_checkpoint(OTHER.request(0, 7))
    shown = parse_note(witness.latest(HASH).body)
    assert shown.text == OTHER.note(7).text
    assert verify_signature(shown, OTHER.verifier_key) is None
    assert verify_signature(shown, folder.read_keys()[0].verifier_key) is not None
    assert started(folder).latest(HASH).body == shown.encode()
    for unknown in ("0" * 64, "..", HASH.upper(), ""):
        assert witness.latest(unknown).status == 404


def without(body: bytes, old: str, new: str) -> bytes:
    assert old.encode() in body
    return body.replace(old.encode(), new.encode(), 1)


def wrong_signature(size: int) -> bytes:
    note = OTHER.note(size)
    line = note.signatures[0]
    blob = bytes([line.blob[0] ^ 1]) + line.blob[1:]
    lie = SignedNote(note.text, (type(line)(line.name, line.key_id, blob),))
    return b"old 0\n\n" + lie.encode()


def size_zero_other_root(key: SigningKey | None = None) -> bytes:
    """Return an empty tree with the root of another, signed all the same."""
    text = f"{LOG}\n0\n{base64.b64encode(b'r' * 32).decode()}\n"
    signing = key or OTHER.key
    signature = signing.sign(text.encode())
    line = base64.b64encode(signing.verifier_key.id + signature).decode()
    return f"old 0\n\n{text}\n— {signing.name} {line}\n".encode()


def many_lines() -> bytes:
    line = base64.b64encode(b"h" * 32) + b"\n"
    return OTHER.request(7, 9).replace(b"old 7\n", b"old 7\n" + line * 60, 1)


STRANGER = SigningKey(LOG, KeyType.ED25519, b"s" * 32)

ANSWERS: dict[str, tuple[int, Callable[[], bytes]]] = {
    "nothing": (400, lambda: b""),
    "garbage": (400, lambda: b"\xff" * 2_000),
    "no old size": (400, lambda: OTHER.request(7, 9).partition(b"\n")[2]),
    "an old size with a zero before": (400, lambda: without(OTHER.request(7, 9), "7", "07")),
    "an old size below zero": (400, lambda: without(OTHER.request(7, 9), "7", "-7")),
    "an old size beyond 63 bits": (
        400,
        lambda: without(OTHER.request(7, 9), "old 7", "old 9223372036854775808"),
    ),
    "an old size above the checkpoint's": (
        400,
        lambda: without(OTHER.request(7, 9), "old 7", "old 10"),
    ),
    "64 proof lines": (400, many_lines),
    "a proof line that is no hash": (
        400,
        lambda: without(OTHER.request(7, 9), "old 7\n", "old 7\nAAAA\n"),
    ),
    "no signature": (400, lambda: OTHER.request(7, 9).partition("\n—".encode())[0] + b"\n"),
    "another log": (404, lambda: OtherLog(origin="else.example.org").request(0, 9)),
    "no known key": (
        403,
        lambda: b"old 7\n\n" + OTHER.note(9, keys=[STRANGER]).encode(),
    ),
    "a wrong signature": (403, lambda: wrong_signature(9)),
    "an empty tree with another root": (422, size_zero_other_root),
    "the same by a stranger": (403, lambda: size_zero_other_root(STRANGER)),
    "a proof with old size 0": (
        409,
        lambda: without(OTHER.request(7, 9), "old 7", "old 0"),
    ),
    "a smaller old size": (409, lambda: OTHER.request(3, 9)),
    "a larger old size": (409, lambda: OTHER.request(8, 9)),
    "a smaller checkpoint": (409, lambda: OTHER.request(3, 5)),
    "no proof": (422, lambda: b"old 7\n\n" + OTHER.note(9).encode()),
    "a proof for another size": (422, lambda: without(OTHER.request(6, 9), "old 6", "old 7")),
    "another history": (422, lambda: OtherLog(entries="lie").request(7, 9)),
    "another root of the same size": (422, lambda: OtherLog(entries="lie").request(7, 7)),
    "a proof for the same size": (
        422,
        lambda: without(OTHER.request(7, 9), OTHER.note(9).text, OTHER.note(7).text).replace(
            OTHER.note(9).signatures[0].text().encode(),
            OTHER.note(7).signatures[0].text().encode(),
        ),
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_every_status_has_its_case_and_changes_nothing(
    witness: Witness, folder: WitnessFolder, case: str
) -> None:
    assert witness.add_checkpoint(OTHER.request(0, 7)).status == 200
    before = witness.latest(HASH).body
    status, body = ANSWERS[case]
    reply = witness.add_checkpoint(body())
    assert reply.status == status
    if status == 409:
        assert (reply.body, reply.content_type) == (b"7\n", "text/x.tlog.size")
    else:
        assert reply.content_type.startswith("text/plain")
        assert len(reply.body) < 200
    assert started(folder).latest(HASH).body == before
    assert witness.add_checkpoint(OTHER.request(7, 9)).status == 200


def test_a_proof_from_nothing_is_no_proof(witness: Witness) -> None:
    body = without(OTHER.request(7, 9), "old 7", "old 0")
    assert witness.add_checkpoint(body).status == 422
    assert witness.latest(HASH).status == 404


def test_two_roots_of_one_size_are_kept_as_evidence(
    witness: Witness, folder: WitnessFolder
) -> None:
    fork = OtherLog(entries="lie")
    witness.add_checkpoint(OTHER.request(0, 7))
    assert witness.add_checkpoint(fork.request(7, 7)).status == 422
    assert evidence(folder) == ["fork.cosigned", "fork.refused"]
    # Whatever old size came with it, and however often.
    assert witness.add_checkpoint(fork.request(0, 7)).status == 409
    assert evidence(folder) == ["fork.cosigned", "fork.refused"]
    kept = folder.folder / "logs" / HASH / "evidence"
    [refused], [cosigned] = kept.glob("*.refused"), kept.glob("*.cosigned")
    for path, log in [(refused, fork), (cosigned, OTHER)]:
        note = parse_note(path.read_bytes())
        assert note.text == log.note(7).text
        assert verify_signature(note, OTHER.verifier_key) is None


def test_a_history_that_is_not_proved_is_kept_as_evidence(
    witness: Witness, folder: WitnessFolder
) -> None:
    witness.add_checkpoint(OTHER.request(0, 7))
    assert witness.add_checkpoint(OtherLog(entries="lie").request(7, 9)).status == 422
    assert evidence(folder) == ["unproven.cosigned", "unproven.refused"]


def test_what_the_log_did_not_sign_is_no_evidence(
    witness: Witness, folder: WitnessFolder
) -> None:
    witness.add_checkpoint(OTHER.request(0, 7))
    stranger = OtherLog(entries="lie", seed=b"z" * 32)
    assert witness.add_checkpoint(stranger.request(7, 7)).status == 403
    assert witness.add_checkpoint(wrong_signature(7)).status == 403
    assert evidence(folder) == []


def test_unproven_checkpoints_do_not_crowd_out_a_fork(
    witness: Witness, folder: WitnessFolder
) -> None:
    witness.add_checkpoint(OTHER.request(0, 7))
    for size in range(8, 8 + PAIRS_MAX + 6):
        body = b"old 7\n\n" + OTHER.note(size).encode()
        assert witness.add_checkpoint(body).status == 422
    witness.add_checkpoint(OtherLog(entries="lie").request(7, 7))
    kept = evidence(folder)
    assert kept.count("unproven.refused") == PAIRS_MAX
    assert kept.count("unproven.cosigned") == PAIRS_MAX
    assert kept.count("fork.refused") == 1
    sizes = [
        parse_checkpoint(parse_note(path.read_bytes()).text).size
        for path in (folder.folder / "logs" / HASH / "evidence").glob("unproven-*.refused")
    ]
    assert sorted(sizes) == list(range(14, 8 + PAIRS_MAX + 6))


def test_of_many_at_once_exactly_one_extends(folder: WitnessFolder) -> None:
    """Each of them has the witness to itself, as processes have."""
    started(folder).add_checkpoint(OTHER.request(0, 7))
    body = OTHER.request(7, 20)
    witnesses = [started(folder) for _ in range(8)]
    statuses: list[int] = []
    start = threading.Barrier(len(witnesses))

    def post(witness: Witness) -> None:
        start.wait()
        statuses.append(witness.add_checkpoint(body).status)

    threads = [threading.Thread(target=post, args=(witness,)) for witness in witnesses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 7


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_histories_at_once_one_is_cosigned(folder: WitnessFolder, attempt: int) -> None:
    witnesses = [started(folder) for _ in range(2)]
    start = threading.Barrier(2)
    statuses: list[int] = []

    def post(witness: Witness, body: bytes) -> None:
        start.wait()
        statuses.append(witness.add_checkpoint(body).status)

    bodies = [OTHER.request(0, 9), OtherLog(entries="lie").request(0, 9)]
    threads = [
        threading.Thread(target=post, args=each) for each in zip(witnesses, bodies, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]


def test_a_disk_that_refuses_leaves_no_cosignature(
    folder: WitnessFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = started(folder)
    witness.add_checkpoint(OTHER.request(0, 7))

    def refuse(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(memory_module, "replace_file", refuse)
        with pytest.raises(OSError, match="No space"):
            witness.add_checkpoint(OTHER.request(7, 9))
    assert witness.add_checkpoint(OTHER.request(9, 9)).status == 409
    assert witness.add_checkpoint(OTHER.request(7, 9)).status == 200


@pytest.mark.parametrize("loss", ["file", "folder", "logs", "cut off", "empty", "foreign"])
def test_a_witness_without_memory_does_not_begin_anew(folder: WitnessFolder, loss: str) -> None:
    started(folder).add_checkpoint(OTHER.request(0, 7))
    latest = folder.folder / "logs" / HASH / "latest"
    match loss:
        case "file":
            latest.unlink()
        case "folder":
            latest.parent.rename(folder.folder / "away")
        case "logs":
            latest.parent.parent.rename(folder.folder / "away")
        case "cut off":
            latest.write_bytes(latest.read_bytes()[:-30])
        case "empty":
            latest.write_bytes(b"")
        case _:  # a checkpoint of this log that this witness never cosigned
            latest.write_bytes(OTHER.note(3).encode())
    witness = started(folder)
    for old, new in [(0, 9), (7, 9), (3, 9)]:
        reply = witness.add_checkpoint(OTHER.request(old, new))
        assert reply.status == 503
        assert b"under a new key" in reply.body
    assert witness.latest(HASH).status == 503
    assert not latest.exists() or loss in ("cut off", "empty", "foreign")


def test_a_log_is_enrolled_once(folder: WitnessFolder) -> None:
    assert folder.enrol([LOG]) == [LOG]
    assert folder.enrol([LOG, "else.example.org"]) == ["else.example.org"]
    assert folder.enrol([LOG]) == []


def test_an_enrolment_that_was_cut_off_is_taken_up_again(
    folder: WitnessFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(path: Path, content: bytes) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(memory_module, "replace_file", die)
        with pytest.raises(OSError, match="Input"):
            folder.enrol([LOG])
    assert started(folder).add_checkpoint(OTHER.request(0, 7)).status == 200


def test_a_witness_is_never_made_over_another(folder: WitnessFolder) -> None:
    before = (folder.folder / "witness.key").read_bytes()
    with pytest.raises(LedgerExistsError):
        folder.create(NAME, mldsa=True)
    (folder.folder / "enrolled").unlink()
    with pytest.raises(LedgerExistsError):
        folder.create(NAME, mldsa=False)
    assert (folder.folder / "witness.key").read_bytes() == before
    # A key without its memory is a witness no more.
    with pytest.raises(WitnessMissingError):
        folder.read_keys()


def test_a_memory_of_another_key_is_not_taken_over(
    folder: WitnessFolder, tmp_path: Path
) -> None:
    started(folder).add_checkpoint(OTHER.request(0, 7))
    other = WitnessFolder(tmp_path / "other")
    other.create(NAME, mldsa=False)
    key = folder.folder / "witness.key"
    key.write_bytes((other.folder / "witness.key").read_bytes())
    with pytest.raises(WitnessMissingError):
        folder.read_keys()
    memory = folder.memory(LOG, other.read_keys()[0].verifier_key)
    with pytest.raises(MemoryLostError):
        memory.latest()


def test_a_clock_that_went_back_is_not_signed(folder: WitnessFolder) -> None:
    clock = Clock()
    witness = started(folder, clock=clock)
    witness.add_checkpoint(OTHER.request(0, 7))
    clock.go(seconds=-1)
    reply = witness.add_checkpoint(OTHER.request(7, 9))
    assert reply.status == 503
    assert b"clock" in reply.body
    clock.go(seconds=1)
    assert witness.add_checkpoint(OTHER.request(7, 9)).status == 200


@pytest.fixture
def mldsa(tmp_path: Path) -> WitnessFolder:
    made = WitnessFolder(tmp_path / "mldsa")
    made.create(NAME, mldsa=True)
    return made


def test_a_witness_with_two_keys_gives_two_lines(mldsa: WitnessFolder) -> None:
    reply = started(mldsa).add_checkpoint(OTHER.request(0, 7))
    assert [key.type for key in mldsa.read_keys()] == [KeyType.COSIGNATURE, KeyType.MLDSA44]
    assert len(check_lines(reply, OTHER.note(7), mldsa.read_keys())) == 2


def test_extension_lines_are_cosigned_only_by_the_key_that_covers_them(
    mldsa: WitnessFolder,
) -> None:
    log = OtherLog(extensions=("an extension",))
    witness = started(mldsa)
    reply = witness.add_checkpoint(log.request(0, 7))
    check_lines(reply, log.note(7), mldsa.read_keys()[:1])
    assert witness.add_checkpoint(log.request(7, 9)).status == 200


def test_lines_of_unknown_keys_are_ignored_and_not_shown(
    witness: Witness, folder: WitnessFolder
) -> None:
    note = OTHER.note(7, keys=[STRANGER, OTHER.key])
    reply = witness.add_checkpoint(b"old 0\n\n" + note.encode())
    check_lines(reply, note, folder.read_keys())
    shown = parse_note(witness.latest(HASH).body)
    assert [line.key_id for line in shown.signatures] == [
        OTHER.verifier_key.id,
        folder.read_keys()[0].verifier_key.id,
    ]


def test_a_log_may_sign_with_either_of_its_keys(folder: WitnessFolder) -> None:
    second = SigningKey(LOG, KeyType.ED25519, b"2" * 32)
    witness = started(folder, keys=[OTHER.verifier_key, second.verifier_key])
    assert witness.add_checkpoint(OTHER.request(0, 7)).status == 200
    proof = OTHER.request(7, 9).partition(b"\n\n")[0]
    note = OTHER.note(9, keys=[second]).encode()
    assert witness.add_checkpoint(proof + b"\n\n" + note).status == 200

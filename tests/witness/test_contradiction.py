"""A witness that holds more than there is: with our signature to show, everything stops."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ledger.application.witness_testimony import WitnessAheadError, ask_witnesses
from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.proof.note import KeyType, parse_note
from ledger.proof.signers import SigningKey
from ledger.store.contradiction import Contradiction
from ledger.store.event import RolledBackError
from ledger.wiring.witnesses import compare_with_witnesses
from ledger.witness.cosigning import Reply
from tests.api.service import free_port, served
from tests.shell import ORIGIN, Shell
from tests.witness.scene import PATIENCE, Scene, staged
from tests.witness.wire import Asked, http, replying, saying

SIZE, CANNOT, ROLLED_BACK = 11, 2, 3


@pytest.fixture
def one(shell: Shell) -> Iterator[Scene]:
    """Return a log with one witness."""
    with staged(shell, "a") as scene:
        yield scene


def rewind(scene: Scene) -> None:
    """Have 5 more entries cosigned, then restore the folder as it was, register and all."""
    folder = scene.shell.data_dir
    scene.close()
    backup = scene.shell.folder / "backup"
    shutil.copytree(folder, backup)
    scene.shell.append(5)
    scene.round()
    scene.close()
    shutil.move(folder, scene.shell.folder / "lost")
    shutil.move(backup, folder)


def stops(scene: Scene) -> None:
    """Check that nothing is appended or signed, by any process."""
    scene.close()
    with pytest.raises(RolledBackError):
        scene.ledger.publisher.publish()
    with pytest.raises(RolledBackError):
        scene.shell.append(1)
    scene.close()
    assert scene.ledger.source.size() == SIZE
    with pytest.raises(RolledBackError):
        scene.round()


def evidence(scene: Scene) -> list[int]:
    """Return the sizes of the signed heads that were kept, each signed by the log."""
    sizes = []
    for path in sorted((scene.shell.data_dir / "evidence").glob("*.note")):
        note = parse_note(path.read_bytes())
        assert note.signatures[0].name == ORIGIN
        sizes.append(parse_checkpoint(note.text).size)
    return sorted(sizes)


def test_a_log_behind_its_witness_stops_while_it_runs(one: Scene) -> None:
    rewind(one)
    with pytest.raises(RolledBackError) as stopped:
        one.round()
    assert parse_checkpoint(stopped.value.want).size == SIZE + 5
    assert parse_checkpoint(stopped.value.got).size == SIZE
    assert evidence(one) == [SIZE, SIZE + 5]
    stops(one)


def test_a_log_behind_its_witness_is_not_served(one: Scene) -> None:
    rewind(one)
    done = one.shell.run("serve", "--port", free_port())
    assert done.returncode == ROLLED_BACK
    assert f"\n{SIZE + 5}\n" in done.stderr
    assert f"\n{SIZE}\n" in done.stderr
    assert evidence(one) == [SIZE, SIZE + 5]
    stops(one)
    # Nor when the witness is asked no more: what it showed is remembered.
    del one.shell.env["LEDGER_POLICY_FILE"]
    assert one.shell.run("serve", "--port", free_port()).returncode == ROLLED_BACK


def test_a_log_that_got_its_entries_back_is_served_again(one: Scene) -> None:
    rewind(one)
    assert one.shell.run("serve", "--port", free_port()).returncode == ROLLED_BACK
    found = one.shell.data_dir / "head.contradicted"
    assert found.exists()
    lost = one.shell.folder / "lost"
    for name in ("log.sqlite", "log.sqlite-wal", "head", "vault.sqlite"):
        (one.shell.data_dir / name).unlink(missing_ok=True)
        if (lost / name).exists():
            shutil.copy(lost / name, one.shell.data_dir / name)
    with served(one.shell):
        assert not found.exists()
    assert evidence(one) == [SIZE, SIZE + 5]
    one.shell.append(1)


def fork_of(scene: Scene) -> bytes:
    """Return another history of the same size, signed with the log's own key."""
    key = scene.ledger.signing_keys[0]
    other = Checkpoint(ORIGIN, SIZE, b"\x07" * 32)
    return add_signatures(other, [sign_checkpoint(other, key, timestamp=None)]).encode()


@pytest.mark.parametrize("status", [422, 409])
def test_a_witness_that_holds_a_fork_stops_the_log(one: Scene, status: int) -> None:
    """Status 409 with the size that was offered is what version 1.0.0 answered."""
    note = fork_of(one)
    one.round()
    one.clock.go(days=2)

    def holds_a_fork(asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(200, note)
        return Reply(status, f"{SIZE}\n".encode(), "text/x.tlog.size")

    one.wires["a"].script = replying(holds_a_fork)
    with pytest.raises(RolledBackError) as stopped:
        one.round()
    assert stopped.value.want == parse_note(note).text
    assert evidence(one) == [SIZE, SIZE]
    stops(one)


def shown(size: int, key: SigningKey) -> bytes:
    """Return a checkpoint that a witness may show, signed by some key."""
    checkpoint = Checkpoint(ORIGIN, size, b"\x07" * 32)
    return add_signatures(
        checkpoint, [sign_checkpoint(checkpoint, key, timestamp=None)]
    ).encode()


LIES = {
    "nothing to show": http(404),
    "garbage": http(200, b"garbage"),
    "another key's word": http(
        200, shown(SIZE + 5, SigningKey(ORIGIN, KeyType.ED25519, b"x" * 32))
    ),
    "another log": http(200, shown(1, SigningKey("else", KeyType.ED25519, b"x" * 32))),
    "silence": b"",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_witness_that_only_says_so_stops_nothing_that_runs(one: Scene, lie: str) -> None:
    def script(asked: Asked) -> bytes:
        claim = http(409, f"{SIZE + 5}\n".encode(), "text/x.tlog.size")
        return LIES[lie] if asked.method == "GET" else claim

    one.wires["a"].script = lambda asked, client: client.sendall(script(asked))
    one.round()
    assert one.troubles() == {"a": "ahead"}
    assert not (one.shell.data_dir / "evidence").exists()
    one.shell.append(1)
    one.ledger.publisher.publish()


def test_a_witness_that_only_says_so_is_a_question_at_the_start(one: Scene) -> None:
    one.wires["a"].script = saying(LIES["another key's word"])
    done = one.shell.run("serve", "--port", free_port())
    assert done.returncode == ROLLED_BACK
    assert "witness a says" in done.stderr
    assert f"{SIZE + 5} entries" in done.stderr
    assert "LEDGER_POLICY_FILE" in done.stderr
    with pytest.raises(WitnessAheadError) as ahead:
        compare_with_witnesses(one.ledger)
    assert (ahead.value.witness, ahead.value.want, ahead.value.got) == (
        "a",
        str(SIZE + 5),
        str(SIZE),
    )
    # Without that witness it starts: nothing was held against the log.
    del one.shell.env["LEDGER_POLICY_FILE"]
    with served(one.shell):
        pass


def test_a_witness_without_the_newer_call_says_its_size(one: Scene) -> None:
    """Version 1.0.0 of the specification had no way to ask but to offer."""

    def old_witness(asked: Asked) -> bytes:
        claim = http(409, f"{SIZE + 5}\n".encode(), "text/x.tlog.size")
        return claim if asked.method == "POST" else http(404)

    one.wires["a"].script = lambda asked, client: client.sendall(old_witness(asked))
    signed = one.ledger.publisher.publish()
    asked = one.ledger.policy.witnesses
    [word] = ask_witnesses(asked, PATIENCE, origin=ORIGIN, signed=signed)
    assert (word.size, word.root, word.note, word.trouble) == (SIZE + 5, None, None, None)
    with pytest.raises(WitnessAheadError):
        compare_with_witnesses(one.ledger)


def test_a_witness_that_is_away_does_not_hold_up_the_start(one: Scene) -> None:
    one.wires["a"].script = saying(http(500))
    with served(one.shell):
        said = (one.shell.folder / "serve.log").read_text("utf-8")
    assert "witness a gave no usable answer (status)" in " ".join(said.split())


def test_the_service_has_its_checkpoints_cosigned(one: Scene) -> None:
    one.clock.now = one.ledger.publisher._clock()  # the witness lives in real time here
    one.shell.env["LEDGER_WITNESS_INTERVAL_S"] = "0.05"
    with served(one.shell, "--workers", "2") as address:
        note = _until_cosigned(address, one)
    [said] = one.ledger.policy.verify(parse_note(note)).cosignatures
    assert said.witness == "a"


def _until_cosigned(address: str, scene: Scene) -> bytes:
    for _ in range(2_000):
        note = httpx.get(f"{address}/log/110000/checkpoint").content
        if len(parse_note(note).signatures) > 1:
            return note
        threading.Event().wait(0.02)
    raise AssertionError(scene.troubles())


def test_a_damaged_memory_of_a_contradiction_stops_too(one: Scene) -> None:
    register: Path = one.ledger.paths.register
    Contradiction(register).remember(fork_of(one))
    path = register.with_name("head.contradicted")
    path.write_bytes(path.read_bytes()[:40])
    one.close()
    assert one.shell.run("serve", "--port", free_port()).returncode == CANNOT

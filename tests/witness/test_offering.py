"""Each new checkpoint is offered, cosigned, kept and served, as far as a quorum goes."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ledger.proof.add_checkpoint import parse_add_checkpoint
from ledger.proof.note import parse_note
from ledger.proof.policy import PolicyWitness
from ledger.store.durable_file import replace_file
from ledger.store.event import HeadTamperedError
from ledger.store.schema import cosignatures
from ledger.witness.memory import NOTHING_YET
from tests.shell import Shell
from tests.witness.scene import LOG_HASH, Honest, Scene, staged
from tests.witness.wire import Asked, http, replying, saying

SIZE = 11


@pytest.fixture
def one(shell: Shell) -> Iterator[Scene]:
    """Return a log with one witness."""
    with staged(shell, "a") as scene:
        yield scene


def grow(scene: Scene, count: int = 5) -> None:
    """Append as another process does."""
    scene.shell.append(count)


def test_a_checkpoint_is_cosigned_kept_and_served(one: Scene) -> None:
    assert one.ledger.cosignatures.newest() is None
    assert one.ledger.cosignatures.witnessed() is None
    one.round()
    note = one.ledger.cosignatures.newest()
    assert note is not None
    [said] = one.ledger.policy.verify(parse_note(note)).cosignatures
    assert (said.witness, said.timestamp) == ("a", int(one.clock().timestamp()))
    assert one.ledger.files.checkpoint() == note
    witnessed = one.ledger.cosignatures.witnessed()
    assert witnessed is not None
    assert (witnessed.size, witnessed.time) == (SIZE, one.clock())
    one.close()
    assert one.ledger.files.checkpoint() == note


def test_what_grew_is_proved_from_the_size_cosigned_last(one: Scene) -> None:
    one.round()
    grow(one)
    one.round()
    first, second = one.wires["a"].posts()
    assert (first.old_size, first.proof) == (0, [])
    request = parse_add_checkpoint(second.body)
    assert (request.old_size, request.checkpoint.size) == (SIZE, SIZE + 5)
    assert request.proof
    assert one.served_size() == SIZE + 5


def test_what_is_served_stays_behind_until_it_is_cosigned(one: Scene) -> None:
    one.round()
    grow(one)
    assert one.served_size() == SIZE
    one.round()
    one.close()
    assert one.served_size() == SIZE + 5


def test_a_checkpoint_that_stands_is_cosigned_again_after_a_day(one: Scene) -> None:
    one.round()
    one.round()
    one.clock.go(hours=23)
    one.round()
    assert len(one.wires["a"].posts()) == 1
    one.clock.go(hours=1)
    one.round()
    assert [each.old_size for each in one.wires["a"].posts()] == [0, SIZE]
    witnessed = one.ledger.cosignatures.witnessed()
    assert witnessed is not None
    assert (witnessed.size, witnessed.time) == (SIZE, one.clock())
    note = parse_note(one.ledger.cosignatures.newest() or b"")
    assert len(note.signatures) == 2  # the log's, and the latest of the witness


def test_a_witness_whose_answer_was_lost_is_caught_up_with(one: Scene) -> None:
    honest = one.honest["a"]

    def cut_off(asked: Asked, client: object) -> None:
        honest.reply(asked)

    script = one.wires["a"].script
    one.wires["a"].script = cut_off
    one.round()
    assert one.troubles() == {"a": "garbage"}
    one.wires["a"].script = script
    grow(one)
    one.round()  # left alone for one round
    one.round()
    assert [each.old_size for each in one.wires["a"].posts()] == [0, 0, SIZE]
    assert one.cosigned() == {"a": SIZE + 5}
    assert one.troubles() == {}


def test_a_witness_that_fails_is_left_alone_ever_longer(one: Scene) -> None:
    one.wires["a"].script = saying(http(500))
    asked = []
    for _ in range(16):
        before = len(one.wires["a"].asked)
        one.round()
        asked.append(len(one.wires["a"].asked) > before)
    assert [n for n, was in enumerate(asked) if was] == [0, 2, 5, 10]
    assert one.troubles() == {"a": "status"}
    one.wires["a"].script = replying(one.honest["a"].reply)
    for _ in range(16):
        one.round()
    assert one.troubles() == {}
    assert one.served_size() == SIZE


def test_two_of_three_are_enough_and_one_is_not(shell: Shell) -> None:
    with staged(shell, "a", "b", "c", threshold=2) as scene:
        for name in ("b", "c"):
            scene.wires[name].script = saying(http(500))
        scene.round()
        assert scene.cosigned() == {"a": SIZE, "b": 0, "c": 0}
        assert scene.served_size() is None
        scene.wires["c"].script = replying(scene.honest["c"].reply)
        scene.clock.go(seconds=30)
        scene.close()
        scene.round()
        assert scene.served_size() == SIZE
        witnessed = scene.ledger.cosignatures.witnessed()
        # Two say so only since the second of them did; the first said it earlier.
        assert witnessed is not None
        assert scene.clock.now.timestamp() - witnessed.time.timestamp() == 30


def test_the_newest_with_a_quorum_is_served_not_the_newest_with_a_line(shell: Shell) -> None:
    with staged(shell, "a", "b", threshold=2) as scene:
        scene.round()
        grow(scene)
        scene.wires["b"].script = saying(http(500))
        scene.round()
        assert scene.cosigned() == {"a": SIZE + 5, "b": SIZE}
        assert scene.served_size() == SIZE


def test_an_mldsa_witness_counts(shell: Shell) -> None:
    with staged(shell, "a", mldsa=True) as scene:
        scene.round()
        assert scene.served_size() == SIZE
        note = parse_note(scene.ledger.cosignatures.newest() or b"")
        # Of the two lines it sends, the one by the key in the policy is kept.
        assert [line.key_id for line in note.signatures[1:]] == [
            scene.honest["a"].key.verifier_key.id
        ]


def test_only_one_process_of_an_instance_asks(one: Scene) -> None:
    other = Scene(one.shell, one.clock)
    one.round()
    grow(one)
    other.round()
    assert len(one.wires["a"].posts()) == 1
    one.witnessing.leave()
    other.round()
    assert len(one.wires["a"].posts()) == 2
    # Whoever did not ask knows how the witnesses fare.
    assert one.cosigned() == {"a": SIZE + 5}
    other.witnessing.leave()
    other.close()


def test_a_witness_without_memory_is_retired_for_good(one: Scene) -> None:
    one.round()
    honest = one.honest["a"]
    replace_file(honest.folder / "logs" / LOG_HASH / "latest", NOTHING_YET)
    grow(one)
    one.round()
    assert one.troubles() == {"a": "lost_state"}
    asked = len(one.wires["a"].asked)
    one.close()
    grow(one)
    for _ in range(4):
        one.round()
    assert len(one.wires["a"].asked) == asked
    assert one.troubles() == {"a": "lost_state"}
    # What it said while it had its memory keeps its worth.
    assert one.served_size() == SIZE


def test_a_witness_without_memory_counts_again_under_a_new_key(one: Scene) -> None:
    one.round()
    honest = one.honest["a"]
    replace_file(honest.folder / "logs" / LOG_HASH / "latest", NOTHING_YET)
    grow(one)
    one.round()
    fresh = Honest(one.shell.folder / "fresh", "a.example.org", honest.log_keys, one.clock)
    one.wires["a"].script = replying(fresh.reply)
    one.close()
    one.write_policy([PolicyWitness("a", fresh.key.verifier_key, one.wires["a"].url)], 1)
    one.round()
    assert one.troubles() == {}
    assert one.served_size() == SIZE + 5


def test_a_line_that_somebody_else_stored_is_not_served(one: Scene) -> None:
    one.round()
    good = one.ledger.cosignatures.newest()
    grow(one)
    with one.ledger.engine.begin() as connection:
        [row] = connection.execute(sa.select(cosignatures)).mappings()
        connection.execute(sa.insert(cosignatures), {**row, "size": SIZE + 5})
    one.ledger.publisher.publish()
    one.close()
    assert one.ledger.cosignatures.newest() == good
    kept = parse_note(one.ledger.cosignatures.note(SIZE + 5) or b"")
    assert len(kept.signatures) == 1


def run_rounds(scene: Scene, count: int) -> None:
    """Let the thread's loop go round so often, as a service does."""
    stop = Counted(count)
    scene.witnessing.run(stop, interval_s=1, language="en", observe=scene.observed.append)


class Counted(threading.Event):
    """Lets a loop that waits for its end go round a number of times."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self._rounds = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self._rounds -= 1
        return self._rounds < 0


def test_the_operator_is_told_once_when_a_witness_goes_and_once_when_it_is_back(
    one: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    one.wires["a"].script = saying(http(403))
    run_rounds(one, 6)
    one.wires["a"].script = replying(one.honest["a"].reply)
    run_rounds(one, 6)
    told = [record.message for record in caplog.records if record.name == "uvicorn.error"]
    assert len(told) == 2
    assert told[0].startswith("The witness a does not cosign (unknown_key).")
    assert told[1].startswith("The witness a cosigns again.")
    assert one.observed == []


def test_what_goes_wrong_with_the_log_is_told_and_asking_goes_on(
    one: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    sealed = one.ledger.seal_key
    one.ledger.__dict__["seal_key"] = b"x" * 32
    run_rounds(one, 3)
    told = [record.message for record in caplog.records if record.name == "uvicorn.error"]
    assert len(told) == 1
    assert told[0].startswith("The head row was not written by this service")
    assert [type(error) for error in one.observed] == [HeadTamperedError] * 3
    assert one.wires["a"].asked == []
    one.close()
    one.ledger.__dict__["seal_key"] = sealed
    run_rounds(one, 1)
    assert one.served_size() == SIZE

"""Rows that somebody puts among the cosignatures neither silence a witness nor retire it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.note import parse_note
from ledger.store.schema import checkpoints, cosignatures
from tests.shell import ORIGIN, Shell
from tests.witness.scene import Scene, staged, witness_key

SIZE, GROWN, FAR = 11, 19, 10**9


@pytest.fixture
def one(shell: Shell) -> Iterator[Scene]:
    """Return a log of 19 entries, of which its witness has seen 11."""
    with staged(shell, "a") as scene:
        scene.round()
        scene.shell.append(GROWN - SIZE)
        yield scene


def plant(scene: Scene, size: int, **row: object) -> None:
    """Add a copy of the genuine row for another second, except for what is given."""
    with scene.ledger.engine.begin() as connection:
        [kept] = connection.execute(
            sa.select(cosignatures).where(cosignatures.c.size == SIZE).limit(1)
        ).mappings()
        row = {"time": kept["time"] + 1, **row}
        connection.execute(sa.insert(cosignatures), {**kept, "size": size, **row})


def is_asked_on(scene: Scene) -> None:
    """Check that the witness goes on: it is asked, cosigns, counts, and is not retired."""
    scene.round()
    key = scene.honest["a"].key.verifier_key
    assert not scene.ledger.cosignatures.has_lost(key)
    assert scene.troubles() == {}
    assert scene.cosigned() == {"a": GROWN}
    assert scene.served_size() == GROWN


@pytest.mark.parametrize("size", [SIZE + 4, GROWN, GROWN + 1, FAR, 2**63 - 1])
@pytest.mark.parametrize("line", ["x", "", "another size's"])
def test_a_planted_row_changes_nothing_for_an_honest_witness(
    one: Scene, size: int, line: str
) -> None:
    plant(one, size, **({} if line == "another size's" else {"line": line}))
    assert one.cosigned() == {"a": SIZE}
    is_asked_on(one)


@pytest.mark.parametrize("size", [SIZE + 4, FAR])
def test_a_planted_checkpoint_does_not_vouch_for_a_planted_row(one: Scene, size: int) -> None:
    other = Checkpoint(ORIGIN, size, b"\x07" * 32)
    stranger = witness_key("stranger")
    note = add_signatures(other, [sign_checkpoint(other, stranger, timestamp=1)])
    with one.ledger.engine.begin() as connection:
        row = {"log": ORIGIN, "size": size, "note": note.encode()}
        connection.execute(sa.insert(checkpoints), row)
    moment = int(one.clock().timestamp())
    line = sign_checkpoint(other, one.honest["a"].key, timestamp=moment).text()
    plant(one, size, line=line)
    assert one.cosigned() == {"a": SIZE}
    is_asked_on(one)


def test_a_later_time_in_a_planted_row_does_not_put_off_the_next_asking(one: Scene) -> None:
    is_asked_on(one)
    newest = parse_note(one.ledger.publisher.publish())
    line = sign_checkpoint(
        Checkpoint(ORIGIN, GROWN, b"\x07" * 32), one.honest["a"].key, timestamp=2**40
    )
    plant(one, GROWN, time=2**40, line=line.text())
    asked = len(one.wires["a"].posts())
    one.clock.go(days=2)
    one.round()
    assert len(one.wires["a"].posts()) == asked + 1
    assert parse_note(one.wires["a"].posts()[-1].note).text == newest.text
    [state] = one.witnessing.states()
    assert state.time == int(one.clock().timestamp())


def test_a_witness_that_forgot_is_still_found_out(one: Scene) -> None:
    """What is believed of a witness is what it has signed: that it must remember."""
    plant(one, FAR, line="x")
    plant(one, SIZE, time=1)
    is_asked_on(one)
    memory = one.honest["a"].folder / "logs"
    assert memory.is_dir()
    kept = {path: path.read_bytes() for path in memory.rglob("*") if path.is_file()}
    one.shell.append(1)
    one.round()
    for path, data in kept.items():
        path.write_bytes(data)
    one.shell.append(1)
    one.round()
    assert one.troubles() == {"a": "lost_state"}

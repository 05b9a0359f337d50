"""A retired key in other hands: what it signs after its term stops and proves nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.application.evidence import Verifier
from ledger.application.published_shapes import SHAPES
from ledger.application.witness_testimony import WitnessWord
from ledger.audit.key_history import KeyHistory
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.errors import ProofError
from ledger.proof.merkle import SIZE_MAX
from ledger.proof.policy import Policy, PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.store.contradiction import Contradiction
from ledger.store.cosignatures import Cosignatures
from ledger.store.engine import connect
from ledger.store.event import RolledBackError
from ledger.store.log_keys import fullest_history
from ledger.store.schema import checkpoints, cosignatures
from ledger.wiring import witnesses
from ledger.wiring.parts import Wiring
from tests.keys.rotated import WITNESS, Keyed, create
from tests.shell import ORIGIN

LATER = 1_000_000
END = 4
"""The last size for which the old key may vouch: it is rotated by entry 3."""


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Keyed]:
    """Return a ledger whose key was rotated by entry 3; two entries came after."""
    made = create(tmp_path)
    made.append(2)
    assert made.rotate().seq == END - 1
    made.append(2)
    yield made
    made.ledger.close()


def signed(size: int, key: SigningKey, root: bytes = b"\x07" * 32) -> bytes:
    """Return what somebody who has a key of the log signs about a tree of his own."""
    checkpoint = Checkpoint(ORIGIN, size, root)
    line = sign_checkpoint(checkpoint, key, timestamp=None)
    return add_signatures(checkpoint, [line]).encode()


def history_of(keyed: Keyed) -> KeyHistory:
    ledger = keyed.ledger
    return fullest_history([ledger.engine], origin=ORIGIN, seal_key=ledger.seal_key)


@pytest.mark.parametrize("size", [END + 1, END + 2, LATER, SIZE_MAX])
def test_what_a_retired_key_signs_later_stops_nothing(keyed: Keyed, size: int) -> None:
    testimony = witnesses.testimony_of(keyed.ledger)
    note = signed(size, keyed.keys[0])
    assert testimony.hear(note) is None
    testimony.weigh([WitnessWord("w", END + 1, b"\x07" * 32, note)])
    assert Contradiction(keyed.ledger.paths.register).seen() is None
    before = keyed.size
    keyed.append(1)
    assert keyed.size == before + 1


@pytest.mark.parametrize("size", [1, END - 1, END])
def test_what_a_retired_key_signed_in_its_term_still_stops_the_log(
    keyed: Keyed, size: int
) -> None:
    with pytest.raises(RolledBackError):
        witnesses.testimony_of(keyed.ledger).hear(signed(size, keyed.keys[0]))
    with pytest.raises(RolledBackError):
        keyed.ledger.publisher.publish()


@pytest.mark.parametrize("size", [END, LATER])
def test_the_key_in_force_stops_the_log(keyed: Keyed, size: int) -> None:
    with pytest.raises(RolledBackError):
        witnesses.testimony_of(keyed.ledger).hear(signed(size, keyed.keys[1]))


def test_a_new_key_does_not_vouch_for_what_was_before_it(keyed: Keyed) -> None:
    assert witnesses.testimony_of(keyed.ledger).hear(signed(END - 1, keyed.keys[1])) is None


def test_evidence_counts_for_the_sizes_of_its_key(keyed: Keyed) -> None:
    old, new = keyed.keys
    keys = [key.verifier_key for key in keyed.keys]
    verifier = Verifier(ORIGIN, keys, SHAPES, history_of(keyed))
    for size, key in [(1, old), (END, old), (END, new), (LATER, new)]:
        assert verifier.open("file", signed(size, key)).checkpoint.size == size
    for size, key in [(END + 1, old), (LATER, old), (END - 1, new)]:
        with pytest.raises(ProofError):
            verifier.open("file", signed(size, key))


def test_a_stored_checkpoint_by_a_retired_key_is_not_served_nor_counted(keyed: Keyed) -> None:
    ledger = keyed.ledger
    head = Checkpoint(ORIGIN, LATER, b"\x07" * 32)
    line = sign_checkpoint(head, WITNESS, timestamp=2**31)
    row = {"log": ORIGIN, "size": LATER}
    label = WITNESS.verifier_key.label
    said = {"witness": label, "time": 2**31, "line": line.text()}
    with ledger.engine.begin() as connection:
        note = signed(LATER, keyed.keys[0], head.root)
        connection.execute(sa.insert(checkpoints), {**row, "note": note})
        connection.execute(sa.insert(cosignatures), {**row, **said})
    known = (PolicyWitness("w", WITNESS.verifier_key),)
    kept = Cosignatures(
        ledger.engine,
        origin=ORIGIN,
        policy=Policy((), known, (), "w"),
        log_keys=ledger.keys_at,
    )
    assert kept.newest() is None
    assert kept.note(LATER) is None
    assert kept.last_word(WITNESS.verifier_key) is None


def test_a_key_that_a_log_lost_sight_of_still_counts(tmp_path: Path) -> None:
    """A log that was rewound to before a rotation must be held to what came after it."""
    keyed = create(tmp_path)
    keyed.append(2)
    keyed.ledger.close()
    data, before = tmp_path / "var", tmp_path / "before"
    shutil.copytree(data, before)
    keyed.ledger = Wiring(keyed.ledger.paths, ORIGIN)
    keyed.rotate()
    keyed.ledger.close()
    shutil.copy(before / "log.sqlite", data)
    for end in ("-wal", "-shm"):
        (data / f"log.sqlite{end}").unlink(missing_ok=True)
    rewound = Wiring(keyed.ledger.paths, ORIGIN)
    old, new = (key.verifier_key for key in keyed.keys)
    assert {*rewound.keys_at(LATER)} == {old, new}
    rewound.close()


def test_the_copy_that_names_most_keys_is_believed_if_it_proves_them(
    keyed: Keyed, tmp_path: Path
) -> None:
    ledger, data = keyed.ledger, tmp_path / "var"
    ledger.close()
    copy, robbed = tmp_path / "copy.sqlite", tmp_path / "robbed.sqlite"
    shutil.copy(data / "log.sqlite", copy)
    shutil.copy(data / "log.sqlite", robbed)
    engines = [connect(f"sqlite:///{path}") for path in (robbed, copy)]
    with engines[0].begin() as connection:
        connection.exec_driver_sql("UPDATE heads SET mac = zeroblob(32)")

    def named(*those: sa.Engine) -> int:
        history = fullest_history(those, origin=ORIGIN, seal_key=ledger.seal_key)
        return len(history.terms())

    assert named(*engines) == named(engines[1]) == 2
    assert named(engines[0]) == named() == 0
    for engine in engines:
        engine.dispose()

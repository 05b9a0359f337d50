"""Signing: registered before it exists, once for each size, and never what others planted."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest
import sqlalchemy as sa

from ledger.audit.finding import Code
from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    open_checkpoint,
    sign_checkpoint,
    verify_signature,
)
from ledger.proof.errors import ProofError
from ledger.proof.note import KeyType, SignatureLine, parse_note
from ledger.proof.signers import SigningKey
from ledger.store.publishing import Publisher
from ledger.store.register import HeadRegister
from ledger.store.schema import checkpoints
from tests.store.ledgers import ORIGIN, Ledger, Place, founded, noted, opened, secret
from tests.store.workers import append_some, publish_some

ED25519 = SigningKey(ORIGIN, KeyType.ED25519, secret("ed25519"))
MLDSA44 = SigningKey(ORIGIN, KeyType.MLDSA44, secret("mldsa44"))


class CrashError(Exception):
    """The process ends here."""


class Crashing(Publisher):
    """A publisher whose process dies before it signs, or before it stores what it signed."""

    before = "sign"
    registered: HeadRegister

    def _sign(
        self, checkpoint: Checkpoint, key: SigningKey, *, not_before: str
    ) -> SignatureLine:
        registered = self.registered.read()
        assert registered is not None
        # The order of effects: whatever is signed is registered already.
        assert (registered.size, registered.root()) == (checkpoint.size, checkpoint.root)
        if self.before == "sign":
            raise CrashError
        return super()._sign(checkpoint, key, not_before=not_before)

    def _store(self, checkpoint: Checkpoint, note: bytes, *, durable: bool) -> bool:
        if self.before == "store":
            raise CrashError
        return super()._store(checkpoint, note, durable=durable)


def notes(ledger: Ledger) -> dict[int, bytes]:
    """Return every stored note by its size."""
    with ledger.engine.connect() as connection:
        rows = connection.execute(sa.select(checkpoints.c.size, checkpoints.c.note))
        return {row.size: bytes(row.note) for row in rows}


def crashing(ledger: Ledger, *, before: str) -> Crashing:
    """Return a publisher of the ledger that crashes."""
    publisher = Crashing(
        ledger.engine,
        ledger.register,
        origin=ORIGIN,
        seal_key=secret("seal"),
        keys=lambda _size: ledger.signing_keys,
    )
    publisher.before = before
    publisher.registered = ledger.register
    return publisher


def test_a_checkpoint_says_all_that_is_committed(ledger: Ledger) -> None:
    ledger.append(*[noted() for _ in range(300)])
    checkpoint = open_checkpoint(ledger.publisher.publish(), ED25519.verifier_key)
    registered = ledger.register.read()
    assert registered is not None
    assert checkpoint == Checkpoint(ORIGIN, 300, registered.root())
    assert ledger.codes() == []


def test_a_size_is_signed_once(ledger: Ledger) -> None:
    first = ledger.publisher.publish()
    assert ledger.publisher.publish() == first
    ledger.append(noted())
    assert ledger.publisher.publish() != first
    assert sorted(notes(ledger)) == [0, 1]


@pytest.mark.parametrize("before", ["sign", "store"])
def test_a_crash_after_the_register_leaves_a_healthy_ledger(
    ledger: Ledger, before: str
) -> None:
    ledger.append(noted(), noted())
    with pytest.raises(CrashError):
        crashing(ledger, before=before).publish()
    registered = ledger.register.read()
    assert registered is not None
    assert registered.size == 2
    assert notes(ledger) == {}
    with opened(ledger.place) as reopened:
        assert reopened.codes() == []
        open_checkpoint(reopened.publisher.publish(), ED25519.verifier_key)
        reopened.append(noted())
        reopened.publisher.publish()
        assert sorted(notes(reopened)) == [2, 3]
        assert reopened.codes() == []


def test_nothing_is_signed_when_the_register_cannot_be_written(ledger: Ledger) -> None:
    ledger.append(noted())
    ledger.publisher.publish()
    ledger.append(noted())
    register = ledger.place.folder / "head"
    register.rename(register.with_name("elsewhere"))
    register.mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        crashing(ledger, before="sign").publish()
    assert sorted(notes(ledger)) == [1]


FORGED = SigningKey(ORIGIN, KeyType.ED25519, secret("forged"))
PLANTED: dict[str, tuple[Checkpoint, SigningKey]] = {
    "another root": (Checkpoint(ORIGIN, 1, secret("root")), FORGED),
    "another log": (Checkpoint("other.example/log/1", 1, secret("root")), ED25519),
    "another size": (Checkpoint(ORIGIN, 2, secret("root")), ED25519),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_checkpoint_is_never_released(ledger: Ledger, name: str) -> None:
    checkpoint, key = PLANTED[name]
    line = sign_checkpoint(checkpoint, key, timestamp=None)
    check_not_released(ledger, add_signatures(checkpoint, [line]).encode())


def test_the_true_checkpoint_under_another_key_is_never_released(ledger: Ledger) -> None:
    ledger.append(noted())
    checkpoint = ledger.publisher.check().checkpoint()
    line = sign_checkpoint(checkpoint, FORGED, timestamp=None)
    check_not_released(ledger, add_signatures(checkpoint, [line]).encode())


def test_what_is_no_note_at_all_is_never_released(ledger: Ledger) -> None:
    check_not_released(ledger, b"")


def check_not_released(ledger: Ledger, note: bytes) -> None:
    """What somebody planted who has the database, but not the keys, stays unsigned by us."""
    if not ledger.seqs():
        ledger.append(noted())
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(checkpoints).values(log=ORIGIN, size=1, note=note))
    released = ledger.publisher.publish()
    want = ledger.publisher.check().checkpoint()
    assert open_checkpoint(released, ED25519.verifier_key) == want
    assert released != note
    assert notes(ledger) == {1: note}
    assert ledger.codes() == [Code.CHECKPOINT_SIGNATURE]


def test_both_signatures_verify(place: Place) -> None:
    with founded(place, signing_keys=[ED25519, MLDSA44]) as ledger:
        ledger.append(noted())
        note = parse_note(ledger.publisher.publish())
        assert verify_signature(note, ED25519.verifier_key) is None
        assert verify_signature(note, MLDSA44.verifier_key) is not None
        assert len(note.signatures) == 2
        assert ledger.codes() == []


def test_a_stored_note_without_the_second_signature_is_not_enough(ledger: Ledger) -> None:
    one = ledger.publisher.publish()
    with opened(ledger.place, signing_keys=[ED25519, MLDSA44]) as configured:
        both = configured.publisher.publish()
        assert open_checkpoint(both, MLDSA44.verifier_key).size == 0
    with pytest.raises(ProofError):
        open_checkpoint(one, MLDSA44.verifier_key)


def test_two_processes_that_publish_at_once_agree(ledger: Ledger) -> None:
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        appending = pool.submit(append_some, ledger.place, 20, 2)
        publishing = [pool.submit(publish_some, ledger.place, 20) for _ in range(2)]
        released = [note for each in publishing for note in each.result()]
        appending.result()
    by_size: dict[int, set[bytes]] = {}
    for note in released:
        size = open_checkpoint(note, ED25519.verifier_key).size
        by_size.setdefault(size, set()).add(note)
    assert all(len(each) == 1 for each in by_size.values())
    stored = notes(ledger)
    assert {size: {stored[size]} for size in by_size} == by_size
    ledger.publisher.publish()
    assert ledger.codes() == []

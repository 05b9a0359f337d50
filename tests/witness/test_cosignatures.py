"""What is kept of witnesses, on both databases: checked when stored, checked when served."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.errors import ProofError
from ledger.proof.note import KeyType, SignatureLine, parse_note
from ledger.proof.policy import Policy, PolicyGroup, PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.store.cosignatures import Cosignatures, LastWord
from ledger.store.schema import cosignatures
from tests.store.conftest import ledger, place, postgres_tables, sqlite_tables
from tests.store.ledgers import ORIGIN, Ledger, noted
from tests.witness.scene import witness_key

__all__ = ["ledger", "place", "postgres_tables", "sqlite_tables"]

A, B, C = (witness_key(name) for name in ("a", "b", "c"))
NOON = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp())


def policy_of(threshold: int, *keys: SigningKey) -> Policy:
    witnesses = tuple(PolicyWitness(key.name, key.verifier_key) for key in keys)
    names = tuple(key.name for key in keys)
    return Policy((), witnesses, (PolicyGroup("most", threshold, names),), "most")


def kept(ledger: Ledger, policy: Policy) -> Cosignatures:
    """Return them as another process has them, which has seen nothing yet."""
    keys = [key.verifier_key for key in ledger.signing_keys]
    origin = ledger.origin
    return Cosignatures(ledger.engine, origin=origin, policy=policy, log_keys=lambda _: keys)


def publish(ledger: Ledger, count: int) -> Checkpoint:
    """Append and sign; return the checkpoint."""
    ledger.append(*[noted() for _ in range(count)])
    return parse_checkpoint(parse_note(ledger.publisher.publish()).text)


def line(checkpoint: Checkpoint, key: SigningKey, moment: int = NOON) -> SignatureLine:
    return sign_checkpoint(checkpoint, key, timestamp=moment)


def rows(ledger: Ledger) -> int:
    with ledger.engine.connect() as connection:
        return len(connection.execute(sa.select(cosignatures)).all())


def test_a_quorum_is_served_from_the_newest_size_that_has_it(ledger: Ledger) -> None:
    policy = policy_of(2, A, B, C)
    first, second = publish(ledger, 3), publish(ledger, 4)
    said = kept(ledger, policy)
    said.add(first.size, line(first, A))
    assert said.newest() is None
    assert kept(ledger, policy).witnessed() is None
    said.add(first.size, line(first, C, NOON + 9))
    said.add(second.size, line(second, A, NOON + 60))
    for each in (said, kept(ledger, policy)):
        note = parse_note(each.newest() or b"")
        assert parse_checkpoint(note.text) == first
        assert [signed.name for signed in note.signatures] == [ORIGIN, "c", "a"]
        witnessed = each.witnessed()
        assert witnessed is not None
        assert (witnessed.size, witnessed.time.timestamp()) == (first.size, NOON)
    said.add(second.size, line(second, B, NOON + 90))
    assert parse_checkpoint(parse_note(said.newest() or b"").text) == second
    witnessed = said.witnessed()
    assert witnessed is not None
    assert (witnessed.size, witnessed.time.timestamp()) == (second.size, NOON + 60)


def test_a_later_line_takes_the_place_of_an_earlier_one(ledger: Ledger) -> None:
    head = publish(ledger, 3)
    said = kept(ledger, policy_of(1, A))
    for moment in (NOON, NOON + 86_400, NOON + 50, NOON):
        said.add(head.size, line(head, A, moment))
    assert rows(ledger) == 3
    [_, last] = parse_note(said.newest() or b"").signatures
    assert int.from_bytes(last.blob[:8], "big") == NOON + 86_400
    assert said.last_word(A.verifier_key) == LastWord(head.size, NOON + 86_400)
    assert said.last_word(B.verifier_key) is None


def test_another_quorum_counts_the_same_lines_otherwise(ledger: Ledger) -> None:
    head = publish(ledger, 3)
    said = kept(ledger, policy_of(2, A, B))
    said.add(head.size, line(head, A))
    said.add(head.size, line(head, B))
    assert kept(ledger, policy_of(2, B, C)).newest() is None
    note = kept(ledger, policy_of(1, B, C)).newest()
    assert [each.name for each in parse_note(note or b"").signatures] == [ORIGIN, "b"]
    none = Policy((), policy_of(1, A).witnesses, (), "none")
    assert kept(ledger, none).newest() is None
    assert kept(ledger, none).witnessed() is None
    assert len(parse_note(kept(ledger, none).note(head.size) or b"").signatures) == 2


def test_what_is_wrong_is_never_stored(ledger: Ledger) -> None:
    head = publish(ledger, 3)
    said = kept(ledger, policy_of(1, A))
    other = Checkpoint(ORIGIN, head.size, b"r" * 32)
    stolen = line(head, B)
    for size, wrong in [
        (head.size, line(head, B)),
        (head.size, line(other, A)),
        (head.size, SignatureLine("a", A.verifier_key.id, stolen.blob)),
        (head.size, SignatureLine("a", A.verifier_key.id, b"\0" * 40)),
        (head.size + 1, line(head, A)),
        (head.size - 1, line(head, A)),
    ]:
        with pytest.raises(ProofError):
            said.add(size, wrong)
    assert rows(ledger) == 0


def test_a_loss_is_remembered_by_every_process(ledger: Ledger) -> None:
    said = kept(ledger, policy_of(1, A, B))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    said.lose(A.verifier_key, cosigned=9, claimed=0, now=now)
    said.lose(A.verifier_key, cosigned=9, claimed=3, now=now)
    after = kept(ledger, policy_of(1, A, B))
    assert after.has_lost(A.verifier_key)
    assert not after.has_lost(B.verifier_key)
    fresh = SigningKey("a", KeyType.COSIGNATURE, b"f" * 32)
    assert not after.has_lost(fresh.verifier_key)


LIES = {
    "garbage": "garbage",
    "two lines": "— a AAAA\n— a AAAA\n",
    "another checkpoint": "",
    "a line of another key": "",
}


@pytest.fixture
def lied_to(ledger: Ledger, request: pytest.FixtureRequest) -> Ledger:
    """Return a ledger in whose newest size somebody put a line by hand."""
    first = publish(ledger, 3)
    kept(ledger, policy_of(1, A)).add(first.size, line(first, A))
    second = publish(ledger, 3)
    lie = LIES[request.param]
    if request.param == "another checkpoint":
        lie = line(first, A).text()
    elif request.param == "a line of another key":
        lie = SignatureLine("a", A.verifier_key.id, line(second, B).blob).text()
    row = {"log": ORIGIN, "size": second.size, "witness": A.verifier_key.label}
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(cosignatures), {**row, "time": NOON, "line": lie})
    return ledger


@pytest.mark.parametrize("lied_to", LIES, indirect=True)
def test_what_somebody_else_stored_is_not_served(lied_to: Ledger) -> None:
    said = kept(lied_to, policy_of(1, A))
    assert parse_checkpoint(parse_note(said.newest() or b"").text).size == 3
    assert len(parse_note(said.note(6) or b"").signatures) == 1


def test_a_checkpoint_that_the_log_did_not_sign_is_not_served(ledger: Ledger) -> None:
    head = publish(ledger, 3)
    said = kept(ledger, policy_of(1, A))
    said.add(head.size, line(head, A))
    strangers = [SigningKey(ORIGIN, KeyType.ED25519, b"s" * 32).verifier_key]
    other = Cosignatures(
        ledger.engine, origin=ORIGIN, policy=policy_of(1, A), log_keys=lambda _: strangers
    )
    assert other.newest() is None
    assert other.note(head.size) is None


def test_two_ledgers_in_one_database_do_not_mix(ledger: Ledger, tmp_path: Path) -> None:
    head = publish(ledger, 3)
    kept(ledger, policy_of(1, A)).add(head.size, line(head, A))
    policy = policy_of(1, A)
    other = Cosignatures(ledger.engine, origin="else.example.org", policy=policy)
    assert other.newest() is None
    assert other.last_word(A.verifier_key) is None
    assert other.note(head.size) is None

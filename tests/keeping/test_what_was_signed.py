"""A recovery drops nothing that the log signed, whatever lies beside it in the database."""

from pathlib import Path

import pytest

from ledger.application.restoring import is_signed
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from ledger.store.backing_up import newest_note
from ledger.store.copying import snapshot
from ledger.store.event import RolledBackError
from ledger.store.mending import mend
from ledger.store.recovering import Plan
from ledger.wiring.keeping import verifier_of
from ledger.wiring.parts import open_ledger
from tests.keeping.keeper import FOUND, ORIGIN, Keeper

STRANGER = SigningKey(ORIGIN, KeyType.ED25519, b"\x07" * 32)


def stranger_note(size: int) -> str:
    """Return a checkpoint of the log that a key which is not the log's signs."""
    checkpoint = Checkpoint(ORIGIN, size, bytes(32))
    line = sign_checkpoint(checkpoint, STRANGER, timestamp=None)
    return add_signatures(checkpoint, [line]).encode().hex()


def plant(keeper: Keeper, size: int, note_hex: str) -> None:
    blob = f"X'{note_hex}'" if "sqlite" in keeper.url else f"'\\x{note_hex}'"
    keeper.as_dba(f"INSERT INTO checkpoints VALUES ('{ORIGIN}', {size}, {blob})")


@pytest.mark.parametrize("kind", ["junk", "of a stranger", "a small one of ours"])
def test_a_planted_checkpoint_does_not_hide_the_signed_ones(
    sqlite_keeper: Keeper, kind: str
) -> None:
    """Head and register are gone, so only the stored checkpoint of 350 speaks for 350."""
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    ours = (keeper.folder / "b" / "checkpoint").read_bytes().hex()
    keeper.append(50)
    before = keeper.rows()["entries"]
    notes = {"junk": b"junk".hex(), "of a stranger": stranger_note(10**9)}
    plant(keeper, 10**9, notes.get(kind, ours))
    keeper.as_dba("UPDATE heads SET mac = edge")
    (keeper.data_dir / "head").unlink()
    args = ("recover", "--from", "b", "--without-witnesses")
    for more in ([], ["--discard-beyond"]):
        keeper.run(*args, *more)
        assert keeper.rows()["entries"][:350] == before


def test_what_the_log_never_signed_goes_with_consent_only(sqlite_keeper: Keeper) -> None:
    keeper = sqlite_keeper
    keeper.must("backup", "b")
    before = keeper.rows()
    plant(keeper, 10**9, stranger_note(10**9))
    done = keeper.run("recover", "--from", "b")
    assert (done.returncode, "1000000000" in done.stderr) == (FOUND, True)
    keeper.must("recover", "--from", "b", "--discard-beyond")
    assert keeper.rows() == before
    assert keeper.audit()["ok"]


def test_the_newest_note_is_the_largest_that_was_signed(sqlite_keeper: Keeper) -> None:
    """Whatever row it lies in."""
    keeper = sqlite_keeper
    keeper.append(50)
    plant(keeper, 400, stranger_note(400))
    keeper.as_dba("UPDATE checkpoints SET size = 7 WHERE size = 350")
    ledger = open_ledger(keeper.settings())
    verifier = verifier_of(ledger)
    with snapshot(ledger.engine, ORIGIN) as rows:
        signed = newest_note(rows, 1000, is_signed=lambda note: is_signed(verifier, note))
        smaller = newest_note(rows, 349, is_signed=lambda note: is_signed(verifier, note))
        anything = newest_note(rows, 1000)
    ledger.close()
    assert [note and note.split(b"\n")[1] for note in (signed, smaller, anything)] == [
        b"350",
        b"300",
        b"400",
    ]


def test_rows_under_a_signed_checkpoint_are_never_dropped(sqlite_keeper: Keeper) -> None:
    """Even by a plan that knows nothing of it."""
    before = sqlite_keeper.rows()
    ledger = open_ledger(sqlite_keeper.settings())
    verifier = verifier_of(ledger)
    with pytest.raises(RolledBackError) as refused:
        mend(
            [ledger.engine],
            Plan(0),
            origin=ORIGIN,
            seal_key=ledger.seal_key,
            is_signed=lambda note: is_signed(verifier, note),
            discard=True,
        )
    ledger.close()
    assert "\n300\n" in refused.value.want
    assert sqlite_keeper.rows() == before
    assert not Path(sqlite_keeper.data_dir / "repair.next").exists()

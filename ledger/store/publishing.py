"""Signing a head, in the one safe order: commit, head register, signature.

What is signed can never be taken back, so the register remembers it before it leaves the
house, and a database that does not continue the register is never signed.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeGuard

import sqlalchemy as sa

from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    open_checkpoint,
    sign_checkpoint,
)
from ledger.proof.consistency import prove_consistency, verify_consistency
from ledger.proof.entry import parse_time
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import KeyType, SignatureLine
from ledger.proof.signers import SigningKey
from ledger.store import chance
from ledger.store.checkpoint_rows import CheckpointRows
from ledger.store.continuity import Continuity
from ledger.store.head import Head
from ledger.store.register import HeadRegister
from ledger.store.together import Together
from ledger.store.tree import StoredTree

KeysOf = Callable[[Head], Sequence[SigningKey]]
"""Returns the keys that sign a head, once it is committed and registered."""


class Publisher:
    """Releases signed checkpoints of one ledger."""

    def __init__(
        self,
        engine: sa.Engine,
        register: HeadRegister,
        *,
        origin: str,
        seal_key: bytes,
        keys: KeysOf,
        clock: Callable[[], datetime] = chance.now,
    ) -> None:
        """Sign with every key of ``keys``: Ed25519, and ML-DSA-44 where there is one."""
        self._engine = engine
        self._continuity = Continuity(engine, register, origin=origin)
        self._rows = CheckpointRows(engine, origin=origin)
        self._together = Together(self._publish)
        self._origin = origin
        self._seal_key = seal_key
        self._keys = keys
        self._clock = clock

    def publish(self) -> bytes:
        """Return a signed checkpoint of all that is committed now.

        When it returns, the register and the database both remember the checkpoint; after a
        loss of power the register does, and the database if anything was appended since. All
        threads that ask while one is being signed share the next one.

        Raises:
            HeadTamperedError: The head row is not the one the service stored.
            RolledBackError: The database does not continue what was registered before.
            LedgerMissingError: There is no such ledger.
            OSError: The register's disk refused; nothing was signed.
        """
        return self._together()

    def publish_earlier(self, size: int, keys: Sequence[SigningKey]) -> bytes:
        """Return a checkpoint of what the log was at a size, signed by given keys and stored.

        For the end of a key's time, which both keys sign, whatever was appended since.

        Raises:
            ProofError: What is stored does not make the tree that the head continues.
            As `publish`.
        """
        head = self.check()
        with self._engine.connect() as connection:
            root = StoredTree(connection, origin=self._origin).root(tree_size=size)
            grown = StoredTree(connection, origin=self._origin)
            subtree = grown.subtree(tree_size=head.size)
            proof = prove_consistency(subtree, old_size=size, new_size=head.size)
        verify_consistency(
            old_size=size,
            new_size=head.size,
            proof=proof,
            old_root=root,
            new_root=head.edge.root(),
        )
        checkpoint = Checkpoint(self._origin, size, root)
        stored = self._rows.note(size)
        return self._release(checkpoint, keys, stored, not_before=head.time, durable=True)

    def check(self) -> Head:
        """Register the committed head if it continues the registered one; return it.

        Raises:
            As `publish`.
        """
        return self._check(lambda: self._rows.newest()[0].open(self._seal_key))

    def _publish(self) -> bytes:
        """Sign the committed head, unless it is signed, for everybody who waits for it."""
        stored: bytes | None = None

        def read_head() -> Head:
            nonlocal stored
            row, stored = self._rows.newest()
            return row.open(self._seal_key)

        head = self._check(read_head)
        checkpoint = head.checkpoint()
        keys = self._keys(head)
        return self._release(checkpoint, keys, stored, not_before=head.time)

    def _check(self, read_head: Callable[[], Head]) -> Head:
        head, registered = self._continuity.check(read_head)
        self._continuity.advance(head, checked=registered)
        return head

    def _release(
        self,
        checkpoint: Checkpoint,
        keys: Sequence[SigningKey],
        stored: bytes | None,
        *,
        not_before: str,
        durable: bool = False,
    ) -> bytes:
        if _is_signed(stored, checkpoint, keys):
            return stored
        lines = [self._sign(checkpoint, key, not_before=not_before) for key in keys]
        note = add_signatures(checkpoint, lines).encode()
        if self._store(checkpoint, note, durable=durable):
            return note
        # Another worker may have signed the same head at another second: the first stands.
        stored = self._rows.note(checkpoint.size)
        return stored if _is_signed(stored, checkpoint, keys) else note

    def _sign(
        self, checkpoint: Checkpoint, key: SigningKey, *, not_before: str
    ) -> SignatureLine:
        """Sign; a signature that names a time names none before the newest entry's."""
        if key.type is KeyType.ED25519:
            return sign_checkpoint(checkpoint, key, timestamp=None)
        # The clock here may be behind the one under which the entry was sequenced.
        newest = math.ceil(parse_time(not_before).timestamp())
        now = int(self._clock().timestamp())
        return sign_checkpoint(checkpoint, key, timestamp=max(now, newest))

    def _store(self, checkpoint: Checkpoint, note: bytes, *, durable: bool) -> bool:
        """Store a note unless one is there; return whether it was."""
        add = self._rows.add if durable else self._rows.add_soon
        return add(checkpoint.size, note)


def _is_signed(
    note: bytes | None, checkpoint: Checkpoint, keys: Sequence[SigningKey]
) -> TypeGuard[bytes]:
    """Return whether a stored note is this checkpoint, signed by each of the keys.

    If it is not, somebody else put it there: the audit names it, and what is released is
    signed by us.
    """
    if note is None:
        return False
    try:
        return all(open_checkpoint(note, key.verifier_key) == checkpoint for key in keys)
    except (MalformedError, ProofError):
        return False

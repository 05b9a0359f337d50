"""Signing a head, in the one safe order: commit, head register, signature.

What is signed can never be taken back, so the register remembers it before it leaves the
house, and a database that does not continue the register is never signed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    open_checkpoint,
    sign_checkpoint,
)
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import prove_consistency, verify_consistency
from ledger.proof.note import KeyType, SignatureLine
from ledger.proof.signers import SigningKey
from ledger.store import chance
from ledger.store.continuity import Continuity
from ledger.store.event import LedgerMissingError
from ledger.store.head import Head, HeadRow
from ledger.store.register import HeadRegister
from ledger.store.schema import checkpoints, heads
from ledger.store.tree import StoredTree

KeysOf = Callable[[int], Sequence[SigningKey]]
"""Returns the keys that sign a size, once a head of that size is committed."""


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
        """Sign with every key that ``keys`` returns: Ed25519, and ML-DSA-44 where there is one."""
        self._engine = engine
        self._continuity = Continuity(engine, register, origin=origin)
        self._origin = origin
        self._seal_key = seal_key
        self._keys = keys
        self._clock = clock

    def publish(self) -> bytes:
        """Return a signed checkpoint of all that is committed now.

        When it returns, the register and the database both remember the checkpoint.

        Raises:
            HeadTamperedError: The head row is not the one the service stored.
            RolledBackError: The database does not continue what was registered before.
            LedgerMissingError: There is no such ledger.
            OSError: The register's disk refused; nothing was signed.
        """
        checkpoint = self.check().checkpoint()
        return self._release(checkpoint, self._keys(checkpoint.size))

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
        return self._release(Checkpoint(self._origin, size, root), keys)

    def check(self) -> Head:
        """Register the committed head if it continues the registered one; return it.

        Raises:
            As `publish`.
        """
        head, registered = self._continuity.check(self._head)
        self._continuity.advance(head, checked=registered)
        return head

    def _release(self, checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> bytes:
        stored = self._stored(checkpoint, keys)
        if stored is not None:
            return stored
        note = add_signatures(checkpoint, [self._sign(checkpoint, key) for key in keys])
        self._store(checkpoint, note.encode())
        # Another worker may have signed the same head at another second: the first stands.
        return self._stored(checkpoint, keys) or note.encode()

    def _head(self) -> Head:
        query = sa.select(*heads.c).where(heads.c.log == self._origin)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise LedgerMissingError(self._origin)
        return HeadRow(
            row.log, row.size, bytes(row.leaf), row.time, bytes(row.edge), bytes(row.mac)
        ).open(self._seal_key)

    def _sign(self, checkpoint: Checkpoint, key: SigningKey) -> SignatureLine:
        if key.type is KeyType.ED25519:
            return sign_checkpoint(checkpoint, key, timestamp=None)
        return sign_checkpoint(checkpoint, key, timestamp=int(self._clock().timestamp()))

    def _stored(self, checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> bytes | None:
        """Return the stored note of this checkpoint, unless somebody else put it there."""
        query = sa.select(checkpoints.c.note).where(
            checkpoints.c.log == self._origin, checkpoints.c.size == checkpoint.size
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            return None
        note = bytes(found)
        try:
            for key in keys:
                if open_checkpoint(note, key.verifier_key) != checkpoint:
                    return None
        except (MalformedError, ProofError):
            return None  # the audit names it; what is released is signed by us
        return note

    def _store(self, checkpoint: Checkpoint, note: bytes) -> None:
        row = {"log": self._origin, "size": checkpoint.size, "note": note}
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                statement = sa.insert(checkpoints).prefix_with("OR IGNORE")
            else:
                statement = postgresql.insert(checkpoints).on_conflict_do_nothing()
            connection.execute(statement, row)

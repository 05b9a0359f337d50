"""Each person's data key, in a store of its own, wrapped by a key that no database holds.

Destroying a data key erases the person from every copy of the log's database at once. The
row stays, closed, so that no later event can open a new key for the same person.
"""

import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.proof.box import DATA_KEY_BYTES, NONCE_BYTES, TAG_BYTES
from ledger.proof.canonical import encode
from ledger.proof.errors import ProofError
from ledger.proof.suite import SUITE
from ledger.store.chance import random_bytes
from ledger.store.event import PersonErased
from ledger.store.migration import migrate
from ledger.store.schema import data_keys

KEY_ENCRYPTION_KEY_BYTES = 32
_CHECKPOINTS_MAX = 20
_CHECKPOINT_PAUSE_S = 0.05
_PERSONS_MAX = 500
"""Asked for at once; SQLite takes no more than 32,766 values in a statement."""

_KEYS = sa.select(data_keys.c.person, data_keys.c.wrapped, data_keys.c.closed).where(
    data_keys.c.log == sa.bindparam("log"),
    data_keys.c.person.in_(sa.bindparam("persons", expanding=True)),
)


@dataclass(eq=False)
class KeyRemainsError(Exception):
    """A destroyed key may still stand in the vault's write-ahead log; destroy it again."""

    person: str


class Vault:
    """The data keys of one ledger's persons."""

    def __init__(self, engine: sa.Engine, *, origin: str, key_encryption_key: bytes) -> None:
        self._engine = engine
        self._origin = origin
        self._key_encryption_key = key_encryption_key

    def prepare(self) -> None:
        """Bring the store's table up to date."""
        migrate(self._engine, "vault")

    def close_connections(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def check_key(self) -> None:
        """Return if the key-encryption key opens what is stored, be it only a sample of it.

        Raises:
            ProofError: A stored data key was not wrapped by this key-encryption key.
        """
        query = (
            sa.select(data_keys.c.person)
            .where(data_keys.c.log == self._origin, data_keys.c.wrapped.is_not(None))
            .limit(1)
        )
        with self._engine.connect() as connection:
            for person in connection.execute(query).scalars():
                self.key_for_opening(str(person))

    def keys_for_sealing(
        self, persons: Collection[str]
    ) -> dict[str, bytes | PersonErased | ProofError]:
        """Return the data key of each person, made now where there was none.

        When it returns, every key is durable: a box never outlives the key that opens it.
        An erased person's place is taken by the refusal, and that of a key which was not
        wrapped by this key-encryption key by the error: neither concerns the others.
        """
        found = self._rows(persons)
        missing = sorted(set(persons) - found.keys())
        if missing:
            self._create(missing)
            found |= self._rows(missing)
        keys: dict[str, bytes | PersonErased | ProofError] = {}
        for person, (wrapped, closed) in found.items():
            if wrapped is None or closed:
                keys[person] = PersonErased(person)
                continue
            try:
                keys[person] = self._unwrap(person, wrapped)
            except ProofError as error:
                keys[person] = error
        return keys

    def key_for_opening(self, person: str) -> bytes | None:
        """Return a person's data key, or None where it was destroyed or never was.

        Raises:
            ProofError: The stored key was not wrapped by this key-encryption key.
        """
        return self.keys_for_opening([person])[person]

    def keys_for_opening(self, persons: Collection[str]) -> Mapping[str, bytes | None]:
        """Return the data key of each person, or None where it was destroyed or never was.

        Raises:
            ProofError: A stored key was not wrapped by this key-encryption key.
        """
        rows = self._rows(persons)
        keys: dict[str, bytes | None] = {}
        for person in persons:
            wrapped, _ = rows.get(person, (None, False))
            keys[person] = None if wrapped is None else self._unwrap(person, wrapped)
        return keys

    def check_all(self) -> int:
        """Return how many data keys there are, after each was found to open.

        Raises:
            ProofError: One was not wrapped by this key-encryption key.
        """
        query = sa.select(data_keys.c.person, data_keys.c.wrapped).where(
            data_keys.c.log == self._origin, data_keys.c.wrapped.is_not(None)
        )
        count = 0
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_PERSONS_MAX).execute(query):
                self._unwrap(str(row.person), bytes(row.wrapped))
                count += 1
        return count

    def close(self, person: str) -> None:
        """Let nothing more be sealed for a person; what is sealed can still be opened.

        Durable when it returns, and harmless to repeat.
        """
        self._create([person])
        self._change(person, closed=True)

    def destroy(self, person: str) -> None:
        """Overwrite a person's data key: nothing sealed under it can be opened again.

        Durable when it returns, and harmless to repeat. On SQLite the write-ahead log is
        emptied as well, so that no copy of the key stays in the files. On PostgreSQL the
        table is vacuumed; the server's write-ahead log and its archives are backups, and
        last as long as they are kept.

        Raises:
            KeyRemainsError: A reader holds on to the write-ahead log, so the key is gone
                from the table but not from the files; repeat it.
        """
        self._create([person])
        self._change(person, closed=True, wrapped=None)
        if self._engine.dialect.name == "sqlite":
            self._empty_write_ahead_log(person)
        else:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("VACUUM data_keys")

    def _empty_write_ahead_log(self, person: str) -> None:
        # On the driver's connection: inside a transaction there is no checkpoint.
        pooled = self._engine.raw_connection()
        try:
            driver: Any = pooled.driver_connection
            # SQLite waits for readers and writers, but not for another checkpoint.
            for _ in range(_CHECKPOINTS_MAX):
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not busy:  # said by a row: it is no error to SQLite
                    return
                time.sleep(_CHECKPOINT_PAUSE_S)
        finally:
            pooled.close()
        raise KeyRemainsError(person)

    def _change(self, person: str, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(data_keys)
                .where(data_keys.c.log == self._origin, data_keys.c.person == uuid.UUID(person))
                .values(**values)
            )

    def _rows(self, persons: Collection[str]) -> dict[str, tuple[bytes | None, bool]]:
        found: dict[str, tuple[bytes | None, bool]] = {}
        wanted = [uuid.UUID(person) for person in persons]
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _PERSONS_MAX):
                some = {"log": self._origin, "persons": wanted[start : start + _PERSONS_MAX]}
                for row in connection.execute(_KEYS, some):
                    found[str(row.person)] = (row.wrapped, row.closed)
        return found

    def _create(self, persons: Collection[str]) -> None:
        # Another process may make the same person's key at the same moment: the first
        # row stays, and both read it back.
        insert = self._insert_ignoring()
        rows = [
            {
                "log": self._origin,
                "person": uuid.UUID(person),
                "wrapped": self._wrap(person, random_bytes(DATA_KEY_BYTES)),
                "closed": False,
            }
            for person in persons
        ]
        with self._engine.begin() as connection:
            connection.execute(insert, rows)

    def _insert_ignoring(self) -> sa.Executable:
        if self._engine.dialect.name == "sqlite":
            return sa.insert(data_keys).prefix_with("OR IGNORE")
        return postgresql.insert(data_keys).on_conflict_do_nothing()

    def _wrap(self, person: str, data_key: bytes) -> bytes:
        nonce = random_bytes(NONCE_BYTES)
        sealed = SUITE.encrypt(self._key_encryption_key, nonce, data_key, self._place(person))
        return nonce + sealed

    def _unwrap(self, person: str, wrapped: bytes) -> bytes:
        if len(wrapped) != NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES:
            raise ProofError("data key", "a wrapped key", f"{len(wrapped)} bytes")
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        key = SUITE.decrypt(self._key_encryption_key, nonce, sealed, self._place(person))
        if key is None:
            raise ProofError(
                "data key", "wrapped by the key-encryption key for this person", "not"
            )
        return key

    def _place(self, person: str) -> bytes:
        return encode(["data key", self._origin, person])

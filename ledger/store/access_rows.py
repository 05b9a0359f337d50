"""Rows of those who sign in: names, stored passwords, sessions; none believed for itself.

Which password is in force, the log says: a stored one counts if its digest is that of the
sign-in's last `sign_in.opened`. A session carries a code of the service over its row and that
digest, so nobody else makes one, and with the password it ends, whatever is left of its row.

Rows are written before the event that speaks of them, and what it leaves over is deleted
after it. So whatever dies in between, the password that the log names has its row.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from ledger.store.engine import SQLITE_BEGIN, in_turn
from ledger.store.passwords import credential_digest
from ledger.store.schema import credentials, sessions, sign_in_names

_PURPOSE = b"ledger sessions\n"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody signs in with: her name as it is compared and as it is shown, her password.

    ``encoded`` is the password's argon2id string.
    """

    sign_in: UUID
    name: str = field(repr=False)
    key: str = field(repr=False)
    encoded: str = field(repr=False)

    @property
    def credential(self) -> str:
        """The digest by which the log names the password."""
        return credential_digest(self.encoded)

    @property
    def name_key(self) -> str:
        """What the name's row is found by."""
        return name_digest(self.key)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its row tells it; `AccessRows.vouches_for` says whether it is one."""

    token_digest: bytes = field(repr=False)
    sign_in: UUID
    created_at: datetime
    expires_at: datetime
    mac: bytes = field(repr=False)


def name_digest(key: str) -> str:
    """Return what the row of a name is found by, whatever characters it has."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def writing_rows(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a transaction that writes: all of it at the end of the block, or nothing."""
    options = {SQLITE_BEGIN: "BEGIN IMMEDIATE"}
    with in_turn(engine), engine.execution_options(**options).begin() as connection:
        yield connection


class AccessRows:
    """The rows of one ledger's sign-ins, from any thread."""

    def __init__(self, engine: sa.Engine, *, origin: str, secret: bytes) -> None:
        """Vouch for sessions by a key that is derived from a secret of the service."""
        self._engine = engine
        self._origin = origin
        self._key = hmac.digest(secret, _PURPOSE + origin.encode(), sha256)

    def find(self, key: str) -> UUID | None:
        """Return the sign-in that a name, as it is compared, belongs to."""
        query = sa.select(sign_in_names.c.sign_in).where(
            sign_in_names.c.log == self._origin, sign_in_names.c.name_key == name_digest(key)
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def name(self, sign_in: UUID) -> str | None:
        """Return the name of a sign-in as it was chosen."""
        query = sa.select(sign_in_names.c.name).where(*self._of(sign_in_names, sign_in))
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).scalar()

    def encoded(self, sign_in: UUID, credential: str) -> str | None:
        """Return the stored password that has a digest; None where none of the rows has it."""
        query = sa.select(credentials.c.encoded).where(*self._of(credentials, sign_in))
        with self._engine.connect() as connection:
            found = connection.execute(query).scalars().all()
        # Held against the string itself: the column beside it may have been changed as well.
        return next((each for each in found if credential_digest(each) == credential), None)

    def claim(self, chosen: Chosen) -> bool:
        """Store a name and a password that nothing speaks of yet; return if it may be hers.

        Asked again with the same, it says the same. Where it may not, nothing is stored.
        """
        with writing_rows(self._engine) as connection:
            self._insert_name(connection, chosen)
            query = sa.select(sign_in_names.c.sign_in).where(
                sign_in_names.c.log == self._origin,
                sign_in_names.c.name_key == chosen.name_key,
            )
            if connection.execute(query).scalar() != chosen.sign_in:
                return False
            self._insert_credential(connection, chosen.sign_in, chosen.encoded)
        return True

    def store(self, sign_in: UUID, encoded: str) -> str:
        """Store a password that nothing speaks of yet; return its digest."""
        with writing_rows(self._engine) as connection:
            self._insert_credential(connection, sign_in, encoded)
        return credential_digest(encoded)

    def settle(self, chosen: Chosen) -> None:
        """Delete every other name and password of a sign-in, and all its sessions.

        Its name is the one of this password from now on, whoever stored it first.
        """
        with writing_rows(self._engine) as connection:
            self._settle(connection, chosen.sign_in, chosen.credential)
            mine = self._of(sign_in_names, chosen.sign_in)
            others = sign_in_names.c.name_key != chosen.name_key
            connection.execute(sa.delete(sign_in_names).where(*mine, others))
            self._insert_name(connection, chosen)
            connection.execute(
                sa.update(sign_in_names).where(*mine).values(credential=chosen.credential)
            )

    def settle_password(self, sign_in: UUID, credential: str) -> None:
        """Delete every other password of a sign-in, and all its sessions."""
        with writing_rows(self._engine) as connection:
            self._settle(connection, sign_in, credential)

    def withdraw(self, sign_in: UUID, credential: str) -> None:
        """Delete a password of which nothing speaks, and the name that came with it."""
        with writing_rows(self._engine) as connection:
            for table, column in (
                (credentials, credentials.c.digest),
                (sign_in_names, sign_in_names.c.credential),
            ):
                mine = self._of(table, sign_in)
                connection.execute(sa.delete(table).where(*mine, column == credential))

    def remove(self, sign_in: UUID) -> None:
        """Delete every row of a sign-in; its name is free for others."""
        with writing_rows(self._engine) as connection:
            for table in (sign_in_names, credentials, sessions):
                connection.execute(sa.delete(table).where(*self._of(table, sign_in)))

    def begin_session(
        self, token: str, sign_in: UUID, credential: str, *, now: datetime, until: datetime
    ) -> None:
        """Store a session, and delete those that have ended."""
        row = SessionRow(_digest(token), sign_in, _second(now), _second(until), b"")
        values = {
            "log": self._origin,
            "token_digest": row.token_digest,
            "sign_in": sign_in,
            "created_at": int(row.created_at.timestamp()),
            "expires_at": int(row.expires_at.timestamp()),
            "mac": self._mac(row, credential),
        }
        ended = sessions.c.expires_at <= int(now.timestamp())
        with writing_rows(self._engine) as connection:
            connection.execute(sa.delete(sessions).where(self._mine(sessions), ended))
            connection.execute(sa.insert(sessions), values)

    def session(self, token: str) -> SessionRow | None:
        """Return the row of a token; nothing is believed of it yet."""
        columns = sessions.c
        query = sa.select(
            columns.token_digest,
            columns.sign_in,
            columns.created_at,
            columns.expires_at,
            columns.mac,
        ).where(self._mine(sessions), columns.token_digest == _digest(token))
        with self._engine.connect() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            return None
        created, expires = (
            datetime.fromtimestamp(each, UTC) for each in (found.created_at, found.expires_at)
        )
        return SessionRow(
            bytes(found.token_digest), found.sign_in, created, expires, bytes(found.mac)
        )

    def vouches_for(self, row: SessionRow, credential: str) -> bool:
        """Return whether the service made a session, under the password that is in force."""
        return hmac.compare_digest(row.mac, self._mac(row, credential))

    def end_session(self, token: str) -> None:
        """Delete a session, if there is one."""
        mine = sessions.c.token_digest == _digest(token)
        with writing_rows(self._engine) as connection:
            connection.execute(sa.delete(sessions).where(self._mine(sessions), mine))

    def _mac(self, row: SessionRow, credential: str) -> bytes:
        seconds = (int(each.timestamp()) for each in (row.created_at, row.expires_at))
        said = "\n".join(map(str, (row.token_digest.hex(), row.sign_in, *seconds, credential)))
        return hmac.digest(self._key, said.encode(), sha256)

    def _settle(self, connection: sa.Connection, sign_in: UUID, credential: str) -> None:
        mine, others = self._of(credentials, sign_in), credentials.c.digest != credential
        connection.execute(sa.delete(credentials).where(*mine, others))
        connection.execute(sa.delete(sessions).where(*self._of(sessions, sign_in)))

    def _insert_name(self, connection: sa.Connection, chosen: Chosen) -> None:
        self._insert(
            connection,
            sign_in_names,
            chosen.sign_in,
            name_key=chosen.name_key,
            name=chosen.name,
            credential=chosen.credential,
        )

    def _insert_credential(
        self, connection: sa.Connection, sign_in: UUID, encoded: str
    ) -> None:
        digest = credential_digest(encoded)
        self._insert(connection, credentials, sign_in, digest=digest, encoded=encoded)

    def _insert(
        self, connection: sa.Connection, table: sa.Table, sign_in: UUID, **values: str
    ) -> None:
        """Insert a row, unless there is one of its key."""
        names = ["log", "sign_in", *values]
        places = [f":{name}" for name in names]
        insert = sa.text(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(places)})"  # noqa: S608 - names of ours
            " ON CONFLICT DO NOTHING"
        ).bindparams(sa.bindparam("sign_in", type_=sa.Uuid))
        connection.execute(insert, {"log": self._origin, "sign_in": sign_in, **values})

    def _mine(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.log == self._origin

    def _of(self, table: sa.Table, sign_in: UUID) -> tuple[sa.ColumnElement[bool], ...]:
        return self._mine(table), table.c.sign_in == sign_in


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)

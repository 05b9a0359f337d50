"""What the log's rows say of its keys: held against their entries and, if asked, the head."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.audit.key_history import KeyEvents, KeyHistory
from ledger.proof.errors import ProofError
from ledger.proof.facts import FactGroup
from ledger.proof.note import KeyType
from ledger.store.event import FieldsError
from ledger.store.head import Head
from ledger.store.proven_rows import bound_facts, verify_under
from ledger.store.schema import entries
from ledger.store.tree import StoredTree


@dataclass(eq=False)
class KeysUnreadError(FieldsError):
    """Events that may name the log's keys cannot be read, so it is open which key may sign.

    ``count`` is at least how many. Nothing was signed, and no key was taken away.
    """

    count: int


class KeyRows:
    """The stream in which one ledger writes which key it has."""

    def __init__(self, engine: sa.Engine, *, origin: str, stream: str) -> None:
        self._engine = engine
        self._origin = origin
        self._stream = uuid.UUID(stream)

    def history(self, *, under: Head | None = None) -> KeyHistory:
        """Return the keys of the log; with ``under`` each row is proved by that head.

        Raises:
            ProofError: A row is not what its entry binds, no entry of that head, or an event
                of another stream.
            MalformedError: A row cannot be read.
        """
        # The topic is a copy that anybody may change, so the whole stream is read; what the
        # rows say stands in their facts.
        query = (
            sa.select(entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal)
            .where(entries.c.log == self._origin, entries.c.stream == self._stream)
            .order_by(entries.c.seq)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            events = self._events(rows)
            if under is not None:
                tree = StoredTree(connection, origin=self._origin)
                for row in rows:
                    if row.plain is not None:
                        verify_under(row, under, tree)
        return KeyHistory(events, origin=self._origin)

    def history_to_act_on(self, head: Head) -> KeyHistory:
        """Return the keys of the log as its rows under a head tell them, with none unread.

        Raises:
            KeysUnreadError: What there is to read is not all. A newest row that was taken
                away leaves no gap: only the audit misses it.
            As `history`.
        """
        history = self.history(under=head)
        # Entry 0 names the first key.
        unopened = head.size > 0 and not history.chains[KeyType.ED25519]
        count = max(history.unread, history.gaps, int(unopened))
        if count:
            raise KeysUnreadError(count)
        return history

    def absent(self, *, under: Head) -> int:
        """Return how many entries of a head have no row; it takes as long as the log is."""
        query = sa.select(sa.func.count()).where(
            entries.c.log == self._origin, entries.c.seq >= 0, entries.c.seq < under.size
        )
        with self._engine.connect() as connection:
            return under.size - int(connection.execute(query).scalar_one())

    def _events(self, rows: Iterable[Any]) -> KeyEvents:
        events = KeyEvents()
        version = 0
        for row in rows:
            version += 1
            if row.plain is None:
                events.unread += 1  # lost, or somebody took it away: the audit says which
                continue
            facts = bound_facts(row)
            got = self._version(facts)
            events.unread += max(0, got - version)  # rows that are gone
            version = max(got, version)
            events.take(row.seq, facts.facts)
        return events

    def _version(self, facts: FactGroup) -> int:
        """Return the place in the stream that the facts claim, found to be of this stream."""
        stream, version = facts.facts.get("stream"), facts.facts.get("version")
        if stream != str(self._stream) or type(version) is not int:
            raise ProofError("stream of the keys", str(self._stream), str(stream))
        return version

"""What the log's rows say of its keys: held against their entries and, if asked, the head."""

import uuid

import sqlalchemy as sa

from ledger.audit.key_history import KeyEvents, KeyHistory
from ledger.proof.shapes import KEY_ROTATED, LEDGER_OPENED
from ledger.store.head import Head
from ledger.store.proven_rows import bound_facts, verify_under
from ledger.store.schema import entries
from ledger.store.tree import StoredTree


class KeyRows:
    """The stream in which one ledger writes which key it has."""

    def __init__(self, engine: sa.Engine, *, origin: str, stream: str) -> None:
        self._engine = engine
        self._origin = origin
        self._stream = uuid.UUID(stream)

    def history(self, *, under: Head | None = None) -> KeyHistory:
        """Return the keys of the log; with ``under`` each row is proved by that head.

        Raises:
            ProofError: A row is not what its entry binds, or no entry of that head.
            MalformedError: A row cannot be read.
        """
        # The topic is a copy to find the rows by; what they say stands in their facts.
        query = (
            sa.select(entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal)
            .where(entries.c.log == self._origin, entries.c.stream == self._stream)
            .where(entries.c.topic.in_([LEDGER_OPENED, KEY_ROTATED]))
            .order_by(entries.c.seq)
        )
        events = KeyEvents()
        with self._engine.connect() as connection:
            for row in connection.execute(query).all():
                if row.plain is None:
                    events.unread += 1  # lost, or somebody took it away: the audit says which
                    continue
                facts = bound_facts(row)
                if under is not None:
                    verify_under(row, under, StoredTree(connection, origin=self._origin))
                events.take(row.seq, facts.facts)
        return KeyHistory(events, origin=self._origin)

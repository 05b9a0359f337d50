"""Whose facts were erased, read from the entries that declare it and proved by the head.

An erasure is acted upon long after it was recorded, when a backup of the vault has been
restored. Who can write rows but cannot seal a head must not be able to have a key destroyed
by planting an entry, so each is followed up to the head before it is believed.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import check_uuid
from ledger.proof.shapes import FACTS_ERASED
from ledger.store.head import Head
from ledger.store.proven_rows import bound_facts, verify_under
from ledger.store.schema import boxes, entries, heads
from ledger.store.tree import StoredTree
from ledger.store.writing import writing


@dataclass(frozen=True, slots=True)
class DeclaredErasure:
    """One `facts.erased`: since ``seq``, nobody can open the person's facts of ``entries``."""

    seq: int
    person: str
    entries: tuple[int, ...]


class HeadKeeper(Protocol):
    """Vouches for a head, as `Publisher` does for one that continues the register."""

    def check(self) -> Head:
        """Return the committed head."""


class Erasures:
    """The erasures of one ledger, those declared and those under way."""

    def __init__(self, engine: sa.Engine, heads: HeadKeeper, *, origin: str) -> None:
        """Believe what lies under the head that ``heads`` vouches for."""
        self._engine = engine
        self._heads = heads
        self._origin = origin

    def stream(self, person: str) -> str:
        """Return the stream of a person's erasure; another process declares it there too."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://{self._origin}/erasures/{person}"))

    def wait_for_appends(self) -> None:
        """Return once every append that had begun before has ended.

        A key that was closed before is sealed with by none of the later ones.
        """
        with writing(self._engine, self._origin) as writer:
            writer.lock()

    def boxed(self, person: str) -> list[int]:
        """Return the seqs of all entries with personal facts about a person, ascending.

        A row beyond the head belongs to no entry: somebody planted it.
        """
        size = sa.select(heads.c.size).where(heads.c.log == self._origin).scalar_subquery()
        query = (
            sa.select(boxes.c.seq)
            .where(
                boxes.c.log == self._origin,
                boxes.c.person == uuid.UUID(person),
                boxes.c.seq < size,
            )
            .order_by(boxes.c.seq)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def of(self, person: str) -> list[DeclaredErasure]:
        """Return what was declared of one person, in order.

        Raises:
            ProofError: An entry of the stream is not one of the log.
            As `Publisher.check`.
        """
        declared, unproven = self._read(entries.c.stream == uuid.UUID(self.stream(person)))
        if unproven:
            raise ProofError("facts.erased", "an entry of the log", unproven)
        return [each for each in declared if each.person == person]

    def all(self) -> tuple[list[DeclaredErasure], list[int]]:
        """Return every declared erasure, and the seqs of rows that only pretend to be one.

        Raises:
            As `Publisher.check`.
        """
        # The topic is a copy to find the row by; what it says stands in its facts.
        return self._read(entries.c.topic == FACTS_ERASED)

    def _read(self, wanted: sa.ColumnElement[bool]) -> tuple[list[DeclaredErasure], list[int]]:
        query = (
            sa.select(entries.c.seq, entries.c.entry, entries.c.plain, entries.c.personal)
            .where(entries.c.log == self._origin, wanted)
            .order_by(entries.c.seq)
        )
        declared: list[DeclaredErasure] = []
        unproven: list[int] = []
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return declared, unproven
        # After the rows, so that each that was committed lies below this head.
        head = self._heads.check()
        with self._engine.connect() as connection:
            tree = StoredTree(connection, origin=self._origin)
            for row in rows:
                try:
                    found = _proven(row, head, tree)
                except (MalformedError, ProofError, IndexError):
                    unproven.append(row.seq)
                else:
                    declared += found
        return declared, unproven


def _proven(row: Any, head: Head, tree: StoredTree) -> Sequence[DeclaredErasure]:
    """Return what a row declares, once its facts and its entry are found under the head."""
    verify_under(row, head, tree)
    plain = bound_facts(row)
    if plain.facts.get("type") != FACTS_ERASED:
        return ()
    person = check_uuid(plain.facts.get("person"), what="person")
    named = plain.facts.get("entries")
    seqs = [each for each in named if type(each) is int] if isinstance(named, list) else []
    return (DeclaredErasure(row.seq, person, tuple(seqs)),)

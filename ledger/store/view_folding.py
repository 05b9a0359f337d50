"""Folding on: the next entries of the log into the views, a batch in one transaction.

An entry that cannot be folded is noted as a failure, and its stream stands still from there
on: what it says in the views stays what it was, and others go on. Nothing here stops appends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ledger.projections.folding import fold, wanted
from ledger.projections.rows import Rows
from ledger.projections.taken import Secrets, Taken
from ledger.projections.views import FAILURES, FOLDS
from ledger.store.view_secrets import BatchSecrets
from ledger.store.view_source import EntrySource, Unread
from ledger.store.view_writing import Position, ViewWriter, writing_views

BATCH_MAX = 1_000
FROZEN = "StreamFrozen"
"""The error of entries that follow, in their stream, one which could not be folded."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the views stand after a batch, and how large the log was."""

    position: Position
    size: int

    @property
    def is_done(self) -> bool:
        """Whether everything that there was is folded."""
        return self.position.position >= self.size


class Folding:
    """Folds one log into its views; one thread at a time, any number of processes."""

    def __init__(
        self,
        engine: sa.Engine,
        source: EntrySource,
        *,
        origin: str,
        index_key: bytes,
        batch_max: int = BATCH_MAX,
    ) -> None:
        self._engine = engine
        self._source = source
        self._origin = origin
        self._index_key = index_key
        self._batch_max = batch_max
        self._writer: ViewWriter | None = None
        self._rows = Rows(lambda view, keys: self._open_writer().load(view, keys))
        self._frozen: set[str] = set()
        self._known: Position | None = None
        self._careful_until = 0

    def step(self, *, until: int | None = None) -> Step:
        """Fold the next batch, of the log's first ``until`` entries if that is given.

        Raises:
            HeadTamperedError, LedgerMissingError: As `EntrySource.size`.
            As `EntrySource.read` and `writing_views`; nothing was folded.
        """
        size = self._source.size()
        size = size if until is None else min(size, until)
        with writing_views(self._engine, self._origin) as writer:
            self._writer = writer
            try:
                return self._step(writer, size)
            except BaseException:
                self._forget()
                raise
            finally:
                self._writer = None

    def empty(self) -> None:
        """Empty the views, to be filled anew.

        Raises:
            As `step`; nothing was emptied.
        """
        size = self._source.size()
        with writing_views(self._engine, self._origin) as writer:
            self._empty(writer, writer.begin(), size)
            writer.commit()
        self._forget()

    def _step(self, writer: ViewWriter, size: int) -> Step:
        at = writer.begin()
        if at.folds != FOLDS:
            at = self._empty(writer, at, size)
        elif at == Position() and size > self._batch():
            at = replace(at, goal=size)
        if at != self._known:
            # Another process has folded, or emptied, or this one has just come.
            self._forget()
            self._frozen = writer.streams_that_failed()
        stop = min(size, at.position + self._batch())
        if stop <= at.position:
            self._known = at
            return Step(at, size)
        self._fold(at.position, stop)
        writer.write(self._rows.changed())
        reached = replace(at, position=stop, goal=at.goal if at.goal != stop else None)
        writer.move(reached)
        writer.commit()
        self._rows.saved()
        self._known = reached
        return Step(reached, size)

    def _batch(self) -> int:
        return self._batch_max

    def _empty(self, writer: ViewWriter, at: Position, goal: int) -> Position:
        writer.empty()
        emptied = Position(generation=at.generation + 1, goal=goal if goal else None)
        writer.move(emptied)
        return emptied

    def _fold(self, start: int, stop: int) -> None:
        batch = self._source.read(start, stop)
        secrets = BatchSecrets(batch.keys, origin=self._origin, index_key=self._index_key)
        self._rows.prefetch(wanted(each for each in batch.entries if isinstance(each, Taken)))
        self._fold_all(batch.entries, secrets)

    def _fold_all(self, entries: Sequence[Taken | Unread], secrets: Secrets) -> None:
        for entry in entries:
            if isinstance(entry, Unread):
                self._fail(entry, entry.error)
            elif entry.stream in self._frozen:
                self._fail(entry, FROZEN)
            else:
                try:
                    fold(entry, self._rows, secrets)
                except MemoryError:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever it is, others go on
                    self._rows.undo()
                    self._fail(entry, type(error).__name__)

    def _fail(self, entry: Taken | Unread, error: str) -> None:
        self._rows.begin(entry.seq)
        row = {"stream": entry.stream, "type": entry.type, "error": error}
        self._rows.append(FAILURES, (entry.seq,), {**row})
        self._frozen.add(entry.stream)

    def _forget(self) -> None:
        self._rows.forget()
        self._known = None

    def _open_writer(self) -> ViewWriter:
        if self._writer is None:
            raise RuntimeError("rows are asked for while folding alone")
        return self._writer

"""Folding on: the next entries of the log into the views, a batch in one transaction.

An entry that cannot be folded is noted as a failure, and its stream stands still from there
on: what it says in the views stays what it was, and others go on. Nothing here stops appends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ledger.projections.folding import fold, wanted
from ledger.projections.rows import Rows
from ledger.projections.taken import Secrets, Taken
from ledger.projections.tallying import settle
from ledger.projections.views import FAILURES, FOLDS
from ledger.store.migration import MigrationMissingError
from ledger.store.view_reading_ahead import ReadingAhead
from ledger.store.view_secrets import BatchSecrets
from ledger.store.view_source import EntrySource, Unread
from ledger.store.view_writing import Position, ViewConnection, ViewWriter, peek

BATCH_MAX = 2_000
FAR_BEHIND = 4_000
"""So many at once where there are more to fold: nobody waits for the first of them."""
_READ = 1_000
FROZEN = "StreamFrozen"
"""The error of entries that follow, in their stream, one which could not be folded."""


class UnwritableError(Exception):
    """The database takes none of the rows of a batch as they are; nothing was written."""

    def __init__(self, start: int, stop: int, error: BaseException) -> None:
        super().__init__(type(error).__name__)
        self.start = start
        self.stop = stop
        self.error = type(error).__name__


@dataclass(frozen=True, slots=True)
class Step:
    """Where the views stand after a batch, and how large the log was."""

    position: Position
    size: int

    @property
    def is_done(self) -> bool:
        """Whether everything that there was is folded, as this release folds it."""
        return self.position.folds == FOLDS and self.position.position >= self.size


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
        self._ahead = ReadingAhead(source.read)
        self._connection = ViewConnection(engine, origin)
        self._source = source
        self._origin = origin
        self._index_key = index_key
        self._batch_max = batch_max
        self._writer: ViewWriter | None = None
        self._rows = Rows(lambda view, keys: self._open_writer().load(view, keys))
        self._frozen: set[str] = set()
        self._known: Position | None = None
        self._one_by_one_until = 0
        self._unwritable: dict[int, str] = {}
        driver: Any = engine.dialect.loaded_dbapi
        refusals = driver.DataError, driver.IntegrityError
        self._refusals = (*refusals, OverflowError, UnicodeEncodeError)
        self._faults = (driver.Error, sa.exc.SQLAlchemyError, OSError, MemoryError)

    def standing(self) -> Step:
        """Return where the views stand; nothing is folded.

        Raises:
            HeadTamperedError, LedgerMissingError: As `EntrySource.size`.
            sqlalchemy.exc.SQLAlchemyError: The store of the views cannot be read.
        """
        return Step(peek(self._engine, self._origin), self._source.size())

    def step(self, *, until: int | None = None) -> Step:
        """Fold the next batch, of the log's first ``until`` entries if that is given.

        Raises:
            HeadTamperedError, LedgerMissingError: As `EntrySource.size`.
            MigrationMissingError: A newer release has filled these views.
            UnwritableError: Nothing can be written there, be it that an entry failed.
            As `EntrySource.read` and `ViewConnection.transaction`; nothing was folded.
        """
        size = self._source.size()
        size = size if until is None else min(size, until)
        at = peek(self._engine, self._origin)
        if self._known is not None and at.folds == FOLDS and at.position == size:
            self._ahead.forget()
            return Step(at, size)  # nobody is kept from writing for nothing
        while True:
            try:
                return self._stepped(size)
            except UnwritableError as error:
                # Which entry it is, is found by folding them one by one.
                self._one_by_one_until = error.stop
                if error.start in self._unwritable:
                    raise  # not even that it failed can be written
                if error.stop - error.start == 1:
                    self._unwritable[error.start] = error.error

    def _stepped(self, size: int) -> Step:
        with self._connection.transaction() as writer:
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
        with self._connection.transaction() as writer:
            self._empty(writer, writer.begin(), size)
            writer.commit()
        self._forget()

    def close(self) -> None:
        """Let go of the connection; a later step opens another one."""
        self._ahead.close()
        self._connection.close()

    def _step(self, writer: ViewWriter, size: int) -> Step:
        at = writer.begin()
        if at.folds > FOLDS:
            raise MigrationMissingError("views")
        if at.folds < FOLDS or self._is_of_another_log(at):
            at = self._empty(writer, at, size)
        elif at == Position() and size > self._batch_max:
            at = replace(at, goal=size)
        if at != self._known:
            # Another process has folded, or emptied, or this one has just come.
            self._rows.forget(at.position)
            self._ahead.forget()
            self._frozen = writer.streams_that_failed()
        stop = min(size, at.position + self._batch(size - at.position, at.position))
        if stop <= at.position:
            self._ahead.forget()
            self._known = at
            return Step(at, size)
        try:
            leaf = self._fold(at.position, stop)
            self._read_ahead(stop, size)
            writer.write(self._rows.changed())
        except self._refusals as error:
            raise UnwritableError(at.position, stop, error) from error
        goal = None if at.goal is None or at.goal <= stop else at.goal
        reached = replace(at, position=stop, goal=goal, leaf=leaf)
        writer.move(reached)
        writer.commit()
        self._rows.saved(stop)
        self._known = reached
        self._unwritable.pop(at.position, None)
        return Step(reached, size)

    def _batch(self, behind: int, position: int) -> int:
        if position < self._one_by_one_until:
            return 1
        return FAR_BEHIND if behind > FAR_BEHIND else self._batch_max

    def _read_ahead(self, start: int, size: int) -> None:
        behind = size - start
        if behind > 0 and self._engine.dialect.name != "sqlite":
            self._ahead.begin(start, min(size, start + self._batch(behind, start)), _READ)

    def _empty(self, writer: ViewWriter, at: Position, goal: int) -> Position:
        writer.empty()
        emptied = Position(generation=at.generation + 1, goal=goal if goal else None)
        writer.move(emptied)
        return emptied

    def _is_of_another_log(self, at: Position) -> bool:
        """Return whether the log does not go on from the entry that was folded last."""
        if at == self._known or not at.position:
            return False
        return self._source.leaf(at.position - 1) != at.leaf

    def _fold(self, start: int, stop: int) -> str:
        leaf = ""
        # A few at a time: facts that live short cost Python less than their reading does.
        for first in range(start, stop, _READ):
            part = self._ahead.read(first, min(stop, first + _READ))
            secrets = BatchSecrets(part.keys, origin=self._origin, index_key=self._index_key)
            read = (each for each in part.entries if isinstance(each, Taken))
            self._rows.prefetch(wanted(read))
            self._fold_all(part.entries, secrets)
            leaf = part.leaf
        settle(self._rows)
        return leaf

    def _fold_all(self, entries: Sequence[Taken | Unread], secrets: Secrets) -> None:
        for entry in entries:
            if isinstance(entry, Unread):
                self._fail(entry, entry.error)
            elif entry.stream in self._frozen:
                self._fail(entry, FROZEN)
            elif entry.seq in self._unwritable:
                self._fail(entry, self._unwritable[entry.seq])
            else:
                self._fold_one(entry, secrets)

    def _fold_one(self, entry: Taken, secrets: Secrets) -> None:
        try:
            fold(entry, self._rows, secrets)
        except self._faults:
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
        self._ahead.forget()
        self._known = None

    def _open_writer(self) -> ViewWriter:
        if self._writer is None:
            raise RuntimeError("rows are asked for while folding alone")
        return self._writer

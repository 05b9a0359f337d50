"""The working set of a fold: current rows, those that a batch has changed among them.

Rows are asked for by their key; what is not here is loaded. One entry's changes come together
or not at all: `undo` takes back what an entry that cannot be folded has done so far.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from ledger.projections.taken import DanglingError
from ledger.projections.view import History, Key, Values, View

HELD_MAX = 100_000
"""Rows that are kept from batch to batch."""

Load: TypeAlias = Callable[[View, Sequence[Key]], Mapping[Key, tuple[Values, int]]]
"""Returns current rows by key, each with its ``since``; what is not there is left out."""


@dataclass(slots=True)
class Held:
    """A row as it is now; ``values`` None says that there is none."""

    values: Values | None
    since: int
    is_stored: bool


@dataclass(frozen=True, slots=True)
class Erasing:
    """In every version of the rows of this key: forget a column, or, without one, the row."""

    view: View
    key: Key
    column: str | None


@dataclass(slots=True)
class Changed:
    """What is to be written, in this order.

    ``ended`` are stored rows that are replaced or gone, by key, ``since`` and ``until``;
    ``added`` new versions, each with its ``since`` and ``until``.
    """

    ended: dict[View, list[tuple[Key, int, int]]] = field(default_factory=dict)
    added: dict[View, list[tuple[Key, Values, int, int | None]]] = field(default_factory=dict)
    erased: list[Erasing] = field(default_factory=list)


class Rows:
    """Current rows of one ledger's views, by key."""

    def __init__(self, load: Load, *, held_max: int = HELD_MAX) -> None:
        self._load = load
        self._held_max = held_max
        self._tables: dict[View, dict[Key, Held]] = {}
        self._dirty: dict[View, dict[Key, None]] = {}
        self._changed = Changed()
        self._undo: list[tuple[View, Key, Held]] = []
        self._marks: list[tuple[list[Any], int]] = []
        self._seq = -1

    def begin(self, seq: int) -> None:
        """Take in the next entry."""
        self._seq = seq
        self._undo.clear()
        self._marks.clear()

    def get(self, view: View, key: Key) -> Values | None:
        """Return a current row, or None; it is not to be changed."""
        return self._of(view, key).values

    def need(self, view: View, key: Key) -> Values:
        """Return a current row.

        Raises:
            DanglingError: There is none.
        """
        values = self._of(view, key).values
        if values is None:
            raise DanglingError(view.name, key)
        return values

    def put(self, view: View, key: Key, values: Values, *, is_new: bool = False) -> None:
        """Let a row be so from this entry on; ``is_new`` says that there is none as yet."""
        table = self._tables.setdefault(view, {})
        before = table.get(key)
        if before is None:
            before = Held(None, -1, is_stored=True) if is_new else self._of(view, key)
        self._end(view, key, before)
        table[key] = Held(values, self._seq, is_stored=False)
        self._dirty.setdefault(view, {})[key] = None
        self._undo.append((view, key, before))

    def drop(self, view: View, key: Key) -> None:
        """Let there be no such row from this entry on."""
        before = self._of(view, key)
        if before.values is None:
            return
        self._end(view, key, before)
        self._tables[view][key] = Held(None, self._seq, is_stored=True)
        self._undo.append((view, key, before))

    def append(self, view: View, key: Key, values: Values) -> None:
        """Add a row that is never replaced."""
        added = self._changed.added.setdefault(view, [])
        self._mark(added)
        added.append((key, values, self._seq, None))

    def erase(self, view: View, key: Key, column: str | None = None) -> None:
        """Forget what stored versions of a row say of a person; the current one is put anew."""
        self._mark(self._changed.erased)
        self._changed.erased.append(Erasing(view, key, column))

    def touched(self) -> Iterator[tuple[View, Key, Values | None, Values | None]]:
        """Yield each row that this entry has changed, as it was before and as it is."""
        seen: set[tuple[View, Key]] = set()
        for view, key, before in tuple(self._undo):
            if (view, key) not in seen:
                seen.add((view, key))
                yield view, key, before.values, self._tables[view][key].values

    def undo(self) -> None:
        """Take back what this entry has changed."""
        for view, key, before in reversed(self._undo):
            self._tables[view][key] = before
        for marked, length in reversed(self._marks):
            del marked[length:]
        self._undo.clear()
        self._marks.clear()

    def prefetch(self, wanted: Iterable[tuple[View, Key]]) -> None:
        """Load what will be asked for, all at once."""
        missing: dict[View, dict[Key, None]] = {}
        for view, key in wanted:
            if key not in self._tables.setdefault(view, {}):
                missing.setdefault(view, {})[key] = None
        for view, keys in missing.items():
            self._fetch(view, list(keys))

    def changed(self) -> Changed:
        """Return what is to be written since the last `saved`."""
        for view, keys in self._dirty.items():
            table, added = self._tables[view], self._changed.added.setdefault(view, [])
            for key in keys:
                held = table[key]
                if held.values is not None and not held.is_stored:
                    added.append((key, held.values, held.since, None))
        self._dirty = {}
        return self._changed

    def saved(self) -> None:
        """Take note that what `changed` returned is stored."""
        for view, rows in self._changed.added.items():
            table = self._tables.get(view, {})
            for key, _, since, _ in rows:
                held = table.get(key)
                if held is not None and held.since == since:
                    held.is_stored = True
        self._changed = Changed()
        for table in self._tables.values():
            if len(table) > self._held_max:
                for key in list(islice(table, len(table) // 2)):
                    del table[key]

    def forget(self) -> None:
        """Forget all rows: somebody else may have written, or what was changed was not."""
        self._tables.clear()
        self._dirty.clear()
        self._changed = Changed()
        self.begin(-1)

    def _of(self, view: View, key: Key) -> Held:
        table = self._tables.setdefault(view, {})
        held = table.get(key)
        if held is None:
            self._fetch(view, [key])
            held = table[key]
        return held

    def _fetch(self, view: View, keys: Sequence[Key]) -> None:
        table, found = self._tables[view], self._load(view, keys)
        for key in keys:
            values, since = found.get(key, (None, -1))
            table[key] = Held(values, since, is_stored=True)

    def _end(self, view: View, key: Key, before: Held) -> None:
        """Close the version before; one that this very entry wrote has never been."""
        kept = view.history is History.KEPT and before.values is not None
        if not kept or before.since == self._seq:
            return
        if before.is_stored:
            ended = self._changed.ended.setdefault(view, [])
            self._mark(ended)
            ended.append((key, before.since, self._seq))
        elif before.values is not None:
            added = self._changed.added.setdefault(view, [])
            self._mark(added)
            added.append((key, before.values, before.since, self._seq))

    def _mark(self, changed: list[Any]) -> None:
        self._marks.append((changed, len(changed)))

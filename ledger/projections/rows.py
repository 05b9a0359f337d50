"""The working set of a fold: current rows, those that a batch has changed among them.

Rows are asked for by their key; what is not here is loaded. One entry's changes come together
or not at all: `undo` takes back what an entry that cannot be folded has done so far.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from ledger.projections.taken import DanglingError
from ledger.projections.view import History, Key, Values, View

HELD_MAX = 20_000
"""Rows of a view that are kept from batch to batch."""

Load: TypeAlias = Callable[[View, Sequence[Key]], Mapping[Key, tuple[Values, int]]]
"""Returns current rows by key, each with its ``since``; what is not there is left out."""
Held: TypeAlias = tuple[Values | None, int]
"""A row as it is now, None where there is none; and its ``since``."""
Version: TypeAlias = tuple[Key, Values, int, int | None]
"""One version of a row: key, values, ``since`` and ``until``."""

_ABSENT: Held = (None, -1)


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
    ``added`` versions that are new.
    """

    ended: Mapping[View, Sequence[tuple[Key, int, int]]] = field(default_factory=dict)
    added: Mapping[View, Sequence[Version]] = field(default_factory=dict)
    erased: Sequence[Erasing] = ()


class Rows:
    """Current rows of one ledger's views, by key."""

    def __init__(self, load: Load, *, held_max: int = HELD_MAX) -> None:
        self._load = load
        self._held_max = held_max
        self._tables: defaultdict[View, dict[Key, Held]] = defaultdict(dict)
        self._dirty: defaultdict[View, dict[Key, None]] = defaultdict(dict)
        self._ended: defaultdict[View, list[tuple[Key, int, int]]] = defaultdict(list)
        self._added: defaultdict[View, list[Version]] = defaultdict(list)
        self._erased: list[Erasing] = []
        self._counts: dict[Key, tuple[int, int]] = {}
        self._seq = -1
        self._stored_below = 0
        """Rows that an entry below this one wrote are stored; all others are this batch's."""
        self._undo: list[tuple[View, Key, Held]] = []
        self._undo_counts: list[tuple[Key, tuple[int, int] | None]] = []
        self._grown: list[list[Any]] = []
        """Lists to which this entry has appended, once for each time."""

    def begin(self, seq: int) -> None:
        """Take in the next entry."""
        self._seq = seq
        self._undo.clear()
        self._undo_counts.clear()
        self._grown.clear()

    def get(self, view: View, key: Key) -> Values | None:
        """Return a current row, or None; it is not to be changed."""
        held = self._tables[view].get(key)
        return (held or self._fetched(view, key))[0]

    def need(self, view: View, key: Key) -> Values:
        """Return a current row.

        Raises:
            DanglingError: There is none.
        """
        values = self.get(view, key)
        if values is None:
            raise DanglingError(view.name, key)
        return values

    def put(self, view: View, key: Key, values: Values, *, is_new: bool = False) -> None:
        """Let a row be so from this entry on; ``is_new`` says that there is none as yet."""
        table = self._tables[view]
        before = table.get(key)
        if before is None:
            before = _ABSENT if is_new else self._fetched(view, key)
        if before[0] is not None:
            self._end(view, key, before)
        table[key] = (values, self._seq)
        self._dirty[view][key] = None
        self._undo.append((view, key, before))

    def drop(self, view: View, key: Key) -> None:
        """Let there be no such row from this entry on."""
        before = self._tables[view].get(key) or self._fetched(view, key)
        if before[0] is None:
            return
        self._end(view, key, before)
        self._tables[view][key] = _ABSENT
        self._undo.append((view, key, before))

    def append(self, view: View, key: Key, values: Values) -> None:
        """Add a row that is never replaced."""
        self._grow(self._added[view], (key, values, self._seq, None))

    def erase(self, view: View, key: Key, column: str | None = None) -> None:
        """Forget what stored versions of a row say of a person; the current one is put anew."""
        self._grow(self._erased, Erasing(view, key, column))

    def count(self, counted: Key, amount: int) -> None:
        """Let a counter grow; `take_counts` tells by how much, once the batch is folded."""
        before = self._counts.get(counted)
        self._counts[counted] = ((before[0] if before else 0) + amount, self._seq)
        self._undo_counts.append((counted, before))

    def take_counts(self) -> Mapping[Key, tuple[int, int]]:
        """Return by how much each counter has grown, and with which entry last."""
        counts, self._counts = self._counts, {}
        return counts

    def touched(
        self, views: Container[View]
    ) -> Sequence[tuple[View, Values | None, Values | None]]:
        """Return each row of these views that this entry has changed: before, and now."""
        first: dict[tuple[View, Key], Held] = {}
        for view, key, before in self._undo:
            if view in views:
                first.setdefault((view, key), before)
        return [(at[0], was[0], self._tables[at[0]][at[1]][0]) for at, was in first.items()]

    def undo(self) -> None:
        """Take back what this entry has changed."""
        for view, key, before in reversed(self._undo):
            self._tables[view][key] = before
        for counted, count in reversed(self._undo_counts):
            if count is None:
                del self._counts[counted]
            else:
                self._counts[counted] = count
        for grown in self._grown:
            grown.pop()
        self.begin(self._seq)

    def prefetch(self, wanted: Iterable[tuple[View, Key]]) -> None:
        """Load what will be asked for, all at once."""
        missing: defaultdict[View, dict[Key, None]] = defaultdict(dict)
        for view, key in wanted:
            if key not in self._tables[view]:
                missing[view][key] = None
        for view, keys in missing.items():
            self._fetch(view, list(keys))

    def changed(self) -> Changed:
        """Return what is to be written since the last `saved`; to be asked for once."""
        for view, keys in self._dirty.items():
            table, added = self._tables[view], self._added[view]
            for key in keys:
                values, since = table[key]
                if values is not None and since >= self._stored_below:
                    added.append((key, values, since, None))
        return Changed(self._ended, self._added, self._erased)

    def saved(self, position: int) -> None:
        """Take note that what `changed` returned is stored, as is all below a position."""
        self._stored_below = position
        self._clean()
        for table in self._tables.values():
            if len(table) > self._held_max:
                for key in list(islice(table, len(table) // 2)):
                    del table[key]

    def forget(self, position: int = 0) -> None:
        """Forget all rows: another may have written, or what was changed was not stored.

        ``position`` is where the views stand: what comes from there on is not stored yet.
        """
        self._tables.clear()
        self._stored_below = position
        self._clean()

    def _clean(self) -> None:
        self._dirty.clear()
        self._ended.clear()
        self._added.clear()
        self._erased = []
        self._counts = {}
        self.begin(-1)

    def _grow(self, grown: list[Any], what: object) -> None:
        grown.append(what)
        self._grown.append(grown)

    def _fetched(self, view: View, key: Key) -> Held:
        self._fetch(view, [key])
        return self._tables[view][key]

    def _fetch(self, view: View, keys: Sequence[Key]) -> None:
        table, found = self._tables[view], self._load(view, keys)
        for key in keys:
            row = found.get(key)
            table[key] = _ABSENT if row is None else row

    def _end(self, view: View, key: Key, before: Held) -> None:
        """Close the version before; one that this very entry wrote has never been."""
        values, since = before
        if view.history is not History.KEPT or since == self._seq:
            return
        if since < self._stored_below:
            self._grow(self._ended[view], (key, since, self._seq))
        elif values is not None:
            self._grow(self._added[view], (key, values, since, self._seq))

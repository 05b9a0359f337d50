"""What a process remembers of a log, for all of its readers and writers: nodes and tails.

Whoever reads a stream proves its last row, and whoever appends to it, or on condition of it,
has to know that row to be the log's own: what one of them has found out, the other need not.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from ledger.store.linking import Tail
from ledger.store.tree_memory import TreeMemory

TAILS_MAX = 16_384
"""So many tails are remembered, those that were used last."""


class KnownTails:
    """Ends of the streams of one log that were proved or written here, from any thread."""

    def __init__(self, tails_max: int = TAILS_MAX) -> None:
        self._tails_max = tails_max
        self._known: OrderedDict[str, Tail] = OrderedDict()
        self._entering = threading.Lock()

    def get(self, stream: str) -> Tail | None:
        """Return the tail of a stream, if one is known."""
        return self._known.get(stream)

    def remember(self, tails: Mapping[str, Tail]) -> None:
        """Keep tails that were proved or committed; an older one never replaces a newer."""
        with self._entering:
            for stream, tail in tails.items():
                known = self._known.get(stream)
                if known is None or known.seq <= tail.seq:
                    self._known[stream] = tail
                self._known.move_to_end(stream)
            while len(self._known) > self._tails_max:
                self._known.popitem(last=False)


@dataclass(frozen=True, slots=True)
class LogMemory:
    """Nodes of a log's tree, not verified, and tails of its streams, which are."""

    tree: TreeMemory
    tails: KnownTails

    @classmethod
    def of(cls, origin: str) -> "LogMemory":
        """Return the memory of a process that has seen nothing of a log yet."""
        return cls(TreeMemory(origin=origin), KnownTails())

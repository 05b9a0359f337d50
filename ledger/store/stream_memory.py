"""Proved rows of streams, remembered as they were stored: personal facts in their boxes."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ledger.audit.source import Link
from ledger.proof.personal import PersonalDigests

REMEMBERED_BYTES_MAX = 32 * 1024 * 1024
"""So much of proved rows is remembered, of the streams that were read last."""
_ROW_BYTES = 512
"""What a remembered row takes beside its facts, about."""


class ProvenRow(NamedTuple):
    """What is remembered of a row that was found to be the log's own."""

    link: Link
    originator_version: int
    time: str
    plain: bytes
    personal: PersonalDigests
    boxes: Mapping[str, bytes]

    def size(self) -> int:
        """Return how many bytes it takes, about."""
        boxed = sum(map(len, self.boxes.values()))
        names = sum(map(len, self.personal.values()))
        return _ROW_BYTES + len(self.plain) + boxed + _ROW_BYTES * names


class RememberedRows:
    """Proved rows by stream, bounded by what they take."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._streams: OrderedDict[str, tuple[Sequence[ProvenRow], int]] = OrderedDict()
        self._bytes = 0
        self._entering = threading.Lock()

    def get(self, stream: str) -> Sequence[ProvenRow]:
        """Return what is remembered of a stream."""
        with self._entering:
            if stream not in self._streams:
                return ()
            self._streams.move_to_end(stream)
            return self._streams[stream][0]

    def put(self, stream: str, rows: Sequence[ProvenRow]) -> None:
        """Remember a stream's rows in the place of those before; forget the ones used least."""
        size = sum(row.size() for row in rows)
        with self._entering:
            self._bytes -= self._streams.pop(stream, ((), 0))[1]
            if size > self._bytes_max:
                return
            self._bytes += size
            self._streams[stream] = rows, size
            while self._bytes > self._bytes_max:
                _, (_, freed) = self._streams.popitem(last=False)
                self._bytes -= freed

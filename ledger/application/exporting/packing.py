"""A zip file that is sent while it is written: nothing of it lies in memory or on a disk."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import IO, cast

_CHUNK = 64 * 1024
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file knows: what it holds says itself as of when it is."""

Part = tuple[str, Iterable[bytes]]
"""The name of a part, and its content piece by piece."""


class _Sink:
    """Takes what is written until it is taken away; it cannot be wound back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""

    def taken(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return content


def packed(parts: Iterable[Part]) -> Iterator[bytes]:
    """Yield a zip file of some parts, piece by piece, in their order."""
    sink = _Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in parts:
            about = zipfile.ZipInfo(name, _WHEN)
            about.compress_type = zipfile.ZIP_DEFLATED
            with closing(archive.open(about, "w")) as part:
                for piece in pieces:
                    part.write(piece)
                    if sink.size > _CHUNK:
                        yield sink.taken()
    yield sink.taken()

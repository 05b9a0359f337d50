"""The head register: the last head that may have been signed, outside the database.

One file a log, replaced whole. Four kinds of lines, in order:

    origin
    size
    root in base64
    one line a peak of the tree's right edge, largest subtree first, in base64

The first three lines are the text of a checkpoint; the peaks let a later head be checked
against it from the new leaves alone.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.encoding64 import decode_hash, encode_base64
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Edge
from ledger.store.durable_file import replace_file

REGISTER_BYTES_MAX = 8_192


class RegisterMovedOn(Exception):
    """Another process has registered a head since this one read the register."""


class HeadRegister:
    """One log's register file, shared by all processes of one instance."""

    def __init__(self, path: Path, *, origin: str) -> None:
        self.path = path
        self._origin = origin

    def read(self) -> Edge | None:
        """Return the registered edge, or None where nothing was ever registered.

        Raises:
            MalformedError: The file is not the one spelling of a register for this log.
        """
        # A head is believed only once whoever wrote it has made it durable.
        with self._locked(fcntl.LOCK_SH):
            return self.peek()

    def advance(self, *, expected: Edge | None, new: Edge) -> None:
        """Replace the registered edge if it is still the expected one; durable on return.

        Raises:
            RegisterMovedOn: It is another one by now; nothing was changed.
            OSError: The disk refused; the old head stands.
        """
        with self._locked(fcntl.LOCK_EX):
            if self.peek() != expected:
                raise RegisterMovedOn
            replace_file(self.path, register_text(new, origin=self._origin))

    def peek(self) -> Edge | None:
        """Return the registered edge without waiting and without leaving a trace: to audit.

        Raises:
            MalformedError: As `read`.
        """
        try:
            with self.path.open("rb") as file:
                content = file.read(REGISTER_BYTES_MAX + 1)
        except FileNotFoundError:
            return None
        return _parsed(content, self._origin).copy()

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        # The register itself is replaced by renaming, so the lock needs a file of its own.
        lock = self.path.with_name(self.path.name + ".lock")
        with lock.open("ab") as file:
            fcntl.flock(file, kind)
            yield


@lru_cache(maxsize=8)
def _parsed(content: bytes, origin: str) -> Edge:
    """Read once what every commit and every signature asks for; copy it before use."""
    return parse_register(content, origin=origin)


def register_text(edge: Edge, *, origin: str) -> bytes:
    """Return the content of a register file."""
    checkpoint = Checkpoint(origin, edge.size, edge.root()).text()
    peaks = "".join(f"{encode_base64(peak)}\n" for peak in edge.peaks)
    return (checkpoint + peaks).encode("utf-8")


def parse_register(content: bytes, *, origin: str) -> Edge:
    """Return the edge in a register file: the inverse of `register_text`.

    Raises:
        MalformedError: It is cut off, for another log, or its root is not its peaks'.
    """
    what = "head register"
    if len(content) > REGISTER_BYTES_MAX:
        raise MalformedError(what, f"at most {REGISTER_BYTES_MAX} bytes", len(content))
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedError(what, "UTF-8", content) from error
    try:
        checkpoint = parse_checkpoint("\n".join(lines[:3]) + "\n")
        edge = Edge(checkpoint.size, [decode_hash(line, what) for line in lines[3:-1]])
    except MalformedError as error:
        raise MalformedError(what, f"the register of {origin}", content) from error
    if register_text(edge, origin=origin) != content:
        raise MalformedError(what, f"the register of {origin}", content)
    return edge

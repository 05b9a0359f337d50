"""Reading a large file in a process of its own, ahead of who decides about its rows.

the process that reads ─►  rows … rows … and that they are all, or that the file is damaged
                       ◄─  nothing: when its input ends, who began it is gone, and it ends

Who decides opens the file as well, and reads the first rows while the process begins. That one
reads on while the pipe takes what it says, which is less than two batches: so neither needs
more memory for a longer file. If anything goes wrong there, nothing comes: who decides reads
on from where it is, and meets the same trouble.
"""

import pickle
import select
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO

from ledger.application.importing import rows
from ledger.application.importing.opening import Opened, Row, digest_of, open_file
from ledger.application.importing.rows import ReadFile, ReadRow
from ledger.application.importing.tables import UnusableFileError, size_of
from ledger.domain.refusal import Refused

LARGE_BYTES = 32 * 1024
"""Of smaller files, most rows are read before a process has begun."""
PATIENCE_S = 120.0
"""So long it may be silent, over the largest file that is opened; then it is killed."""
_LENGTH_BYTES = 8
_CHUNK = 1024 * 1024


class _ApartError(Exception):
    """The process that reads has not said what comes next: it failed, ended or kept silent."""


class ReadingApart:
    """Where large files are read in processes of their own."""

    def __init__(self, command: Sequence[str]) -> None:
        """``command`` starts the process.

        To it are added the number of the open file, its digest, and after how many rows it
        reads.
        """
        self._command = command

    @contextmanager
    def read(self, file: BinaryIO, digest: str) -> Iterator[ReadFile | Refused]:
        """Read a file, a large one apart if that can be; a `Reading`.

        The process is ended with the reading.
        """
        process = self._begun(file, digest)
        try:
            opened = open_file(file, digest)
            if isinstance(opened, Refused):
                yield opened
            else:
                with closing(opened.rows()) as here:
                    yield ReadFile(rows.outline_of(opened), _batches(here, process))
        finally:
            if process is not None:
                process.end()

    def _begun(self, file: BinaryIO, digest: str) -> "_Process | None":
        name = getattr(file, "name", None)
        if size_of(file) < LARGE_BYTES or not isinstance(name, str):
            return None
        try:
            return _Process(self._command, name, digest)
        except OSError:  # then all of it is read here
            return None


def tell_rows(file: BinaryIO, says: BinaryIO, *, digest: str, after: int) -> None:
    """Say what `ReadingApart` hears of a file: the rows after so many of them.

    Nothing is said of a file that has another digest.

    Raises:
        BrokenPipeError: Nobody listens any more.
    """
    try:
        opened = open_file(file, digest) if digest_of(file) == digest else None
        if isinstance(opened, Opened):
            for batch in rows.batches_of(islice(opened.rows(), after, None)):
                _say(says, batch)
            _say(says, None)
    except UnusableFileError as error:
        _say(says, error)


def _say(says: BinaryIO, what: object) -> None:
    said = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    says.write(len(said).to_bytes(_LENGTH_BYTES) + said)
    says.flush()


def _batches(here: Iterator[Row], process: "_Process | None") -> Iterator[Sequence[ReadRow]]:
    if process is not None:
        first, told = rows.batch_of(here), 0
        if first:
            yield first
        if len(first) < rows.BATCH_ROWS:
            return
        try:
            while batch := _batch(process):
                yield batch
                told += len(batch)
        except _ApartError:
            process.end()
            here = islice(here, told, None)
        else:
            return
    yield from rows.batches_of(here)


def _batch(process: "_Process") -> Sequence[ReadRow] | None:
    """Return the next rows; None if these are all."""
    said = process.hear()
    if said is None:
        return None
    if isinstance(said, list) and said and all(isinstance(each, ReadRow) for each in said):
        return said
    raise _ApartError


class _Process:
    """The process that reads one file."""

    def __init__(self, command: Sequence[str], name: str, digest: str) -> None:
        # Opened anew: where one process has come to in the file is nothing to the other.
        with Path(name).open("rb") as again:
            number = again.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                [*command, str(number), digest, str(rows.BATCH_ROWS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What went wrong is met again here; what it would print may name persons.
                stderr=subprocess.DEVNULL,
                bufsize=0,
                pass_fds=(number,),
            )

    def hear(self) -> object:
        """Return what it says next.

        Raises:
            UnusableFileError: It says that the file is none that can be read.
            _ApartError: It says nothing, or what nobody can read.
        """
        length = int.from_bytes(self._bytes(_LENGTH_BYTES))
        said = self._bytes(length)
        try:
            what = pickle.loads(said)  # noqa: S301 - this program itself has written it
        except Exception as error:
            raise _ApartError from error
        if isinstance(what, UnusableFileError):
            raise what
        return what

    def end(self) -> None:
        """End it: it holds nothing that would be lost."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def _bytes(self, wanted: int) -> bytearray:
        said = bytearray()
        waiting = select.poll()
        waiting.register(self._said, select.POLLIN)
        while len(said) < wanted:
            is_there = waiting.poll(PATIENCE_S * 1_000)
            some = self._said.read(min(wanted - len(said), _CHUNK)) if is_there else b""
            if not some:
                raise _ApartError
            said += some
        return said

    @property
    def _said(self) -> IO[bytes]:
        if self._process.stdout is None:
            raise AssertionError("its output is a pipe")
        return self._process.stdout

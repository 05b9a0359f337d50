"""The process that reads a file for another: it knows no ledger, and ends with who began it.

`ledger.application.importing.reading_apart` starts it, and says what it tells.
"""

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import BinaryIO

from ledger.application.importing.reading_apart import ReadingApart, tell_rows
from ledger.wiring.collecting import spare_the_collector

READING = ReadingApart([sys.executable, "-P", "-m", "ledger.wiring.reading_apart"])
"""Reads large files in processes of their own."""


def main(told: int, says: BinaryIO, number: str, digest: str, after: str) -> None:
    """Read the open file of this number, and say which rows are in it after so many.

    ``told`` is the descriptor of the input, whose end is the end of this process.
    """
    # Whoever ends the import ends it by ending the process that began this one.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(told,), daemon=True).start()
    spare_the_collector()
    with os.fdopen(int(number), "rb") as file, suppress(BrokenPipeError):
        tell_rows(file, says, digest=digest, after=int(after))


def _end_after(told: int) -> None:
    """End this process, whatever it is at, when nobody holds the other end any more."""
    # Not by a file object: who waits in one is in the way of a process that ends by itself.
    while os.read(told, 1):
        pass
    os._exit(0)


def _own_output() -> BinaryIO:
    """Return the output; whatever else is printed goes where errors go."""
    says = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return says


if __name__ == "__main__":
    with _own_output() as output:
        main(sys.stdin.fileno(), output, *sys.argv[1:])

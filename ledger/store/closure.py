"""A log that was closed for good: a file in its data folder names the one that succeeds it.

It also says where that one is created and, once it is, under which key: so a command that was
cut off goes on there, and never makes a second one of the same name.
"""

from dataclasses import dataclass
from pathlib import Path

from ledger.proof.canonical import decode_object, encode
from ledger.proof.errors import MalformedError
from ledger.store.durable_file import PUBLIC, replace_file
from ledger.store.standing import LedgerClosedError

CLOSED = "closed"
"""Name of the file."""
_WHAT = "closure"
_BYTES_MAX = 1 << 20


@dataclass(eq=False)
class SuccessorElsewhereError(Exception):
    """The log that succeeds a closed one is another than the folder holds, or is to hold.

    ``folder`` is where it was created, ``key`` the first of its public keys, empty where it
    was not finished, and ``got`` the folder that was named. Nothing was changed.
    """

    successor: str
    folder: str
    key: str
    got: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Under which origin the log goes on, and the old one's last signed note in there.

    ``folder`` is the data folder in which the successor is created, ``key`` its first public
    key, empty until it is ready.
    """

    successor: str
    predecessor: str
    folder: str
    key: str = ""


class Closure:
    """The closure of one log, if it was closed."""

    def __init__(self, data_dir: Path, *, origin: str) -> None:
        self._path = data_dir / CLOSED
        self._origin = origin

    def read(self) -> Closed | None:
        """Return under which origin the log goes on, None where it was not closed.

        Raises:
            MalformedError: The file is damaged; the log must not be extended.
        """
        try:
            with self._path.open("rb") as file:
                text = file.read(_BYTES_MAX)
        except FileNotFoundError:
            return None
        names = ("folder", "key", "predecessor", "successor")
        match decode_object(text, *names, what=_WHAT):
            case {
                "folder": str(folder),
                "key": str(key),
                "predecessor": str(predecessor),
                "successor": str(successor),
            }:
                return Closed(successor, predecessor, folder, key)
            case other:
                raise MalformedError(_WHAT, ", ".join(names), sorted(other))

    def check(self) -> None:
        """Return if the log was not closed.

        Raises:
            LedgerClosedError: It was.
            MalformedError: The file is damaged.
        """
        closed = self.read()
        if closed is not None:
            raise LedgerClosedError(self._origin, closed.successor)

    def close(self, closed: Closed) -> Closed:
        """Close the log for good; return how it is closed. Durable when it returns.

        Raises:
            LedgerClosedError: It was closed before, in favour of another successor.
        """
        before = self.read()
        if before is None:
            replace_file(self._path, _text(closed), mode=PUBLIC)
            return closed
        if before.successor != closed.successor:
            raise LedgerClosedError(self._origin, before.successor)
        return before

    def name_key(self, closed: Closed, key: str) -> None:
        """Note that the successor is ready, under this public key; durable when it returns."""
        ready = Closed(closed.successor, closed.predecessor, closed.folder, key)
        replace_file(self._path, _text(ready), mode=PUBLIC)


def _text(closed: Closed) -> bytes:
    return encode(
        {
            "folder": closed.folder,
            "key": closed.key,
            "predecessor": closed.predecessor,
            "successor": closed.successor,
        }
    )

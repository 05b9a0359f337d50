"""A log that was closed for good: a file in its data folder names the one that succeeds it."""

from dataclasses import dataclass
from pathlib import Path

from ledger.proof.canonical import decode_object, encode
from ledger.proof.errors import MalformedError
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.standing import LedgerClosedError

CLOSED = "closed"
"""Name of the file."""
_WHAT = "closure"
_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Closed:
    """Under which origin the log goes on, and the old one's last signed note in there."""

    successor: str
    predecessor: str


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
        match decode_object(text, "predecessor", "successor", what=_WHAT):
            case {"predecessor": str(predecessor), "successor": str(successor)}:
                return Closed(successor, predecessor)
            case other:
                raise MalformedError(_WHAT, "predecessor and successor", sorted(other))

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
            text = {"predecessor": closed.predecessor, "successor": closed.successor}
            create_file(self._path, encode({**text}), mode=PUBLIC)
            return closed
        if before.successor != closed.successor:
            raise LedgerClosedError(self._origin, before.successor)
        return before

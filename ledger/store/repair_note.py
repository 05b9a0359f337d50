"""What a recovery puts back, noted outside the database until the log says it.

    repair.next            what is about to be put back
    repair.0f9c51b2-…      what was put back, audited, and not yet said by the log

What is about to be put back may be in the rows already while the head is held. Where the head
stands open it is not: that attempt ended before it changed anything.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ledger.proof.canonical import Value, decode_object, encode
from ledger.proof.errors import MalformedError
from ledger.store.durable_file import replace_file, sync_folder

RANGES_MAX = 1_000
"""More ranges than this are noted as the one that spans them."""
_WHAT = "repair note"
_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Repair:
    """Entries that are put back, as (first, last), and the sources' SHA-256 in hex.

    ``submission`` is the id under which the log will say so, once.
    """

    ranges: list[tuple[int, int]]
    sources: tuple[str, ...]
    submission: uuid.UUID


class RepairNote:
    """The note of one data folder; whatever it says is durable when a method returns."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._next = data_dir / "repair.next"

    def begin(
        self,
        ranges: Iterable[tuple[int, int]],
        sources: Iterable[str],
        *,
        submission: uuid.UUID,
    ) -> None:
        """Add to what is about to be put back. The first submission id stays."""
        before = self.begun() or Repair([], (), submission)
        names = tuple(sorted({*before.sources, *sources}))
        _write(self._next, Repair(merged([*before.ranges, *ranges]), names, before.submission))

    def begun(self) -> Repair | None:
        """Return what is about to be put back, or may have been, or None.

        Raises:
            MalformedError: The file is damaged.
        """
        return _read(self._next)

    def take_back(self, before: Repair | None) -> None:
        """Be about to put back what it was before, because nothing was changed after all."""
        if before is None:
            _remove(self._next)
        else:
            _write(self._next, before)

    def confirm(self) -> None:
        """Note as put back what was about to be; harmless to repeat.

        Call it while the head is held, so that no open one is without it.

        Raises:
            MalformedError: The file is damaged.
        """
        begun = self.begun()
        if begun is not None:
            self._next.rename(self._done(begun))
            sync_folder(self._data_dir)

    def done(self) -> list[Repair]:
        """Return what was put back and the log may not have said yet.

        Raises:
            MalformedError: A file is damaged.
        """
        paths = sorted(self._data_dir.glob("repair.*-*"))
        return [repair for path in paths if (repair := _read(path)) is not None]

    def forget(self, repair: Repair) -> None:
        """Remove what was put back, once the log says it."""
        _remove(self._done(repair))

    def _done(self, repair: Repair) -> Path:
        return self._data_dir / f"repair.{repair.submission}"


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ranges in ascending order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined if len(joined) <= RANGES_MAX else [(joined[0][0], joined[-1][1])]


def _read(path: Path) -> Repair | None:
    try:
        with path.open("rb") as file:
            members = decode_object(
                file.read(_BYTES_MAX), "entries", "source", "submission", what=_WHAT
            )
    except FileNotFoundError:
        return None
    match members:
        case {"entries": list(entries), "source": list(sources), "submission": str(id_)}:
            ranges = [_range(each) for each in entries]
            return Repair(ranges, tuple(str(each) for each in sources), uuid.UUID(id_))
        case _:
            raise MalformedError(_WHAT, "entries, source and submission", sorted(members))


def _write(path: Path, repair: Repair) -> None:
    entries: list[Value] = [[first, last] for first, last in repair.ranges]
    names: list[Value] = [*repair.sources]
    text = encode({"entries": entries, "source": names, "submission": str(repair.submission)})
    replace_file(path, text)


def _remove(path: Path) -> None:
    if path.exists():
        path.unlink()
        sync_folder(path.parent)


def _range(value: Value) -> tuple[int, int]:
    match value:
        case [int(first), int(last)]:
            return first, last
        case _:
            raise MalformedError(_WHAT, "[first, last]", None)

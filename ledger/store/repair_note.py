"""What a recovery is about to put back, noted outside the database until the log says it."""

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
    """The note of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "repair"

    def add(
        self,
        ranges: Iterable[tuple[int, int]],
        sources: Iterable[str],
        *,
        submission: uuid.UUID,
    ) -> None:
        """Add to what is noted; durable when it returns. The first submission id stays."""
        before = self.read()
        if before is not None:
            ranges, sources = [*ranges, *before.ranges], [*sources, *before.sources]
            submission = before.submission
        entries: list[Value] = [[first, last] for first, last in merged(ranges)]
        names: list[Value] = [*sorted(set(sources))]
        text = encode({"entries": entries, "source": names, "submission": str(submission)})
        replace_file(self._path, text)

    def put_back(self, before: Repair | None) -> None:
        """Note what was noted before, because nothing was changed after all."""
        self.forget()
        if before is not None:
            self.add(before.ranges, before.sources, submission=before.submission)

    def read(self) -> Repair | None:
        """Return what is noted, or None.

        Raises:
            MalformedError: The file is damaged.
        """
        try:
            with self._path.open("rb") as file:
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

    def forget(self) -> None:
        """Remove the note, once the log says it; durable when it returns."""
        self._path.unlink(missing_ok=True)
        sync_folder(self._path.parent)


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ranges in ascending order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined if len(joined) <= RANGES_MAX else [(joined[0][0], joined[-1][1])]


def _range(value: Value) -> tuple[int, int]:
    match value:
        case [int(first), int(last)]:
            return first, last
        case _:
            raise MalformedError(_WHAT, "[first, last]", None)

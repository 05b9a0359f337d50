"""The lines of an export's disclosures, counted, and put beside the entries that bind them."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from ledger.proof.canonical import TEXT_BYTES_MAX
from ledger.proof.disclosure import parse_disclosure
from ledger.proof.entry import parse_entry
from ledger.proof.errors import MalformedError
from ledger.proof.facts import Fact, commitment
from ledger.store.exporting import LOST

LINE_BYTES_MAX = TEXT_BYTES_MAX + 1


def count_lines(file: BinaryIO, *, most: int) -> tuple[int, bool]:
    """Return how many lines there are before one that is cut off or too long, if any is."""
    lines = 0
    while (line := file.readline(LINE_BYTES_MAX)).endswith(b"\n"):
        lines += 1
        if lines > most:
            return lines, False
    return lines, not line


def aligned(lines: Iterator[bytes], entries: Sequence[bytes]) -> Iterator[bytes]:
    """Yield lines in the places of the entries that commit to them, `LOST` in between.

    So that leaving out one line does not make every later one look like a lie.
    """
    places = {_committed(entry): place for place, entry in enumerate(entries)}
    due = 0
    for line in lines:
        place = places.get(_commitment(line), due)
        if due <= place < len(entries):
            yield from [LOST] * (place - due)
            yield line
            due = place + 1


def _committed(entry: bytes) -> bytes | None:
    try:
        return parse_entry(entry).facts
    except MalformedError:
        return None


def _commitment(line: bytes) -> bytes:
    try:
        disclosure = parse_disclosure(line.removesuffix(b"\n"))
        return commitment(
            [item.digest() if isinstance(item, Fact) else item for item in disclosure]
        )
    except MalformedError:
        return b""

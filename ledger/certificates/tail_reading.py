"""What follows a typeset PDF, byte by byte: incremental updates and nothing between them.

    T…%%EOF \\n  160 0 obj … endobj \\n  xref … trailer … startxref … %%EOF \\n  …

Every byte belongs to an object that the update's table names, or to the table and trailer.
So no reader can find there what another one does not see (ISO 32000-1, 7.5.6).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

TAIL_BYTES_MAX = 16 * 1024 * 1024
REVISIONS_MAX = 8
_OBJECTS_MAX = 1_000
_START = re.compile(rb"startxref\n([0-9]{1,10})\n%%EOF\n?")
_TABLE = re.compile(rb"xref\n((?:[0-9]{1,7} [0-9]{1,5}\n(?:[0-9]{10} [0-9]{5} [nf][ \r]\n)+)+)")
_SECTION = re.compile(rb"([0-9]{1,7}) ([0-9]{1,5})\n((?:[0-9]{10} [0-9]{5} [nf][ \r]\n)+)")
_TRAILER = re.compile(
    rb"trailer\n<<\n/Size [0-9]{1,7}\n/Root ([0-9]{1,7}) 0 R\n/Info ([0-9]{1,7}) 0 R\n"
    rb"/ID \[ <[0-9a-f]{0,128}> <[0-9a-f]{0,128}> \]\n/Prev ([0-9]{1,10})\n>>\n"
)
_TYPESET_TRAILER = re.compile(rb"/Root ([0-9]{1,7}) 0 R/Info ([0-9]{1,7}) 0 R/ID\[")
_ENTRY_BYTES = 20
_HEAD_OF_FREE = b"0000000000 65535 f \n"
"""Object 0 of every table, which is none (7.5.4)."""


class TailError(Exception):
    """What follows is not made of updates alone; ``detail`` says where it is not."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Update:
    """One incremental update: where it ends, where its table begins, which objects it has."""

    table: int
    end: int
    objects: Sequence[int]


def updates_of(content: bytes, typeset: int) -> Sequence[Update]:
    """Return the updates after the first ``typeset`` bytes, in their order.

    Raises:
        TailError: There is anything else.
    """
    if len(content) - typeset > TAIL_BYTES_MAX:
        raise TailError("too large")
    named, before = _last(_TYPESET_TRAILER, content, typeset), _last(_START, content, typeset)
    if named is None or before is None:
        raise TailError("no table before it")
    previous, at = int(before[1]), typeset
    updates: list[Update] = []
    while at < len(content):
        if len(updates) >= REVISIONS_MAX:
            raise TailError("too many updates")
        update = _update(content, at, (named[1], named[2], b"%d" % previous))
        updates.append(update)
        previous, at = update.table, update.end
    return updates


def _last(pattern: re.Pattern[bytes], content: bytes, end: int) -> re.Match[bytes] | None:
    """Return the last match in a typeset file, whose trailer is short."""
    found = list(pattern.finditer(content, max(end - 512, 0), end))
    return found[-1] if found else None


def _update(content: bytes, start: int, named: tuple[bytes, bytes, bytes]) -> Update:
    """Return the update there; its trailer has to name root, description and table before."""
    closing = _START.search(content, start)
    if closing is None:
        raise TailError("no end")
    table = int(closing[1])
    entries = _TABLE.match(content, table) if start < table < closing.start() else None
    if entries is None:
        raise TailError("no table")
    trailer = _TRAILER.fullmatch(content, entries.end(), closing.start())
    if trailer is None or trailer.groups() != named:
        raise TailError("trailer")
    places = _places(entries[1])
    _check_objects(content, start, table, places)
    return Update(table, closing.end(), sorted(number for _, number in places))


def _places(table: bytes) -> list[tuple[int, int]]:
    """Return where each object is, by place."""
    found: list[tuple[int, int]] = []
    for first, count, entries in _SECTION.findall(table):
        if len(entries) != int(count) * _ENTRY_BYTES:
            raise TailError("table")
        for number in range(int(count)):
            entry = entries[number * _ENTRY_BYTES : (number + 1) * _ENTRY_BYTES]
            if (first, entry) == (b"0", _HEAD_OF_FREE):
                continue
            if entry[10:18] != b" 00000 n":
                raise TailError("table")
            found.append((int(entry[:10]), int(first) + number))
    if not found or len(found) > _OBJECTS_MAX or len(set(found)) < len(found):
        raise TailError("table")
    return sorted(found)


def _check_objects(
    content: bytes, start: int, table: int, places: Sequence[tuple[int, int]]
) -> None:
    """Check that the objects lie one after the other, from the start up to the table."""
    if content[start : places[0][0]] not in (b"", b"\n"):
        raise TailError("bytes before an object")
    ends = [*(place for place, _ in places[1:]), table]
    for (place, number), end in zip(places, ends, strict=True):
        one = content[place:end]
        is_one = one.startswith(b"%d 0 obj\n" % number) and one.endswith(b"\nendobj\n")
        if not is_one or one.count(b"endobj") != 1:
            raise TailError("bytes that are no object")

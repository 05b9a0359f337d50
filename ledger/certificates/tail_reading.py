"""What follows a typeset PDF, byte by byte: one incremental update, all of it signed.

    T…%%EOF  157 0 obj … endobj  160 0 obj … endobj  xref … trailer … startxref … %%EOF

Every byte belongs to an object that the table names, or to table and trailer, and every byte
of the file but the signature's own digits is under the signature. So no reader finds there
what another one does not see, and nothing comes after it (ISO 32000-1, 7.5.6 and 12.8.1).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import parser

TAIL_BYTES_MAX = 16 * 1024 * 1024
_OBJECTS_MAX = 200
_ENTRY_BYTES = 20
_HEAD_OF_FREE = b"0000000000 65535 f \n"
"""Object 0 of every table, which is none (7.5.4)."""
_START = re.compile(rb"startxref\n([0-9]{1,10})\n%%EOF\n?")
_TABLE = re.compile(rb"xref\n((?:[0-9]{1,7} [0-9]{1,5}\n(?:[0-9]{10} [0-9]{5} [nf] \n)+)+)")
_SECTION = re.compile(rb"([0-9]{1,7}) ([0-9]{1,5})\n((?:[0-9]{10} [0-9]{5} [nf] \n)+)")
_TRAILER = re.compile(
    rb"trailer\n<<\n/Size [0-9]{1,7}\n/Root ([0-9]{1,7}) 0 R\n/Info ([0-9]{1,7}) 0 R\n"
    rb"/ID \[ <[0-9a-f]{0,128}> <[0-9a-f]{0,128}> \]\n/Prev ([0-9]{1,10})\n>>\n"
)
_TYPESET_TRAILER = re.compile(rb"/Root ([0-9]{1,7}) 0 R/Info ([0-9]{1,7}) 0 R/ID\[")
_DIGITS = re.compile(rb"<((?:[0-9A-F]{2})+)>")


class TailError(Exception):
    """What follows is not one update with one signature; ``detail`` says where it is not."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Update:
    """The update: where each of its objects begins and ends, by number."""

    objects: Mapping[int, tuple[int, int]]


def read_update(content: bytes, typeset: int) -> Update:
    """Return the one update after the first ``typeset`` bytes.

    Raises:
        TailError: There is anything else.
    """
    if len(content) - typeset > TAIL_BYTES_MAX:
        raise TailError("too large")
    named, before = _last(_TYPESET_TRAILER, content, typeset), _last(_START, content, typeset)
    if named is None or before is None:
        raise TailError("no table before it")
    closing = _START.search(content, typeset)
    if closing is None or closing.end() != len(content) or content[-1:] != b"\n":
        raise TailError("bytes after the update")
    table = int(closing[1])
    entries = _TABLE.match(content, table) if typeset < table < closing.start() else None
    if entries is None:
        raise TailError("no table")
    trailer = _TRAILER.fullmatch(content, entries.end(), closing.start())
    if trailer is None or trailer.groups() != (named[1], named[2], before[1]):
        raise TailError("trailer")
    return Update(_objects(content, typeset, table, _places(entries[1])))


def check_range(content: bytes, update: Update, signature: int, said: list[int]) -> None:
    """Check that a signature is of all bytes but its own digits, and is followed by zeros.

    ``signature`` is the number of its object, ``said`` its ``/ByteRange``.

    Raises:
        TailError: It leaves something else out.
    """
    start, end = update.objects[signature]
    place = content.find(b"/Contents <", start, end) + len(b"/Contents ")
    digits = _DIGITS.match(content, place, end)
    is_one = content.count(b"/Contents", start, end) == 1
    if digits is None or not is_one:
        raise TailError("digits of the signature")
    value = bytes.fromhex(digits[1].decode("ascii"))
    if any(value[parser.peek(value) :]):
        raise TailError("bytes after the signature")
    if said != [0, place, digits.end(), len(content) - digits.end()]:
        raise TailError("not all of it is signed")


def _last(pattern: re.Pattern[bytes], content: bytes, end: int) -> re.Match[bytes] | None:
    """Return the last match in a typeset file, whose trailer is short."""
    found = list(pattern.finditer(content, max(end - 512, 0), end))
    return found[-1] if found else None


def _places(table: bytes) -> list[tuple[int, int]]:
    """Return where each object is, by place."""
    found: list[tuple[int, int]] = []
    for first, count, entries in _SECTION.findall(table):
        if len(entries) != int(count) * _ENTRY_BYTES:
            raise TailError("table")
        for number in range(int(count)):
            entry = entries[number * _ENTRY_BYTES : (number + 1) * _ENTRY_BYTES]
            if (first, number, entry) == (b"0", 0, _HEAD_OF_FREE):
                continue
            if entry[10:18] != b" 00000 n":
                raise TailError("table")
            found.append((int(entry[:10]), int(first) + number))
    numbers = {number for _, number in found}
    if not found or len(found) > _OBJECTS_MAX or len(numbers) < len(found):
        raise TailError("table")
    return sorted(found)


def _objects(
    content: bytes, start: int, table: int, places: list[tuple[int, int]]
) -> Mapping[int, tuple[int, int]]:
    """Return the objects, which lie one after the other, from the start up to the table."""
    first = places[0][0]
    if first not in (start, start + 1) or content[start:first] not in (b"", b"\n"):
        raise TailError("bytes before an object")
    ends = [*(place for place, _ in places[1:]), table]
    for (place, number), end in zip(places, ends, strict=True):
        one = content[place:end]
        is_one = one.startswith(b"%d 0 obj\n" % number) and one.endswith(b"\nendobj\n")
        if not is_one or one.count(b"endobj") != 1:
            raise TailError("bytes that are no object")
    return {number: (place, end) for (place, number), end in zip(places, ends, strict=True)}

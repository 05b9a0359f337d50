"""Flat facts known by sight: one pattern for each shape, and no value is read twice.

Most events hold nothing but text without escapes, small integers, booleans and nulls. Of
such an event the stored text is recognised by a pattern that only the one canonical
spelling of its shape fits, and what is hashed of each fact is cut from it as it stands.

A pattern says *this is canonical, of this shape, with standard facts that the format
allows*, or it says nothing; what it does not fit is read by `ledger.proof.facts`, which
alone says what is wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

from ledger.proof.facts import FACT_BYTES_MAX, SALT_BYTES
from ledger.proof.shapes import Shape
from ledger.proof.suite import SUITE

_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NUMBER = rb"[1-9][0-9]{0,14}"
_VALUE = rb'"[^"\\\x00-\x1f\xf0-\xff]*"|-?%b|0|null|true|false' % _NUMBER
_STANDARD = {
    "by": rb'"(?:staff|volunteer|key|system):%b"' % _UUID,
    "previous": rb'"[0-9a-f]{64}"',
    "stream": rb'"%b"' % _UUID,
    "version": _NUMBER,
}
_NONCHARACTERS = (b"\xef\xb7", b"\xef\xbf")
"""How U+FDD0…U+FDEF, U+FFFE and U+FFFF begin; beyond them the pattern takes no character."""


@dataclass(frozen=True, slots=True)
class FlatFacts:
    """What is known of flat facts: three of them as JSON has them, and all their digests.

    ``digests`` ascend by name, 32 bytes each, joined.
    """

    stream: bytes
    version: int
    previous: bytes
    digests: bytes


class FlatPattern:
    """Recognises the stored text of plain facts of one shape.

    ``names`` are those of the shape without the personal ones, ascending.
    """

    def __init__(self, shape: Shape, names: Sequence[str]) -> None:
        # What is published stands for itself: the dot of a type is a dot.
        fixed = {"shape": b"%d" % shape.number, "type": b'"%b"' % _literal(shape.type)}
        values = {**_STANDARD, **fixed}
        members = [b'"%b":(%b)' % (_literal(name), values.get(name, _VALUE)) for name in names]
        text = rb'\{"facts":\{' + b",".join(members) + rb'\},"seed":"([0-9a-f]{64})"\}'
        self._fits = re.compile(text).fullmatch
        self._heads = [b'["%b",' % name.encode() for name in names]
        self._salts_bytes = SALT_BYTES * len(names)
        self._cut = Struct(f"{SALT_BYTES}s" * len(names)).unpack
        self._places = [names.index(name) for name in ("stream", "version", "previous")]

    def read(self, text: bytes) -> FlatFacts | None:
        """Return the facts of which this is the canonical text; None is no judgement."""
        found = self._fits(text)
        if found is None or len(text) > FACT_BYTES_MAX or not _is_plain(text):
            return None
        *values, seed = found.groups()
        digest = SUITE.hash
        salts = self._cut(SUITE.expand(bytes.fromhex(seed.decode()), self._salts_bytes))
        # JCS([name, value]) is the name's own text with the value's own text after it.
        digests = b"".join(
            [
                digest(b"\x02%b%b%b]" % salted)
                for salted in zip(salts, self._heads, values, strict=True)
            ]
        )
        stream, version, previous = self._places
        return FlatFacts(
            values[stream][1:-1], int(values[version]), values[previous][1:-1], digests
        )


def _literal(text: str) -> bytes:
    return re.escape(text.encode())


def _is_plain(text: bytes) -> bool:
    """Return whether this is UTF-8 without noncharacters; the pattern excludes the rest."""
    if text.isascii():
        return True
    arabic, last = _NONCHARACTERS
    if arabic in text or last in text:
        return False
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

"""Sound entries known by sight: what must be there is written out and compared, byte for byte.

The quick way may only ever say *this is what it must be*. Whatever it does not know is read
member by member, which alone says what is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.audit.source import KeptEntry
from ledger.proof.canonical import INTEGER_MAX
from ledger.proof.entry import check_origin, entry_text, parse_time
from ledger.proof.errors import MalformedError
from ledger.proof.facts import STANDARD_FACTS, commitment, commitment_of
from ledger.proof.flat_facts import FlatFacts, FlatPattern
from ledger.proof.merkle import HASH_BYTES
from ledger.proof.personal import PersonalDigests, parse_personal
from ledger.proof.shapes import LOG_SHAPES, Shapes

_PATTERNS_MAX = 1_024
_SHAPE_NUMBER = b',"shape":'
_TIME = slice(-35, -8)
"""Where an entry has its time: before ``","v":1}``."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that is what it must be; ``link`` is what `links.link_number` hashes of it."""

    time: str
    facts: FlatFacts
    personal: PersonalDigests
    link: bytes


class BySight:
    """Knows the sound entries of one log, one after the other."""

    def __init__(self, origin: str, shapes: Shapes) -> None:
        self._origin = origin
        self._shapes = shapes
        self._patterns: dict[tuple[str, bytes, tuple[str, ...]], _Expected | None] = {}
        self._time = ""
        try:
            check_origin(origin)
        except MalformedError:
            self._shapes = Shapes()  # no entry of such a log is canonical

    def know(
        self, kept: KeptEntry, leaf: bytes, *, prev: bytes | None, not_before: str | None
    ) -> Known | None:
        """Return what is known of an entry, or None where it must be read in full.

        ``prev`` and ``not_before`` are the leaf and the time of the entry before.
        """
        columns, plain = kept.columns, kept.plain
        if columns is None or plain is None or prev is None or kept.leaf != leaf:
            return None
        personal = _personal(kept.personal)
        expected = None if personal is None else self._expected(columns.topic, plain, personal)
        facts = None if expected is None else expected.pattern.read(plain)
        if expected is None or personal is None or facts is None:
            return None
        at = columns.stream, columns.version, columns.originator_version
        if at != (facts.stream.decode(), facts.version, facts.version):
            return None
        time = self._timed(kept.entry[_TIME], not_before)
        if time is None or not 0 <= kept.seq <= INTEGER_MAX:
            return None
        committed = expected.committed(facts, personal)
        if kept.entry != entry_text(self._origin, kept.seq, time, prev, committed):
            return None
        hexed = leaf.hex().encode()
        link = (facts.stream, facts.version, kept.seq, hexed, facts.previous)
        return Known(time, facts, personal, b"%b %d %d %b %b" % link)

    def _expected(
        self, topic: str, plain: bytes, personal: PersonalDigests
    ) -> "_Expected | None":
        """Return the pattern for this topic; whether the facts agree with it is its to say."""
        start = plain.find(_SHAPE_NUMBER) + len(_SHAPE_NUMBER)
        number = plain[start : plain.find(b",", start)]
        names = tuple(name for group in personal.values() for name in group) if personal else ()
        key = (topic, number, names)
        if key not in self._patterns:
            if len(self._patterns) >= _PATTERNS_MAX:
                return None
            self._patterns[key] = _expect(self._shapes, *key)
        return self._patterns[key]

    def _timed(self, data: bytes, not_before: str | None) -> str | None:
        """Return the time of an entry if it is one and does not go back."""
        try:
            time = data.decode("ascii")
            if time != self._time:
                parse_time(time)
                self._time = time
        except (UnicodeDecodeError, MalformedError):
            return None
        return None if not_before is not None and time < not_before else time


@dataclass(frozen=True, slots=True)
class _Expected:
    """What an event of one shape looks like; ``order`` is None where nothing is personal.

    ``order`` has the place of each name of the shape, ascending, among the plain names
    followed by the personal ones as they are kept.
    """

    pattern: FlatPattern
    count: int
    order: Sequence[int] | None

    def committed(self, facts: FlatFacts, personal: PersonalDigests) -> bytes:
        if self.order is None:
            return commitment_of(self.count, facts.digests)
        joined = facts.digests
        digests = [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]
        digests += [digest for group in personal.values() for digest in group.values()]
        return commitment([digests[place] for place in self.order])


def _expect(
    shapes: Shapes, topic: str, number: bytes, personal: tuple[str, ...]
) -> _Expected | None:
    if not (number.isdigit() and len(number) < len(str(INTEGER_MAX))):
        return None
    shape = shapes.find(topic, int(number))
    # The log's own events say something about the log: they are read in full.
    if shape is None or LOG_SHAPES.find(topic, int(number)) is not None:
        return None
    plain = [name for name in shape.names if name not in personal]
    kept = [*plain, *personal]
    if sorted(kept) != list(shape.names) or not set(STANDARD_FACTS) <= set(plain):
        return None
    order = [kept.index(name) for name in shape.names] if personal else None
    return _Expected(FlatPattern(shape, plain), len(kept), order)


def _personal(text: bytes | None) -> PersonalDigests | None:
    if text is None:
        return {}
    try:
        return parse_personal(text)
    except MalformedError:
        return None

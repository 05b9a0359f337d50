"""The published lists of fact names: what each type of event has, in each shape.

A shape is a promise. The number of facts tells no more than the type, a disclosed fact
stands where its shape has it, and a shape once published never changes: a new list gets a
new number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from ledger.proof.canonical import INTEGER_MAX, bounded, check_name
from ledger.proof.errors import MalformedError
from ledger.proof.facts import FACTS_MAX, STANDARD_FACTS, check_type

NUMBER_DIGITS_MAX = 16
OPAQUE = "opaque.recorded"
"""An event of another event-sourced application: its topic and its state in base64."""
LEDGER_OPENED = "ledger.opened"
"""Entry 0: which key vouches for the log, and the last checkpoint of one it succeeds."""
KEY_ROTATED = "key.rotated"
FACTS_ERASED = "facts.erased"
"""A person's data key is destroyed: nobody can open her facts of these entries again."""
FACTS_LOST = "facts.lost"
"""Facts of these entries were lost by accident; their digests still bind them."""

ENTRIES_RESTORED = "entries.restored"
"""Identical rows of these entries were put back, from the sources named by their digests."""

CLOCK_DOUBTED = "clock.doubted"
"""The clock stands behind the log, so that the log's time stands still."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One published list of fact names, ascending, the six standard ones among them.

    Raises:
        MalformedError: A name is malformed, twice, out of order, or a standard one missing.
    """

    type: str
    number: int
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        what = f"shape of {check_type(self.type)}"
        if type(self.number) is not int or not 1 <= self.number <= INTEGER_MAX:
            raise MalformedError(what, "a number from 1", self.number)
        for name in self.names:
            check_name(name, what=what)
        if list(self.names) != sorted(set(self.names)) or len(self.names) > FACTS_MAX:
            raise MalformedError(what, "each name once, ascending", list(self.names))
        missing = set(STANDARD_FACTS) - set(self.names)
        if missing:
            raise MalformedError(what, "the standard facts", sorted(missing))


class Shapes:
    """All published shapes, by type and number."""

    def __init__(self, shapes: Iterable[Shape] = ()) -> None:
        self._shapes: dict[tuple[str, int], Shape] = {}
        for shape in shapes:
            known = self._shapes.setdefault((shape.type, shape.number), shape)
            if known != shape:
                raise MalformedError(
                    f"shape {shape.number} of {shape.type}",
                    list(known.names),
                    list(shape.names),
                )

    def find(self, event_type: object, number: object) -> Shape | None:
        """Return the shape that was published under this type and number, if any."""
        if not isinstance(event_type, str) or type(number) is not int:
            return None
        return self._shapes.get((event_type, number))

    def __or__(self, other: "Shapes") -> "Shapes":
        return Shapes([*self._shapes.values(), *other._shapes.values()])

    def text(self) -> bytes:
        """Return JCS({type: {number: [names]}}), the form in which shapes are published."""
        by_type: dict[str, dict[str, list[str]]] = {}
        for (event_type, number), shape in self._shapes.items():
            by_type.setdefault(event_type, {})[str(number)] = list(shape.names)
        # Types hold a dot, which the log's own encoder refuses in a name.
        return orjson.dumps(by_type, option=orjson.OPT_SORT_KEYS)


def parse_shapes(text: bytes) -> Shapes:
    """Return the shapes of which these bytes are the text: the inverse of `Shapes.text`.

    Raises:
        MalformedError: The bytes are not one canonical list of shapes.
    """
    what = "shapes"
    bounded(text, what=what)
    try:
        by_type = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise MalformedError(what, "JSON", bytes(text[:80])) from error
    shapes = Shapes(_read_shapes(by_type))
    if shapes.text() != text:
        raise MalformedError(what, "the one canonical spelling (RFC 8785)", bytes(text[:80]))
    return shapes


def _read_shapes(by_type: object) -> Iterator[Shape]:
    for event_type, by_number in _members(by_type):
        for number, names in _members(by_number):
            if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
                raise MalformedError("shapes", "a list of names", names)
            if not (number.isascii() and number.isdigit() and len(number) <= NUMBER_DIGITS_MAX):
                raise MalformedError("shapes", "a decimal number", number)
            yield Shape(event_type, int(number), tuple(names))


def _members(value: object) -> Iterable[tuple[str, object]]:
    if not isinstance(value, dict):
        raise MalformedError("shapes", "an object", type(value).__name__)
    return value.items()


def _shape(event_type: str, *names: str) -> Shape:
    return Shape(event_type, 1, tuple(sorted((*STANDARD_FACTS, *names))))


LOG_SHAPES = Shapes(
    [
        _shape(LEDGER_OPENED, "key", "origin", "predecessor"),
        _shape(KEY_ROTATED, "key", "previous_key"),
        _shape(FACTS_ERASED, "backups_gone", "entries", "person"),
        _shape(FACTS_LOST, "entries", "reason"),
        _shape(CLOCK_DOUBTED, "clock", "head"),
        _shape(ENTRIES_RESTORED, "entries", "source"),
        _shape(OPAQUE, "originator_version", "state", "topic"),
    ]
)
"""The shapes of the log's own events."""

"""One value, one encoding: the only bytes that are ever hashed or signed.

JCS (RFC 8785) over a smaller world: no floats, integers below 2^53 in magnitude, object
keys in snake_case ASCII, strings without U+0000, surrogates or noncharacters. In that
world orjson with sorted keys writes exactly the bytes of RFC 8785, so the rules are
checked here and the writing is left to it.

    encode({"minutes": 150, "late": False})  ->  b'{"late":false,"minutes":150}'
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TypeAlias

import orjson

from ledger.proof.errors import MalformedError

Value: TypeAlias = bool | int | str | list["Value"] | dict[str, "Value"] | None

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 32
"""Nesting beyond this is refused; no published shape comes near it."""
TEXT_BYTES_MAX = 8 * 1024 * 1024
"""An encoded value beyond this is refused before it is read."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEXTS = {str}
_FORBIDDEN_CHARACTER = re.compile(
    "[\x00\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr((plane << 16) + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


_UNUSUAL_CHARACTER = re.compile("[\x00\ud800-\uffff\U00010000-\U0010ffff]")
"""What a string must hold to be forbidden at all: found faster than the exact set."""


def is_name(text: object) -> bool:
    """Return whether this is a snake_case ASCII name (log format, section 2)."""
    return type(text) is str and _is_snake_case(text)


@lru_cache(maxsize=4_096)
def _is_snake_case(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def are_names(texts: Collection[object]) -> bool:
    """Return whether these are all snake_case ASCII names."""
    # Exact types first: a str subclass may lie to the memory that is asked next.
    return set(map(type, texts)) <= _TEXTS and _are_snake_case(tuple(texts))


@lru_cache(maxsize=4_096)
def _are_snake_case(texts: tuple[str, ...]) -> bool:
    return all(map(_is_snake_case, texts))


def check_name(name: object, *, what: str) -> None:
    """Raise MalformedError unless ``name`` is snake_case ASCII."""
    if not is_name(name):
        raise MalformedError(what, "a snake_case ASCII name", name)


def check_value(value: object, *, what: str = "value") -> None:
    """Raise MalformedError unless the log may commit to this value (log format, 2)."""
    _check(value, what, 0)


def encode(value: Value, *, what: str = "value") -> bytes:
    """Return the canonical JSON of a value (RFC 8785).

    Raises:
        MalformedError: The value is outside the log's world, or too large. ``got`` never
            quotes it: it may be a personal fact.
    """
    _check(value, what, 0)
    return bounded(_fitting(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)), what=what)


def decode(text: bytes, *, what: str = "canonical JSON") -> Value:
    """Return the value of which these bytes are the encoding: the inverse of `encode`.

    Raises:
        MalformedError: The bytes are not JSON, hold a value outside the log's world, or
            are another spelling (spaces, member order, escapes, a member named twice).
    """
    bounded(text, what=what)
    try:
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise MalformedError(what, "JSON", f"{len(text)} bytes that are none") from error
    if encode(value, what=what) != text:
        raise MalformedError(
            what, "the one canonical spelling (RFC 8785)", f"{len(text)} bytes in another"
        )
    checked: Value = value
    return checked


def decode_object(text: bytes, *members: str, what: str) -> dict[str, Value]:
    """Return a canonical object that has exactly these members.

    Raises:
        MalformedError: It is no canonical object, or has other members.
    """
    value = decode(text, what=what)
    if not isinstance(value, dict) or set(value) != set(members):
        got = sorted(value) if isinstance(value, dict) else type(value).__name__
        raise MalformedError(what, f"exactly the members {sorted(members)}", got)
    return value


def bounded(text: bytes, *, what: str, bytes_max: int = TEXT_BYTES_MAX) -> bytes:
    """Return the text itself, or raise MalformedError when it is too long to be read."""
    if len(text) > bytes_max:
        raise MalformedError(what, f"at most {bytes_max} bytes", f"{len(text)} bytes")
    return text


def own_values(values: Mapping[str, Value], *, what: str) -> dict[str, Value]:
    """Return checked values under their names, out of reach of whoever holds parts of them.

    The names are the caller's to check.

    Raises:
        MalformedError: A value is outside the log's world.
    """
    return {
        # As `_is_plain_text` says: a call for each would cost more than the check.
        name: value
        if type(value) is str and value.isascii() and "\x00" not in value
        else _own_value(value, what)
        for name, value in values.items()
    }


def _own_value(value: Value, what: str) -> Value:
    if isinstance(value, (dict, list)):
        copy: Value = orjson.loads(encode(value, what=what))
        return copy
    _check(value, what, 0)
    return value


def dump_checked(value: Value) -> bytes:
    """Return the canonical JSON of a value that has passed `check_value`."""
    return _fitting(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


def dump_pairs(names: Iterable[str], values: Mapping[str, Value]) -> list[bytes]:
    """Return the canonical JSON of [name, value] for each name, of checked values."""
    dump, sorted_keys = orjson.dumps, orjson.OPT_SORT_KEYS
    return [
        memoryview(dump([name, values[name]], option=sorted_keys)).tobytes() for name in names
    ]


def _fitting(text: bytes) -> bytes:
    """Return a copy no larger than the text: orjson keeps the 4 KiB that it wrote into."""
    return memoryview(text).tobytes()


def _check(value: object, what: str, depth: int) -> None:
    # Exact types: True is an int to isinstance, and a str subclass may lie.
    if type(value) is str:
        _check_string(value, what)
    elif type(value) is int:
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise MalformedError(what, "an integer with |n| < 2^53", "a larger one")
    elif isinstance(value, (dict, list)):
        _check_inside(value, what, depth)
    elif value is not None and type(value) is not bool:
        raise MalformedError(
            what,
            "null, a boolean, an integer, a string, an array or an object",
            type(value).__name__,
        )


def _is_plain_text(value: object) -> bool:
    """Spare most values the longer way: they are ASCII text."""
    return type(value) is str and value.isascii() and "\x00" not in value


def _check_string(text: str, what: str) -> None:
    if _is_plain_text(text) or not _UNUSUAL_CHARACTER.search(text):
        return
    found = _FORBIDDEN_CHARACTER.search(text)
    if found:
        got = f"U+{ord(found.group()):04X} at {found.start()}"
        raise MalformedError(what, "no U+0000, surrogate or noncharacter", got)


def _check_inside(value: dict[str, object] | list[object], what: str, depth: int) -> None:
    if depth >= DEPTH_MAX:
        raise MalformedError(what, f"at most {DEPTH_MAX} levels of nesting", "more")
    if type(value) is list:
        _check_items(value, what, depth)
    elif type(value) is dict:
        if not are_names(value):
            for name in value:
                check_name(name, what=what)
        _check_items(value.values(), what, depth)
    else:
        raise MalformedError(what, "a plain array or object", type(value).__name__)


def _check_items(items: Iterable[object], what: str, depth: int) -> None:
    for item in items:
        # As `_is_plain_text` says: a call for each would cost more than the check.
        if not (type(item) is str and item.isascii() and "\x00" not in item):
            _check(item, what, depth + 1)

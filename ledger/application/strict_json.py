"""JSON as it is taken in: one reading only, whatever other parsers would let pass.

Refused are two members of one name, numbers that are no integers or too large for others to
hold, NaN and its like, texts that no database holds, and what is nested too deeply (RFC 8259
leaves all of these to the reader, so that two readers would see two different things).
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from ledger.application.forms.fields import INTEGER_MAX

DEPTH_MAX = 16
_BRACKET = re.compile(r"[\[\]{}]")
_DIGITS_MAX = len(str(INTEGER_MAX)) + 1


@dataclass(eq=False)
class UnreadableJsonError(Exception):
    """This is no JSON that has one reading; ``code`` says why, ``name`` where, if known."""

    code: str
    name: str | None = None


def read_json(content: bytes | str) -> Any:
    """Return the one value that a JSON text has.

    Raises:
        UnreadableJsonError: It has none, or several.
    """
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeError as error:
        raise UnreadableJsonError("json_is_not_utf8") from error
    if text.count("[") + text.count("{") > DEPTH_MAX and _depth(text) > DEPTH_MAX:
        raise UnreadableJsonError("json_is_too_deep")
    try:
        read = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_int=_integer,
            parse_constant=_no_float,
        )
    except ValueError as error:
        raise UnreadableJsonError("json_is_malformed") from error
    # Only an escape can name half a character, or the one that ends texts elsewhere.
    if "\\u" in text:
        _check_texts(read)
    return read


def _depth(text: str) -> int:
    """Return how deeply brackets are nested at most, counting those in texts as well."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableJsonError("json_member_is_repeated", twice[:64])
    return members


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MAX or abs(int(digits)) > INTEGER_MAX:
        raise UnreadableJsonError("json_number_is_too_large")
    return int(digits)


def _no_float(_: str) -> Any:
    raise UnreadableJsonError("json_number_is_no_integer")


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for each in value:
            _check_texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_text(name)
            _check_texts(each)


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise UnreadableJsonError("json_text_is_unusable")

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
PARTS_MAX = 10_000
"""Objects and arrays, brackets in texts counted as well: each takes far more than its bytes."""
_BRACKET = re.compile(r"[\[\]{}]")
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_DIGITS_MAX = len(str(INTEGER_MAX)) + 1


@dataclass(eq=False)
class UnreadableJsonError(Exception):
    """This is no JSON that has one reading; ``code`` says why, ``name`` where, if known."""

    code: str
    name: str | None = None


def read_json(content: bytes | str, *, is_flat: bool = False) -> Any:
    """Return the one value that a JSON text has.

    ``is_flat`` says that somebody has looked how much is in it.

    Raises:
        UnreadableJsonError: It has none, or several.
    """
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeError as error:
        raise UnreadableJsonError("json_is_not_utf8") from error
    if not is_flat:
        _check_parts(text)
    try:
        read = _DECODER.decode(text)
    except ValueError as error:
        raise UnreadableJsonError("json_is_malformed") from error
    # Only an escape can name half a character, or the one that ends texts elsewhere.
    if "\\u" in text:
        _check_texts(read)
    return read


def _check_parts(text: str) -> None:
    """Return if a text has not too many parts, nor too deep, brackets in texts among them."""
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    depth = 0
    for number, bracket in enumerate(_BRACKET.finditer(text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEPTH_MAX:
            raise UnreadableJsonError("json_is_too_deep")
        if number > 2 * PARTS_MAX:
            raise UnreadableJsonError("json_has_too_many_parts")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise UnreadableJsonError("json_member_is_repeated", name[:64])
            seen.add(name)
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
    if _UNUSABLE.search(text):
        raise UnreadableJsonError("json_text_is_unusable")


# Made once: with hooks of one's own, `json.loads` makes another for each text.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_no_float,
    parse_int=_integer,
    parse_constant=_no_float,
)

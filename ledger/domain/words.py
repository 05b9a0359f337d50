"""What people write: accepted as it is or refused, never rewritten (log format, section 2).

Two texts that look alike must be the same text, and every character must be seen. So a text
is in its canonical form, and holds nothing invisible. Characters are told apart by ranges
that stand here, not by the Unicode tables of whichever interpreter runs: newer Hanzi than
those tables know are people's names.
"""

import re
import unicodedata
from collections.abc import Iterable

from ledger.domain.refusal import Refusal

NAME_MAX = 50
"""Characters of a person's or an activity's name (practice of the national system)."""

_COMPATIBILITY_HANZI = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_LAST_TWO = "".join(
    chr((plane << 16) + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)

_NEVER = {
    "nul": "\x00",
    "surrogate": "\ud800-\udfff",
    "noncharacter": "\ufdd0-\ufdef" + _LAST_TWO,
    "control": "\x01-\x1f\x7f-\x9f\u2028\u2029",
    "direction": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "invisible": (
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065"
        "\u206a-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
        "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    ),
    "lost": "\ufffc\ufffd",
    "space": "\u00a0\u1680\u2000-\u200a\u202f\u205f",
    "private": "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd",
}
"""What no text may hold, by kind. Private characters mean something else on each machine."""
_KINDS = {kind: re.compile(f"[{characters}]") for kind, characters in _NEVER.items()}
_ANY = re.compile(f"[{''.join(_NEVER.values())}]")

_HANZI = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_LETTERS = {
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "cyrillic": re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]"),
}
_NOT_OF_A_NAME = re.compile(
    # Digits and signs; the look-alikes of Hanzi (radicals, strokes, descriptions, full width).
    "[\\x21-\\x26\\x28-\\x2c\\x2f-\\x40\\x5b-\\x60\\x7b-\\x7e\u00a1-\u00b6\u00b8-\u00bf"
    "\u00d7\u00f7\u2010-\u2018\u201a-\u206f\u20a0-\u20cf\u2100-\u2bff\u2e00-\u2fff"
    "\u3000-\u3004\u3008-\u303f\u30a0\u30fb\u3100-\u312f\u31c0-\u31ef\u3200-\u33ff"
    "\u16eb\ua78f\ufe10-\ufe6f\uff00-\uffef\U0001d400-\U0001d7ff\U0001f000-\U0001faff]"
)
_PADDING = re.compile(f"(?<=[{_HANZI}]) +(?=[{_HANZI}])| {{2}}")
_CODE = re.compile(r"[0-9A-Za-z]+(?:[-/()][0-9A-Za-z]+\)?)*")
_SHA256 = re.compile("[0-9a-f]{64}")
_PHONE = re.compile(
    r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}-[0-9]{7,8}|[48]00[0-9]{7}|\+(?!86)[1-9][0-9]{6,14}"
)


def canonical(text: str) -> str:
    """Return the one form of a text: NFC, compatibility ideographs left as they are.

    People's names contain these, and NFC would exchange them for others (log format,
    section 2). For use at the edge, before a decision.
    """
    if text.isascii():
        return text
    if _COMPATIBILITY_HANZI.search(text) is None:
        return unicodedata.normalize("NFC", text)
    parts = _COMPATIBILITY_HANZI.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)


def check_text(
    value: str,
    about: str,
    *,
    max: int,  # noqa: A002 - the field's word for a bound
    min: int = 1,  # noqa: A002
    lines: bool = False,
) -> tuple[Refusal, ...]:
    """Return why a text is refused; nothing if it is accepted.

    ``max`` and ``min`` are characters (code points). With ``lines`` it may have several
    lines, parted by U+000A.
    """
    if not value:
        return (Refusal("text_is_missing", about),) if min else ()
    return (
        *_length(value, about, min, max),
        *_characters(value.replace("\n", " ") if lines else value, about),
        *_form(value, about),
    )


def check_name(value: str, about: str, *, max: int = NAME_MAX) -> tuple[Refusal, ...]:  # noqa: A002
    """Return why a person's name is refused; nothing if it is accepted.

    Every Hanzi is accepted, also the rare ones (GB 18030), and the letters of other
    scripts; `·` (U+00B7), `-`, `'`, `.` and a space part names. Digits, look-alikes of Hanzi,
    spaces between Hanzi and letters of several alphabets in one name are refused.
    """
    reasons = check_text(value, about, max=max)
    odd = _NOT_OF_A_NAME.search(value)
    if odd and not any(reason.code == "text_has_forbidden_character" for reason in reasons):
        reasons += (Refusal("name_has_other_character", about, {"position": odd.start() + 1}),)
    if _PADDING.search(value):
        reasons += (Refusal("name_is_padded", about),)
    scripts = [script for script, letters in _LETTERS.items() if letters.search(value)]
    if len(scripts) > 1:
        reasons += (Refusal("name_mixes_alphabets", about),)
    return reasons


def check_code(
    value: str,
    about: str,
    *,
    max: int,  # noqa: A002
    min: int = 1,  # noqa: A002
) -> Refusal | None:
    """Return why a number or code is refused, or None: ASCII letters, digits, `-/()`."""
    if not value:
        return Refusal("text_is_missing", about)
    if not _CODE.fullmatch(value):
        return Refusal("code_has_other_characters", about)
    return next(iter(_length(value, about, min, max)), None)


def check_phone(value: str, about: str) -> Refusal | None:
    """Return why a telephone number is refused, or None.

    Accepted are a mobile number, a landline with its area code, a service number (400, 800)
    and one of another country with a plus (ITU-T E.164), in ASCII digits: one spelling each.
    """
    return None if _PHONE.fullmatch(value) else Refusal("phone_is_malformed", about)


def is_sha256(text: str) -> bool:
    """Return whether a text is a SHA-256 digest, in 64 lower-case hex digits."""
    return _SHA256.fullmatch(text) is not None


def _length(value: str, about: str, least: int, most: int) -> Iterable[Refusal]:
    if len(value) < least:
        yield Refusal("text_is_too_short", about, {"min": least})
    if len(value) > most:
        yield Refusal("text_is_too_long", about, {"max": most})


def _characters(value: str, about: str) -> Iterable[Refusal]:
    found = _ANY.search(value)
    if found is None:
        return
    kind = next(kind for kind, pattern in _KINDS.items() if pattern.match(found[0]))
    yield Refusal(
        "text_has_forbidden_character",
        about,
        {"kind": kind, "character": f"U+{ord(found[0]):04X}", "position": found.start() + 1},
    )


def _form(value: str, about: str) -> Iterable[Refusal]:
    if value != value.strip():
        yield Refusal("text_has_outer_space", about)
    if value != canonical(value):
        yield Refusal("text_is_not_normalized", about)

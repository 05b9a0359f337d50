"""The unified social credit code 统一社会信用代码 (GB 32100-2015).

Eighteen characters of `0-9 A-Z` without I O S V Z: registering authority, kind, six digits
of the place, nine of the body's own code, and a check character modulo 31. What the kinds
mean is left to the register: the codes of neighbourhood committees are not confirmed.
"""

import re

from ledger.domain.refusal import Refusal

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_credit_code(text: str, about: str = "credit_code") -> Refusal | None:
    """Return why a text is no unified social credit code, or None if it is one."""
    if not _FORM.fullmatch(text):
        return Refusal("credit_code_is_malformed", about)
    if text[17] != _check_character(text[:17]):
        return Refusal("credit_code_is_mistyped", about)
    return None


def _check_character(body: str) -> str:
    total = sum(
        _ALPHABET.index(character) * weight
        for character, weight in zip(body, _WEIGHTS, strict=True)
    )
    return _ALPHABET[-total % 31]

"""What is wrong with a form, as reasons that people are told; no value of it is among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.domain.refusal import Refusal

_CODES = {
    "missing": "field_is_missing",
    "extra_forbidden": "field_is_unexpected",
    "enum": "choice_is_unknown",
    "literal_error": "choice_is_unknown",
    "nobody": "invitee_is_missing",
    "string_too_long": "text_is_too_long",
    "not_a_text": "not_a_text",
    "not_a_day": "not_a_day",
    "not_a_moment": "not_a_moment",
    "not_an_id": "not_an_id",
    "not_an_integer": "not_an_integer",
    "not_a_truth_value": "not_a_truth_value",
}
"""What a form says of a value → the code under which people are told."""
_NAME_MAX = 64


def form_reasons(
    errors: Sequence[Mapping[str, Any]], within: str | None = None
) -> tuple[Refusal, ...]:
    """Return what is wrong with a form, each with the field, ``within`` a part of the body."""
    return tuple(_reason(error, within) for error in errors)


def _reason(error: Mapping[str, Any], within: str | None) -> Refusal:
    parts = [str(part)[:_NAME_MAX] for part in error["loc"] if part != "body"]
    field = ".".join([*([within] if within else []), *parts]) or None
    kind = error["type"]
    details = {"max": error["ctx"]["max_length"]} if kind == "string_too_long" else {}
    return Refusal(_CODES.get(kind, "field_is_unusable"), field, details)

"""Kinds of fields in what is sent: one spelling each, brought into canonical form at the edge.

Whether a value may be recorded is the domain's to say. Here it only is one: a day is a day and
no number, minutes are an integer and no truth value, a text is in the one form that is hashed
(log format, section 2). A field that nobody asked for is refused by its name.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from ledger.domain.words import canonical

INTEGER_MAX = 2**53 - 1
TEXT_MAX = 20_000
"""Characters of the longest text that is taken in at all; the domain's bounds are narrower."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OFFSET = r"Z|[+-]([01]\d|2[0-3]):[0-5]\d"
_MOMENT = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}(:00)?({_OFFSET})", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise PydanticCustomError("not_a_text", "a text is wanted")
    return canonical(value)


def _day(value: Any) -> date:
    try:
        if type(value) is str and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # said below, as for every other spelling
    raise PydanticCustomError("not_a_day", "a day is wanted")


def _moment(value: Any) -> datetime:
    try:
        if type(value) is str and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # said below, as for every other spelling
    raise PydanticCustomError("not_a_moment", "a moment is wanted")


def _id(value: Any) -> UUID:
    if type(value) is str and _ID.fullmatch(value):
        return UUID(value)
    raise PydanticCustomError("not_an_id", "an id is wanted")


def _count(value: Any) -> int:
    if type(value) is int and abs(value) <= INTEGER_MAX:
        return value
    raise PydanticCustomError("not_an_integer", "an integer is wanted")


def _flag(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise PydanticCustomError("not_a_truth_value", "true or false is wanted")


Text = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=TEXT_MAX)]
"""A text, brought into canonical form."""
Day = Annotated[date, BeforeValidator(_day)]
"""A civil date, `YYYY-MM-DD`."""
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    Field(json_schema_extra={"format": "date-time", "examples": ["2026-11-20T09:00+08:00"]}),
]
"""An instant to the minute with its offset, `YYYY-MM-DDTHH:MM+08:00`; UTC once it is read."""
Id = Annotated[UUID, BeforeValidator(_id)]
"""A UUID in lower case with hyphens."""
Count = Annotated[int, BeforeValidator(_count)]
"""An integer; no other number, and no truth value."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""True or false."""
Digest = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=64)]
"""SHA-256 in 64 lower-case hex digits; that it is one, the domain checks."""


class Form(BaseModel):
    """What is sent for one act: exactly these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

"""What is said of an activity (data dictionary 4.3), and what of it is refused.

Order 67, Art. 7, asks for name, dates, place, content, organizer and person in charge; the
pilot plan, 三(三), also for the service object and the number of those who took part. The
person in charge is named by an opaque id; her name and telephone are personal facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from ledger.domain.codes import ServiceCategory, ServiceObject
from ledger.domain.divisions import check_division
from ledger.domain.event import About, Erased
from ledger.domain.refusal import Refusal
from ledger.domain.rules import RuleSet
from ledger.domain.words import NAME_MAX, check_name, check_phone, check_text

PLACE_MAX = 200
CONTENT_MAX = 2_000
REFERENCE_MAX = 500
HEADS_MAX = 1_000_000
DAYS_MAX = 366
"""Our own bounds [P]; an activity is no longer than a year, or nothing in it is ever late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is said of an activity, and may change.

    ``starts_on`` and ``ends_on`` are civil dates, both of them days of the activity;
    ``head_count`` is how many volunteers took part in all (总人数). ``risk_notice``,
    ``agreement`` and ``insurance`` name the papers (条例 Art. 12 to 18).
    """

    name: str
    starts_on: date
    ends_on: date
    place: str
    division: str
    service_objects: tuple[ServiceObject, ...]
    categories: tuple[ServiceCategory, ...]
    content: str
    person_in_charge: UUID
    person_in_charge_name: Annotated[str | Erased, About("person_in_charge")]
    person_in_charge_phone: Annotated[str | Erased | None, About("person_in_charge")]
    head_count: int
    risk_notice: str | None
    agreement: str | None
    insurance: str | None


def check_particulars(said: Particulars, rules: RuleSet) -> Iterator[Refusal]:
    """Yield why this cannot be said of an activity."""
    yield from check_text(said.name, "name", max=NAME_MAX)
    if "补录" in said.name:
        # Practice of a large platform: whoever reads it shall see what was done.
        yield Refusal("name_says_back_entry", "name")
    yield from _check_dates(said)
    yield from check_text(said.place, "place", max=PLACE_MAX)
    malformed = check_division(said.division)
    if malformed is not None:
        yield malformed
    yield from check_codes(said.service_objects, "service_objects")
    yield from check_codes(said.categories, "categories", max=rules.service_categories_max)
    yield from check_text(said.content, "content", max=CONTENT_MAX, lines=True)
    yield from _check_person_in_charge(said)
    if not 1 <= said.head_count <= HEADS_MAX:
        yield Refusal("head_count_is_out_of_bounds", "head_count", {"max": HEADS_MAX})
    for about in ("risk_notice", "agreement", "insurance"):
        text: str | None = getattr(said, about)
        if text is not None:
            yield from check_text(text, about, max=REFERENCE_MAX, lines=True)


def check_codes(
    codes: tuple[ServiceObject, ...] | tuple[ServiceCategory, ...],
    about: str,
    *,
    max: int = 21,  # noqa: A002 - the field's word for a bound
) -> Iterator[Refusal]:
    """Yield why a choice from a table is refused: at least one, each once, not too many."""
    if not codes:
        yield Refusal("choice_is_missing", about)
    if len(set(codes)) < len(codes):
        yield Refusal("choice_repeats", about)
    if len(codes) > max:
        yield Refusal("choices_are_too_many", about, {"max": max})


def changed(before: Particulars, after: Particulars) -> tuple[str, ...]:
    """Return the names of the facts in which two differ, ascending."""
    names = sorted(each.name for each in fields(Particulars))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _check_dates(said: Particulars) -> Iterator[Refusal]:
    if said.ends_on < said.starts_on:
        yield Refusal("activity_ends_before_start", "ends_on")
    elif said.ends_on - said.starts_on >= timedelta(days=DAYS_MAX):
        yield Refusal("activity_is_too_long", "ends_on", {"max": DAYS_MAX})


def _check_person_in_charge(said: Particulars) -> Iterator[Refusal]:
    name, phone = said.person_in_charge_name, said.person_in_charge_phone
    if isinstance(name, Erased):
        yield Refusal("text_is_missing", "person_in_charge_name")
    else:
        yield from check_name(name, "person_in_charge_name")
    if isinstance(phone, str):
        malformed = check_phone(phone, "person_in_charge_phone")
        if malformed is not None:
            yield malformed

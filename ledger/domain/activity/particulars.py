"""What is said of an activity (data dictionary 4.3), and what of it is refused.

Order 67, Art. 7, asks for name, dates, place, content, organizer and person in charge; the
pilot plan, 三(三), also for the service object and the number of those who took part. The
person in charge is named by an opaque id; her name and telephone are personal facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from ledger.domain.activity.first_shapes import FirstParticulars
from ledger.domain.activity.places import Coordinates, check_place
from ledger.domain.activity.posts import Post, SignPoint, check_posts, check_sign_points
from ledger.domain.codes import (
    AdmissionMode,
    Guarantee,
    ServiceCategory,
    ServiceObject,
    WithoutCoordinates,
)
from ledger.domain.divisions import check_division
from ledger.domain.event import Erased
from ledger.domain.refusal import Refusal
from ledger.domain.rules import RuleSet
from ledger.domain.words import NAME_MAX, check_name, check_phone, check_text

PLACE_MAX = 200
CONTENT_MAX = 2_000
REFERENCE_MAX = 500
HEADS_MAX = 1_000_000
DAYS_MAX = 366
"""Our own bounds [P]; an activity is no longer than a year, or nothing in it is ever late."""

_DANGEROUS = frozenset({ServiceCategory.FIREFIGHTING, ServiceCategory.EMERGENCY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars(FirstParticulars):
    """What is said of an activity, and may change.

    ``admission_mode`` None was not asked for in the first shape; now it is. Recruiting lasts
    from ``recruits_from`` to ``recruits_until``, civil dates, both of them included.
    Where ``coordinates`` are None, ``without_coordinates`` says why. ``training_required``:
    nobody serves who was not trained (条例 Art. 16).
    """

    admission_mode: AdmissionMode | None
    recruits_from: date | None
    recruits_until: date | None
    coordinates: Coordinates | None
    without_coordinates: WithoutCoordinates | None
    guarantees: tuple[Guarantee, ...]
    training_required: bool
    posts: tuple[Post, ...]
    sign_points: tuple[SignPoint, ...]


def check_particulars(
    said: Particulars, rules: RuleSet, *, is_back_entry: bool
) -> Iterator[Refusal]:
    """Yield why this cannot be said of an activity; what is entered after its end says so."""
    yield from check_text(said.name, "name", max=NAME_MAX)
    if "补录" in said.name:
        # Practice of a large platform: whoever reads it shall see what was done.
        yield Refusal("name_says_back_entry", "name")
    yield from _check_dates(said)
    yield from _check_admission(said, is_back_entry=is_back_entry)
    yield from _check_recruiting(said)
    yield from check_text(said.place, "place", max=PLACE_MAX)
    yield from check_place(
        said.coordinates, said.without_coordinates, is_back_entry=is_back_entry
    )
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
    if len(set(said.guarantees)) < len(said.guarantees):
        yield Refusal("choice_repeats", "guarantees")
    yield from check_posts(said.posts)
    yield from check_sign_points(said.sign_points)


def check_papers(said: Particulars) -> Iterator[Refusal]:
    """Yield which paper the law wants before such a service begins, and it is not named.

    Dangerous service: risks told, insurance (条例 Art. 12 to 17), training, and an agreement in
    writing, which a large event wants as well (北京市条例 Art. 18). Only of what is planned:
    what was done without is a truthful record nevertheless.
    """
    categories = set(said.categories)
    wanted: tuple[str, ...] = ()
    if categories & _DANGEROUS:
        wanted = ("risk_notice", "agreement", "insurance")
        if not said.training_required:
            yield Refusal("training_is_wanted", "training_required")
    elif ServiceCategory.LARGE_EVENT in categories:
        wanted = ("agreement",)
    for about in wanted:
        if getattr(said, about) is None:
            yield Refusal("paper_is_missing", about)


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


def upgraded(said: FirstParticulars, *, back_entry: bool) -> Particulars:
    """Return particulars of the first shape as they are read now.

    What was registered after its end was so admitted; of the rest nothing is known.
    """
    values: dict[str, Any] = {
        each.name: getattr(said, each.name) for each in fields(FirstParticulars)
    }
    return Particulars(
        **values,
        admission_mode=AdmissionMode.BACK_ENTRY if back_entry else None,
        recruits_from=None,
        recruits_until=None,
        coordinates=None,
        without_coordinates=None,
        guarantees=(),
        training_required=False,
        posts=(),
        sign_points=(),
    )


def changed(before: Particulars, after: Particulars) -> tuple[str, ...]:
    """Return the names of the facts in which two differ, ascending."""
    names = sorted(each.name for each in fields(Particulars))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _check_dates(said: Particulars) -> Iterator[Refusal]:
    if said.ends_on < said.starts_on:
        yield Refusal("activity_ends_before_start", "ends_on")
    elif said.ends_on - said.starts_on >= timedelta(days=DAYS_MAX):
        yield Refusal("activity_is_too_long", "ends_on", {"max": DAYS_MAX})


def _check_admission(said: Particulars, *, is_back_entry: bool) -> Iterator[Refusal]:
    mode = said.admission_mode
    if mode is None:
        yield Refusal("choice_is_missing", "admission_mode")
    elif is_back_entry and mode is not AdmissionMode.BACK_ENTRY:
        yield Refusal("admission_is_of_the_past", "admission_mode")
    elif mode is AdmissionMode.BACK_ENTRY and not is_back_entry:
        yield Refusal("admission_is_not_of_the_past", "admission_mode")


def _check_recruiting(said: Particulars) -> Iterator[Refusal]:
    first, last = said.recruits_from, said.recruits_until
    if first is None and last is None:
        return
    if first is None or last is None:
        yield Refusal(
            "recruiting_is_incomplete", "recruits_from" if first is None else "recruits_until"
        )
    elif last < first:
        yield Refusal("recruiting_ends_before_start", "recruits_until")
    elif last > said.ends_on:
        yield Refusal("recruiting_outlasts_activity", "recruits_until")


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

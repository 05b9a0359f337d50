"""Deciding about the rules: what was in force on a day is never changed afterwards."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import assert_never

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act
from ledger.domain.refusal import Refusal, Refused, gathered
from ledger.domain.rules.book import RuleBook
from ledger.domain.rules.commands import Command, EnactRules, PublishCalendar
from ledger.domain.rules.events import CalendarPublished, Event, RulesEnacted
from ledger.domain.rules.rule_set import RuleSet
from ledger.domain.words import check_text
from ledger.domain.working_days import Calendar, WorkingYear

TEXT_MAX = 500
NOTICE_MAX = 200

_BOUNDS: Mapping[str, tuple[int, int]] = {
    "publicity_working_days": (0, 60),
    "late_working_days": (1, 10),  # Order 67, Art. 11: no later
    "back_entry_after_working_days": (10, 250),  # what is not late is no back entry
    "service_categories_max": (1, 21),
    "daily_minutes_max": (60, 1_440),
    "minutes_per_actor_hour_max": (60, 1_000_000),
    "age_min": (0, 18),
    "guardian_consent_below": (14, 18),
    "guardian_law_below": (14, 18),  # PIPL, Art. 31: no lower
    "amendment_reply_working_days": (0, 60),
    "printed_places": (0, 4),
    "unwitnessed_entries_max": (1, 10_000_000),
    "internal_real_name_working_days": (1, 60),
    "internal_review_working_days": (1, 60),
    "internal_objection_working_days": (1, 60),
    "internal_correction_working_days": (1, 60),
    "internal_certificate_working_days": (1, 60),
    "internal_complaint_working_days": (1, 60),
    "certificate_publicity_days": (0, 60),
    "retention_years_min": (10, 100),  # GB/T 40143-2021, 5.2.2: no less
}
"""Least and most of each number. Where there is no law, whatever nobody could mean is out."""


def decide(book: RuleBook | None, command: Command, act: Act) -> tuple[Event, ...] | Refused:
    """Return what happens to the rules upon a command, or why nothing does."""
    book = book or RuleBook((), Calendar())
    today = civil_date(act.now)
    match command:
        case EnactRules():
            return _enact(book, command, today)
        case PublishCalendar():
            return _publish(book.calendar, command.calendar, today)
        case _:
            assert_never(command)


def _enact(book: RuleBook, command: EnactRules, today: date) -> tuple[Event, ...] | Refused:
    refused = gathered(
        _in_order(book, command.rules, today),
        _bounds(command.rules),
        _lists(command.rules),
        check_text(command.reason, "reason", max=TEXT_MAX, lines=True),
        check_text(command.basis, "basis", max=TEXT_MAX, lines=True),
    )
    if refused is not None:
        return refused
    return (RulesEnacted(rules=command.rules, reason=command.reason, basis=command.basis),)


def _in_order(book: RuleBook, rules: RuleSet, today: date) -> Iterable[Refusal]:
    want = len(book.sets) + 1
    if rules.number != want:
        yield Refusal("rules_are_out_of_order", "number", {"want": want, "got": rules.number})
    # Before the first set nothing was judged, so that it takes nothing back.
    if book.sets and rules.effective_from <= today:
        yield Refusal("rules_are_retroactive", "effective_from", {"today": today.isoformat()})


def _bounds(rules: RuleSet) -> Iterable[Refusal]:
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(rules, name) <= most:
            yield Refusal(
                "rule_is_out_of_bounds", name, {"rule": name, "min": least, "max": most}
            )
    if rules.guardian_law_below > rules.guardian_consent_below:
        yield Refusal("guardian_consent_is_below_law", "guardian_consent_below")


def _lists(rules: RuleSet) -> Iterable[Refusal]:
    stars = rules.star_hours
    if not stars or stars[0] < 1 or stars != tuple(sorted(set(stars))):
        yield Refusal("star_hours_do_not_ascend", "star_hours")
    if not rules.supervisors or len(set(rules.supervisors)) < len(rules.supervisors):
        yield Refusal("supervisors_are_not_distinct", "supervisors")


def _publish(
    calendar: Calendar, notice: WorkingYear, today: date
) -> tuple[Event, ...] | Refused:
    refused = gathered(
        _dates(notice),
        _not_past(calendar, notice, today),
        check_text(notice.notice, "notice", max=NOTICE_MAX),
    )
    return refused or (CalendarPublished(calendar=notice),)


def _dates(notice: WorkingYear) -> Iterable[Refusal]:
    for about, days in (("off", notice.off), ("work", notice.work)):
        if days != tuple(sorted(set(days))):
            yield Refusal("calendar_does_not_ascend", about)
        if any(day.year != notice.year for day in days):
            yield Refusal("calendar_has_other_year", about, {"year": notice.year})
    if set(notice.off) & set(notice.work):
        yield Refusal("calendar_contradicts_itself", "work")


def _not_past(calendar: Calendar, notice: WorkingYear, today: date) -> Iterable[Refusal]:
    # Before a year's notice is known, what rests on its days is provisional and says so.
    known = calendar.year(notice.year)
    if known is None:
        return
    days = {*known.off, *known.work, *notice.off, *notice.work}
    if any(
        day <= today and known.is_working(day) != notice.is_working(day)
        for day in days
        if day.year == notice.year
    ):
        yield Refusal("calendar_is_retroactive", "off", {"today": today.isoformat()})

"""The rules that a ledger begins with, and the working days of 2025 and 2026."""

from datetime import date, timedelta

from ledger.domain.rules.book import RuleBook
from ledger.domain.rules.rule_set import RuleSet
from ledger.domain.working_days import Calendar, WorkingYear


def _days(year: int, *spans: str) -> tuple[date, ...]:
    found: list[date] = []
    for span in spans:
        first, _, last = span.partition("…")
        start = date.fromisoformat(f"{year}-{first}")
        end = date.fromisoformat(f"{year}-{last or first}")
        found += (start + timedelta(days=each) for each in range((end - start).days + 1))
    return tuple(found)


YEAR_2025 = WorkingYear(
    year=2025,
    off=_days(
        2025,
        "01-01",
        "01-28…02-04",
        "04-04…04-06",
        "05-01…05-05",
        "05-31…06-02",
        "10-01…10-08",
    ),
    work=_days(2025, "01-26", "02-08", "04-27", "09-28", "10-11"),
    notice="https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm",
)

YEAR_2026 = WorkingYear(
    year=2026,
    off=_days(
        2026,
        "01-01…01-03",
        "02-15…02-23",
        "04-04…04-06",
        "05-01…05-05",
        "06-19…06-21",
        "09-25…09-27",
        "10-01…10-07",
    ),
    work=_days(2026, "01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    notice="https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
)

INITIAL_RULES = RuleSet(number=1, effective_from=date(2021, 2, 1))
"""From the day on which Order 67 came into force (its Art. 27)."""

INITIAL_CALENDAR = Calendar((YEAR_2025, YEAR_2026))

INITIAL_BOOK = RuleBook((INITIAL_RULES,), INITIAL_CALENDAR)
"""The rule book of a ledger that has just begun."""

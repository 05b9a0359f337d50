"""The number of an activity 项目编号: readable, with check digits, its own for good.

    110105-2026-48210733-49
    district, year of the registration, number, check (ISO/IEC 7064, MOD 97-10)

The number follows from the activity's id, so that no counter orders those who register at
once. It is claimed in a stream whose id follows from it: two activities that come to the same
number meet there, and the later one takes the next number of its own.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from ledger.domain.event import Happened

ATTEMPTS_MAX = 100
"""Numbers that one activity has; that all of them are taken does not happen."""

_NUMBERS = 10**8
_DISTRICT_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectNoClaimed:
    """An activity has this number, and no other one ever will."""

    TYPE: ClassVar[str] = "project_no.claimed"
    SHAPE: ClassVar[int] = 1

    project_no: str
    activity: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectNo:
    """A number that was claimed."""

    project_no: str
    activity: UUID


def evolve_project_no(
    state: ProjectNo | None,  # noqa: ARG001
    event: ProjectNoClaimed,
    happened: Happened,  # noqa: ARG001
) -> ProjectNo:
    """Return the number after an event."""
    return ProjectNo(project_no=event.project_no, activity=event.activity)


def project_no(activity: UUID, *, division: str, year: int, attempt: int) -> str:
    """Return the number of an activity, ``attempt`` counting from 0 those that were taken.

    ``year`` is that of the civil date of the registration. What is no code of a division, and
    is refused for that, has no district.
    """
    division = division if _is_digits(division) else ""
    number = uuid5(activity, f"project number {attempt}").int % _NUMBERS
    district = f"{division[:_DISTRICT_DIGITS]:0<{_DISTRICT_DIGITS}}"
    return _checked(district, f"{year:04}", f"{number:08}")


def is_project_no(text: str) -> bool:
    """Return whether a text is a number with the right check digits, in its one spelling."""
    parts = text.split("-")
    lengths = [len(part) for part in parts]
    if lengths != [_DISTRICT_DIGITS, 4, 8, 2] or not all(map(_is_digits, parts)):
        return False
    return _checked(*parts[:3]) == text


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _checked(district: str, year: str, number: str) -> str:
    check = 98 - int(f"{district}{year}{number}00") % 97
    return f"{district}-{year}-{number}-{check:02}"

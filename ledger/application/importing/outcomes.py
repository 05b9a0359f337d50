"""What became of a file's rows, one by one, and of the file as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from ledger.domain.codes import Carrier, HeadCount
from ledger.domain.refusal import Refusal
from ledger.domain.sheets.cells import cell_name
from ledger.domain.sheets.columns import Column
from ledger.domain.sheets.headers import Header

_BEHIND: Mapping[str, tuple[Column, ...]] = {
    "start": (Column.START, Column.SPAN, Column.DAY),
    "end": (Column.END, Column.SPAN, Column.DURATION),
    "break_minutes": (Column.BREAK, Column.DURATION),
    "evaluation.date": (Column.EVALUATED_ON,),
    "evaluation.text": (Column.EVALUATION_TEXT,),
    "punctuality": (Column.PUNCTUALITY, Column.RATING),
    "volunteer": (Column.VOLUNTEER, Column.ID_NUMBER),
}
"""Fields of a record that stand in a row under other names."""


class Became(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row: the record that it led to or is already, or why there is none."""

    sheet: int
    row: int
    became: Became
    record: UUID | None = None
    reasons: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadCounted:
    """How many volunteers of an activity the file names, beside its head count."""

    activity: UUID
    in_file: int
    recorded: int
    head_count: int
    standing: HeadCount


@dataclass(slots=True)
class Tally:
    """What is counted while a file is imported."""

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    minutes: int = 0
    codes: set[str] = field(default_factory=set)
    first_seq: int | None = None
    last_seq: int | None = None

    @property
    def rows(self) -> int:
        """How many rows were of somebody."""
        return self.accepted + self.duplicates + self.refused

    def count(self, outcome: RowOutcome) -> None:
        """Count what became of a row."""
        match outcome.became:
            case Became.ACCEPTED:
                self.accepted += 1
            case Became.DUPLICATE:
                self.duplicates += 1
            case Became.REFUSED:
                self.refused += 1
                self.codes.update(reason.code for reason in outcome.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of a file; ``first_seq`` and ``last_seq`` bound the entries, None if none."""

    id: UUID
    digest: str
    format: str
    is_dry_run: bool
    carrier: Carrier
    rows: int
    accepted: int
    duplicates: int
    refused: int
    first_seq: int | None
    last_seq: int | None
    head_counts: tuple[HeadCounted, ...]
    unread_columns: tuple[str, ...]
    unread_sheets: tuple[str, ...]


def placed(reasons: tuple[Refusal, ...], header: Header, row: int) -> tuple[Refusal, ...]:
    """Return reasons that name the cell which is to be corrected, where there is one."""
    return tuple(_placed(reason, header, row) for reason in reasons)


def _placed(reason: Refusal, header: Header, row: int) -> Refusal:
    for column in _columns(reason.about):
        if column in header.columns:
            cell = cell_name(row, header.columns[column])
            details = {**reason.details, "cell": cell, "column": column.label}
            return Refusal(reason.code, column.value, details)
    return reason


def _columns(about: str | None) -> tuple[Column, ...]:
    if about is not None and about in _BEHIND:
        return _BEHIND[about]
    return tuple(each for each in Column if each.value == about)

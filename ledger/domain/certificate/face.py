"""What stands on a certificate: every printed line is one of these facts (149号; Order 67).

Mandatory by Order 67, Art. 15: time of service 服务时间, what was done 服务内容, and who
recorded it 记录单位. By 149号 also who the holder is, who the issuer is with 负责人 and 经办人,
how it is reached, number and date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ledger.domain.certificate.codes import FaceLanguage, IssueMode
from ledger.domain.codes import Channel, IdType
from ledger.domain.event import About, Erased
from ledger.domain.record import Signal

TEMPLATE = 1
"""The printed form that new certificates have; one that was used stays for good."""
LINES_MAX = 1_000
"""Records on one certificate; our own bound [P]."""
ENTRIES_MAX = 10_000
"""Entries that its lines rest on; our own bound [P]: each has its proof in the file."""

_HERS = About("volunteer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One confirmed record as it is printed.

    ``entries`` are the positions in the log of the record's whole history so far: what the
    line says follows from them. ``organization`` recorded it: the issuer, or one that the
    issuer lawfully succeeds. Instants are in UTC, ``minutes`` are without breaks.
    """

    record: UUID
    entries: tuple[int, ...]
    organization: UUID
    activity: UUID
    activity_name: str
    start: datetime
    end: datetime
    minutes: int
    content: str
    place: str | None
    channel: Channel
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A record that is not confirmed: listed apart if asked for, and never counted."""

    record: UUID
    activity_name: str
    start: datetime
    end: datetime
    minutes: int
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """An organization whose records the issuer certifies, because it succeeded it (149号)."""

    organization: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Every printed fact.

    ``number`` is that of the certificate's id. ``volunteer`` is the registration by whose id
    the ledger knows the holder; ``volunteer_number`` one that was given to her, if any.
    ``from_day`` and ``to_day`` are the period that was asked for, None where it is open.
    ``hours`` are ``minutes`` of all lines as decimal hours with two places, rounded down.
    ``responsible`` and ``handler`` are staff persons of the issuer: of a sealed one those who
    signed, of a self-printed one those who answer for it. ``joined`` are the positions of the
    entries by which other registrations of hers were joined to this one, or parted from it: a
    line may be of one of them. ``verified_size`` is the size of the
    log as of which every entry was found in it, ``verified_root`` its root in hex.
    """

    number: str
    template: int
    language: FaceLanguage
    mode: IssueMode
    volunteer: UUID
    holder_name: Annotated[str | Erased, _HERS]
    id_type: Annotated[IdType | Erased, _HERS]
    id_number: Annotated[str | Erased, _HERS]
    volunteer_number: Annotated[str | Erased | None, _HERS]
    issuer_name: str
    issuer_credit_code: str | None
    issuer_telephone: str | None
    predecessors: tuple[Predecessor, ...]
    responsible: UUID
    responsible_name: Annotated[str | Erased, About("responsible")]
    handler: UUID
    handler_name: Annotated[str | Erased, About("handler")]
    issued_on: date
    from_day: date | None
    to_day: date | None
    minutes: int
    hours: str
    lines: Annotated[tuple[Line, ...] | Erased, _HERS]
    open_lines: Annotated[tuple[OpenLine, ...] | Erased, _HERS]
    records: tuple[UUID, ...]
    joined: tuple[int, ...]
    publicity_opens_on: date
    publicity_closes_on: date
    rules: int
    verified_size: int
    verified_root: str


def total_minutes(lines: Sequence[Line]) -> int:
    """Return the minutes of all lines: only what is confirmed is among them."""
    return sum(line.minutes for line in lines)


def decimal_hours(minutes: int) -> str:
    """Return minutes as hours with two decimal places, never more than were served.

    Raises:
        ValueError: The minutes are negative: a programmer's mistake.
    """
    if minutes < 0:
        raise ValueError("0 minutes or more are wanted")
    hundredths = minutes * 100 // 60
    return f"{hundredths // 100}.{hundredths % 100:02}"

"""A proved face looked at by itself: its numbers have to agree with its lines.

What an issuer stated is in the log, true or not; here it is found out where it contradicts
itself, whatever software made it.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from ledger.domain.certificate import (
    CertificateIssued,
    IssueMode,
    Line,
    certificate_number,
    decimal_hours,
)
from ledger.domain.certificate.face import total_minutes
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Erased


def contradictions(face: CertificateIssued, *, seq: int) -> Sequence[str]:
    """Return the names of what does not agree, none if all does; ``seq`` is its entry's."""
    lines = () if isinstance(face.lines, Erased) else face.lines
    found = [*_of_face(face, seq), *_of_sum(face, lines), *_of_lines(face, lines)]
    return list(dict.fromkeys(found))


def _of_face(face: CertificateIssued, seq: int) -> Iterator[str]:
    if face.number != certificate_number(face.certificate):
        yield "number"
    if face.verified_size > seq:
        yield "verified_size"
    if face.mode is IssueMode.SEALED and face.handler == face.responsible:
        yield "handler"


def _of_sum(face: CertificateIssued, lines: Sequence[Line]) -> Iterator[str]:
    named = tuple(line.record for line in lines)
    if face.records != named or len(set(named)) < len(named):
        yield "records"
    if face.minutes != total_minutes(lines):
        yield "minutes"
    if face.hours != decimal_hours(max(face.minutes, 0)):
        yield "hours"


def _of_lines(face: CertificateIssued, lines: Sequence[Line]) -> Iterator[str]:
    own: set[UUID] = {face.on_behalf_of, *(each.organization for each in face.predecessors)}
    for line in lines:
        day = civil_date(line.start)
        is_early = face.from_day is not None and day < face.from_day
        is_late = face.to_day is not None and day > face.to_day
        if is_early or is_late:
            yield "period"
        if line.organization not in own:
            yield "organization"
        if not line.entries or max(line.entries) >= face.verified_size:
            yield "entries"

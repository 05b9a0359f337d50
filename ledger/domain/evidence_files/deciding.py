"""Keeping an evidence file: by a named recorder, about her organization's activity.

Whoever is shown in a file can have it made unreadable, by being erased (PIPL, Art. 47), though
others are shown in it too: her face is hers. So that the others keep their evidence, a copy
without her can be kept beside it, which names the file that it was made from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from ledger.domain.acting import check_person
from ledger.domain.activity.state import Activity
from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.event import Act
from ledger.domain.evidence_files.events import EvidenceKept
from ledger.domain.evidence_files.state import EvidenceFile
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Organization
from ledger.domain.record.state import Record
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer.state import Volunteer

PERSONS_MAX = 100
"""Volunteers whom one file shows; our own bound [P]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepEvidence:
    """Keep a file; ``sha256`` is 64 lower-case hex digits, ``size`` is in bytes."""

    evidence: UUID
    file: UUID
    sha256: str
    size: int
    media_type: MediaType
    kind: EvidenceKind
    persons: tuple[UUID, ...]
    record: UUID | None
    redacted_from: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the decision looks at beside the file.

    ``organization`` records the activity; ``shown`` are those of the named persons whom the
    ledger knows; ``record`` and ``original`` are None where none is named, or there is none.
    """

    activity: Activity
    organization: Organization
    acting: Organization | None
    shown: tuple[Volunteer, ...]
    record: Record | None = None
    original: EvidenceFile | None = None


def decide(
    state: EvidenceFile | None, command: KeepEvidence, act: Act, around: Surroundings
) -> tuple[EvidenceKept, ...] | Refused:
    """Keep a file that the organization does not keep yet."""
    refused = gathered(
        check_keeper(act, around),
        _check_persons(command, around),
        _check_subject(command, around),
    )
    if refused is not None:
        return refused
    if state is not None:
        return refuse("evidence_is_known", None, evidence=str(state.id))
    return (
        EvidenceKept(
            evidence=command.evidence,
            file=command.file,
            sha256=command.sha256,
            size=command.size,
            media_type=command.media_type,
            kind=command.kind,
            persons=command.persons,
            activity=around.activity.id,
            record=command.record,
            redacted_from=command.redacted_from,
            on_behalf_of=around.organization.id,
        ),
    )


def check_keeper(act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the actor keeps no files of this activity."""
    yield from check_person(act, around.acting, Role.RECORDER)
    if around.acting is not None and around.acting.id != around.organization.id:
        yield Refusal("organization_does_not_record", "activity")


def _check_persons(command: KeepEvidence, around: Surroundings) -> Iterator[Refusal]:
    if len(command.persons) > PERSONS_MAX:
        yield Refusal("evidence_shows_too_many", "volunteer", {"max": PERSONS_MAX})
    if len(set(command.persons)) < len(command.persons):
        yield Refusal("evidence_names_somebody_twice", "volunteer")
    if set(command.persons) - {each.id for each in around.shown}:
        yield Refusal("volunteer_is_unknown", "volunteer")
    if any(each.is_erased for each in around.shown):
        yield Refusal("volunteer_is_erased", "volunteer")


def _check_subject(command: KeepEvidence, around: Surroundings) -> Iterator[Refusal]:
    record, original = around.record, around.original
    if command.record is not None:
        if record is None:
            yield Refusal("record_is_missing", "record")
        elif record.activity != around.activity.id:
            yield Refusal("record_is_of_another_activity", "record")
    if command.redacted_from is not None:
        if original is None or original.activity != around.activity.id:
            yield Refusal("evidence_is_missing", "redacted_from")
        elif not set(command.persons) < set(original.persons):
            yield Refusal("redaction_shows_no_fewer", "volunteer")

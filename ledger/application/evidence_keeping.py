"""Keeping a file of evidence: decided, put away durably, and only then an entry.

decide ─► file, encrypted, fsync ─► entry ─► receipt
             │ refused after all: removed
             └ killed here: no entry names it, `ledger evidence check --remove` finds it
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, TypeAlias
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, ContendedError, Done, Intent
from ledger.application.docket import Docket
from ledger.application.office import Office
from ledger.application.permission import acting_in
from ledger.application.states import ACTIVITY, EVIDENCE, ORGANIZATION, RECORD, VOLUNTEER
from ledger.application.streams import evidence_stream
from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.evidence_files import (
    KeepEvidence,
    Surroundings,
    check_keeper,
    check_media,
    decide,
)
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.store.event import PersonErased

KEEP = "evidence.keep"
Then: TypeAlias = Callable[[Docket, UUID], Refused | None]
"""What is decided and appended together with the keeping of a file, or why neither is."""


_KEEPING = Intent(act=KEEP)


class Store(Protocol):
    """Where files lie, as `ledger.store.evidence_files.EvidenceFiles` has them."""

    def keep(self, file: UUID, content: bytes, persons: Sequence[UUID]) -> None:
        """Put a file away; durable when it returns."""

    def remove(self, file: UUID) -> None:
        """Remove a file that no entry names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as somebody sends it, and what she says of it.

    ``persons`` are the volunteers whom it shows or names; ``activity`` what it is about, and
    ``record`` if it is about one alone; ``redacted_from`` the file that it is a copy of.
    """

    content: bytes = field(repr=False)
    media_type: MediaType
    kind: EvidenceKind
    activity: UUID
    persons: tuple[UUID, ...] = ()
    record: UUID | None = None
    redacted_from: UUID | None = None


class EvidenceKeeping:
    """Keeps files of evidence of one ledger, from any thread."""

    def __init__(self, office: Office, store: Store) -> None:
        self._office = office
        self._store = store

    def keep(
        self,
        caller: Caller,
        upload: Upload,
        *,
        intent: Intent = _KEEPING,
        then: Then | None = None,
    ) -> Done[UUID]:
        """Keep a file; return its id, which follows from the organization and its SHA-256.

        ``then`` adds to the docket what happens with it, in the same act.

        Raises:
            OSError: The disk refused; there is neither a file nor an entry.
            As `Desk.perform`.
        """
        attempt = _Attempt(self._office, self._store, caller, upload, then)
        try:
            return self._office.desk.perform(caller, intent, attempt.decided)
        except (ActRefused, ContendedError):
            attempt.undo()
            raise
        # After any other error nobody knows yet whether there is an entry: the file stays.


class _Attempt:
    """One upload: it may be decided several times, and is written once."""

    def __init__(
        self, office: Office, store: Store, caller: Caller, upload: Upload, then: Then | None
    ) -> None:
        self._then = then
        self._office = office
        self._store = store
        self._caller = caller
        self._upload = upload
        self._digest = sha256(upload.content).hexdigest()
        self._file = office.desk.random_uuid()
        self._is_written = False

    def decided(self, docket: Docket) -> UUID | Refused:
        """Decide in a docket, and put the file away once it may be kept."""
        upload = self._upload
        around = self._around(docket)
        if isinstance(around, Refused):
            return around
        unfit = check_media(upload.content, upload.media_type)
        if unfit is not None:
            return gathered(check_keeper(docket.act, around), unfit) or unfit
        evidence = evidence_stream(around.organization.id, self._digest)
        events = decide(
            docket.read(EVIDENCE, evidence), self._command(evidence), docket.act, around
        )
        if isinstance(events, Refused):
            return events
        docket.add(EVIDENCE, evidence, events)
        refused = None if self._then is None else self._then(docket, evidence)
        if refused is not None:
            return refused
        try:
            self._write()
        except PersonErased:
            return refuse("volunteer_is_erased", "volunteer")
        return evidence

    def undo(self) -> None:
        """Remove the file, if it was written: no entry will ever name it."""
        if self._is_written:
            self._store.remove(self._file)

    def _write(self) -> None:
        if not self._is_written:
            self._store.keep(self._file, self._upload.content, self._upload.persons)
            self._is_written = True

    def _command(self, evidence: UUID) -> KeepEvidence:
        upload = self._upload
        return KeepEvidence(
            evidence=evidence,
            file=self._file,
            sha256=self._digest,
            size=len(upload.content),
            media_type=upload.media_type,
            kind=upload.kind,
            persons=upload.persons,
            record=upload.record,
            redacted_from=upload.redacted_from,
        )

    def _around(self, docket: Docket) -> Surroundings | Refused:
        upload = self._upload
        activity = docket.find(ACTIVITY, upload.activity)
        if activity is None:
            return refuse("activity_is_missing", "activity")
        organization = docket.read(ORGANIZATION, activity.recording_organization)
        if organization is None:
            return refuse("organization_is_missing")
        shown = (docket.find(VOLUNTEER, each) for each in dict.fromkeys(upload.persons))
        record, original = upload.record, upload.redacted_from
        return Surroundings(
            activity=activity,
            organization=organization,
            acting=acting_in(docket, self._caller),
            shown=tuple(each for each in shown if each is not None),
            record=None if record is None else docket.find(RECORD, record),
            original=None if original is None else docket.find(EVIDENCE, original),
        )

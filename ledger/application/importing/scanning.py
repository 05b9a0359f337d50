"""Scans of a batch that was copied from paper: kept as evidence and attached in one act.

A scan names every volunteer whose row it shows, so that it is erased with any of them. Whom the
rows name, the ledger knows itself: nobody has to list them.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ContendedError, Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.evidence_keeping import EvidenceKeeping, Upload
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.importing.reading import readable_import
from ledger.application.office import Office
from ledger.application.permission import acting_in
from ledger.application.states import EVIDENCE, IMPORT, ORGANIZATION, VOLUNTEER
from ledger.domain.codes import EvidenceKind, MediaType
from ledger.domain.event import Act
from ledger.domain.evidence_files import PERSONS_MAX
from ledger.domain.imports import (
    AttachScan,
    Import,
    ScanFile,
    Surroundings,
    check_attacher,
    check_takes_scans,
    decide,
)
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.store.view_imports import ALL_ROWS, FileRows

ATTACH = "import.attach_scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentScan:
    """A scan as somebody sends it.

    ``rows`` are those of the file that it shows. ``volunteers`` are further ones whom it
    shows, ``activity`` is needed where the batch names none for all rows. ``are_covered`` says
    that who was erased since is covered in it.
    """

    content: bytes = field(repr=False)
    media_type: MediaType
    kind: EvidenceKind
    pages: int | None = None
    rows: FileRows = ALL_ROWS
    activity: UUID | None = None
    volunteers: tuple[UUID, ...] = ()
    are_covered: bool = False


class ScanAttaching:
    """Attaches scans to imports of one ledger, from any thread."""

    def __init__(
        self, office: Office, keeping: EvidenceKeeping, looking: EvidenceReading
    ) -> None:
        self._office = office
        self._keeping = keeping
        self._looking = looking

    def keep(self, caller: Caller, import_id: UUID, sent: SentScan) -> Done[UUID]:
        """Keep a scan and attach it: both, or neither; return the id of the evidence.

        Raises:
            HiddenError: There is no such import, or it is not for the caller to see.
            As `EvidenceKeeping.keep`; nothing is kept.
        """
        known = readable_import(self._office, caller, import_id)
        # Whom its rows name is asked of the views: those of every run have to be in them.
        if not self._office.views.wait_until(known.seq):
            raise ContendedError
        intent = Intent(act=ATTACH, target=import_id)
        refused = self._refused(caller, known.state)
        activity = sent.activity or known.state.activity
        if refused is not None or activity is None:
            unnamed = refuse("activity_is_not_named", "activity")
            self._office.desk.refuse(caller, intent, refused or unnamed)
            raise AssertionError
        upload = Upload(
            content=sent.content,
            media_type=sent.media_type,
            kind=sent.kind,
            activity=activity,
            persons=self._persons(import_id, sent),
        )

        def attach(docket: Docket, evidence: UUID) -> Refused | None:
            command = AttachScan(evidence=evidence, pages=sent.pages)
            return self._attach(docket, caller, import_id, command, is_new=True)

        return self._keeping.keep(caller, upload, intent=intent, then=attach)

    def attach(
        self,
        caller: Caller,
        import_id: UUID,
        command: AttachScan,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Attach a file that is kept already; return the id of the evidence.

        Raises:
            HiddenError: There is no such import, or it is not for the caller to see.
            As `Desk.perform`.
        """
        readable_import(self._office, caller, import_id)

        def decided(docket: Docket) -> UUID | Refused:
            refused = self._attach(docket, caller, import_id, command)
            return command.evidence if refused is None else refused

        intent = Intent(act=ATTACH, target=import_id)
        return self._office.desk.perform(caller, intent, decided, expected=expected)

    def _attach(
        self,
        docket: Docket,
        caller: Caller,
        import_id: UUID,
        command: AttachScan,
        *,
        is_new: bool = False,
    ) -> Refused | None:
        """Add to a docket that a file is attached; a new one is not written yet."""
        state = docket.find(IMPORT, import_id)
        organization = None if state is None else docket.read(ORGANIZATION, state.organization)
        if organization is None:
            return refuse("import_is_missing")
        file = docket.find(EVIDENCE, command.evidence)
        scan = None
        if file is not None:
            is_erased = not is_new and not self._looking.can_open(file)
            scan = ScanFile(file=file, is_erased=is_erased)
        around = Surroundings(
            organization=organization, acting=acting_in(docket, caller), scan=scan
        )
        events = decide(state, command, docket.act, around)
        if isinstance(events, Refused):
            return events
        docket.add(IMPORT, import_id, events)
        return None

    def _refused(self, caller: Caller, state: Import) -> Refused | None:
        """Return why there is no use in looking up whom the rows name."""
        organization = self._office.states.get(ORGANIZATION, state.organization).state
        acting = None
        if caller.organization is not None:
            acting = self._office.states.get(
                ORGANIZATION, caller.organization, fresh=True
            ).state
        if organization is None:
            return refuse("organization_is_missing")
        around = Surroundings(organization=organization, acting=acting)
        act = Act(caller.actor, self._office.desk.now())
        refused = gathered(check_attacher(act, around), check_takes_scans(state))
        if refused is None and state.is_open:
            # Rows that are still to come would be shown and not named.
            refused = refuse("import_is_unfinished")
        return refused

    def _persons(self, import_id: UUID, sent: SentScan) -> tuple[UUID, ...]:
        """Return whom a scan names; more than it may name are not all looked up."""
        # Who stands on the paper stands there, also where her record counts no more.
        rows = replace(sent.rows, with_voided=True)
        of_rows = self._office.views.file_volunteers(import_id, rows, PERSONS_MAX + 1)
        if sent.are_covered:
            of_rows = [each for each in of_rows if not self._is_erased(each)]
        return tuple(dict.fromkeys((*of_rows, *sent.volunteers)))

    def _is_erased(self, volunteer: UUID) -> bool:
        known = self._office.states.get(VOLUNTEER, volunteer, fresh=True).state
        return known is not None and known.is_erased

"""Comparing a batch with its paper: by a person who has looked at it, and did not key it."""

from itertools import islice
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import ContendedError, Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.importing.reading import readable_import
from ledger.application.office import Office
from ledger.application.permission import acting_in
from ledger.application.states import (
    EVIDENCE,
    IMPORT,
    ORGANIZATION,
    RECORD,
    ROW,
    VOLUNTEER,
)
from ledger.application.streams import row_stream
from ledger.domain.imports import (
    DIFFERING_MAX,
    CheckImport,
    Import,
    NamedRecord,
    ScanFile,
    Surroundings,
    decide,
)
from ledger.domain.record import Stage
from ledger.domain.refusal import Refused, refuse
from ledger.store.view_imports import ALL_ROWS

CHECK = "import.check"
_EVERYBODY = 1_000_000
_TOLD_MAX = 100


class PaperChecking:
    """Compares imports of one ledger with their paper, from any thread."""

    def __init__(self, office: Office, looking: EvidenceReading) -> None:
        self._office = office
        self._looking = looking

    def check(
        self,
        caller: Caller,
        import_id: UUID,
        command: CheckImport,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Say how an import stands to its paper; return its id.

        Raises:
            HiddenError: There is no such import, or it is not for the caller to see.
            As `Desk.perform`.
        """
        known = readable_import(self._office, caller, import_id)
        # How many of its records count, and whom they are of, is asked of the views.
        if not self._office.views.wait_until(known.seq):
            raise ContendedError

        def decided(docket: Docket) -> UUID | Refused:
            state = docket.find(IMPORT, import_id)
            around = self._around(docket, caller, state, command)
            if isinstance(around, Refused):
                return around
            events = decide(state, command, docket.act, around)
            if isinstance(events, Refused):
                return events
            docket.add(IMPORT, import_id, events)
            return import_id

        intent = Intent(act=CHECK, target=import_id)
        return self._office.desk.perform(caller, intent, decided, expected=expected)

    def _around(
        self, docket: Docket, caller: Caller, state: Import | None, command: CheckImport
    ) -> Surroundings | Refused:
        organization = None if state is None else docket.read(ORGANIZATION, state.organization)
        if state is None or organization is None:
            return refuse("import_is_missing")
        counts = self._office.views.file_counts(state.id, None)
        scans = tuple(self._scan(docket, each.evidence) for each in state.scans)
        named = dict.fromkeys(each.record for each in command.differing)
        if len(named) > DIFFERING_MAX:
            named = {}  # it is refused for that
        since = self._office.views.file_entered_from(state.id, command.as_of)
        return Surroundings(
            organization=organization,
            acting=acting_in(docket, caller),
            scans=scans,
            named={record: _named(docket, state.id, record) for record in named},
            records=counts.records - counts.voided,
            voided=counts.voided,
            shown_nowhere=self._shown_nowhere(state, scans),
            entered_since=since.value,
            size=since.size,
        )

    def _scan(self, docket: Docket, evidence: UUID) -> ScanFile:
        file = docket.read(EVIDENCE, evidence)
        if file is None:
            raise LookupError("a file that is attached is there")
        return ScanFile(file=file, is_erased=not self._looking.can_open(file))

    def _shown_nowhere(self, state: Import, scans: tuple[ScanFile, ...]) -> int:
        """Return how many volunteers of its records no scan names, but for erased ones.

        So many are counted at most that somebody knows where to begin.
        """
        shown = {person for each in scans for person in each.file.persons}
        if not scans:
            return 0  # it is refused for that
        volunteers = self._office.views.file_volunteers(state.id, ALL_ROWS, _EVERYBODY)
        missing = (each for each in volunteers if each not in shown)
        known = (each for each in missing if not self._is_erased(each))
        return sum(1 for _ in islice(known, _TOLD_MAX))

    def _is_erased(self, volunteer: UUID) -> bool:
        known = self._office.states.get(VOLUNTEER, volunteer).state
        return known is not None and known.is_erased


def _named(docket: Docket, import_id: UUID, record: UUID) -> NamedRecord:
    row = docket.find(ROW, row_stream(record))
    state = docket.find(RECORD, record)
    return NamedRecord(
        is_of_import=row is not None and row.import_id == import_id,
        is_voided=state is not None and state.stage is Stage.VOIDED,
    )

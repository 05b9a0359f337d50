"""An imported file as its history left it: its runs, its scans, how it stands to its paper."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from ledger.domain.codes import Carrier, EvidenceKind
from ledger.domain.event import Happened
from ledger.domain.imports.codes import RowDifference, Standing
from ledger.domain.imports.events import (
    Differing,
    ImportBegun,
    ImportChecked,
    ImportEvent,
    ImportFinished,
    ImportScanAttached,
    RowKept,
)
from ledger.domain.imports.first_shapes import FirstImportBegun


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A scan that is attached; ``pages`` None where nobody said."""

    evidence: UUID
    sha256: str
    kind: EvidenceKind
    pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The last comparison with the paper, as `ImportChecked` has it.

    ``scans`` is how many were attached then; what was attached since, nobody has compared.
    """

    checker: UUID
    at: datetime
    as_of: int
    scans: int
    agrees: bool
    records: int
    rows: int
    rows_on_paper: int
    persons_on_paper: int
    differing: tuple[Differing, ...]

    def difference_of(self, record: UUID) -> RowDifference | None:
        """Return in what a record differed from the paper, None where it did not."""
        named = (each.difference for each in self.differing if each.record == record)
        return next(named, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file that is or was imported; ``is_open`` says that its last run has no end yet.

    ``activity`` is the one that every run named for all rows, None where they differ or named
    none. ``keyers`` typed the file or imported it. ``rows`` is how many the last run that ended
    had, ``entered`` how many of the file's are records, whether or not they still count.
    """

    id: UUID
    organization: UUID
    digest: str
    carrier: Carrier
    activity: UUID | None
    keyers: tuple[UUID, ...]
    runs: int
    is_open: bool
    rows: int = 0
    entered: int = 0
    scans: tuple[Scan, ...] = ()
    check: Check | None = None

    @property
    def is_of_paper(self) -> bool:
        """Whether its records were copied from paper."""
        return self.carrier is Carrier.PAPER

    def rows_in_force(self, *, records: int, voided: int) -> int:
        """Return how many rows are records that count: those made from it, and known ones."""
        return max(records, self.entered - voided)

    @property
    def standing(self) -> Standing:
        """How it stands to its paper, as far as it was checked."""
        if not self.is_of_paper:
            return Standing.ELECTRONIC
        if not self.scans:
            return Standing.AWAITS_SCAN
        if self.check is None or self.check.scans < len(self.scans):
            return Standing.AWAITS_CHECK
        return Standing.AGREES if self.check.agrees else Standing.DIFFERS


def evolve(state: Import | None, event: ImportEvent, at: Happened) -> Import:
    """Return the import after an event.

    Raises:
        ValueError: A history begins with something else than a beginning.
    """
    if isinstance(event, ImportBegun | FirstImportBegun):
        return _begun(state, event, at)
    if state is None:
        raise ValueError("a history of an import begins with its beginning")
    match event:
        case ImportFinished():
            entered = max(state.entered, event.rows - event.refused)
            return replace(state, is_open=False, rows=event.rows, entered=entered)
        case ImportScanAttached():
            scan = Scan(
                evidence=event.evidence,
                sha256=event.sha256,
                kind=event.kind,
                pages=event.pages,
            )
            return replace(state, scans=(*state.scans, scan))
        case ImportChecked():
            return replace(state, check=check_of(event, at, scans=len(state.scans)))
        case _:
            assert_never(event)


def _begun(state: Import | None, event: ImportBegun | FirstImportBegun, at: Happened) -> Import:
    carrier: Carrier = Carrier.ELECTRONIC
    keyers: tuple[UUID, ...] = (at.by.id,)
    if isinstance(event, ImportBegun):
        carrier, keyers = event.carrier, (event.keyed_by, at.by.id)
    if state is None:
        return Import(
            id=event.id,
            organization=event.organization,
            digest=event.digest,
            carrier=carrier,
            activity=event.activity,
            keyers=tuple(dict.fromkeys(keyers)),
            runs=1,
            is_open=True,
        )
    return replace(
        state,
        activity=event.activity if event.activity == state.activity else None,
        keyers=tuple(dict.fromkeys((*state.keyers, *keyers))),
        runs=state.runs + 1,
        is_open=True,
    )


def check_of(event: ImportChecked, at: Happened, *, scans: int) -> Check:
    """Return a comparison with the paper as it happened, when so many scans were attached."""
    return Check(
        checker=at.by.id,
        at=at.at,
        as_of=event.as_of,
        scans=scans,
        agrees=event.agrees,
        records=event.records,
        rows=event.rows,
        rows_on_paper=event.rows_on_paper,
        persons_on_paper=event.persons_on_paper,
        differing=event.differing,
    )


def evolve_row(state: RowKept | None, event: RowKept, _: Happened) -> RowKept:  # noqa: ARG001
    """Return the row of a record: there is one."""
    return event

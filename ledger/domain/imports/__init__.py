"""Imports of files: who brought which file, what became of its rows, how it stands to paper."""

from ledger.domain.imports.codes import Discrepancy, RowDifference, Standing
from ledger.domain.imports.deciding import (
    DIFFERING_MAX,
    AttachScan,
    CheckImport,
    NamedRecord,
    ScanFile,
    Surroundings,
    check_attacher,
    check_takes_scans,
    decide,
)
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
from ledger.domain.imports.reconciling import Counts, Heads, Reconciliation, reconcile
from ledger.domain.imports.state import Check, Import, Scan, check_of, evolve, evolve_row

__all__ = [
    "DIFFERING_MAX",
    "AttachScan",
    "Check",
    "CheckImport",
    "Counts",
    "Differing",
    "Discrepancy",
    "FirstImportBegun",
    "Heads",
    "Import",
    "ImportBegun",
    "ImportChecked",
    "ImportEvent",
    "ImportFinished",
    "ImportScanAttached",
    "NamedRecord",
    "Reconciliation",
    "RowDifference",
    "RowKept",
    "Scan",
    "ScanFile",
    "Standing",
    "Surroundings",
    "check_attacher",
    "check_of",
    "check_takes_scans",
    "decide",
    "evolve",
    "evolve_row",
    "reconcile",
]

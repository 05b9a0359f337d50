"""Scans and checks of a batch as they are handed out."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.domain.codes import EvidenceKind
from ledger.domain.imports import Check, RowDifference, Scan


class ScanOut(BaseModel):
    """A scan of the paper 扫描件, which is kept as evidence."""

    evidence: UUID
    sha256: str
    kind: EvidenceKind
    pages: int | None


class DifferingOut(BaseModel):
    """A record that was not as its paper says 不符的记录."""

    record: UUID
    difference: RowDifference


class CheckOut(BaseModel):
    """One comparison with the paper 核对."""

    by: UUID
    at: datetime
    agrees: bool
    records: int = Field(description="Made from the file, and in force then 记录数")
    rows: int = Field(description="With rows that were known before 连同已有记录的行数")
    rows_on_paper: int
    persons_on_paper: int
    differing: list[DifferingOut]


def scan_out(scan: Scan) -> ScanOut:
    """Return a scan as it is handed out."""
    return ScanOut(evidence=scan.evidence, sha256=scan.sha256, kind=scan.kind, pages=scan.pages)


def check_out(check: Check) -> CheckOut:
    """Return a comparison with the paper as it is handed out."""
    return CheckOut(
        by=check.checker,
        at=check.at,
        agrees=check.agrees,
        records=check.records,
        rows=check.rows,
        rows_on_paper=check.rows_on_paper,
        persons_on_paper=check.persons_on_paper,
        differing=[
            DifferingOut(record=each.record, difference=each.difference)
            for each in check.differing
        ],
    )

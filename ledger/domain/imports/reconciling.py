"""How a file, its records, its paper and the activities' head counts stand to each other.

A second look at what was entered in bulk (pilot plan, 三(三)): nothing is judged by it, every
difference is named, so that somebody goes and looks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.domain.codes import HeadCount
from ledger.domain.imports.codes import Discrepancy
from ledger.domain.imports.state import Check, Import


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the records that were made from a file.

    ``volunteers`` are the different ones among those not voided, ``entered_later`` those
    records not voided whose last entry came after the last check.
    """

    records: int
    voided: int
    confirmed: int
    volunteers: int
    entered_later: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """An activity's head count 总人数, beside all who are recorded there, from wherever.

    ``from_file`` are the different volunteers of the file's records that are not voided.
    """

    activity: UUID
    head_count: int
    recorded: int
    from_file: int
    standing: HeadCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """All numbers of a file next to each other 核对情况.

    ``rows`` are those of the file as the last run that ended had them, ``rows_in_force`` those
    that are records and were not voided: what the paper is compared with.
    """

    rows: int
    rows_refused: int
    rows_in_force: int
    counts: Counts
    check: Check | None
    heads: tuple[Heads, ...]
    discrepancies: tuple[Discrepancy, ...]


def reconcile(state: Import, counts: Counts, heads: Sequence[Heads]) -> Reconciliation:
    """Return how a file stands; an electronic one has no paper to be compared with."""
    found = {*_of_rows(state, counts), *_of_heads(heads)}
    if state.is_of_paper:
        found |= {*_of_paper(state, counts, heads)}
    return Reconciliation(
        rows=state.rows,
        rows_refused=max(0, state.rows - state.entered),
        rows_in_force=state.rows_in_force(
            records=counts.records - counts.voided, voided=counts.voided
        ),
        counts=counts,
        check=state.check,
        heads=tuple(heads),
        discrepancies=tuple(each for each in Discrepancy if each in found),
    )


def _of_rows(state: Import, counts: Counts) -> Iterator[Discrepancy]:
    if state.is_open:
        yield Discrepancy.IMPORT_IS_UNFINISHED
    if state.rows > state.entered:
        yield Discrepancy.ROWS_ARE_REFUSED
    if counts.voided:
        yield Discrepancy.RECORDS_ARE_VOIDED


def _of_paper(state: Import, counts: Counts, heads: Sequence[Heads]) -> Iterator[Discrepancy]:
    if not state.scans:
        yield Discrepancy.SCAN_IS_MISSING
    check = state.check
    if check is None:
        yield Discrepancy.PAPER_IS_NOT_CHECKED
        return
    if counts.entered_later:
        yield Discrepancy.RECORDS_CHANGED_SINCE
    if check.differing:
        yield Discrepancy.RECORDS_DIFFER
    records = counts.records - counts.voided
    if check.rows_on_paper > state.rows_in_force(records=records, voided=counts.voided):
        yield Discrepancy.PAPER_SHOWS_MORE
    if check.rows_on_paper < records:
        yield Discrepancy.PAPER_SHOWS_FEWER
    # A sheet of several activities says nothing of one of them.
    if len(heads) == 1 and heads[0].head_count != check.persons_on_paper:
        yield Discrepancy.HEAD_COUNT_DIFFERS


def _of_heads(heads: Sequence[Heads]) -> Iterator[Discrepancy]:
    if any(each.standing is HeadCount.SHORT for each in heads):
        yield Discrepancy.HEAD_COUNT_IS_SHORT
    if any(each.standing is HeadCount.EXCEEDED for each in heads):
        yield Discrepancy.HEAD_COUNT_IS_EXCEEDED

"""Scans are attached to what was copied from paper, and another person compares the two.

Who keyed rows does not check them, by person, not by role (340号 Art. 4 names the persons; that
they differ is our rule [P]). A check explains itself: what the ledger has and the paper has not
is named, record by record; so what is not named agrees.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from ledger.domain.acting import check_answers_for, check_person
from ledger.domain.codes import SCAN_KINDS
from ledger.domain.event import Act
from ledger.domain.evidence_files.state import EvidenceFile
from ledger.domain.imports.codes import RowDifference
from ledger.domain.imports.events import Differing, ImportChecked, ImportScanAttached
from ledger.domain.imports.state import Import
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered, refuse

SCANS_MAX = 100
PAGES_MAX = 1_000
ROWS_MAX = 1_000_000
DIFFERING_MAX = 200
"""Our own bounds [P]; a file that differs in more rows is voided and keyed anew."""
CHECKERS = (Role.RECORDER, Role.REVIEWER, Role.RESPONSIBLE)
"""Who may check: all who may look at a scan for their own organization; a scan that shows a
minor is opened by the responsible person alone (MNR 36), who then checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachScan:
    """Attach a file that is kept as evidence; ``pages`` is how many sheets it shows."""

    evidence: UUID
    pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckImport:
    """Say how many rows and persons the paper shows, and which records are not as it says.

    ``as_of`` is the size of the log as of which the records were read.
    """

    agrees: bool
    rows_on_paper: int
    persons_on_paper: int
    as_of: int
    differing: tuple[Differing, ...] = ()


Command = AttachScan | CheckImport


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFile:
    """A file of evidence; ``is_erased`` says that nobody can open it any more."""

    file: EvidenceFile
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRecord:
    """What is known of a record that a check names, and whether it was made from this file."""

    is_of_import: bool
    is_voided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision about an import looks at beside it.

    ``organization`` imported it. ``scan`` is the file that is to be attached, None where there
    is none; ``scans`` are those that are attached. ``named`` are the records that a check
    names. ``records`` counts those made from this file that count, ``voided`` those that count
    no more, ``shown_nowhere`` volunteers of the former whom no scan names, and
    ``entered_since`` records that were entered after the checker had read them, as far as the
    first ``size`` entries of the log are known by now.
    """

    organization: Organization
    acting: Organization | None
    scan: ScanFile | None = None
    scans: tuple[ScanFile, ...] = ()
    named: Mapping[UUID, NamedRecord] = field(default_factory=dict)
    records: int = 0
    voided: int = 0
    shown_nowhere: int = 0
    entered_since: int = 0
    size: int = 0


def decide(
    state: Import | None, command: Command, act: Act, around: Surroundings
) -> tuple[ImportScanAttached | ImportChecked, ...] | Refused:
    """Return what a command leads to, or every reason why not."""
    if state is None:
        return refuse("import_is_missing")
    if isinstance(command, AttachScan):
        return _attach(state, command, act, around)
    return _check(state, command, act, around)


def check_attacher(act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the actor attaches no scans to this import."""
    yield from check_person(act, around.acting, Role.RECORDER)
    if around.acting is not None and around.acting.id != around.organization.id:
        yield Refusal("import_is_of_another_organization")


def check_takes_scans(state: Import) -> Iterator[Refusal]:
    """Yield why an import takes no more scans."""
    if not state.is_of_paper:
        yield Refusal("import_is_not_of_paper")
    if len(state.scans) >= SCANS_MAX:
        yield Refusal("scans_are_too_many", None, {"max": SCANS_MAX})


def _attach(
    state: Import, command: AttachScan, act: Act, around: Surroundings
) -> tuple[ImportScanAttached, ...] | Refused:
    scan = around.scan
    refused = gathered(
        check_attacher(act, around), check_takes_scans(state), _check_pages(command.pages)
    )
    if scan is None or scan.file.organization != state.organization:
        missing = refuse("evidence_is_missing", "evidence")
        return gathered(refused, missing) or missing
    refused = gathered(refused, _check_scan(state, scan))
    return refused or (
        ImportScanAttached(
            id=state.id,
            organization=state.organization,
            evidence=scan.file.id,
            sha256=scan.file.sha256,
            kind=scan.file.kind,
            pages=command.pages,
            on_behalf_of=around.organization.id,
        ),
    )


def _check_pages(pages: int | None) -> Iterator[Refusal]:
    if pages is not None and not 1 <= pages <= PAGES_MAX:
        yield Refusal("pages_are_out_of_bounds", "pages", {"max": PAGES_MAX})


def _check_scan(state: Import, scan: ScanFile) -> Iterator[Refusal]:
    file = scan.file
    if file.kind not in SCAN_KINDS:
        yield Refusal("evidence_is_no_scan", "kind")
    if state.activity is not None and file.activity != state.activity:
        yield Refusal("scan_is_of_another_activity", "activity")
    if any(each.evidence == file.id for each in state.scans):
        yield Refusal("scan_is_attached", "evidence")
    if scan.is_erased:
        yield Refusal("evidence_is_erased", "evidence")


def _check(
    state: Import, command: CheckImport, act: Act, around: Surroundings
) -> tuple[ImportChecked, ...] | Refused:
    if not state.is_of_paper:
        return refuse("import_is_not_of_paper")
    rows = state.rows_in_force(records=around.records, voided=around.voided)
    refused = gathered(
        _check_checker(state, act, around),
        _check_ready(state, command, around),
        _check_looked(act, around),
        _check_named(command, around),
    )
    refused = refused or gathered(_check_counts(command, around.records, rows))
    if refused is not None:
        return refused
    if around.acting is None:
        raise ValueError("an acting organization is wanted")
    return (
        ImportChecked(
            id=state.id,
            organization=state.organization,
            agrees=command.agrees,
            records=around.records,
            rows=rows,
            rows_on_paper=command.rows_on_paper,
            persons_on_paper=command.persons_on_paper,
            differing=command.differing,
            scans=tuple(each.file.sha256 for each in around.scans if not each.is_erased),
            as_of=command.as_of,
            on_behalf_of=around.acting.id,
        ),
    )


def _check_checker(state: Import, act: Act, around: Surroundings) -> Iterator[Refusal]:
    yield from check_person(act, around.acting, *CHECKERS)
    yield from check_answers_for(around.acting, around.organization)
    if act.by.id in state.keyers:
        yield Refusal("checker_is_keyer")


def _check_ready(
    state: Import, command: CheckImport, around: Surroundings
) -> Iterator[Refusal]:
    """Yield why there is nothing to compare, or not all of it."""
    if state.is_open:
        yield Refusal("import_is_unfinished")
    if not state.scans:
        yield Refusal("scan_is_missing")
    if not 0 <= command.as_of <= around.size:
        yield Refusal("as_of_is_ahead", "as_of", {"size": around.size})
    if around.entered_since:
        yield Refusal("records_were_entered_since", "as_of", {"count": around.entered_since})
    if state.scans and around.shown_nowhere:
        # Who is shown and not named could be erased, and her line would stay.
        yield Refusal("scan_lacks_volunteers", None, {"count": around.shown_nowhere})


def _check_looked(act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield which scans the actor has not looked at, or nobody can look at any more."""
    replaced = {each.file.redacted_from for each in around.scans if not each.is_erased}
    for each in around.scans:
        if each.is_erased:
            if each.file.id not in replaced:
                yield Refusal("scan_is_erased", None, {"evidence": str(each.file.id)})
        elif act.by.id not in each.file.lookers:
            yield Refusal("scan_was_not_looked_at", None, {"evidence": str(each.file.id)})


def _check_named(command: CheckImport, around: Surroundings) -> Iterator[Refusal]:
    named = [each.record for each in command.differing]
    if len(named) > DIFFERING_MAX:
        yield Refusal("differences_are_too_many", "differing", {"max": DIFFERING_MAX})
        return
    if len(set(named)) < len(named):
        yield Refusal("record_is_named_twice", "differing")
    for record in dict.fromkeys(named):
        known = around.named.get(record)
        if known is None or not known.is_of_import:
            yield Refusal("record_is_of_another_import", "differing", {"record": str(record)})
        elif known.is_voided:
            yield Refusal("record_is_voided", "differing", {"record": str(record)})


def _check_counts(command: CheckImport, records: int, rows: int) -> Iterator[Refusal]:
    """Yield why what is said of the paper does not add up.

    Rows that were records before, or that stand in the file twice, may be on the paper or not.
    """
    on_paper, persons = command.rows_on_paper, command.persons_on_paper
    if not 0 <= on_paper <= ROWS_MAX:
        yield Refusal("count_is_out_of_bounds", "rows_on_paper", {"max": ROWS_MAX})
        return
    if not (min(1, on_paper) <= persons <= on_paper):
        yield Refusal("count_is_out_of_bounds", "persons_on_paper", {"max": on_paper})
    told = {"records": records, "rows": rows, "rows_on_paper": on_paper}
    extra = sum(each.difference is RowDifference.NOT_ON_PAPER for each in command.differing)
    if records - extra > on_paper:
        # More records would be taken for agreeing than the paper has rows.
        yield Refusal("check_leaves_rows_unexplained", "differing", told)
    elif command.agrees is not (on_paper <= rows and not command.differing):
        yield Refusal("check_contradicts_itself", "agrees", told)

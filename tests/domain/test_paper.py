"""What was copied from paper: scans, the check by another person, and what counts before it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.account import CreditEntered
from ledger.domain.codes import Carrier, Channel, EvidenceKind, HeadCount
from ledger.domain.event import Actor
from ledger.domain.evidence import Evidence
from ledger.domain.imports import (
    AttachScan,
    CheckImport,
    Counts,
    Differing,
    Discrepancy,
    Heads,
    Import,
    ImportChecked,
    NamedRecord,
    RowDifference,
    ScanFile,
    Standing,
    Surroundings,
    decide,
    evolve,
    reconcile,
)
from ledger.domain.record import (
    ConfirmRecord,
    PublicizeRecord,
    RecordConfirmed,
    ResubmitRecord,
    ReturnRecord,
)
from tests.domain import samples_imports as samples
from tests.domain.specification import NOW, Done, Specification
from tests.domain.story import RECORD, REVIEWED, SHOWN, SUBMIT, elsewhere, submitted
from tests.domain.town import (
    ABOVE,
    ACTIVITY,
    AROUND,
    ASSOCIATION,
    BESIDE,
    HERSELF,
    OTHER_STATION,
    RECORDER,
    REVIEWER,
    SECOND_RECORDER,
    SECOND_REVIEWER,
    SERVICE,
    STATION,
)
from tests.evidence.around import ORIGINAL

KEYER = RECORDER
BEGUN = Done(replace(samples.BEGUN, keyed_by=KEYER.id, activity=ACTIVITY.id), by=KEYER)
FINISHED = Done(replace(samples.FINISHED, rows=3, accepted=3, duplicates=0, refused=0), KEYER)
SHEET = replace(ORIGINAL, id=samples.SCAN, sha256=samples.ATTACHED.sha256)
ATTACHED = Done(replace(samples.ATTACHED, kind=SHEET.kind), by=KEYER)
ATTACH = AttachScan(evidence=SHEET.id, pages=2)
AGREE = CheckImport(agrees=True, rows_on_paper=3, persons_on_paper=3, as_of=50)
OTHER_RECORD = UUID(int=0x9F9)


def around(*lookers: Actor, **changes: Any) -> Surroundings:
    """Return the station, with its sheet, at which these have looked."""
    file = replace(SHEET, lookers=tuple(each.id for each in lookers))
    known = Surroundings(
        organization=STATION,
        acting=STATION,
        scan=ScanFile(file=SHEET),
        scans=(ScanFile(file=file),),
        named={RECORD: NamedRecord(is_of_import=True)},
        records=3,
        size=60,
    )
    return replace(known, **changes)


def batch(surroundings: Surroundings) -> Specification:
    """Begin with a batch of three rows that were copied from paper."""
    return Specification(decide, evolve, surroundings).given(BEGUN, FINISHED)


def scanned(surroundings: Surroundings) -> Specification:
    """Begin with such a batch and its scan."""
    return batch(surroundings).given(ATTACHED)


def test_a_recorder_attaches_a_scan() -> None:
    state: Import = batch(around()).when(ATTACH, by=KEYER).then(ATTACHED.event)
    assert [scan.sha256 for scan in state.scans] == [SHEET.sha256]
    assert state.standing is Standing.AWAITS_CHECK


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scan": None}, "evidence_is_missing"),
        (
            {"scan": ScanFile(file=replace(SHEET, organization=OTHER_STATION.id))},
            "evidence_is_missing",
        ),
        (
            {"scan": ScanFile(file=replace(SHEET, kind=EvidenceKind.PHOTO))},
            "evidence_is_no_scan",
        ),
        (
            {"scan": ScanFile(file=replace(SHEET, activity=UUID(int=3)))},
            "scan_is_of_another_activity",
        ),
        ({"scan": ScanFile(file=SHEET, is_erased=True)}, "evidence_is_erased"),
        ({"acting": ASSOCIATION}, "actor_has_no_such_role import_is_of_another_organization"),
    ],
)
def test_only_a_scan_of_the_same_organization_and_activity(changes: Any, code: str) -> None:
    batch(around(**changes)).when(ATTACH, by=KEYER).then_refused(*code.split())


def test_a_scan_is_attached_once_and_its_pages_are_some() -> None:
    scanned(around()).when(ATTACH, by=KEYER).then_refused("scan_is_attached")
    for pages in (0, -1, 1_001):
        command = replace(ATTACH, pages=pages)
        batch(around()).when(command, by=KEYER).then_refused("pages_are_out_of_bounds")


def test_an_electronic_batch_has_no_paper() -> None:
    for begun in (
        replace(samples.BEGUN, carrier=Carrier.ELECTRONIC),
        samples.FIRST_BEGUN,
    ):
        told = Specification(decide, evolve, around(REVIEWER)).given(begun, FINISHED)
        told.when(ATTACH, by=KEYER).then_refused(
            *(
                ["import_is_not_of_paper", "scan_is_of_another_activity"]
                if begun.activity != SHEET.activity
                else ["import_is_not_of_paper"]
            )
        )
        told.when(AGREE, by=REVIEWER).then_refused("import_is_not_of_paper")


def test_another_person_checks_it() -> None:
    for checker in (REVIEWER, SECOND_RECORDER):
        (event,) = scanned(around(checker)).when(AGREE, by=checker).then_some(ImportChecked)
        assert (event.rows, event.agrees, event.scans) == (3, True, (SHEET.sha256,))


@pytest.mark.parametrize("keyer", [RECORDER, SECOND_RECORDER])
def test_neither_who_keyed_it_nor_who_imported_it_checks_it(keyer: Actor) -> None:
    begun = replace(BEGUN.event, keyed_by=SECOND_RECORDER.id)  # type: ignore[type-var]
    told = Specification(decide, evolve, around(keyer))
    told.given(Done(begun, by=RECORDER), FINISHED, ATTACHED)
    told.when(AGREE, by=keyer).then_refused("checker_is_keyer")


def test_who_attached_the_scan_may_check_it() -> None:
    attached = replace(ATTACHED, by=SECOND_RECORDER)
    told = batch(around(SECOND_RECORDER)).given(attached)
    told.when(AGREE, by=SECOND_RECORDER).then_some(ImportChecked)


def test_whoever_ever_imported_it_does_not_check_it() -> None:
    again = replace(BEGUN, by=SECOND_RECORDER)
    told = scanned(around(SECOND_RECORDER)).given(again, FINISHED)
    told.when(AGREE, by=SECOND_RECORDER).then_refused("checker_is_keyer")


def test_who_checks_has_looked_at_every_scan() -> None:
    scanned(around()).when(AGREE, by=REVIEWER).then_refused("scan_was_not_looked_at")


def test_an_erased_scan_is_replaced_by_a_copy_before_the_check() -> None:
    erased = ScanFile(file=SHEET, is_erased=True)
    told = scanned(around(scans=(erased,)))
    told.when(AGREE, by=REVIEWER).then_refused("scan_is_erased")
    copy = replace(SHEET, id=UUID(int=0xE99), redacted_from=SHEET.id, lookers=(REVIEWER.id,))
    told = scanned(around(scans=(erased, ScanFile(file=copy))))
    told.when(AGREE, by=REVIEWER).then_some(ImportChecked)


@pytest.mark.parametrize(
    ("history", "changes", "code"),
    [
        ((BEGUN, FINISHED), {"scans": ()}, "scan_is_missing"),
        ((BEGUN, ATTACHED), {}, "import_is_unfinished"),
        ((BEGUN, FINISHED, ATTACHED, BEGUN), {}, "import_is_unfinished"),
        ((BEGUN, FINISHED, ATTACHED), {"shown_nowhere": 1}, "scan_lacks_volunteers"),
        ((BEGUN, FINISHED, ATTACHED), {"entered_since": 1}, "records_were_entered_since"),
    ],
)
def test_there_is_all_of_it_to_compare(history: Any, changes: Any, code: str) -> None:
    told = Specification(decide, evolve, around(REVIEWER, **changes)).given(*history)
    told.when(AGREE, by=REVIEWER).then_refused(code)


def test_who_is_of_another_station_does_not_check_but_a_body_above_does() -> None:
    told = scanned(around(BESIDE, acting=OTHER_STATION))
    told.when(AGREE, by=BESIDE).then_refused("organization_does_not_answer")
    scanned(around(ABOVE, acting=ASSOCIATION)).when(AGREE, by=ABOVE).then_some(ImportChecked)


def differs(*named: tuple[UUID, RowDifference], on_paper: int = 3) -> CheckImport:
    return CheckImport(
        agrees=False,
        rows_on_paper=on_paper,
        persons_on_paper=min(on_paper, 1),
        as_of=50,
        differing=tuple(Differing(record=record, difference=why) for record, why in named),
    )


TIME, EXTRA = RowDifference.ANOTHER_TIME, RowDifference.NOT_ON_PAPER


@pytest.mark.parametrize(
    "command",
    [differs((RECORD, TIME)), differs((RECORD, EXTRA), on_paper=2), differs(on_paper=5)],
)
def test_a_batch_differs_and_says_where(command: CheckImport) -> None:
    (event,) = scanned(around(REVIEWER)).when(command, by=REVIEWER).then_some(ImportChecked)
    assert event.differing == command.differing


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(AGREE, rows_on_paper=4), "check_contradicts_itself"),
        (replace(differs((RECORD, TIME)), agrees=True), "check_contradicts_itself"),
        (differs(), "check_contradicts_itself"),
        (differs(on_paper=2), "check_leaves_rows_unexplained"),
        (differs((RECORD, TIME), on_paper=2), "check_leaves_rows_unexplained"),
        (replace(AGREE, persons_on_paper=4), "count_is_out_of_bounds"),
        (replace(AGREE, persons_on_paper=0), "count_is_out_of_bounds"),
        (replace(AGREE, rows_on_paper=-1), "count_is_out_of_bounds"),
        (differs((RECORD, TIME), (RECORD, EXTRA)), "record_is_named_twice"),
        (differs((OTHER_RECORD, TIME)), "record_is_of_another_import"),
        (
            differs(*((UUID(int=0x10000 + n), TIME) for n in range(201))),
            "differences_are_too_many",
        ),
    ],
)
def test_a_check_adds_up(command: CheckImport, code: str) -> None:
    scanned(around(REVIEWER)).when(command, by=REVIEWER).then_refused(code)


def test_voided_records_are_no_rows_any_more() -> None:
    told = scanned(around(REVIEWER, records=2, voided=1))
    told.when(AGREE, by=REVIEWER).then_refused("check_contradicts_itself")
    told.when(replace(AGREE, rows_on_paper=2, persons_on_paper=2), by=REVIEWER).then_some(
        ImportChecked
    )
    named = {RECORD: NamedRecord(is_of_import=True, is_voided=True)}
    told = scanned(around(REVIEWER, named=named))
    told.when(differs((RECORD, TIME)), by=REVIEWER).then_refused("record_is_voided")


def test_rows_that_are_known_or_stand_there_twice_may_be_on_the_paper_or_not() -> None:
    """Of three rows, two became records: the third was one already, or repeats another one."""
    told = scanned(around(REVIEWER, records=2))
    for on_paper in (2, 3):
        command = replace(AGREE, rows_on_paper=on_paper, persons_on_paper=2)
        told.when(command, by=REVIEWER).then_some(ImportChecked)
    told.when(differs(on_paper=1), by=REVIEWER).then_refused("check_leaves_rows_unexplained")
    command = replace(AGREE, rows_on_paper=4)
    told.when(command, by=REVIEWER).then_refused("check_contradicts_itself")


def test_a_batch_that_differs_is_checked_again() -> None:
    told = scanned(around(REVIEWER)).when(differs((RECORD, TIME)), by=REVIEWER)
    assert told.state.standing is Standing.DIFFERS
    state = told.when(AGREE, by=REVIEWER).state
    assert state.standing is Standing.AGREES


PAPER = replace(SUBMIT, channel=Channel.PAPER, is_row=True)


def checked(by: Actor = REVIEWER, command: CheckImport = AGREE) -> Import:
    """Return the batch as it was compared, as of the size that the command says."""
    state: Import = scanned(around(by)).when(command, by=by, now=SHOWN).state
    return state


def with_batch(state: Import | None, *, entered_seq: int = 49) -> Any:
    told = submitted(command=PAPER).when(PublicizeRecord(), by=RECORDER, now=SHOWN)
    known = replace(AROUND, batch=state, entered_seq=entered_seq)
    return elsewhere(told, known).when(ConfirmRecord(), by=SECOND_REVIEWER, now=REVIEWED)


def test_a_record_of_paper_counts_once_its_batch_agrees() -> None:
    with_batch(checked()).then_some(RecordConfirmed, CreditEntered)


def test_nothing_counts_before_the_check() -> None:
    with_batch(scanned(around()).state).then_refused("paper_is_not_checked")
    with_batch(batch(around()).state).then_refused("paper_is_not_checked")


def test_a_check_before_the_entry_is_none_of_it() -> None:
    with_batch(checked(), entered_seq=50).then_refused("paper_is_not_checked")


def test_a_scan_that_came_after_the_check_has_not_been_compared() -> None:
    state = checked()
    more = replace(state, scans=(*state.scans, state.scans[0]))
    assert (state.standing, more.standing) == (Standing.AGREES, Standing.AWAITS_CHECK)
    with_batch(more).then_refused("paper_is_not_checked")


def test_who_typed_the_file_is_no_second_person() -> None:
    state = checked()
    typed = replace(state, keyers=(*state.keyers, SECOND_REVIEWER.id))
    with_batch(typed).then_refused("reviewer_is_recorder")


@pytest.mark.parametrize("as_of", [-1, 61])
def test_nobody_has_read_what_the_log_does_not_have_yet(as_of: int) -> None:
    told = scanned(around(REVIEWER)).when(replace(AGREE, as_of=as_of), by=REVIEWER)
    told.then_refused("as_of_is_ahead")


def test_what_differs_does_not_count_and_the_rest_does() -> None:
    with_batch(checked(command=differs((RECORD, TIME)))).then_refused(
        "record_differs_from_paper"
    )
    with_batch(checked(command=differs(on_paper=5))).then_some(RecordConfirmed, CreditEntered)


def test_what_she_entered_anew_she_has_not_checked_herself() -> None:
    """The second recorder enters anew what was returned; her check is none of that."""
    told = submitted(command=PAPER).when(PublicizeRecord(), by=RECORDER, now=SHOWN)
    told.when(ReturnRecord(reason="时间有误。"), by=REVIEWER, now=SHOWN)
    anew = ResubmitRecord(recorder=SECOND_RECORDER.id, channel=Channel.TYPED, service=SERVICE)
    told.when(anew, by=SECOND_RECORDER, now=SHOWN)
    told.when(PublicizeRecord(), by=RECORDER, now=SHOWN)
    for checker, codes in ((SECOND_RECORDER, ("paper_is_not_checked",)), (REVIEWER, ())):
        later = elsewhere(told, replace(AROUND, batch=checked(checker)))
        later.when(ConfirmRecord(), by=SECOND_REVIEWER, now=REVIEWED)
        if codes:
            later.then_refused(*codes)
        else:
            later.then_some(RecordConfirmed, CreditEntered)


def test_nobody_checks_her_own_record() -> None:
    state = checked()
    told = submitted(command=PAPER).when(PublicizeRecord(), by=RECORDER, now=SHOWN)
    mine = replace(AROUND, batch=state, volunteer_as_staff=REVIEWER.id)
    told = elsewhere(told, mine).when(ConfirmRecord(), by=SECOND_REVIEWER, now=REVIEWED)
    told.then_refused("paper_is_not_checked")


def test_a_single_record_of_paper_rests_on_a_scan_that_is_kept() -> None:
    sheet = Evidence(kind=EvidenceKind.SIGN_IN_SHEET, sha256="5e" * 32)
    photo = replace(sheet, kind=EvidenceKind.PHOTO)
    typed = replace(SUBMIT, channel=Channel.PAPER)
    kept = replace(AROUND, kept_scans=frozenset({sheet.sha256}))
    submitted(AROUND, typed).then_refused("paper_has_no_scan", about="evidence")
    submitted(AROUND, replace(typed, evidence=(sheet,))).then_refused("paper_has_no_scan")
    submitted(kept, replace(typed, evidence=(photo,))).then_refused("paper_has_no_scan")
    told = submitted(kept, replace(typed, evidence=(sheet,)))
    assert told.state.record.is_of_paper


def heads(standing: HeadCount = HeadCount.AGREES, *, head_count: int = 3) -> Heads:
    return Heads(
        activity=ACTIVITY.id,
        head_count=head_count,
        recorded=3,
        from_file=3,
        standing=standing,
    )


COUNTS = Counts(records=3, voided=0, confirmed=0, volunteers=3, entered_later=0)


def found(state: Import, counts: Counts = COUNTS, *of: Heads) -> list[Discrepancy]:
    return list(reconcile(state, counts, of or (heads(),)).discrepancies)


def test_all_numbers_that_agree_leave_nothing_to_name() -> None:
    assert found(checked()) == []
    numbers = reconcile(checked(), COUNTS, (heads(),))
    assert (numbers.rows, numbers.rows_in_force, numbers.rows_refused) == (3, 3, 0)


def test_every_difference_is_named() -> None:
    assert found(batch(around()).state) == [
        Discrepancy.SCAN_IS_MISSING,
        Discrepancy.PAPER_IS_NOT_CHECKED,
    ]
    later = replace(COUNTS, voided=1, entered_later=1)
    assert found(checked(), later) == [
        Discrepancy.RECORDS_ARE_VOIDED,
        Discrepancy.RECORDS_CHANGED_SINCE,
        Discrepancy.PAPER_SHOWS_MORE,
    ]
    short = heads(HeadCount.SHORT, head_count=12)
    assert found(checked(command=differs((RECORD, EXTRA), on_paper=2)), COUNTS, short) == [
        Discrepancy.RECORDS_DIFFER,
        Discrepancy.PAPER_SHOWS_FEWER,
        Discrepancy.HEAD_COUNT_DIFFERS,
        Discrepancy.HEAD_COUNT_IS_SHORT,
    ]


def test_an_electronic_import_is_compared_with_the_head_count_alone() -> None:
    begun = replace(samples.BEGUN, carrier=Carrier.ELECTRONIC)
    refused = replace(samples.FINISHED, rows=5, accepted=3, duplicates=0, refused=2)
    state = Specification(decide, evolve, around()).given(begun, refused).state
    exceeded = heads(HeadCount.EXCEEDED)
    assert found(state, COUNTS, exceeded) == [
        Discrepancy.ROWS_ARE_REFUSED,
        Discrepancy.HEAD_COUNT_IS_EXCEEDED,
    ]


def test_the_first_shape_says_that_it_was_electronic_and_who_imported_it() -> None:
    told = Specification(decide, evolve, around()).given(Done(samples.FIRST_BEGUN, by=KEYER))
    assert (told.state.carrier, told.state.keyers) == (Carrier.ELECTRONIC, (KEYER.id,))


def test_the_volunteer_herself_has_no_part_in_it() -> None:
    told = scanned(around(HERSELF, acting=None))
    told.when(AGREE, by=HERSELF, now=NOW).then_refused("actor_is_not_staff")
    told.when(ATTACH, by=HERSELF).then_refused("actor_is_not_staff", "scan_is_attached")
    assert told.state.check is None

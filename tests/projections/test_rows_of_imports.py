"""Imported files and what waits for their paper, event by event."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest

from ledger.application.streams import row_stream
from ledger.domain.event import Event
from ledger.domain.imports import ImportChecked
from ledger.domain.record import RecordResubmitted, RecordSubmitted, RecordVoided
from ledger.projections.tasks import TaskKind
from ledger.projections.views import CHANGES, IMPORT_ROWS, IMPORTS, TASKS
from tests.domain import samples_imports as samples
from tests.domain.specification import NOW
from tests.domain.test_stored_events import SAMPLES
from tests.domain.town import ACTIVITY, HERSELF, RECORDER, REVIEWER, STATION
from tests.projections.histories import History, prelude
from tests.projections.made import Made, made_of

BATCH = str(samples.IMPORT)
RECORD = samples.ROW.record
BEGUN = replace(samples.BEGUN, organization=STATION.id, activity=ACTIVITY.id)
FINISHED = replace(samples.FINISHED, rows=3, accepted=3, duplicates=0, refused=0)
AGREES = replace(samples.CHECKED, agrees=True, differing=(), rows_on_paper=3)
DIFFERS = samples.CHECKED
SCAN_TASK = (TaskKind.ATTACH_SCAN.value, BATCH)
CHECK_TASK = (TaskKind.CHECK_IMPORT.value, BATCH)


def sample(kind: type[Event]) -> Any:
    return next(each for each in SAMPLES if isinstance(each, kind))


def entered() -> History:
    """Return a record of a batch of paper that was entered."""
    history = prelude()
    submitted = replace(
        cast("RecordSubmitted", sample(RecordSubmitted)),
        record=RECORD,
        activity=ACTIVITY.id,
        volunteer=HERSELF.id,
        on_behalf_of=STATION.id,
    )
    history.tell(RECORD, submitted, RECORDER, NOW)
    history.tell(row_stream(RECORD), samples.ROW, RECORDER, NOW)
    return history


def told(*events: Event, history: History | None = None) -> History:
    history = history or entered()
    life: tuple[Event, ...] = (BEGUN, FINISHED, *events)
    for event in life:
        by = REVIEWER if isinstance(event, ImportChecked) else RECORDER
        history.tell(samples.IMPORT, event, by, NOW)
    return history


def waits(made: Made) -> set[tuple[str, ...]]:
    kinds = (TaskKind.ATTACH_SCAN, TaskKind.CHECK_IMPORT)
    return {key for key in made.current[TASKS] if key[0] in kinds}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("events", "standing", "tasks"),
    [
        ((), "awaits_scan", {SCAN_TASK}),
        ((samples.ATTACHED,), "awaits_check", {CHECK_TASK}),
        ((samples.ATTACHED, samples.ATTACHED), "awaits_check", {CHECK_TASK}),
        ((samples.ATTACHED, AGREES), "agrees", set()),
        ((samples.ATTACHED, DIFFERS), "differs", set()),
        ((samples.ATTACHED, DIFFERS, AGREES), "agrees", set()),
        ((samples.ATTACHED, AGREES, BEGUN, FINISHED), "awaits_check", {CHECK_TASK}),
        (
            (samples.ATTACHED, AGREES, BEGUN, replace(FINISHED, accepted=0)),
            "agrees",
            set(),
        ),
    ],
)
def test_a_batch_of_paper_waits_for_its_scan_and_its_check(
    events: tuple[Event, ...], standing: str, tasks: set[tuple[str, str]]
) -> None:
    made = made_of(told(*events))
    assert made.row(IMPORTS, BATCH)["standing"] == standing
    assert waits(made) == tasks


def test_a_row_says_from_which_file_a_record_was_made() -> None:
    row = made_of(told()).row(IMPORT_ROWS, str(RECORD))
    assert (row["import_id"], row["sheet"], row["row"]) == (BATCH, 1, 3)


def test_the_counts_of_the_last_check_stand_there() -> None:
    row = made_of(told(samples.ATTACHED, DIFFERS)).row(IMPORTS, BATCH)
    assert (row["scans"], row["differing"], row["rows_on_paper"]) == (1, 2, 40)
    assert row["checked_by"] == REVIEWER.text()


@pytest.mark.parametrize(
    ("check", "kind", "standing"),
    [
        (AGREES, RecordResubmitted, "awaits_check"),
        (DIFFERS, RecordResubmitted, "awaits_check"),
        (DIFFERS, RecordVoided, "awaits_check"),
        (AGREES, RecordVoided, "agrees"),
    ],
)
def test_what_changes_in_a_record_is_compared_again(
    check: Event, kind: type[Event], standing: str
) -> None:
    history = told(samples.ATTACHED, check)
    history.tell(RECORD, sample(kind), RECORDER, NOW)
    made = made_of(history)
    assert made.row(IMPORTS, BATCH)["standing"] == standing
    assert waits(made) == ({CHECK_TASK} if standing == "awaits_check" else set())


def test_the_first_shape_is_of_no_paper() -> None:
    history = prelude()
    begun = replace(samples.FIRST_BEGUN, organization=STATION.id)
    history.tell(samples.IMPORT, begun, RECORDER, NOW)
    made = made_of(history)
    row = made.row(IMPORTS, BATCH)
    assert (row["standing"], row["carrier"]) == ("electronic", "electronic")
    assert UUID(str(row["keyed_by"])) == RECORDER.id
    assert waits(made) == set()


def test_every_entry_of_an_import_concerns_its_organization() -> None:
    made = made_of(told(samples.ATTACHED, AGREES))
    seen = [row["type"] for row in made.current[CHANGES].values()]
    assert [each for each in seen if str(each).startswith("import.")] == [
        "import.begun",
        "import.finished",
        "import.scan_attached",
        "import.checked",
    ]

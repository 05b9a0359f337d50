"""After every event of a true history, the rows are what the domain's own states say."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.record import Record, Stage
from ledger.domain.stored import instant_text
from ledger.projections.rows import Rows
from ledger.projections.taken import DanglingError
from ledger.projections.tallying import COUNTING, MEASURES, counts_of
from ledger.projections.tasks import TaskKind
from ledger.projections.view import Key, Values
from ledger.projections.views import (
    ACCOUNTS,
    ACTIVITIES,
    ATTENDANCE,
    CREDITS,
    ORGANIZATIONS,
    RECORDS,
    TALLIES,
    TASKS,
    VIEWS,
    VOLUNTEERS,
)
from tests.domain.town import ACTIVITY, HERSELF, NEIGHBOUR, STATION
from tests.projections.histories import LivesTold, lives, prelude
from tests.projections.made import Made

SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=30)
"""Each of them is a life of 60 steps."""


def made_of(lived: LivesTold) -> Made:
    return Made().take_all(each.taken(seq) for seq, each in enumerate(lived.history.told))


@FEW
@given(SEEDS)
def test_records_are_what_the_domain_says(seed: int) -> None:
    lived = lives(seed, 60)
    made = made_of(lived)
    assert made.current[RECORDS].keys() == {(str(id_),) for id_ in lived.records}
    for record in lived.records.values():
        row = made.row(RECORDS, str(record.id))
        assert {name: row[name] for name in said_of(record)} == said_of(record)


def said_of(record: Record) -> dict[str, Any]:
    shown, service, amendment = record.publicity, record.service, record.amendment
    return {
        "volunteer": str(record.volunteer),
        "activity": str(record.activity),
        "organization": str(record.organization),
        "division": service.division,
        "day": service.day.isoformat(),
        "start": instant_text(service.start),
        "end": instant_text(service.end),
        "minutes": service.minutes,
        "stage": record.stage.value,
        "recorder": str(record.recorder),
        "reviewer": None if record.reviewer is None else str(record.reviewer),
        "approver": None if record.approver is None else str(record.approver),
        "signals": " ".join(record.signals),
        "awaits": " ".join(record.awaits),
        "opens_on": None if shown is None else shown.opens_on.isoformat(),
        "closes_on": None if shown is None else shown.closes_on.isoformat(),
        "provisional": shown is not None and shown.provisional,
        "amendment": None if amendment is None else str(amendment.id),
        "amendment_is_voiding": amendment is not None and amendment.service is None,
        "objections": len(record.objections),
    }


@FEW
@given(SEEDS)
def test_accounts_are_the_sums_of_what_is_credited(seed: int) -> None:
    lived = lives(seed, 60)
    made = made_of(lived)
    for volunteer, account in lived.accounts.items():
        row = made.current[ACCOUNTS].get((str(volunteer),))
        got = (0, 0) if row is None else (row["minutes"], row["credits"])
        assert got == (account.total_minutes, len(account.credits))
        assert row is None or row["owners"] == " ".join(map(str, account.owners))
        assert row is None or row["into"] == (str(account.into) if account.into else None)
    credited = {
        (str(credit.record), str(account.volunteer), credit.minutes)
        for account in lived.accounts.values()
        for credit in account.credits
    }
    rows = made.current[CREDITS].items()
    assert {(key[0], row["volunteer"], row["minutes"]) for key, row in rows} == credited


@FEW
@given(SEEDS)
def test_who_is_recorded_in_an_activity_are_those_with_a_record_that_counts_still(
    seed: int,
) -> None:
    lived = lives(seed, 60)
    made = made_of(lived)
    here = [each for each in lived.records.values() if each.stage is not Stage.VOIDED]
    row = made.row(ACTIVITIES, str(ACTIVITY.id))
    assert row["recorded"] == len({each.volunteer for each in here})
    records = Counter(str(each.volunteer) for each in here)
    counted = {key[1]: row["records"] for key, row in made.current[ATTENDANCE].items()}
    assert {each: number for each, number in counted.items() if number} == records


@FEW
@given(SEEDS)
def test_what_waits_is_what_the_states_leave_open(seed: int) -> None:
    lived = lives(seed, 60)
    want = {each for record in lived.records.values() for each in open_tasks(record)}
    want |= {(TaskKind.CONFIRM_IDENTITY.value, str(one.id)) for one in (HERSELF, NEIGHBOUR)}
    assert made_of(lived).current[TASKS].keys() == want


def open_tasks(record: Record) -> set[tuple[str, str]]:
    by_stage = {
        Stage.SUBMITTED: TaskKind.PUBLICIZE,
        Stage.PUBLICIZED: TaskKind.REVIEW,
        Stage.HELD: TaskKind.APPROVE,
        Stage.RETURNED: TaskKind.RESUBMIT,
    }
    tasks = set()
    if record.stage in by_stage:
        tasks.add((by_stage[record.stage].value, str(record.id)))
    kind = TaskKind.DECIDE_OBJECTION.value
    tasks |= {(kind, str(objection.id)) for objection in record.objections}
    if record.amendment is not None:
        tasks.add((TaskKind.DECIDE_AMENDMENT.value, str(record.amendment.id)))
    return tasks


@FEW
@given(SEEDS)
def test_counters_are_sums_over_the_rows(seed: int) -> None:
    made = made_of(lives(seed, 60))
    want: Counter[tuple[str, str, str]] = Counter()
    for view in COUNTING:
        for row in made.current[view].values():
            want.update(counts_of(view, row))
    got = {key: row["value"] for key, row in made.current[TALLIES].items() if row["value"]}
    assert got == {counted: amount for counted, amount in want.items() if amount}
    assert {measure for _, _, measure in got} <= MEASURES.keys()


def test_counters_stand_under_the_division_of_the_organization() -> None:
    made = made_of(lives(7, 60))
    divisions = {key[0]: row["division"] for key, row in made.current[TALLIES].items()}
    assert divisions == {str(STATION.id): STATION.division, "": ""}


@FEW
@given(SEEDS)
def test_what_is_said_to_last_lasts_and_its_rows_never_go(seed: int) -> None:
    made = made_of(lives(seed, 60))
    for view in VIEWS:
        if not view.lasting:
            continue
        by_key: dict[Key, list[Values]] = {}
        for key, values, _, _ in made.versions[view]:
            by_key.setdefault(key, []).append(values)
        assert by_key.keys() == made.current[view].keys()
        for versions in by_key.values():
            said = [{name: each[name] for name in view.lasting} for each in versions]
            assert said == said[:1] * len(said)


@FEW
@given(SEEDS, st.data())
def test_what_an_entry_did_that_fails_is_taken_back(seed: int, data: st.DataObject) -> None:
    told = lives(seed, 40).history.told
    entries = [each.taken(seq) for seq, each in enumerate(told)]
    cut = data.draw(st.integers(1, len(entries) - 1))
    whole, stumbling = Made(), Made()
    for entry in entries:
        if entry.seq == cut:
            with pytest.raises(KeyError):
                # All that it has, but for the last thing that is asked for.
                stumbling.take(entry._replace(facts=Without(entry.facts, "on_behalf_of")))
            stumbling.rows.undo()
        whole.take(entry)
        stumbling.take(entry)
    assert stumbling.versions == whole.versions


class Without(dict[str, Any]):
    """Facts, one of which cannot be asked for."""

    def __init__(self, facts: Any, name: str) -> None:
        super().__init__(facts)
        self._name = name

    def __getitem__(self, name: str) -> Any:
        if name == self._name:
            raise KeyError(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name == self._name else super().get(name, default)


def test_a_record_of_an_unknown_activity_is_refused() -> None:
    told = lives(1, 10).history.told
    entries = [each.taken(seq) for seq, each in enumerate(told)]
    made = Made().take_all(entry for entry in entries[:4])
    submitted = next(entry for entry in entries if entry.type == "record.submitted")
    with pytest.raises(DanglingError):
        made.take(submitted)


def test_the_prelude_is_known() -> None:
    made = Made().take_all(each.taken(n) for n, each in enumerate(prelude().told))
    assert made.row(ORGANIZATIONS, str(STATION.id))["division"] == STATION.division
    assert made.row(ACTIVITIES, str(ACTIVITY.id))["ends_on"] == ACTIVITY.ends_on.isoformat()
    assert made.row(VOLUNTEERS, str(HERSELF.id))["registered_by"] == str(STATION.id)
    assert made.row(VOLUNTEERS, str(NEIGHBOUR.id))["registered_by"] is None


def test_a_row_that_is_written_and_gone_with_one_entry_has_never_been() -> None:
    rows = Rows(lambda _view, _keys: {})
    rows.begin(3)
    rows.put(TASKS, ("review", "x"), {})
    rows.drop(TASKS, ("review", "x"))
    assert not any(rows.changed().added.values())
    assert not any(rows.changed().ended.values())

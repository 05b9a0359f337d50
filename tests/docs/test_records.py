"""docs/records.md is true: its stages, entries and numbers are those of the domain."""

import re
from dataclasses import fields
from typing import get_args

from ledger.domain.record import RecordEvent, Stage
from ledger.domain.record.codes import Signal
from ledger.domain.rules import INITIAL_RULES
from tests.docs.blocks import ROOT

TEXT = (ROOT / "docs" / "records.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the tables below a heading."""
    section = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^\| (.+) \|$", section, re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def test_it_names_every_stage_and_which_ones_count() -> None:
    told = {row[0].strip("`"): row for row in rows("States")[1:]}
    assert told.keys() == {stage.value for stage in Stage}
    assert [told[stage.value][1] for stage in Stage] == [stage.chinese for stage in Stage]
    assert [name for name, row in told.items() if "yes" in row[3]] == [Stage.CONFIRMED.value]


def test_it_names_every_entry_of_a_record() -> None:
    told = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", TEXT))
    assert {event.TYPE for event in get_args(RecordEvent)} - told == set()


def test_it_names_every_signal() -> None:
    assert {signal.value for signal in Signal} - set(re.findall(r"`([a-z_]+)`", TEXT)) == set()


def test_its_time_limits_are_those_of_the_first_rules() -> None:
    told = {row[1].strip("`"): int(row[2]) for row in rows("Time limits") if row[1][:1] == "`"}
    want = {
        each.name: getattr(INITIAL_RULES, each.name)
        for each in fields(INITIAL_RULES)
        if each.name.endswith("working_days") and not each.name.startswith(_OF_PROOFS)
    }
    assert told == want


_OF_PROOFS = ("internal_certificate", "internal_complaint")
"""Limits that no record has."""


def test_one_time_limit_alone_is_called_law() -> None:
    kinds = {row[1].strip("`"): row[3] for row in rows("Time limits")}
    assert [name for name, kind in kinds.items() if kind == "law"] == ["late_working_days"]
    assert set(kinds.values()) - {"kind"} == {"law", "second hand", "internal"}

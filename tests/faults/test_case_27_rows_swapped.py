"""Two rows change places: both are named."""

import pytest

from tests.faults.conftest import Shown
from tests.faults.insider import Insider, judge
from tests.faults.scene import Scene

ONE, OTHER, ASIDE = 7, 12, 1_000
"""Neither has facts about a person."""


@pytest.mark.case(27, "two rows swapped")
def test_swapped_rows_are_named(scene: Scene, shown: Shown) -> None:
    shown.by(f"UPDATE entries SET seq: {ONE} ↔ {OTHER}, triggers dropped or silenced")
    move = "UPDATE entries SET seq = ? WHERE seq = ?"
    steps = [(ASIDE, ONE), (ONE, OTHER), (OTHER, ASIDE)]
    Insider(scene).hand.run_all([(move, step) for step in steps])
    judged = judge(scene)
    for found in (judged.audit, judged.stranger):
        assert found >= {
            ("entry_wrong_seq", ONE),
            ("entry_wrong_prev", ONE),
            ("entry_wrong_prev", ONE + 1),
            ("entry_wrong_seq", OTHER),
            ("entry_wrong_prev", OTHER),
            ("entry_wrong_prev", OTHER + 1),
        }
    assert judged.first_bad() == ONE
    shown.saw(found=judged.codes(), first_bad_event=judged.first_bad())

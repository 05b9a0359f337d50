"""A row in the middle is deleted: the gap is named, and the broken links beside it."""

import pytest

from tests.faults.conftest import Shown
from tests.faults.insider import Insider, judge
from tests.faults.scene import CANNOT, FOUND, Scene

SEQ = 7


@pytest.mark.case(26, "a middle row deleted")
def test_a_deleted_row_is_a_gap(scene: Scene, shown: Shown) -> None:
    shown.by("DELETE FROM entries, triggers dropped or silenced")
    Insider(scene).run("DELETE FROM entries WHERE seq = ?", SEQ)
    judged = judge(scene)
    assert ("entry_missing", SEQ) in judged.audit
    assert {code for code, _ in judged.audit} >= {"head_differs", "checkpoint_inconsistent"}
    assert judged.export == CANNOT  # so nobody outside is shown a log with a gap
    refused = scene.command("backup", "copy")
    assert refused.returncode == FOUND
    assert judged.first_bad() == SEQ
    shown.saw(
        found=judged.codes(), first_bad_event=judged.first_bad(), export_exit=judged.export
    )

"""The clock goes back by a day: no entry is earlier than the last, and the log says so."""

import pytest

from tests.faults.conftest import Shown
from tests.faults.scene import PATIENCE_S, Scene

SUBMISSIONS = 4
DOUBTED = "clock.doubted"


@pytest.mark.tool("faketime")
@pytest.mark.case(21, "clock back by one day")
def test_a_clock_that_went_back_is_recorded_and_no_time_decreases(
    scene: Scene, shown: Shown
) -> None:
    shown.by("libfaketime −1 d around an appending process; the monotonic clock stays true")
    assert scene.append().wait() == 0
    newest = scene.rows()[-1].time
    assert scene.append_under("-1d", submissions=SUBMISSIONS).wait(PATIENCE_S) == 0
    rows = scene.rows()
    times = [row.time for row in rows]
    assert times == sorted(times)
    assert {row.time for row in rows if row.time >= newest} == {newest}
    # Once for the whole episode, before the first entry that the clock would have misdated.
    doubted = [row.seq for row in rows if row.topic == DOUBTED]
    assert len(doubted) == 1
    assert rows[doubted[0] - 1].time == newest
    assert scene.append().wait() == 0
    later = scene.rows()
    assert later[-1].time > newest
    assert [row.seq for row in later if row.topic == DOUBTED] == doubted
    shown.saw(**scene.check(), times_that_decrease=0, recorded=DOUBTED)

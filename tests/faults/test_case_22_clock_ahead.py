"""The clock stands ten years ahead: nothing is appended until it is right again."""

import pytest

from tests.faults.appending import FAILED
from tests.faults.conftest import Shown
from tests.faults.scene import PATIENCE_S, Scene


@pytest.mark.tool("faketime")
@pytest.mark.parametrize(("offset", "meant"), [("+10y", "ten years"), ("+32d", "32 days")])
@pytest.mark.case(22, "clock far ahead")
def test_nothing_is_appended_under_a_clock_that_is_far_ahead(
    sqlite_scene: Scene, offset: str, meant: str, shown: Shown
) -> None:
    shown.by(f"libfaketime {offset}: {meant} ahead, around an appending process")
    scene = sqlite_scene
    assert scene.append_under(offset, submissions=2).wait(PATIENCE_S) == FAILED
    assert set(scene.told().refused.values()) == {"ClockInDoubtError"}
    assert scene.size() == scene.before
    shown.saw(client_told="ClockInDoubtError", **scene.check())
    assert scene.append().wait() == 0
    scene.check()


@pytest.mark.tool("faketime")
@pytest.mark.case(22, "clock ahead within the bound")
def test_a_clock_that_is_a_little_ahead_is_believed(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by("libfaketime +20 d around an appending process; then a true clock")
    assert sqlite_scene.append_under("+20d", submissions=2).wait(PATIENCE_S) == 0
    ahead = sqlite_scene.rows()[-1].time
    assert sqlite_scene.append().wait() == 0
    rows = sqlite_scene.rows()
    assert {row.time for row in rows[-3:]} == {ahead}
    shown.saw(
        **sqlite_scene.check(), recorded=sum(row.topic == "clock.doubted" for row in rows)
    )
    assert "clock.doubted" in {row.topic for row in rows}

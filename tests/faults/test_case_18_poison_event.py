"""An event that no fold can take in: it is named, its stream stands still, others go on."""

import json

import pytest

from tests.faults import projecting
from tests.faults.conftest import Shown
from tests.faults.scene import FOUND, Scene

SIZE = len(projecting.history())
HALF = SIZE // 2


@pytest.mark.case(18, "poison event")
def test_a_poison_event_stops_its_own_stream_alone(scene: Scene, shown: Shown) -> None:
    shown.by("a record.submitted of an unknown activity, appended past the domain's decision")
    assert scene.start(projecting.tell, 0, HALF).wait() == 0
    assert scene.start(projecting.poison).wait() == 0
    # Appends go on, and so do all other streams.
    assert scene.start(projecting.tell, HALF, SIZE).wait() == 0
    assert scene.start(projecting.project).wait() == 0
    size = scene.size()
    words = scene.start(projecting.tell_position).answered().stdout.split()
    assert [int(word) for word in words] == [size, 2]
    status = scene.command("projections", "status")
    assert status.returncode == FOUND
    assert status.stdout.count(str(projecting.POISON)) == 2
    assert "DanglingError" in status.stdout
    assert "StreamFrozen" in status.stdout
    # What the views say is what the log makes of it, now and whenever it is made anew.
    assert scene.command("projections", "check").returncode == 0
    assert scene.command("projections", "rebuild").returncode == 0
    assert scene.command("projections", "check").returncode == 0
    assert scene.start(projecting.tell_position).answered().stdout.split() == words
    scene.sound()
    report = json.loads(scene.command("audit", "verify", "--json").stdout)
    shown.saw(entries=size, frozen=2, others_folded=size - 2, findings=len(report["findings"]))

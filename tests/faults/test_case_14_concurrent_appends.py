"""Many writers in many processes: one order, no fork, every receipt right."""

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import Scene

SUBMISSIONS = 4


@pytest.mark.parametrize(("processes", "threads"), [(2, 3), (4, 16)])
@pytest.mark.case(14, "concurrent appends")
def test_concurrent_appends_never_fork(
    scene: Scene, processes: int, threads: int, shown: Shown
) -> None:
    shown.by(f"{processes * threads} writers in {processes} processes at once")
    load = Workload(submissions=SUBMISSIONS, threads=threads)
    running = [scene.append(load) for _ in range(processes)]
    assert [each.wait() for each in running] == [0] * processes
    figures = scene.check()
    assert figures["acknowledged"] == SUBMISSIONS * threads * processes
    shown.saw(**figures, forks=0)

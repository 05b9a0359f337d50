"""fsync reports an error: no acknowledgement, and nobody tries the same fsync again."""

import pytest

from tests.faults.appending import FAILED, HARD_END, Workload
from tests.faults.conftest import Shown
from tests.faults.scene import Scene
from tests.faults.tracing import Fault


@pytest.mark.tool("strace")
@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("close", [False, True], ids=["crash", "end"])
def test_x(sqlite_scene: Scene, number, close, shown: Shown) -> None:
    load = Workload(submissions=2, close=close)
    r = sqlite_scene.append(load, Fault("fsync", "error=EIO", number))
    code = r.wait()
    t = sqlite_scene.told()
    print(code, r.struck, len(t.tried), len(t.acknowledged), t.refused)
    sqlite_scene.check()

"""The head register is cut off while it is written: the old one stands, or a clear refusal."""

from collections.abc import Callable

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, FOUND, KILLED, Scene
from tests.faults.tracing import killed_at

SECOND = 2
MOMENTS = {"write": SECOND, "rename": SECOND}
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "first line alone": lambda content: content[: content.index(b"\n") + 1],
    "without its last byte": lambda content: content[:-1],
    "without its last line": lambda content: content[: content.rindex(b"\n", 0, -1) + 1],
    "half": lambda content: content[: len(content) // 2],
}


@pytest.mark.tool("strace")
@pytest.mark.parametrize("calls", MOMENTS)
@pytest.mark.case(19, "kill −9 while the head register is replaced")
def test_a_register_cut_off_while_it_is_replaced_still_has_the_old_head(
    sqlite_scene: Scene, calls: str, shown: Shown
) -> None:
    shown.by(f"strace inject={calls}:signal=SIGKILL at the temporary file of the register")
    fault = killed_at(calls, MOMENTS[calls])
    assert sqlite_scene.append(Workload(submissions=2), fault).wait() == KILLED
    head = (sqlite_scene.data_dir / "head").read_text().splitlines()
    assert int(head[1]) == sqlite_scene.before + 3
    assert list(sqlite_scene.data_dir.glob(".head.*.new"))
    shown.saw(**sqlite_scene.check())

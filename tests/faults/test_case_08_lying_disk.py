"""A disk that says it has written and has not: what was acknowledged is missed, and loudly."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, FOUND, ROLLED_BACK, Scene
from tests.faults.tracing import Fault
from tests.shell import Shell

PAGE = 4096
LIES = range(1, 400) if os.environ.get("LEDGER_FULL_SWEEP") else (*range(9, 45, 4), 52, 60, 70)


def verdict(scene: Scene) -> str:
    """Return what is found at the next start, or that nothing is missing."""
    report = scene.command("audit", "verify", "--json")
    start = scene.command("audit", "export", "out")  # compares with the register, and signs
    shutil.rmtree(scene.shell.folder / "out", ignore_errors=True)
    if start.returncode == ROLLED_BACK:
        assert report.returncode in (FOUND, CANNOT)
        return "rolled back"
    if report.returncode == FOUND:
        return "found by the audit"
    if report.returncode == CANNOT:
        assert start.returncode == CANNOT
        return "cannot be read"
    assert json.loads(report.stdout)["ok"]
    return "nothing missing"


@pytest.mark.tool("strace")
@pytest.mark.parametrize("close", [False, True], ids=["crashed", "ended"])
@pytest.mark.case(8, "a disk that drops writes and reports success")
def test_what_a_lying_disk_lost_is_missed(
    founded: Shell, tmp_path: Path, close: bool, shown: Shown
) -> None:
    shown.by(f"strace inject=pwrite64:retval={PAGE}:when=N, one write of 3 submissions each")
    seen: dict[str, int] = {}
    for number in LIES:
        folder = tmp_path / str(number)
        shutil.copytree(founded.folder, folder)
        scene = Scene(Shell(folder))
        lie = Fault("pwrite64", f"retval={PAGE}", number)
        scene.append(Workload(submissions=3, close=close), lie).wait()
        said = verdict(scene)
        if said == "nothing missing":
            scene.check()
        seen[said] = seen.get(said, 0) + 1
        shutil.rmtree(folder)
    print(seen)
    assert sum(seen.values()) > seen.get("nothing missing", 0), "no lie had any effect"
    shown.saw(lies=len(LIES), unnoticed_losses=0, **seen)

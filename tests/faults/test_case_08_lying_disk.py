"""A disk that says it has written and has not: what was acknowledged is missed, and loudly."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, FOUND, ROLLED_BACK, Scene
from tests.faults.tracing import Fault
from tests.shell import Shell

PAGE = 4096
SOUND = "nothing missing"
EVERY = range(1, 200)
FULL = bool(os.environ.get("LEDGER_FULL_SWEEP"))
# Of three submissions and, where the process ends well, of moving them into the database.
LIES: dict[str, tuple[str, bool, Iterable[int]]] = {
    "log": ("log.sqlite-wal", False, (1, 2, *range(5, 40, 5))),
    "database": ("log.sqlite", True, range(1, 8, 2)),
    "vault": ("vault.sqlite-wal", False, (2, 3, 4)),
}


def verdict(scene: Scene) -> str:
    """Return what is found at the next start, or that all is sound."""
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
    assert report.returncode == start.returncode == 0
    return SOUND


@pytest.mark.tool("strace")
@pytest.mark.parametrize("where", LIES)
@pytest.mark.case(8, "a disk that drops writes and reports success")
def test_what_a_lying_disk_lost_is_missed(
    founded: Shell, tmp_path: Path, where: str, shown: Shown
) -> None:
    file, close, numbers = LIES[where]
    shown.by(f"strace inject=pwrite64:retval={PAGE}:when=N on {file}")
    seen: dict[str, int] = {}
    for number in EVERY if FULL else numbers:
        folder = tmp_path / str(number)
        shutil.copytree(founded.folder, folder)
        scene = Scene(Shell(folder))
        lie = Fault("pwrite64", f"retval={PAGE}", number, (scene.data_dir / file,))
        running = scene.append(Workload(close=close), lie)
        running.wait()
        if not running.struck:
            assert FULL, "there was no such write"
            break
        said = verdict(scene)
        if said == SOUND:
            scene.present()
        seen[said] = seen.get(said, 0) + 1
        shutil.rmtree(folder)
    assert seen.keys() - {SOUND}, "no lie had any effect"
    shown.saw(**seen, losses_passed_as_sound=0)

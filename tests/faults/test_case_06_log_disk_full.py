"""The security log's volume is full: what might have to be refused is not done; it recovers."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.attempting import FILLING, attempt, attempt_around_full
from tests.faults.conftest import Shown
from tests.faults.mounts import SmallDisk
from tests.faults.scene import Scene
from tests.shell import Shell

ROOM = "256k"
HEALTHY = "act=done stranger=sign_in_is_refused token=invitation_is_not_valid"
SHUT = "act=SecurityLogError stranger=SecurityLogError token=SecurityLogError"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return a disk that has room for the security log alone."""
    (tmp_path / "security").mkdir()
    (tmp_path / "nothing").mkdir()
    try:
        made = SmallDisk(tmp_path / "security", size=ROOM, content=tmp_path / "nothing")
    except PermissionError as error:
        if os.geteuid() == 0:
            raise
        pytest.skip(f"only root may mount a disk: {error}")
    with made:
        yield made


@pytest.fixture
def logging_scene(founded: Shell, tmp_path: Path, disk: SmallDisk) -> Scene:
    """Return a ledger whose security log has a disk of its own."""
    subprocess.run(["cp", "-a", f"{founded.folder}/.", tmp_path], check=True)
    env = {"LEDGER_SECURITY_LOG_DIR": str(tmp_path / "security")}
    return Scene(Shell(tmp_path, env), namespace=disk.namespace)


def log_of(disk: SmallDisk, tmp_path: Path) -> list[str]:
    """Return the events of the security log, whose lines must all be whole."""
    path = tmp_path / "security" / "security.log"
    command = ["nsenter", f"--mount={disk.namespace}", "cat", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line)["event"] for line in done.stdout.splitlines()]


@pytest.mark.tool("unshare")
@pytest.mark.tool("nsenter")
@pytest.mark.case(6, "disk full on the security log's volume, under a running process")
def test_a_full_log_disk_refuses_every_act_and_recovers(
    logging_scene: Scene, disk: SmallDisk, tmp_path: Path, shown: Shown
) -> None:
    shown.by(f"tmpfs of {ROOM} in a mount namespace, filled by a file and freed again")
    size = logging_scene.size()
    answered = logging_scene.start(attempt_around_full).answered()
    assert answered.returncode == 0, answered.stderr
    assert answered.stdout.splitlines() == [HEALTHY, SHUT, HEALTHY]
    assert logging_scene.size() == size + 2  # the acts before and after; none in silence
    assert log_of(disk, tmp_path).count("act.refused") == 4
    logging_scene.sound()
    shown.saw(acts_done=2, acts_not_done=1, refusals_told=4, refusals_untold=0)


@pytest.mark.tool("unshare")
@pytest.mark.tool("nsenter")
@pytest.mark.case(6, "disk full on the security log's volume, from the start")
def test_a_process_that_starts_on_a_full_log_disk_does_nothing(
    logging_scene: Scene, disk: SmallDisk, tmp_path: Path, shown: Shown
) -> None:
    shown.by(f"tmpfs of {ROOM} in a mount namespace, full before the process starts")
    size = logging_scene.size()
    filling = tmp_path / "security" / FILLING
    enter = ["nsenter", f"--mount={disk.namespace}"]
    subprocess.run([*enter, "dd", "if=/dev/zero", f"of={filling}"], capture_output=True)
    assert logging_scene.start(attempt).answered().stdout.strip() == SHUT
    assert logging_scene.size() == size
    subprocess.run([*enter, "rm", str(filling)], check=True)
    assert logging_scene.start(attempt).answered().stdout.strip() == HEALTHY
    logging_scene.sound()
    shown.saw(acts_done=1, acts_not_done=1, refusals_untold=0)

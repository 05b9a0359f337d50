"""The data volume is full: refused, nothing half-written, still readable, and it recovers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.mounts import SmallDisk
from tests.faults.scene import Scene
from tests.shell import Shell

ROOM = "800k"
MORE_ROOM = "16m"


@pytest.fixture
def disk(founded: Shell, tmp_path: Path) -> Iterator[SmallDisk]:
    """Return a disk that has room for few submissions, with a ledger on it."""
    (tmp_path / "var").mkdir()
    (tmp_path / "policy.trusted").write_bytes((founded.folder / "policy.trusted").read_bytes())
    try:
        made = SmallDisk(tmp_path / "var", size=ROOM, content=founded.data_dir)
    except PermissionError as error:
        if os.geteuid() == 0:
            raise
        pytest.skip(f"only root may mount a disk: {error}")
    with made:
        yield made


@pytest.mark.tool("unshare")
@pytest.mark.tool("nsenter")
@pytest.mark.case(5, "disk full on the data volume")
def test_a_full_disk_refuses_and_recovers(
    disk: SmallDisk, tmp_path: Path, shown: Shown
) -> None:
    shown.by(f"tmpfs of {ROOM} in a mount namespace, filled by appending; then {MORE_ROOM}")
    scene = Scene(Shell(tmp_path), namespace=disk.namespace)
    assert scene.append(Workload(submissions=10_000)).wait() == FAILED
    told = scene.told()
    assert told.acknowledged
    report = scene.command("audit", "verify", "--json")
    print(told.refused, report)
    assert report.returncode == 0
    assert scene.append().wait() == FAILED
    disk.resize(MORE_ROOM)
    shown.saw(**scene.check(), client_told=", ".join(sorted(set(told.refused.values()))))
    assert scene.append().wait() == 0
    scene.check()

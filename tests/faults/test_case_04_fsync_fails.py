"""fsync reports an error: no acknowledgement, no second try, and the process writes no more."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.api.service import serving
from tests.faults import appending
from tests.faults.appending import FAILED, HARD_END, Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, PATIENCE_S, Scene, wait_until
from tests.faults.tracing import Fault, Tracer

# The number of the fsync that belongs to the second submission: a write-ahead log is synced
# once more when it is begun.
FILES = {"log.sqlite-wal": 3, "vault.sqlite-wal": 3, ".head.{pid}.new": 2}


@contextmanager
def held_open(scene: Scene) -> Iterator[None]:
    """Let another process keep the database open, as in a service; it dies at the end."""
    ready = scene.shell.folder / "ready"
    holder = scene.start(appending.hold_open, ready)
    wait_until(ready.exists)
    try:
        yield
    finally:
        holder.kill()


def failing(scene: Scene, file: str, *, for_good: bool) -> Fault:
    when = f"{FILES[file]}{'+' if for_good else ''}"
    return Fault("fsync", "error=EIO", when, (scene.data_dir / file,))


@pytest.mark.tool("strace")
@pytest.mark.parametrize("file", FILES)
@pytest.mark.case(4, "fsync EIO while appending: nobody is told that it was appended")
def test_an_append_whose_fsync_fails_is_not_acknowledged(
    sqlite_scene: Scene, file: str, shown: Shown
) -> None:
    shown.by(f"strace inject=fsync:error=EIO on {file}")
    with held_open(sqlite_scene):
        fault = failing(sqlite_scene, file, for_good=True)
        running = sqlite_scene.append(Workload(close=False), fault)
        assert running.wait() == HARD_END
    told = sqlite_scene.told()
    assert (len(told.tried), len(told.acknowledged)) == (2, 1)
    assert running.struck == 1, "fsync was tried again"
    shown.saw(**sqlite_scene.check(), client_told=", ".join(told.refused.values()))


@pytest.mark.tool("strace")
@pytest.mark.parametrize("file", FILES)
@pytest.mark.case(4, "fsync EIO while appending: the process appends no more")
def test_after_a_failed_fsync_a_process_appends_no_more(
    sqlite_scene: Scene, file: str, shown: Shown
) -> None:
    shown.by(f"strace inject=fsync:error=EIO, once, on {file}; then further submissions")
    fault = failing(sqlite_scene, file, for_good=False)
    running = sqlite_scene.append(Workload(submissions=6, stubborn=True), fault)
    assert running.wait() == FAILED
    told = sqlite_scene.told()
    assert (len(told.tried), len(told.acknowledged)) == (6, 1)
    shown.saw(**sqlite_scene.check())


@pytest.mark.tool("strace")
@pytest.mark.case(4, "fsync EIO in the service: health red, and it exits")
def test_a_service_whose_register_cannot_be_synced_ends(
    sqlite_scene: Scene, shown: Shown
) -> None:
    scene = sqlite_scene
    shown.by("strace inject=fsync:error=EIO on the head register of a running `ledger serve`")
    head = scene.data_dir / "head"
    before = head.read_bytes()
    assert scene.append().wait() == 0
    after = head.read_bytes()
    with serving(scene.shell) as service:
        temporary = scene.data_dir / ".head.{pid}.new"
        fault = Fault("fsync", "error=EIO", "1+", (temporary,))
        tracer = Tracer(service.process.pid, fault, scene.shell.folder / "serve.strace")
        # A database ahead of its register is healthy: the service is about to catch up.
        head.write_bytes(before)
        answer = service.get("/log/110000/checkpoint")
        assert answer.status_code >= 500
        assert service.process.wait(PATIENCE_S) == CANNOT
        struck = tracer.wait()
    assert struck == 1, "fsync was tried again"
    assert head.read_bytes() == before
    shown.saw(answer=answer.status_code, exit=CANNOT, fsyncs_tried=struck)
    assert after != before
    scene.check()

"""No more files may be opened, or no file may grow: a clean error, and nothing is lost."""

import resource

import pytest

from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, Scene

KIB = 1024
COMMANDS = {"verify": "audit verify", "export": "audit export {limit}"}


@pytest.mark.case(7, "no file may grow further (ulimit −f)")
def test_files_that_may_not_grow(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by("setrlimit RLIMIT_FSIZE 80…400 KiB around an appending process")
    for limit in (80, 100, 200, 400):
        limits = {resource.RLIMIT_FSIZE: limit * KIB}
        code = sqlite_scene.append(Workload(submissions=10_000), limits=limits).wait()
        assert code == FAILED
        shown.saw(**sqlite_scene.check())
    assert len(sqlite_scene.told().acknowledged) > 0


@pytest.mark.case(7, "no further file may be opened (ulimit −n), appending")
def test_files_that_may_not_be_opened(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by("setrlimit RLIMIT_NOFILE 6…20 around an appending process")
    codes = []
    for limit in range(6, 21, 2):
        limits = {resource.RLIMIT_NOFILE: limit}
        codes.append(sqlite_scene.append(Workload(submissions=2), limits=limits).wait())
        assert codes[-1] in (0, 1, FAILED)
    assert codes[-1] == 0
    assert FAILED in codes
    shown.saw(**sqlite_scene.check(), refused=len(codes) - codes.count(0))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.case(7, "no further file may be opened (ulimit −n), commands")
def test_commands_that_may_not_open_files(
    sqlite_scene: Scene, command: str, shown: Shown
) -> None:
    shown.by("setrlimit RLIMIT_NOFILE 8…20 around the command")
    codes = []
    for limit in range(8, 21):
        words = COMMANDS[command].format(limit=limit).split()
        done = sqlite_scene.command(*words, limits={resource.RLIMIT_NOFILE: limit})
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, CANNOT)
        assert done.returncode == 0 or done.stderr.strip()
        codes.append(done.returncode)
    assert CANNOT in codes
    assert 0 in codes
    shown.saw(said_why_not=codes.count(CANNOT))
    sqlite_scene.sound()

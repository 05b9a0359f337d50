"""The head register is cut off while it is written: the old one stands, or a clear refusal."""

from collections.abc import Callable

import pytest

from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, FOUND, KILLED, ROLLED_BACK, Scene
from tests.faults.tracing import killed_at

MOMENTS = ("write", "fsync", "rename")
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
    temporary = sqlite_scene.data_dir / ".head.{pid}.new"
    fault = killed_at(calls, 2, temporary)
    assert sqlite_scene.append(Workload(submissions=2), fault).wait() == KILLED
    head = (sqlite_scene.data_dir / "head").read_text().splitlines()
    assert int(head[1]) == sqlite_scene.before + 3
    assert list(sqlite_scene.data_dir.glob(".head.*.new"))
    shown.saw(**sqlite_scene.check())


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.case(19, "head register empty or cut off")
def test_a_register_that_is_cut_off_is_refused(
    sqlite_scene: Scene, damage: str, shown: Shown
) -> None:
    shown.by(f"the register file left {damage}")
    path = sqlite_scene.data_dir / "head"
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    report = sqlite_scene.command("audit", "verify", "--json")
    assert (report.returncode, report.codes) == (FOUND, ["file_malformed"])
    refused = set()
    for command in (["serve", "--port", "0"], ["audit", "export", "out"]):
        done = sqlite_scene.command(*command)
        assert done.returncode in (CANNOT, ROLLED_BACK)
        assert "head register" in done.stderr
        refused.add(done.returncode)
    assert sqlite_scene.append().wait() == FAILED
    assert sqlite_scene.size() == sqlite_scene.before
    shown.saw(found="file_malformed", exit=sorted(refused), appended=0)
    path.write_bytes(whole)
    sqlite_scene.check()


@pytest.mark.tool("strace")
@pytest.mark.case(19, "kill −9 while an export is written")
def test_an_export_that_was_cut_off_is_not_taken_for_one(
    sqlite_scene: Scene, shown: Shown
) -> None:
    shown.by("strace inject=openat:signal=SIGKILL at the export's checkpoint")
    folder = sqlite_scene.shell.folder / "out"
    fault = killed_at("openat", 1, folder / "checkpoint")
    cut_off = sqlite_scene.command("audit", "export", "--facts", folder, fault=fault)
    assert cut_off.returncode == KILLED
    checked = sqlite_scene.command("audit", "check", folder, "--json")
    assert checked.returncode in (FOUND, CANNOT)
    shown.saw(exit=checked.returncode)

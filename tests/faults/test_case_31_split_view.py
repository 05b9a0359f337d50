"""Two copies of a ledger with the same keys show two histories: one of them is cosigned."""

import shutil
from pathlib import Path

import pytest

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, verify_lines
from ledger.proof.note import parse_note
from tests.api.service import Service, serving
from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.outside import log_keys, standing
from tests.faults.scene import ROLLED_BACK, Scene, wait_until
from tests.shell import Shell

INTERVAL = "0.05"


def heads_in(scene: Scene, files: list[Path]) -> list[Checkpoint]:
    """Return what signed notes say, each of which the log's own key signs."""
    notes = [parse_note(path.read_bytes()) for path in files]
    assert all(verify_lines(note, log_keys(scene)[0]) for note in notes)
    return [parse_checkpoint(note.text) for note in notes]


def is_stopped(service: Service) -> bool:
    """Return whether a service says that it must not go on."""
    ready = service.get("/readyz")
    return ready.status_code == 503 and ready.json()["code"] == "rolled_back"


@pytest.mark.parametrize("more", [0, 2], ids=["same size", "larger"])
@pytest.mark.case(31, "split view: two copies with the same keys, one witness")
def test_the_second_history_is_refused(
    sqlite_scene: Scene,
    tmp_path_factory: pytest.TempPathFactory,
    more: int,
    shown: Shown,
) -> None:
    shown.by("two `ledger serve` on copies of one data folder, each appended to by itself")
    scene = sqlite_scene
    scene.shell.env["LEDGER_WITNESS_INTERVAL_S"] = INTERVAL
    with standing(scene, tmp_path_factory.mktemp("outside")) as outside:
        outside.cosign(scene)
        copy = shutil.copytree(scene.shell.folder, tmp_path_factory.mktemp("copy") / "ledger")
        other = Scene(Shell(copy, dict(scene.shell.env)))
        with serving(scene.shell) as one, serving(other.shell) as second:
            assert scene.append(Workload(submissions=1, events=3)).wait() == 0
            wait_until(lambda: one.metric("ledger_witnessed_entries") == scene.before + 3)
            assert other.append(Workload(submissions=1, events=3 + more)).wait() == 0
            wait_until(lambda: is_stopped(second))
            assert one.get("/readyz").status_code == 200
            shown_to_one = parse_note(one.get("/log/110000/checkpoint").content)
            assert second.get("/log/110000/checkpoint").status_code == 503
        assert other.append(Workload(submissions=1)).wait() == FAILED
        assert other.command("serve", "--port", 0).returncode == ROLLED_BACK
        # Both signed heads lie with the ledger, and with the witness, who shows its own.
        ours = heads_in(scene, sorted((other.data_dir / "evidence").glob("*.note")))
        kept = sorted(outside.served.folder.glob("logs/*/evidence/*"))
        theirs = heads_in(scene, [path for path in kept if path.suffix != ".lock"])
    cosigned = parse_checkpoint(shown_to_one.text)
    for heads in (ours, theirs):
        assert sorted(head.size for head in heads) == [cosigned.size, cosigned.size + more]
        assert cosigned in heads
        assert len({head.root for head in heads}) == 2
    scene.sound()
    shown.saw(cosigned=1, refused=1, signed_heads_kept=len(ours) + len(theirs))

"""Yesterday's state is put back whole, register and all: whoever stands outside knows more."""

import shutil
from pathlib import Path

import pytest

from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.insider import Insider, strangers_report
from tests.faults.outside import standing
from tests.faults.scene import FOUND, ROLLED_BACK, Scene
from tests.shell import ORIGIN

NEW_ORIGIN = "cli.example.gov.cn/log/110001"
LOST = 3
RECEIPT = "21.tlog-proof"


def rewind(scene: Scene, folder: Path) -> None:
    """Put the data folder of before in the place of today's, the database in it included."""
    shutil.rmtree(scene.data_dir)
    shutil.copytree(folder, scene.data_dir)


@pytest.mark.case(29, "yesterday's data folder put back, database and register")
def test_yesterdays_folder_is_found_out_by_the_witness(
    sqlite_scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by(
        "the whole data folder of before, with its register; a witness that cosigned since"
    )
    scene, size = sqlite_scene, sqlite_scene.before
    insider = Insider(scene)
    with standing(scene, tmp_path_factory.mktemp("outside")) as outside:
        outside.cosign(scene)
        yesterday = shutil.copytree(scene.data_dir, scene.shell.folder / "yesterday")
        assert scene.append(Workload(submissions=1, events=LOST)).wait() == 0
        outside.cosign(scene)
        assert scene.command("audit", "prove", size + 1, "--out", RECEIPT).returncode == 0
        assert scene.command("backup", "second").returncode == 0
        assert scene.command("backup", "--vault", "keys").returncode == 0
        whole = insider.table("entries")
        rewind(scene, yesterday)
        # The chain, the register and the seal are all true, of yesterday.
        scene.sound()
        served = scene.command("serve", "--port", 0)
        assert served.returncode == ROLLED_BACK
        for checkpoint in (f"{ORIGIN}\n{size + LOST}\n", f"{ORIGIN}\n{size}\n"):
            assert checkpoint in served.stderr
        kept = [each.read_bytes() for each in (scene.data_dir / "evidence").glob("*.note")]
        sizes = sorted(parse_checkpoint(parse_note(note).text).size for note in kept)
        assert sizes == [size, size + LOST]
        assert scene.append(Workload(submissions=1)).wait() == FAILED
        assert "RolledBackError" in scene.told().refused.values()
        # What is lost is known from witness and receipt, though nobody here has it.
        lost = scene.command("recover", "--receipts", RECEIPT)
        assert lost.returncode == FOUND
        assert f"as they were: {size}-{size + LOST - 1}." in lost.stderr
        assert f"entry {size + 1}: opaque.recorded" in lost.stderr
        assert insider.table("entries") == whole[:size]
        # The identical entries come back from a second copy, and only then it goes on.
        found = scene.command("recover", "--from", "second")
        assert f"{size}-{size + LOST - 1}" in found.stdout
        assert insider.table("entries")[:-1] == whole
        # One of them was about a person, whose key yesterday's vault does not have.
        assert found.returncode == FOUND
        assert f"personal_missing  seq {size + LOST - 1}" in found.stderr
        assert scene.command("restore", "--vault", "keys").returncode == 0
        scene.sound()
        assert scene.append(Workload(submissions=1)).wait() == 0
        outside.cosign(scene)
        shown.saw(serve_exit=ROLLED_BACK, lost_and_listed=LOST, restored_identical=LOST)


@pytest.mark.case(29, "yesterday's backup restored, and nobody has a later copy")
def test_a_log_that_nobody_can_complete_is_closed(
    scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("database and register lost, yesterday's backup restored; a receipt and a witness")
    size, insider = scene.before, Insider(scene)
    with standing(scene, tmp_path_factory.mktemp("outside")) as outside:
        assert scene.command("backup", "yesterday").returncode == 0
        assert scene.append(Workload(submissions=1, events=LOST)).wait() == 0
        outside.cosign(scene)
        assert scene.command("audit", "prove", size + 1, "--out", RECEIPT).returncode == 0
        insider.empty()
        (scene.data_dir / "head").unlink()
        restored = scene.command("restore", "yesterday", "--receipts", RECEIPT)
        assert restored.returncode == FOUND
        assert f"{LOST} entries are missing: {size} to {size + LOST - 1}" in restored.stderr
        assert f"entry {size + 1}: opaque.recorded" in restored.stderr
        assert scene.command("serve", "--port", 0).returncode == ROLLED_BACK
        assert scene.append(Workload(submissions=1)).wait() == FAILED
        closing = ("recover", "--new-origin", NEW_ORIGIN, "--into", "new")
        elsewhere = ("--database-url", f"sqlite:///{scene.shell.folder / 'new.sqlite'}")
        closed = scene.command(*closing, *elsewhere, "--receipts", RECEIPT)
        assert closed.returncode == 0, closed.stderr
        assert scene.command("serve", "--port", 0).returncode == ROLLED_BACK
        assert scene.append(Workload(submissions=1)).wait() == FAILED
        assert scene.told().refused.keys() == scene.told().tried.keys() - (
            scene.told().acknowledged.keys()
        )
        shown.saw(missing=LOST, serve_exit=ROLLED_BACK, succeeded_by=NEW_ORIGIN)
    # The receipt stays what it was: proof that the lost entry had been there.
    proof = strangers_report(scene, scene.shell.folder / RECEIPT)
    assert proof.returncode == 0

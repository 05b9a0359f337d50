"""Two instances of one ledger: the second refuses; whoever appends all the same never forks."""

import shutil

import pytest

from tests.api.service import free_port, serving
from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, Scene
from tests.shell import Shell

SUBMISSIONS = 12


def other_folder(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a second data folder, with the same keys, of the ledger in the same database."""
    folder = tmp_path_factory.mktemp("other")
    ours = scene.shell.env.get(
        "LEDGER_DATABASE_URL", f"sqlite:///{scene.data_dir / 'log.sqlite'}"
    )
    vault = f"sqlite:///{scene.data_dir / 'vault.sqlite'}"
    other = Shell(folder, {"LEDGER_DATABASE_URL": ours, "LEDGER_VAULT_URL": vault})
    without = shutil.ignore_patterns("*.sqlite*", "*.lock")
    shutil.copytree(scene.data_dir, other.data_dir, ignore=without)
    return other


@pytest.mark.case(13, "a second instance on the same data folder")
def test_a_second_instance_on_the_same_folder_refuses(
    sqlite_scene: Scene, shown: Shown
) -> None:
    shown.by("`ledger serve --workers 2`, and once more")
    shell = sqlite_scene.shell
    with serving(shell, "--workers", "2") as service:
        second = shell.run("serve", "--port", free_port())
        assert second.returncode == CANNOT
        assert service.get("/readyz").status_code == 200
    shown.saw(exit=second.returncode, **sqlite_scene.check())


@pytest.mark.case(13, "a second instance, by another data folder on the same database")
def test_a_second_instance_on_the_same_database_refuses(
    scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("`ledger serve --workers 2`, and once more from a copy of its data folder")
    other = other_folder(scene, tmp_path_factory)
    with serving(scene.shell, "--workers", "2") as service:
        second = other.run("serve", "--port", free_port())
        assert second.returncode == CANNOT
        assert service.get("/readyz").status_code == 200
    shown.saw(exit=second.returncode, **scene.check())


@pytest.mark.case(13, "two appenders with two data folders")
def test_two_appenders_with_two_registers_never_fork(
    scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("two processes append at once, each with its own copy of the data folder")
    second = Scene(other_folder(scene, tmp_path_factory))
    load = Workload(submissions=SUBMISSIONS)
    running = [scene.append(load), second.append(load)]
    assert [each.wait() for each in running] == [0, 0]
    # One client's view: everything that either was told.
    for number, journal in enumerate(second.shell.folder.glob("journal-*"), start=1):
        shutil.copy(journal, scene.shell.folder / f"journal-{1000 + number}")
    figures = scene.check()
    assert figures["acknowledged"] == 2 * SUBMISSIONS
    shown.saw(**figures, forks=0)

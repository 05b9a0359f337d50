"""A test key in production, or the reverse: refused at the start, before anything is signed."""

import shutil
from pathlib import Path

import pytest

from tests.faults.conftest import Shown
from tests.faults.scene import CANNOT, Scene
from tests.shell import Shell

KEYS = {
    "LEDGER_KEY_FILE": "keys/log.key",
    "LEDGER_SEAL_KEY_FILE": "keys/seal.key",
    "LEDGER_VAULT_KEY_FILE": "keys/vault.key",
}


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new demonstration ledger; it is only ever copied."""
    shell = Shell(tmp_path_factory.mktemp("training"))
    made = shell.run("demo", "--small")
    assert made.returncode == 0, made.stderr
    return shell.folder


def refused(scene: Scene, setting: str) -> None:
    """The service does not start, names the setting, and has signed and registered nothing."""
    before = {name: scene.shell.files()[f"var/{name}"] for name in ("head", "policy")}
    said = scene.command("serve", "--port", 0)
    assert said.returncode == CANNOT
    assert setting in said.stderr
    assert "PRIVATE" not in said.stderr
    assert {name: scene.shell.files()[f"var/{name}"] for name in before} == before


@pytest.mark.parametrize("setting", KEYS)
@pytest.mark.case(33, "a key of the test system in production")
def test_a_test_key_is_refused_in_production(
    sqlite_scene: Scene, training: Path, setting: str, shown: Shown
) -> None:
    shown.by(f"{setting} of the real ledger names the demonstration's key")
    scene = sqlite_scene
    scene.shell.env[setting] = str(training / "var" / KEYS[setting])
    refused(scene, setting)
    del scene.shell.env[setting]
    scene.sound()
    shown.saw(exit=CANNOT, named=setting)


@pytest.mark.parametrize("setting", KEYS)
@pytest.mark.case(33, "a production key in the test system")
def test_a_production_key_is_refused_in_the_test_system(
    sqlite_scene: Scene, training: Path, tmp_path: Path, setting: str, shown: Shown
) -> None:
    shown.by(f"{setting} of the demonstration names the real ledger's key")
    copy = shutil.copytree(training, tmp_path / "training")
    key = sqlite_scene.data_dir / KEYS[setting]
    refused(Scene(Shell(copy, {setting: str(key)}), before=0), setting)
    shown.saw(exit=CANNOT, named=setting)


@pytest.mark.case(33, "the test system pointed at the production database")
def test_the_test_system_does_not_touch_the_production_database(
    sqlite_scene: Scene, training: Path, tmp_path: Path, shown: Shown
) -> None:
    shown.by("LEDGER_DATABASE_URL of the demonstration names the real ledger's database")
    copy = shutil.copytree(training, tmp_path / "training")
    url = f"sqlite:///{sqlite_scene.data_dir / 'log.sqlite'}"
    said = Scene(Shell(copy, {"LEDGER_DATABASE_URL": url}), before=0).command(
        "serve", "--port", 0
    )
    assert said.returncode != 0
    assert sqlite_scene.size() == sqlite_scene.before
    sqlite_scene.sound()
    shown.saw(exit=said.returncode)

"""A service never starts with another ledger's keys: what it signed could not be taken back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.commands.demonstrating import ORIGIN as DEMO_ORIGIN
from ledger.proof.note import KeyType
from ledger.settings import Settings
from ledger.store.keyfiles import create_secret, create_signing_key
from ledger.wiring.creating import create_ledger
from tests.api.service import free_port, serving
from tests.shell import ORIGIN, Shell

CANNOT = 2


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a ledger with facts about a person; it is only ever copied."""
    made = Shell(tmp_path_factory.mktemp("real"))
    made.init()
    made.append(20)
    return made


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a demonstration ledger."""
    folder = tmp_path_factory.mktemp("training") / "var"
    settings = Settings(data_dir=folder, _env_file=None)  # type: ignore[call-arg]
    create_ledger(settings, origin=DEMO_ORIGIN, mldsa=False).close()
    return folder


@pytest.fixture
def shell(real: Shell, tmp_path: Path) -> Shell:
    shutil.copytree(real.folder, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)


Change = Callable[[Shell, Path], tuple[dict[str, str], str]]
"""Changes the configuration; returns it, and which setting is to be named."""


def _signing_key_of_training(_shell: Shell, training: Path) -> tuple[dict[str, str], str]:
    return {"LEDGER_KEY_FILE": str(training / "keys/log.key")}, "LEDGER_KEY_FILE"


def _another_key_of_the_same_name(shell: Shell, _training: Path) -> tuple[dict[str, str], str]:
    path = shell.folder / "other.key"
    create_signing_key(path, name=ORIGIN, kind=KeyType.ED25519)
    return {"LEDGER_KEY_FILE": str(path)}, "LEDGER_KEY_FILE"


def _second_line_of_training(shell: Shell, _training: Path) -> tuple[dict[str, str], str]:
    path = shell.folder / "mldsa.key"
    create_signing_key(path, name=DEMO_ORIGIN, kind=KeyType.MLDSA44)
    return {"LEDGER_MLDSA_KEY_FILE": str(path)}, "LEDGER_MLDSA_KEY_FILE"


def _seal_key_of_training(_shell: Shell, training: Path) -> tuple[dict[str, str], str]:
    return {"LEDGER_SEAL_KEY_FILE": str(training / "keys/seal.key")}, "LEDGER_SEAL_KEY_FILE"


def _vault_key_of_training(_shell: Shell, training: Path) -> tuple[dict[str, str], str]:
    return {"LEDGER_VAULT_KEY_FILE": str(training / "keys/vault.key")}, "LEDGER_VAULT_KEY_FILE"


def _another_vault_key(shell: Shell, _training: Path) -> tuple[dict[str, str], str]:
    path = shell.folder / "vault.key"
    create_secret(path)
    return {"LEDGER_VAULT_KEY_FILE": str(path)}, "LEDGER_VAULT_KEY_FILE"


@pytest.mark.parametrize(
    "change",
    [
        _signing_key_of_training,
        _another_key_of_the_same_name,
        _second_line_of_training,
        _seal_key_of_training,
        _vault_key_of_training,
        _another_vault_key,
    ],
)
def test_another_ledgers_key_is_refused(shell: Shell, training: Path, change: Change) -> None:
    env, setting = change(shell, training)
    register = (shell.data_dir / "head").read_bytes()
    done = shell.run("serve", "--port", free_port(), **env)
    assert done.returncode == CANNOT
    assert setting in done.stderr
    assert "PRIVATE" not in done.stderr
    assert (shell.data_dir / "head").read_bytes() == register


def test_a_real_key_does_not_sign_for_training(shell: Shell, training: Path) -> None:
    shutil.copytree(training, shell.folder / "training")
    env = {
        "LEDGER_DATA_DIR": str(shell.folder / "training"),
        "LEDGER_KEY_FILE": str(shell.data_dir / "keys/log.key"),
    }
    done = shell.run("serve", "--port", free_port(), **env)
    assert done.returncode == CANNOT
    assert "LEDGER_KEY_FILE" in done.stderr


def test_its_own_keys_in_another_place_are_right(shell: Shell) -> None:
    elsewhere = shell.folder / "elsewhere"
    (shell.data_dir / "keys").rename(elsewhere)
    names = {"KEY": "log", "SEAL_KEY": "seal", "VAULT_KEY": "vault", "INDEX_KEY": "index"}
    shell.env = {f"LEDGER_{n}_FILE": str(elsewhere / f"{f}.key") for n, f in names.items()}
    with serving(shell) as service:
        assert service.get("/readyz").status_code == 200

"""Secrets as files that nobody else reads, and one instance for each data folder."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.proof.note import KeyType
from ledger.store.durable_file import create_file, replace_file
from ledger.store.instance import InstanceLock, InstanceRunningError, join_instance
from ledger.store.keyfiles import (
    KeyFileError,
    create_secret,
    create_signing_key,
    read_secret,
    read_signing_key,
)
from tests.store.ledgers import ORIGIN

ROOT = Path(__file__).parents[2]
Read = Callable[[Path], object]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return a signing key's file."""
    path = tmp_path / "log.key"
    create_signing_key(path, name=ORIGIN, kind=KeyType.ED25519)
    return path


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    """Return a secret's file."""
    path = tmp_path / "seal.key"
    create_secret(path)
    return path


@pytest.mark.parametrize("kind", [KeyType.ED25519, KeyType.MLDSA44])
def test_a_signing_key_is_read_as_it_was_made(tmp_path: Path, kind: KeyType) -> None:
    made = create_signing_key(tmp_path / "log.key", name=ORIGIN, kind=kind)
    assert read_signing_key(tmp_path / "log.key") == made
    other = create_signing_key(tmp_path / "other.key", name=ORIGIN, kind=kind)
    assert other.seed != made.seed


def test_a_secret_has_32_bytes_and_is_another_each_time(
    tmp_path: Path, secret_file: Path
) -> None:
    create_secret(tmp_path / "vault.key")
    assert len(read_secret(secret_file)) == 32
    assert read_secret(secret_file) != read_secret(tmp_path / "vault.key")


def test_a_key_file_is_made_for_its_owner_alone(key_file: Path, secret_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert secret_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o644])
def test_a_key_that_is_open_to_others_is_refused(
    key_file: Path, secret_file: Path, mode: int
) -> None:
    for path, read in ((key_file, read_signing_key), (secret_file, read_secret)):
        path.chmod(mode)
        with pytest.raises(KeyFileError) as refused:
            read(path)
        assert refused.value.path == path


def test_a_key_that_exists_is_never_overwritten(key_file: Path, secret_file: Path) -> None:
    before = key_file.read_bytes(), secret_file.read_bytes()
    with pytest.raises(FileExistsError):
        create_signing_key(key_file, name=ORIGIN, kind=KeyType.ED25519)
    with pytest.raises(FileExistsError):
        create_secret(secret_file)
    assert (key_file.read_bytes(), secret_file.read_bytes()) == before


@pytest.mark.parametrize(
    "content",
    ["", "\n", "ab" * 31, "AB" * 32, "ab" * 33, "ab" * 32 + "\n\n", " " + "ab" * 32, "zz" * 32],
)
def test_what_is_no_secret_is_refused(secret_file: Path, content: str) -> None:
    secret_file.write_text(content)
    with pytest.raises(KeyFileError):
        read_secret(secret_file)


def test_what_is_no_signing_key_is_refused_and_not_shown(key_file: Path) -> None:
    text = key_file.read_text()
    for wrong in (
        "",
        text[:-2],
        text.replace("ledger", "lodger"),
        text + "\n",
        "\udcff".join(text),
    ):
        key_file.write_bytes(wrong.encode("utf-8", "surrogatepass"))
        with pytest.raises(KeyFileError) as refused:
            read_signing_key(key_file)
        assert text.strip()[-20:] not in str(refused.value)


def test_an_absent_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError) as refused:
        read_secret(tmp_path / "absent.key")
    assert refused.value.path == tmp_path / "absent.key"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    create_file(path, b"old")
    with path.open("rb") as reader:
        replace_file(path, b"new content")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new content"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_second_instance_refuses_to_start(tmp_path: Path) -> None:
    with InstanceLock(tmp_path):
        with pytest.raises(InstanceRunningError), InstanceLock(tmp_path):
            raise AssertionError
        other = tmp_path / "other"
        other.mkdir()
        with InstanceLock(other):
            pass
    with InstanceLock(tmp_path):
        pass


HOLD = (
    "import sys, time; from pathlib import Path\n"
    "from ledger.store.instance import InstanceLock\n"
    "with InstanceLock(Path(sys.argv[1])):\n"
    "    print(flush=True); time.sleep(600)\n"
)


def test_another_process_holds_the_lock_until_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(InstanceRunningError), InstanceLock(tmp_path):
            raise AssertionError
        process.kill()
    with InstanceLock(tmp_path):
        pass


WORK = (
    "import sys, time; from pathlib import Path\n"
    "from ledger.store.instance import join_instance\n"
    "join_instance(Path(sys.argv[1])); print(flush=True); time.sleep(600)\n"
)


def test_a_worker_that_outlives_its_starter_keeps_a_second_instance_out(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORK, str(tmp_path)]
    with InstanceLock(tmp_path):
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert worker.stdout is not None
        worker.stdout.readline()
        os.close(join_instance(tmp_path))  # there may be many
    with worker:
        with pytest.raises(InstanceRunningError), InstanceLock(tmp_path):
            raise AssertionError
        worker.kill()
    with InstanceLock(tmp_path):
        pass

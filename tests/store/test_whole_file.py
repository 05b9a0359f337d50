"""A file is whole when it appears, and nothing of it is there if it never does."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store import whole_file
from ledger.store.whole_file import create_whole_file


@pytest.fixture(params=["unnamed", "beside"])
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return a folder, with and without a system that has files without a name."""
    if request.param == "beside":
        monkeypatch.setattr(whole_file, "_OWN", "/nowhere/")
    return tmp_path


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def test_it_is_its_owners_alone(folder: Path) -> None:
    path = folder / "records.csv"
    assert create_whole_file(path, [b"one", b"", b"two"]) == 6
    assert path.read_bytes() == b"onetwo"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(folder) == ["records.csv"]


def test_what_is_there_is_not_overwritten(folder: Path) -> None:
    path = folder / "records.csv"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        create_whole_file(path, [b"other"])
    assert path.read_bytes() == b"mine"


def test_whoever_comes_first_meanwhile_keeps_her_file(folder: Path) -> None:
    path = folder / "records.csv"

    def pieces() -> Iterator[bytes]:
        path.write_bytes(b"mine")
        yield b"other"

    with pytest.raises(FileExistsError):
        create_whole_file(path, pieces())
    assert path.read_bytes() == b"mine"
    assert names(folder) == ["records.csv"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_what_is_interrupted_leaves_nothing(folder: Path, error: type[BaseException]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"0" * 100_000
        raise error

    with pytest.raises(error):
        create_whole_file(folder / "records.csv", pieces())
    assert names(folder) == []


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name")
def test_even_who_is_killed_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from ledger.store.whole_file import create_whole_file\n"
        "def pieces():\n"
        "    yield b'0' * 100_000\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "create_whole_file(Path(sys.argv[1]), pieces())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "records.csv")], check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert names(tmp_path) == []

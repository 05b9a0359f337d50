"""Files on a real disk, under real keys: whole, opened by all keys together, or told."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.application.evidence_checking import check_evidence_files
from ledger.application.explaining import explain
from ledger.store import chance
from ledger.store.engine import connect
from ledger.store.event import PersonErased
from ledger.store.evidence_files import EvidenceDamagedError, EvidenceFiles, Kept
from ledger.store.vault import Vault
from tests.store.ledgers import ORIGIN, secret

WANG, LI = UUID(int=0x701), UUID(int=0x702)
CONTENT = b"a photograph of two people" * 100


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = Vault(
        connect(f"sqlite:///{tmp_path / 'vault.sqlite'}"),
        origin=ORIGIN,
        key_encryption_key=secret("vault"),
    )
    made.prepare()
    return made


@pytest.fixture
def files(vault: Vault, tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(tmp_path / "evidence", vault, origin=ORIGIN)


def kept(files: EvidenceFiles, *persons: UUID, content: bytes = CONTENT) -> Kept:
    file = chance.random_uuid()
    files.keep(file, content, persons)
    digest = hashlib.sha256(content).hexdigest()
    return Kept(file=file, size=len(content), sha256=digest, persons=persons)


def path_of(tmp_path: Path, file: Kept) -> Path:
    (path,) = (tmp_path / "evidence").glob(f"*/{file.file}.evidence")
    return path


def test_a_file_comes_back_as_it_was_and_lies_there_unreadable(
    files: EvidenceFiles, tmp_path: Path
) -> None:
    one = kept(files, WANG, LI)
    assert files.open(one) == CONTENT
    path = path_of(tmp_path, one)
    assert CONTENT[:20] not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("erased", [WANG, LI])
def test_erasing_anybody_whom_it_shows_takes_the_file_and_no_other(
    files: EvidenceFiles, vault: Vault, erased: UUID
) -> None:
    both, alone = kept(files, WANG, LI), {each: kept(files, each) for each in (WANG, LI)}
    nobody = kept(files)
    vault.destroy(str(erased))
    assert files.open(both) is None
    assert not files.can_open(both)
    (rest,) = {WANG, LI} - {erased}
    assert files.open(alone[rest]) == files.open(nobody) == CONTENT
    with pytest.raises(PersonErased):
        kept(files, WANG, LI)


def test_keys_of_others_open_nothing(files: EvidenceFiles, tmp_path: Path) -> None:
    """Who changes the list of those whom it shows does not get past a destroyed key."""
    both, alone = kept(files, WANG, LI), kept(files, WANG)
    path_of(tmp_path, alone).write_bytes(path_of(tmp_path, both).read_bytes())
    with pytest.raises(EvidenceDamagedError):
        files.open(alone)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(at=st.integers(0, 10_000), change=st.integers(1, 255))
def test_a_changed_byte_is_told_and_never_served(
    files: EvidenceFiles, tmp_path: Path, at: int, change: int
) -> None:
    one = kept(files, WANG)
    path = path_of(tmp_path, one)
    stored = bytearray(path.read_bytes())
    stored[at % len(stored)] ^= change
    path.write_bytes(stored)
    with pytest.raises(EvidenceDamagedError) as error:
        files.open(one)
    assert error.value.file == str(one.file)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: os.truncate(path, 40)])
def test_a_lost_or_cut_file_is_told(
    files: EvidenceFiles, tmp_path: Path, harm: Callable[[Path], Any]
) -> None:
    one = kept(files, WANG)
    harm(path_of(tmp_path, one))
    with pytest.raises(EvidenceDamagedError) as error:
        files.open(one)
    assert explain(error.value) is not None


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_nothing(
    files: EvidenceFiles, tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(files, WANG)  # its folder and keys are there

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    before = sorted(tmp_path.rglob("*"))
    with monkeypatch.context() as patched:
        if failing == "replace":
            patched.setattr(Path, "replace", full)
        elif failing == "fsync":
            patched.setattr("ledger.store.durable_file.os.fsync", full)
        else:
            patched.setattr("ledger.store.durable_file.os.fdopen", full)
        with pytest.raises(OSError, match="no space left"):
            files.keep(UUID(int=7), CONTENT, [WANG])
    after = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert [path for path in after if path not in before and "sqlite" not in path.name] == []


def test_orphans_and_unfinished_files_are_told_and_removed(
    files: EvidenceFiles, tmp_path: Path
) -> None:
    named, orphan, damaged = kept(files, WANG), kept(files, LI), kept(files, WANG)
    path_of(tmp_path, damaged).write_bytes(b"ledger-evidence/1\n")
    (path_of(tmp_path, named).parent / ".x.evidence.12.new").write_bytes(b"half")
    found = check_evidence_files([named, damaged], files, remove=False)
    assert (found.named, found.whole, found.orphans) == (2, 1, [orphan.file])
    assert [each.file for each in found.damaged] == [str(damaged.file)]
    found = check_evidence_files([named, damaged], files, remove=True)
    assert (found.removed, found.orphans) == (2, ())
    assert set(files.names()) == {named.file, damaged.file}
    assert list((tmp_path / "evidence").rglob(".*.new")) == []


def test_copies_are_whole_and_taken_over_once(files: EvidenceFiles, tmp_path: Path) -> None:
    one = kept(files, WANG)
    assert files.copy_to(tmp_path / "backup") == 1
    two = kept(files, LI)
    assert files.copy_to(tmp_path / "backup") == 2
    for each in (one, two):
        path_of(tmp_path, each).unlink()
    assert files.take_from(tmp_path / "backup") == 2
    assert files.open(one) == files.open(two) == CONTENT

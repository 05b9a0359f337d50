"""The keeper's commands: backups have the files, and what a kill left behind is found."""

import hashlib
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from ledger.domain.stored import encode_event
from ledger.store import chance
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.store.evidence_files import Kept
from ledger.wiring.evidence import evidence_files, evidence_named
from ledger.wiring.parts import open_ledger
from tests.domain.samples_evidence import KEPT
from tests.evidence.pictures import png
from tests.keeping.erasing import erase_here
from tests.keeping.keeper import ROOT, Keeper
from tests.shell import ORIGIN, PERSON, base

__all__ = ["base"]

SOUND, FOUND = 0, 1
KILLED = """
import os, signal
from uuid import UUID
from ledger.settings import Settings
from ledger.wiring.evidence import evidence_files
from ledger.wiring.parts import open_ledger

ledger = open_ledger(Settings())
evidence_files(ledger).keep(UUID(int=7), b"a file", [UUID(int=8)])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def keeper(base: Keeper, tmp_path: Path) -> Keeper:
    shutil.copytree(base.folder, tmp_path, dirs_exist_ok=True)
    return Keeper(tmp_path)


def keep(keeper: Keeper, *persons: UUID, text: bytes = b"") -> Kept:
    """Keep a file and append the entry that names it, as the service does."""
    content, file = png(text=text), chance.random_uuid()
    digest = hashlib.sha256(content).hexdigest()
    event = replace(KEPT, file=file, sha256=digest, size=len(content), persons=persons)
    stored, ledger = encode_event(event), open_ledger(keeper.settings())
    evidence_files(ledger).keep(file, content, persons)
    new = NewEvent(
        stream=str(chance.random_uuid()),
        type=stored.type,
        shape=stored.shape,
        by=system_actor(ORIGIN),
        facts=stored.plain,
    )
    ledger.appender.append(Submission(chance.random_uuid(), (new,)))
    ledger.publisher.publish()
    ledger.close()
    return Kept(file=file, sha256=digest, size=len(content), persons=persons)


def opened(keeper: Keeper, kept: Kept) -> bytes | None:
    ledger = open_ledger(keeper.settings())
    content = evidence_files(ledger).open(kept)
    assert kept in list(evidence_named(ledger))
    ledger.close()
    return content


def test_a_backup_of_the_vault_has_the_files_and_gives_them_back(keeper: Keeper) -> None:
    kept = keep(keeper, UUID(int=8))
    assert "1 files of evidence" in keeper.must("backup", "--vault", "v")
    keeper.must("backup", "b")
    keeper.keep_only_keys()
    assert not (keeper.data_dir / "evidence-files").exists()
    keeper.must("restore", "b", "--vault", "v", "--without-witnesses")
    assert opened(keeper, kept) == png()
    assert "1 whole" in keeper.must("evidence", "check")
    assert keeper.audit()["ok"]


def test_who_was_erased_stays_erased_when_an_old_backup_comes_back(keeper: Keeper) -> None:
    hers = keep(keeper, UUID(PERSON), UUID(int=8))
    keeper.must("backup", "--vault", "v")
    assert erase_here(keeper.settings())
    keeper.must("backup", "b")
    keeper.keep_only_keys()
    keeper.must("restore", "b", "--vault", "v", "--without-witnesses")
    assert opened(keeper, hers) is None
    assert "1 erased" in keeper.must("evidence", "check")


def test_a_kill_between_file_and_entry_leaves_what_is_found_and_removed(
    keeper: Keeper,
) -> None:
    kept = keep(keeper, UUID(int=8))
    script = keeper.folder / "killed.py"
    script.write_text(KILLED, "utf-8")
    done = subprocess.run(
        [sys.executable, script],
        cwd=keeper.folder,
        env=keeper.environment(PYTHONPATH=str(ROOT)),
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    checked = keeper.run("evidence", "check")
    assert (checked.returncode, str(UUID(int=7)) in checked.stderr) == (FOUND, True)
    assert "Removed 1" in keeper.must("evidence", "check", "--remove")
    assert len(list((keeper.data_dir / "evidence-files").rglob("*.evidence"))) == 1
    assert opened(keeper, kept) == png()
    assert keeper.audit()["ok"]


def test_a_lost_file_is_told(keeper: Keeper) -> None:
    keep(keeper, UUID(int=8))
    shutil.rmtree(keeper.data_dir / "evidence-files")
    checked = keeper.run("evidence", "check")
    assert (checked.returncode, "ledger restore --vault" in checked.stderr) == (FOUND, True)

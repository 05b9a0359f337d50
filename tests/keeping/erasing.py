"""Erasing the person of the test ledger, as the service does."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from ledger.application.erasing import Erasure, erase_person
from ledger.settings import Settings
from ledger.store.chance import random_uuid
from ledger.store.event import system_actor
from ledger.wiring.parts import open_ledger
from tests.keeping.keeper import ORIGIN, ROOT, Keeper
from tests.shell import PERSON


def erase_here(settings: Settings | None = None) -> tuple[int, ...]:
    """Erase the person in the ledger of this process's settings; return which entries."""
    ledger = open_ledger(settings or Settings())
    erasure = Erasure(
        PERSON, system_actor(ORIGIN), datetime(2027, 1, 1, tzinfo=UTC), random_uuid()
    )
    seqs = erase_person(
        erasure, erasures=ledger.erasures, vault=ledger.vault, appender=ledger.appender
    )
    ledger.publisher.publish()
    ledger.close()
    return seqs


def run_script(keeper: Keeper, script: Path) -> "subprocess.CompletedProcess[str]":
    """Run Python in the ledger's folder and environment."""
    return subprocess.run(
        [sys.executable, script],
        cwd=keeper.folder,
        env=keeper.environment(PYTHONPATH=os.pathsep.join([str(ROOT)])),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

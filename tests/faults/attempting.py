"""What other processes do where refusals have to be told: acts that may be refused."""

import errno
from collections.abc import Callable
from pathlib import Path

from ledger.application.desk import ActRefused
from ledger.application.founding import invite_first
from ledger.settings import Settings
from ledger.wiring.access import Access, open_access
from ledger.wiring.parts import open_ledger

FILLING = "filling"
"""A file of this name takes all the room that the security log's disk has."""
_BLOCK = bytes(4096)


def attempt() -> None:
    """Print what becomes of an act, of a refused one and of a stranger's."""
    ledger = open_ledger(Settings())
    access = open_access(ledger)
    try:
        _attempt_all(access, ledger.origin)
    finally:
        ledger.close()


def attempt_around_full() -> None:
    """Attempt, fill the disk of the security log, attempt, make room, and attempt again."""
    ledger = open_ledger(Settings())
    access = open_access(ledger)
    filling = ledger.paths.security_log / FILLING
    try:
        _attempt_all(access, ledger.origin)
        fill(filling)
        _attempt_all(access, ledger.origin)
        filling.unlink()
        _attempt_all(access, ledger.origin)
    finally:
        ledger.close()


def fill(path: Path) -> None:
    """Write to a file until its disk has no room."""
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(_BLOCK)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return


def _attempt_all(access: Access, origin: str) -> None:
    acts: dict[str, Callable[[], object]] = {
        "act": lambda: invite_first(access.parts, origin),
        "stranger": lambda: access.sign_ins.sign_in("nobody", "no password", "192.0.2.7"),
        "token": lambda: access.acceptances.accept("none", "name", "password", "192.0.2.7"),
    }
    said = []
    for name, act in acts.items():
        try:
            act()
        except ActRefused as refused:
            said.append(f"{name}={','.join(refused.refused.codes)}")
        except Exception as error:  # noqa: BLE001 - whatever the ledger says
            said.append(f"{name}={type(error).__name__}")
        else:
            said.append(f"{name}=done")
    print(*said, flush=True)

"""The token that begins a ledger: told once when it is created, and again on demand."""

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ledger.application.desk import ActRefused
from ledger.application.founding import FOUND
from ledger.commands.console import CANNOT
from ledger.store.instance import InstanceLock
from ledger.wiring.access import Access, open_access
from ledger.wiring.parts import open_ledger
from tests.shell import ORIGIN, Shell, empty

__all__ = ["empty"]  # a fixture

TOKEN = re.compile(r"^  ([0-9a-f]{32}\.[\w-]{43})$", re.MULTILINE)


def token_in(text: str) -> str:
    [token] = TOKEN.findall(text)
    return str(token)


@contextmanager
def opened(shell: Shell) -> Iterator[Access]:
    """Open the gate of a ledger, as the service does."""
    ledger = open_ledger(shell.settings())
    try:
        yield open_access(ledger)
    finally:
        ledger.close()


def is_good(shell: Shell, token: str) -> bool:
    with opened(shell) as access:
        try:
            access.acceptances.check(token, FOUND, "192.0.2.7")
        except ActRefused:
            return False
        return True


@pytest.mark.parametrize("language", ["en", "zh"])
def test_init_tells_a_token_once_and_how_it_is_used(empty: Shell, language: str) -> None:
    done = empty.run("init", "--origin", ORIGIN, LEDGER_LANGUAGE=language)
    assert done.returncode == 0, done.stderr
    assert "POST /api/v1/founding" in done.stdout
    token = token_in(done.stdout)
    assert is_good(empty, token)
    secret = token.partition(".")[2].encode()
    assert not any(secret in content for content in empty.files().values())
    again = empty.run("init", "--origin", ORIGIN)
    assert again.returncode == CANNOT
    assert not TOKEN.search(again.stdout + again.stderr)
    assert is_good(empty, token)
    assert empty.run("audit", "verify").returncode == 0


def test_a_token_that_was_lost_is_told_anew(empty: Shell) -> None:
    first = token_in(empty.run("init", "--origin", ORIGIN).stdout)
    done = empty.run("founding")
    assert done.returncode == 0, done.stderr
    second = token_in(done.stdout)
    assert not is_good(empty, first)
    assert is_good(empty, second)


def test_a_ledger_without_a_token_gets_one(empty: Shell) -> None:
    """Its creation was cut off before it was told."""
    empty.init()
    assert is_good(empty, token_in(empty.run("founding").stdout))


def test_no_token_is_made_beside_a_running_service(empty: Shell) -> None:
    empty.init()
    with InstanceLock(empty.data_dir):
        done = empty.run("founding")
    assert done.returncode == CANNOT
    assert not TOKEN.search(done.stdout)


def test_nothing_of_a_new_ledger_is_for_others_to_read(empty: Shell) -> None:
    """Stored passwords lie in its database."""
    empty.run("init", "--origin", ORIGIN)
    assert stat.S_IMODE(empty.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((empty.data_dir / "security").stat().st_mode) == 0o700


def test_the_security_log_lies_where_a_setting_says(empty: Shell) -> None:
    folder = empty.folder / "elsewhere"
    done = empty.run("init", "--origin", ORIGIN, LEDGER_SECURITY_LOG_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    assert (folder / "security.log").exists()
    assert not (empty.data_dir / "security").exists()


def test_where_the_security_log_cannot_be_written_a_command_says_so(empty: Shell) -> None:
    empty.init()
    (empty.data_dir / "security").touch()
    done = empty.run("founding")
    assert done.returncode == CANNOT
    assert "LEDGER_SECURITY_LOG_DIR" in done.stderr

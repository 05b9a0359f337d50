"""Mail of a real service: off unless asked for, killed in between, ended while it waits."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from tests.api.service import DEADLINE_S
from tests.api.v1.running import RunningTown, TownBase, again
from tests.api.v1.settling import REVIEWED
from tests.api.v1.towns import town_base
from tests.mailing.conftest import HER_ADDRESS
from tests.mailing.postbox import FROM, URL, Behaviour, Postbox, postbox
from tests.shell import Shell

__all__ = ["town_base"]


def shell_of(base: TownBase, folder: Path, box: Postbox, **env: str) -> Shell:
    """Return a copy of a town whose service is told of a mail server."""
    shutil.copytree(base.shell.folder, folder)
    said = {
        "LEDGER_SMTP_HOST": "localhost",
        "LEDGER_SMTP_PORT": str(box.port),
        "LEDGER_SMTP_SECURITY": "none",
        "LEDGER_SMTP_FROM": FROM,
        "LEDGER_PUBLIC_URL": URL,
    }
    return Shell(folder, {**base.shell.env, **said, **env})


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def look_at_her(town: RunningTown) -> None:
    """Let a person of the staff be shown the particulars of a volunteer."""
    path = f"/volunteers/{town.id('wang')}/disclosures"
    town.post(path, "station.recorder", {"purpose": "contact"})


def wants_mail(town: RunningTown) -> None:
    said = {"address": HER_ADDRESS}
    answer = town.send("PUT", "/me/notices/address", "wang", json=said)
    assert answer.json() == {**said, "mail_is_on": True}


def test_a_service_that_is_killed_sends_no_mail_twice_and_tells_no_address(
    town_base: TownBase, tmp_path: Path
) -> None:
    with postbox() as box:
        shell = shell_of(town_base, tmp_path / "town", box)
        places = deepcopy(town_base.places)
        with again(shell, places, at=REVIEWED) as town:
            until((shell.data_dir / "outbox.sqlite").exists)
            wants_mail(town)
            look_at_her(town)
            until(lambda: bool(box.taken))
            until(lambda: town.service.metric("ledger_mails_sent_total") == 1)
            os.killpg(town.service.process.pid, signal.SIGKILL)
        with again(shell, places, at=REVIEWED, options=("--workers", "2")) as town:
            look_at_her(town)
            until(lambda: town.service.metric("ledger_mail_waiting") == 1)
            ready = town.service.get("/readyz").json()["mail"]
            metrics = town.service.get("/metrics").text
        assert ready == {"sent": 1, "failed": 0, "waiting": 1, "is_stuck": False}
        assert [each.to for each in box.taken] == [HER_ADDRESS]
    assert "example.org" not in metrics
    told = {name for name, content in shell.files().items() if HER_ADDRESS.encode() in content}
    assert told == set()


def test_a_mail_server_that_says_nothing_keeps_neither_requests_nor_the_end_waiting(
    town_base: TownBase, tmp_path: Path
) -> None:
    with postbox(does=Behaviour(content="hang")) as box:
        patient = {"LEDGER_SMTP_TIMEOUT_S": "300"}
        shell = shell_of(town_base, tmp_path / "town", box, **patient)
        with again(shell, deepcopy(town_base.places), at=REVIEWED) as town:
            until((shell.data_dir / "outbox.sqlite").exists)
            wants_mail(town)
            look_at_her(town)
            until(lambda: box.does.sessions == 1)
            look_at_her(town)
            assert town.read("/me/notices", "wang")["unread"] >= 2
        # It has ended, though it waited for the mail server.
        assert town.service.process.poll() is not None
        assert box.does.sessions == 1


MAIL = {
    "LEDGER_SMTP_HOST": "mail.example.org",
    "LEDGER_SMTP_FROM": FROM,
    "LEDGER_PUBLIC_URL": URL,
}
WRONG: list[tuple[dict[str, str], str]] = [
    ({"LEDGER_SMTP_FROM": ""}, "LEDGER_SMTP_FROM"),
    ({"LEDGER_SMTP_FROM": "a@example.org\nBcc: b@example.org"}, "LEDGER_SMTP_FROM"),
    ({"LEDGER_SMTP_HOST": "mail.example.org:25"}, "LEDGER_SMTP_HOST"),
    ({"LEDGER_SMTP_PORT": "0"}, "LEDGER_SMTP_PORT"),
    ({"LEDGER_SMTP_SECURITY": "ssl"}, "LEDGER_SMTP_SECURITY"),
    ({"LEDGER_SMTP_SECURITY": "none"}, "LEDGER_SMTP_SECURITY"),
    ({"LEDGER_SMTP_USER": "ledger"}, "LEDGER_SMTP_PASSWORD_FILE"),
    ({"LEDGER_SMTP_INTERVAL_S": "1"}, "LEDGER_SMTP_INTERVAL_S"),
    ({"LEDGER_PUBLIC_URL": "ledger.example.org"}, "LEDGER_PUBLIC_URL"),
    ({"LEDGER_PUBLIC_URL": "https://a.example/\nX: y"}, "LEDGER_PUBLIC_URL"),
    (
        {"LEDGER_SMTP_USER": "ledger", "LEDGER_SMTP_PASSWORD_FILE": "no-such-file"},
        "no-such-file",
    ),
    ({"LEDGER_SMTP_CA_FILE": "no-such-file"}, "no-such-file"),
]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("founded"))
    shell.init()
    return shell


@pytest.mark.parametrize(("changes", "named"), WRONG, ids=range(len(WRONG)))
def test_a_setting_that_mail_cannot_be_sent_with_is_named_at_the_start(
    founded: Shell, changes: dict[str, str], named: str
) -> None:
    done = founded.run("serve", "--port", "0", **MAIL | changes)
    assert done.returncode == 2
    assert named in done.stderr
    assert not (founded.data_dir / "outbox.sqlite").exists()


def test_without_a_mail_server_nothing_is_sent_and_said_so(
    town_base: TownBase, tmp_path: Path
) -> None:
    shell = Shell(tmp_path / "town", dict(town_base.shell.env))
    shutil.copytree(town_base.shell.folder, shell.folder)
    with again(shell, deepcopy(town_base.places), at=REVIEWED) as town:
        said = {"address": HER_ADDRESS}
        answer = town.send("PUT", "/me/notices/address", "wang", json=said)
        assert answer.json() == {**said, "mail_is_on": False}
        look_at_her(town)
        assert "ledger_mail" not in town.service.get("/metrics").text
        assert "mail" not in town.service.get("/readyz").json()
    assert not list(shell.data_dir.glob("outbox*"))

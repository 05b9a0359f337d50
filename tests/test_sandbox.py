"""The sandbox: made whole or not at all, told once, and no other ledger's."""

import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from ledger.application.callers import as_staff
from ledger.application.desk import ActRefused
from ledger.application.forms.record import AmendmentForm
from ledger.application.reviewing import Reviewing
from ledger.application.states import ACCOUNT, ORGANIZATION
from ledger.application.streams import account_stream
from ledger.application.submissions import Submissions
from ledger.cli import app
from ledger.commands.sandbox import ORIGIN
from ledger.proof.note import parse_note
from ledger.settings import Settings
from ledger.store import chance
from ledger.wiring.office import OpenOffice, open_office
from ledger.wiring.parts import open_ledger
from tests.api.service import DEADLINE_S, free_port
from tests.application.homes import ON_SQLITE, home, house, sqlite_town, town
from tests.application.house import House, codes_of
from tests.application.signing import submission
from tests.application.town import Town
from tests.shell import Shell, empty

__all__ = ["empty", "home", "house", "sqlite_town", "town"]

SOUND, CANNOT = 0, 2


@dataclass(frozen=True)
class Told:
    """A sandbox, and what was told of it."""

    shell: Shell
    stdout: str

    @property
    def folder(self) -> Path:
        return self.shell.data_dir / "sandbox"

    def __getitem__(self, name: str) -> str:
        return self.names[name]

    @property
    def names(self) -> dict[str, str]:
        """What a shell knows after it has taken this in."""
        lines = (line for line in self.stdout.splitlines() if not line.startswith("#"))
        pairs = (line.split("=", 1) for line in lines)
        return {name: shlex.split(value)[0] for name, value in pairs}

    @property
    def private_key(self) -> Ed25519PrivateKey:
        content = (self.folder / "organization.pem").read_bytes()
        key = serialization.load_pem_private_key(content, None)
        assert isinstance(key, Ed25519PrivateKey)
        return key

    @contextmanager
    def opened(self) -> Iterator[OpenOffice]:
        """Open its office in this process."""
        ledger = open_ledger(Settings(data_dir=self.folder, _env_file=None))  # type: ignore[call-arg]
        office = open_office(ledger)
        try:
            yield office
        finally:
            office.close()
            ledger.close()

    def record(self, volunteer: str = "VOLUNTEER_1", **changes: Any) -> dict[str, Any]:
        return {
            "act": "record.submit",
            "activity": self["ACTIVITY"],
            "volunteer": self[f"{volunteer}_ID"],
            "recorder": self["ENTRUSTED_RECORDER_ID"],
            "start": f"{self['DAY']}T09:00+08:00",
            "end": f"{self['DAY']}T12:00+08:00",
            "content": "陪伴老人。",
            "evaluation": {
                "date": self["DAY"],
                "punctuality": 5,
                "attitude": 5,
                "skill": 5,
                "evaluator": self["ENTRUSTED_RESPONSIBLE_ID"],
            },
            **changes,
        }

    def signed(self, *items: dict[str, Any], aud: str, jti: str) -> bytes:
        iat = int(chance.now().timestamp())
        return submission(self.private_key, self["KID"], items, aud=aud, iat=iat, jti=jti)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return a sandbox as the command makes it; it is only ever copied or read."""
    shell = Shell(tmp_path_factory.mktemp("sandbox"))
    done = shell.run("sandbox")
    assert done.returncode == SOUND, done.stderr
    return Told(shell, done.stdout)


@pytest.fixture
def told(made: Told, empty: Shell) -> Told:
    """Return a copy of the sandbox."""
    shutil.copytree(made.shell.folder, empty.folder, dirs_exist_ok=True)
    return Told(empty, made.stdout)


def test_it_lies_beside_the_ledger_and_is_its_owners_alone(made: Told) -> None:
    assert [each.name for each in made.shell.data_dir.iterdir()] == ["sandbox"]
    secrets = [made.folder / "organization.pem", *(made.folder / "keys").iterdir()]
    for path in (made.shell.data_dir, made.folder, *secrets):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert made["KEY"] == str(made.folder / "organization.pem")


def test_it_is_a_sound_ledger_under_its_own_name(made: Told) -> None:
    env = {"LEDGER_DATA_DIR": str(made.folder)}
    report = json.loads(made.shell.run("audit", "verify", "--json", **env).stdout)
    assert (report["ok"], report["log"]) == (True, ORIGIN)
    assert made["ORIGIN"] == ORIGIN


def test_whoever_reads_it_sees_what_it_is(made: Told) -> None:
    with made.opened() as opened:
        for place in ("CITY", "DISTRICT", "ASSOCIATION", "STATION", "ENTRUSTED"):
            state = opened.office.states.get(ORGANIZATION, UUID(made[place])).state
            assert state is not None
            assert state.particulars.name.startswith("沙箱")


def test_everybody_in_it_signs_in(made: Told) -> None:
    signs_in = [
        name
        for name in made.names
        if re.fullmatch("(CITY|DISTRICT|ASSOCIATION|STATION|ENTRUSTED)_[A-Z]+", name)
        or re.fullmatch("VOLUNTEER_[0-9]", name)
    ]
    assert len(signs_in) == 14
    # A password takes its time to be checked: one of the staff and one volunteer.
    with made.opened() as opened:
        for name in ("STATION_RECORDER", "VOLUNTEER_2"):
            session = opened.access.sign_ins.sign_in(made[name], made["PASSWORD"], "127.0.0.1")
            signed = session.signed
            assert str(signed.staff or signed.volunteer) == made[f"{name}_ID"]


def test_a_second_time_nothing_changes_and_nothing_is_told_again(told: Told) -> None:
    before = told.shell.files()
    done = told.shell.run("sandbox")
    assert (done.returncode, done.stdout) == (SOUND, "")
    assert "already" in done.stderr
    assert told.shell.files() == before


def test_another_name_makes_no_other_one_of_it(told: Told) -> None:
    before = told.shell.files()
    done = asked(told.shell, "other.example/log/1")
    assert (done.exit_code, told.shell.files()) == (CANNOT, before)
    assert "already" in done.stderr


@pytest.mark.parametrize("how", ["setting", "folder"])
def test_it_is_not_named_like_the_ledger_itself(empty: Shell, how: str) -> None:
    name = "ledger.example.gov.cn/log/110000"
    if how == "setting":
        empty.env = {"LEDGER_ORIGIN": name}
    else:
        empty.data_dir.mkdir()
        (empty.data_dir / "origin").write_text(f"{name}\n")
    before = empty.files()
    done = asked(empty, name)
    assert (done.exit_code, empty.files()) == (CANNOT, before)
    assert "--origin" in done.stderr


def asked(shell: Shell, origin: str) -> Result:
    """Ask for a sandbox of a name, in this process."""
    env = {"LEDGER_DATA_DIR": str(shell.data_dir), "LEDGER_LANGUAGE": "en", **shell.env}
    return CliRunner().invoke(app, ["sandbox", "--origin", origin], env=env)


def test_what_is_signed_for_another_ledger_is_refused(told: Told) -> None:
    content = told.signed(told.record(), aud="ledger.example.gov.cn/log/110000", jti="jti-0001")
    with told.opened() as opened, pytest.raises(ActRefused) as refused:
        opened.submissions.receive(content, "192.0.2.7")
    assert codes_of(refused.value) == {"submission_is_for_another_ledger"}


@ON_SQLITE
def test_another_ledger_refuses_what_is_signed_for_it(house: House, town: Town) -> None:
    """Even by a key that both know."""
    iat, kid = int(house.clock().timestamp()), str(town.key.actor.id)
    key = town.private_key
    content = submission(key, kid, [{"act": "?"}], aud=ORIGIN, iat=iat, jti="jti-0001")
    with pytest.raises(ActRefused) as refused:
        Submissions(house.office, house.refusals).receive(content, "192.0.2.7")
    assert codes_of(refused.value) == {"submission_is_for_another_ledger"}


def test_a_whole_life_of_a_record_waits_for_nothing(told: Told) -> None:
    reviewer = as_staff(UUID(told["ENTRUSTED_REVIEWER_ID"]), UUID(told["ENTRUSTED"]))
    recorder = as_staff(UUID(told["ENTRUSTED_RECORDER_ID"]), UUID(told["ENTRUSTED"]))
    volunteer = UUID(told["VOLUNTEER_1_ID"])
    with told.opened() as opened:
        entered = opened.submissions.receive(
            told.signed(told.record(), aud=ORIGIN, jti="jti-0001"), "192.0.2.7"
        )
        record = entered.items[0].thing
        assert record is not None
        shown = {"act": "record.publicize", "id": str(record)}
        opened.submissions.receive(told.signed(shown, aud=ORIGIN, jti="jti-0002"), "192.0.2.7")
        reviewing = Reviewing(opened.office)
        reviewing.confirm(reviewer, record)
        said = told.record(end=f"{told['DAY']}T11:00+08:00", reason="核对签到表。")
        for name in ("act", "activity", "volunteer", "recorder"):
            del said[name]
        amendment = reviewing.propose_amendment(
            recorder, record, AmendmentForm.model_validate(said)
        ).value
        reviewing.accept(reviewer, record, amendment)
        account = opened.office.states.get(ACCOUNT, account_stream(volunteer)).state
        assert account is not None
        assert account.total_minutes == 120


def test_it_is_served_whatever_the_settings_of_the_ledger_are(told: Told) -> None:
    told.shell.env = {"LEDGER_DATABASE_URL": "sqlite:////nonexistent/log.sqlite"}
    (told.shell.folder / ".env").write_text("LEDGER_KEY_FILE=/nonexistent/log.key\n")
    with _serving(told) as address:
        checkpoint = httpx.get(f"{address}/log/110000/checkpoint").content
    assert parse_note(checkpoint).text.startswith(f"{ORIGIN}\n")


def test_killed_on_the_way_it_leaves_no_sandbox(empty: Shell) -> None:
    command = empty.command("sandbox")
    with subprocess.Popen(command, cwd=empty.folder, env=empty.environment()) as process:
        deadline = time.monotonic() + DEADLINE_S
        while not list(empty.data_dir.glob(".sandbox-*/sandbox/origin")):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
    assert not (empty.data_dir / "sandbox").exists()


@contextmanager
def _serving(told: Told) -> Iterator[str]:
    """Let the command serve the sandbox until a test is done with it."""
    port, shell = free_port(), told.shell
    with (shell.folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            shell.command("sandbox", "--serve", "--port", port),
            cwd=shell.folder,
            env=shell.environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/readyz", process)
        yield address
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(DEADLINE_S)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the service does not answer")

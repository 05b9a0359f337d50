"""`ledger demo`: a city that never was: whole, sound, the same each time, told beside it."""

import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import pytest

from ledger.application.states import RECORD
from ledger.certificates.signatures import CannotSign, Issuer
from ledger.certificates.signing_files import SigningFolder
from ledger.commands.console import CANNOT
from ledger.commands.demonstrating import ORIGIN, TOLD_FILE, UNFINISHED_FILE
from ledger.domain.codes import Channel
from ledger.domain.imports import Standing
from ledger.domain.record import RecordSubmitted
from ledger.domain.record.codes import Stage
from ledger.projections.views import IMPORTS
from ledger.store.view_query import Query
from ledger.wiring.office import OpenOffice, open_office
from ledger.wiring.parts import open_ledger
from tests.shell import Shell, empty

__all__ = ["empty"]  # a fixture

DAY = "2026-11-27"
_THING = re.compile(r"`([0-9a-f-]{36})`")
_PASSWORD = re.compile(r"`([0-9a-f]{16})`")
_NAME = re.compile(r"^\| ([a-z]+\.[a-z]+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a small demonstration; it is only ever copied."""
    shell = Shell(tmp_path_factory.mktemp("built"))
    done = shell.run("demo", "--small", "--until", DAY)
    assert done.returncode == 0, done.stderr
    return shell


@pytest.fixture
def shell(built: Shell, tmp_path: Path) -> Shell:
    shutil.copytree(built.folder, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)


@pytest.fixture
def opened(shell: Shell) -> Iterator[OpenOffice]:
    ledger = open_ledger(shell.settings())
    office = open_office(ledger)
    try:
        yield office
    finally:
        office.close()
        ledger.close()


def told(shell: Shell) -> str:
    return (shell.data_dir / TOLD_FILE).read_text("utf-8")


def records_of(opened: OpenOffice, shell: Shell) -> Mapping[UUID, Stage]:
    ledger = open_ledger(shell.settings())
    try:
        with ledger.engine.connect() as connection:
            query = "SELECT DISTINCT stream FROM entries WHERE topic = 'record.submitted'"
            found = connection.exec_driver_sql(query).all()
    finally:
        ledger.close()
    streams = [UUID(str(each[0])) for each in found]
    states = (opened.office.states.get(RECORD, each).state for each in streams)
    return {each.id: each.stage for each in states if each is not None}


def test_its_organizations_sign_certificates_with_keys_that_prove_nothing(built: Shell) -> None:
    folder = built.data_dir / "signing"
    keys = [each for each in folder.glob("*.pem") if len(each.stem) == 36]
    assert len(keys) == 6  # stations and entrusted organizations of one district
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in keys)
    assert "prove nothing to anybody" in told(built)
    names = {each.stem for each in keys}
    issuer = Issuer(UUID(min(names)), "", None)
    with pytest.raises(CannotSign, match="names another organization"):
        SigningFolder(folder).key_of(issuer)


def test_it_is_sound_and_its_views_are_what_the_log_makes_of_it(shell: Shell) -> None:
    assert shell.run("audit", "verify").returncode == 0
    assert shell.run("projections", "check").returncode == 0


def test_records_are_in_every_state_and_came_by_every_channel(
    shell: Shell, opened: OpenOffice
) -> None:
    stages = records_of(opened, shell)
    assert set(stages.values()) >= {
        Stage.SUBMITTED,
        Stage.PUBLICIZED,
        Stage.RETURNED,
        Stage.CONFIRMED,
    }
    events = (opened.office.states.events(RECORD, each)[0].event for each in stages)
    channels = {each.channel for each in events if isinstance(each, RecordSubmitted)}
    assert channels == set(Channel)


def test_a_file_was_brought_in_and_another_one_compared_with_its_paper(
    opened: OpenOffice,
) -> None:
    page = opened.office.views.page(IMPORTS, Query(limit=10)).value
    assert {(each["carrier"], each["standing"]) for each in page.rows} == {
        ("electronic", Standing.ELECTRONIC),
        ("paper", Standing.AGREES),
    }


def test_its_people_sign_in_with_what_is_told(shell: Shell, opened: OpenOffice) -> None:
    text = told(shell)
    (password,) = _PASSWORD.findall(text)
    names = _NAME.findall(text)
    assert len(names) == 7
    for name in names:
        session = opened.access.sign_ins.sign_in(name, password, "192.0.2.7")
        assert opened.access.sign_ins.find(session.token) is not None


def test_each_planted_fraud_is_where_it_is_said_to_be(shell: Shell) -> None:
    text = told(shell)
    numbers = {"F1", "F2/F8", "F3", "F5", "F6", "F7", "F9"}
    assert numbers <= set(re.findall(r"\*\*(F[^*]+)\*\*", text))
    things = _THING.findall(text)
    assert len(things) >= 12
    assert set(things) <= streams_of(shell)


def test_it_is_told_again_and_never_built_twice(shell: Shell) -> None:
    size = len(streams_of(shell))
    again = shell.run("demo")
    assert again.returncode == 0
    assert ORIGIN in again.stdout
    assert told(shell) in again.stdout
    assert len(streams_of(shell)) == size


def test_only_its_owner_reads_the_password(shell: Shell) -> None:
    mode = (shell.data_dir / TOLD_FILE).stat().st_mode
    assert stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO) == 0


def test_built_again_it_is_the_same(built: Shell, empty: Shell) -> None:
    """Keys, salts and the password aside: the same things, under the same names."""
    assert empty.run("demo", "--small", "--until", DAY).returncode == 0
    assert things_of(empty) == things_of(built)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_that_was_not_finished_is_not_taken_for_one(shell: Shell, language: str) -> None:
    (shell.data_dir / UNFINISHED_FILE).touch()
    done = shell.run("demo", LEDGER_LANGUAGE=language)
    assert done.returncode == CANNOT
    assert str(shell.data_dir.name) in done.stderr


def things_of(shell: Shell) -> set[str]:
    """Return the streams of things; those of numbers follow from the ledger's own keys."""
    return {each for each in streams_of(shell) if UUID(each).version == 4}


def streams_of(shell: Shell) -> set[str]:
    ledger = open_ledger(shell.settings())
    try:
        with ledger.engine.connect() as connection:
            query = "SELECT DISTINCT stream FROM entries"
            return {str(UUID(str(each[0]))) for each in connection.exec_driver_sql(query)}
    finally:
        ledger.close()

"""The rights that docs/deployment gives are enough for the service, and no more than that."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy as sa

from ledger.application.accepting import accept_in
from ledger.application.callers import as_ledger
from ledger.application.desk import ActRefused, Intent
from ledger.application.erasing import Erasure, erase_person
from ledger.application.founding import FOUND, invite_first
from ledger.application.opening import opening
from ledger.domain.access import Ground
from ledger.proof.canonical import Value
from ledger.store.chance import random_uuid
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.wiring.access import open_access
from ledger.wiring.parts import Wiring, open_ledger
from tests.conftest import RequireTool
from tests.postgres.server import Server, programs
from tests.shell import ORIGIN, Shell

SQL = Path(__file__).parents[2] / "docs" / "deployment"
ACTOR = system_actor(ORIGIN)


@dataclass
class House:
    """A ledger whose owner has made it and gone."""

    server: Server
    shell: Shell

    def url(self, database: str, user: str) -> str:
        url = sa.make_url(self.server.url(database)).set(username=user)
        return url.render_as_string(hide_password=False)

    def use(self, user: str) -> None:
        """Let whatever is opened next connect as a role."""
        self.shell.env["LEDGER_DATABASE_URL"] = self.url("ledger", user)
        self.shell.env["LEDGER_VAULT_URL"] = self.url("ledger_vault", user)
        self.shell.env["LEDGER_PROJECTIONS_URL"] = self.url("ledger_views", user)

    def psql(self, script: str, *, database: str, user: str) -> None:
        command: list[str | Path] = [
            *(programs() / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            *("--host", self.server.folder, "--dbname", database, "--username", user),
            *("--file", SQL / script),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def refused(self, statement: str, *, database: str, user: str) -> bool:
        """Return whether a statement is refused for want of a right."""
        engine = sa.create_engine(self.url(database, user), poolclass=sa.NullPool)
        with engine.connect() as connection:
            # Whoever may only read could otherwise ask for more.
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.commit()
            try:
                connection.exec_driver_sql(statement)
            except sa.exc.ProgrammingError as error:
                return isinstance(error.orig, psycopg2.errors.InsufficientPrivilege)
            return False


@pytest.fixture(scope="module")
def house(
    require_tool: RequireTool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    require_tool(str(programs() / "psql"))
    with Server() as server:
        made = House(server, Shell(tmp_path_factory.mktemp("roles")))
        made.psql("roles.sql", database="postgres", user="postgres")
        made.use("ledger_owner")
        made.shell.init()
        for _ in range(2):  # the second time as after a migration
            made.psql("grants.sql", database="ledger", user="ledger_owner")
            made.psql("vault-grants.sql", database="ledger_vault", user="ledger_owner")
        yield made


def _append(ledger: Wiring, count: int, person: str) -> None:
    facts: dict[str, Value] = {"topic": "other:Event", "originator_version": 0}
    personal = {person: {"state": "张示例"}}
    streams = [str(random_uuid()) for _ in range(count)]
    events = [NewEvent(it, "opaque.recorded", 1, ACTOR, facts, personal) for it in streams]
    ledger.appender.append(Submission(random_uuid(), events))
    ledger.publisher.publish()


def test_the_service_does_all_its_work_with_these_rights(house: House) -> None:
    house.use("ledger_service")
    person = str(random_uuid())
    ledger = open_ledger(house.shell.settings())
    ledger.migrate()  # as at every start; there is nothing to do
    for count in (1, 300):
        _append(ledger, count, person)
    backups_gone = datetime(2100, 1, 1, tzinfo=UTC)
    erased = erase_person(
        Erasure(person, by=ACTOR, backups_gone=backups_gone, submission=random_uuid()),
        erasures=ledger.erasures,
        vault=ledger.vault,
        appender=ledger.appender,
    )
    ledger.close()
    assert len(erased) == 301
    assert house.shell.run("audit", "verify").returncode == 0
    # Whoever has not the right to vacuum is only warned, and what was overwritten stays.
    vacuumed = "SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'data_keys'"
    engine = sa.create_engine(house.url("ledger_vault", "postgres"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(vacuumed).scalar() == 1


def test_the_service_owns_the_views(house: House) -> None:
    house.use("ledger_service")
    for command in ("rebuild", "check", "status"):
        done = house.shell.run("projections", command)
        assert done.returncode == 0, done.stderr
    engine = sa.create_engine(house.url("ledger_views", "ledger_audit"), poolclass=sa.NullPool)
    with pytest.raises(sa.exc.OperationalError, match="permission denied"):
        engine.connect()


def test_the_auditor_needs_neither_key_nor_vault(house: House, tmp_path: Path) -> None:
    house.use("ledger_service")
    ledger = open_ledger(house.shell.settings())
    _append(ledger, 20, str(random_uuid()))
    ledger.close()
    # As ledger-audit.service has it: a folder of his own, and the register as it was handed.
    auditor = Shell(tmp_path, {"LEDGER_DATABASE_URL": house.url("ledger", "ledger_audit")})
    auditor.data_dir.mkdir()
    for name in ("origin", "policy", "head"):
        shutil.copy(house.shell.data_dir / name, tmp_path)
    shutil.copy(tmp_path / "origin", auditor.data_dir)
    auditor.env["LEDGER_POLICY_FILE"] = str(tmp_path / "policy")
    auditor.env["LEDGER_REGISTER_FILE"] = str(tmp_path / "head")
    done = auditor.run("audit", "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    unchecked = {each["code"] for each in json.loads(done.stdout)["unchecked"]}
    assert "personal_bound_not_opened" in unchecked
    assert not unchecked & {"register_absent", "key_not_trusted"}


def test_the_service_signs_people_in_with_these_rights(house: House) -> None:
    house.use("ledger_service")
    ledger = open_ledger(house.shell.settings())
    access = open_access(ledger)
    token = invite_first(access.parts, ORIGIN).value.token
    password = "four words that rhyme"
    with opening(access.parts, "zhao.shili", password) as chosen:
        signed = access.desk.perform(
            as_ledger(ACTOR), Intent(act=FOUND), lambda docket: accept_in(docket, token, chosen)
        ).value
    with pytest.raises(ActRefused):
        access.sign_ins.sign_in("zhao.shili", "not that one", "192.0.2.7")
    session = access.sign_ins.sign_in("zhao.shili", password, "192.0.2.7")
    assert access.sign_ins.find(session.token) == signed
    access.sign_ins.change_password(signed, password, "another four that do not")
    access.sign_ins.sign_out(session.token)
    access.invitations.close(signed.caller, signed.sign_in, Ground.OWN_REQUEST)
    ledger.close()


@pytest.mark.parametrize("table", ["sign_in_names", "credentials", "sessions", "throttles"])
def test_the_auditor_reads_nobodys_password(house: House, table: str) -> None:
    read = f"SELECT count(*) FROM {table}"
    assert house.refused(read, database="ledger", user="ledger_audit")
    assert not house.refused(read, database="ledger", user="ledger_service")


@pytest.mark.parametrize("user", ["ledger_service", "ledger_audit"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET topic = 'other'",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "DROP TABLE boxes",
        "DELETE FROM heads",
        "INSERT INTO heads SELECT 'other', size, leaf, time, edge, mac FROM heads",
        "DELETE FROM checkpoints",
        "UPDATE log_version SET version_num = '0000'",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE TABLE public.of_its_own (n int)",
    ],
)
def test_what_service_and_auditor_may_not_do(house: House, user: str, statement: str) -> None:
    assert house.refused(statement, database="ledger", user=user)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE heads SET size = 0",
        "INSERT INTO trackings VALUES ('log', 'application', 1)",
        "SELECT 1 FROM heads FOR UPDATE",
    ],
)
def test_what_only_the_service_may_do(house: House, statement: str) -> None:
    assert house.refused(statement, database="ledger", user="ledger_audit")
    assert not house.refused(statement, database="ledger", user="ledger_service")


def test_nobody_deletes_from_the_vault_and_the_auditor_does_not_enter(house: House) -> None:
    delete = "DELETE FROM data_keys"
    assert house.refused(delete, database="ledger_vault", user="ledger_service")
    engine = sa.create_engine(house.url("ledger_vault", "ledger_audit"), poolclass=sa.NullPool)
    with pytest.raises(sa.exc.OperationalError, match="CONNECT"):
        engine.connect()

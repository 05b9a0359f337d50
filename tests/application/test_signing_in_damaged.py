"""Signing in past the log: whatever a database's owner does to the rows, it lets nobody in."""

import logging
from typing import Any
from uuid import UUID

import pytest

from ledger.application.streams import sign_in_stream
from ledger.domain.access import Ground
from ledger.store.access_rows import name_digest
from ledger.store.passwords import Passwords, credential_digest
from ledger.store.schema import credentials, metadata, sessions, sign_in_names
from tests.application.gatehouse import OTHER_PASSWORD, PASSWORD, Gate, gate
from tests.application.town import Town

__all__ = ["gate"]  # a fixture

NAME = "zheng.shili"
FORGED = Passwords().hash("a password of the DBA's")
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def recorder(gate: Gate, town: Town) -> UUID:
    """Return the id of the recorder, who signs in as NAME with PASSWORD."""
    signed = gate.let_in(town.station_head, town.recorder, NAME)
    assert signed.staff is not None
    return signed.staff


def kept_rows(gate: Gate) -> Rows:
    with gate.house.ledger.engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in (credentials, sessions, sign_in_names)
        }


def put_back(gate: Gate, kept: Rows) -> None:
    with gate.house.ledger.engine.begin() as connection:
        for name, rows in kept.items():
            connection.execute(metadata.tables[name].delete())
            connection.execute(metadata.tables[name].insert(), rows)


def test_rows_that_outlive_a_closing_let_nobody_in(
    gate: Gate, recorder: UUID, town: Town
) -> None:
    """The process may die between the entry and the rows, or somebody put them back."""
    session = gate.sign_in(NAME)
    kept = kept_rows(gate)
    gate.invitations.close(town.station_head, session.signed.sign_in, Ground.LEFT)
    put_back(gate, kept)
    assert gate.sign_ins.find(session.token) is None
    assert gate.turned_away(NAME) == ("sign_in_is_refused",)


DAMAGE = {
    "another password": "UPDATE credentials SET encoded = :forged",
    "another password and digest": "UPDATE credentials SET encoded = :forged, digest = :digest",
    "no password": "DELETE FROM credentials",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_password_that_a_dba_replaced_lets_nobody_in_and_is_told(
    gate: Gate, recorder: UUID, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    statement = DAMAGE[damage]
    values = {"forged": FORGED, "digest": credential_digest(FORGED)}
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    gate.as_dba(statement, **used)
    for password in ("a password of the DBA's", PASSWORD):
        caplog.clear()
        assert gate.turned_away(NAME, password) == ("sign_in_is_damaged",)
        [alarm] = [each for each in caplog.records if each.levelno == logging.CRITICAL]
        assert str(sign_in_stream(recorder)) in alarm.getMessage()
    assert [line["codes"] for line in gate.lines()] == [["sign_in_is_damaged"]] * 2


def test_a_password_of_before_that_a_dba_put_back_lets_nobody_in(
    gate: Gate, recorder: UUID
) -> None:
    session = gate.sign_in(NAME)
    kept = kept_rows(gate)
    gate.sign_ins.change_password(session.signed, PASSWORD, OTHER_PASSWORD)
    put_back(gate, kept)
    for password in (PASSWORD, OTHER_PASSWORD):
        assert gate.turned_away(NAME, password) == ("sign_in_is_damaged",)
    assert gate.sign_ins.find(session.token) is None


def test_a_second_password_beside_hers_lets_nobody_in(gate: Gate, recorder: UUID) -> None:
    values = {"forged": FORGED, "digest": credential_digest(FORGED)}
    gate.as_dba(
        "INSERT INTO credentials SELECT log, sign_in, :digest, :forged FROM credentials",
        **values,
    )
    assert gate.turned_away(NAME, "a password of the DBA's") == ("sign_in_is_refused",)
    assert gate.sign_in(NAME).signed.staff == recorder


def test_an_invitation_mends_what_a_dba_has_done(
    gate: Gate, recorder: UUID, town: Town
) -> None:
    gate.as_dba(DAMAGE["another password"], forged=FORGED)
    gate.accept(gate.invite(town.station_head, recorder).token, NAME, OTHER_PASSWORD)
    assert gate.sign_in(NAME, OTHER_PASSWORD).signed.staff == recorder


def test_a_name_that_a_dba_turns_to_another_sign_in_takes_that_ones_password(
    gate: Gate, recorder: UUID, town: Town
) -> None:
    reviewer = gate.let_in(town.station_head, town.reviewer, "wang.shili")
    gate.sign_ins.change_password(reviewer, PASSWORD, OTHER_PASSWORD)
    gate.as_dba(
        "UPDATE sign_in_names SET sign_in = :sign_in WHERE name_key = :key",
        sign_in=reviewer.sign_in,
        key=name_digest(NAME),
    )
    assert gate.turned_away(NAME) == ("sign_in_is_refused",)
    assert gate.sign_in(NAME, OTHER_PASSWORD).signed == reviewer


def test_a_name_that_a_dba_turns_to_something_else_is_nobodys(
    gate: Gate, recorder: UUID, town: Town
) -> None:
    for thing in (town.station, UUID(int=7)):
        gate.as_dba("UPDATE sign_in_names SET sign_in = :thing", thing=thing)
        assert gate.turned_away(NAME) == ("sign_in_is_refused",)


def test_a_session_that_a_dba_made_is_nobodys(gate: Gate, recorder: UUID, town: Town) -> None:
    gate.let_in(town.station_head, town.reviewer, "wang.shili")
    mine = gate.sign_in(NAME)
    theirs = sign_in_stream(town.reviewer.actor.id)
    gate.as_dba("UPDATE sessions SET sign_in = :theirs", theirs=theirs)
    assert gate.sign_ins.find(mine.token) is None


def test_a_session_that_a_dba_lengthens_ends(gate: Gate, recorder: UUID) -> None:
    session = gate.sign_in(NAME)
    gate.as_dba("UPDATE sessions SET expires_at = expires_at + 86400")
    assert gate.sign_ins.find(session.token) is None

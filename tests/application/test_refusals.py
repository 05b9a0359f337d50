"""Refused attempts: entries of the known, lines of the unknown; else nothing is done."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from ledger.application.callers import Caller, as_key, as_staff, as_volunteer
from ledger.application.desk import ActRefused, Appends, Desk, Intent
from ledger.application.docket import Docket
from ledger.application.refusals import CLAIMS_OF_A_KEY, CLAIMS_OF_ALL, Claim, Refusals
from ledger.application.states import RULES
from ledger.application.streams import refusals_stream, rules_stream
from ledger.domain.refusal import Refusal, Refused, refuse
from ledger.domain.refused_acts import CODES_MAX, codes_of
from ledger.proof.facts import parse_group
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.event import system_actor
from ledger.store.limits import Limits
from ledger.store.security_log import SecurityLog, SecurityLogError
from ledger.store.throttle_rows import ThrottleRows
from tests.application.gatehouse import refused_for
from tests.application.house import House, housed
from tests.application.town import FOUNDED
from tests.store.conftest import place, postgres_tables, sqlite_tables
from tests.store.ledgers import ORIGIN, Ledger, Place, secret

__all__ = ["place", "postgres_tables", "sqlite_tables"]  # fixtures

PERSON, BODY, KEY = UUID(int=0xA1), UUID(int=0xB1), UUID(int=0xC1)
HERSELF = as_staff(PERSON, BODY)
LEDGER = system_actor(ORIGIN)
CONFIRM = Intent(act="record.confirm", target=UUID(int=0xD1))
SELF_REVIEW = refuse("reviewer_is_recorder")
CLAIM = Claim(key=KEY, organization=BODY, address="192.0.2.7")
SIGNED = Intent(act="submission.submit", digest="d1" * 32)


@pytest.fixture
def house(place: Place) -> Iterator[House]:
    with housed(place, now=FOUNDED, found=True) as made:
        yield made


@pytest.fixture
def refusals(house: House) -> Refusals:
    return house.refusals


def facts(house: House) -> list[dict[str, Any]]:
    """Return the facts of the log's entries, which must all be refusals."""
    rows = house.ledger.rows()
    assert {row.topic for row in rows} <= {"act.refused"}
    assert all(row.personal is None for row in rows)
    return [dict(parse_group(row.plain).facts) for row in rows]


def lines(house: House) -> list[dict[str, Any]]:
    """Return the lines of the security log that tell of a refusal."""
    path = house.ledger.place.folder / "security" / "security.log"
    if not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    return [line for line in found if line["event"] == "act.refused"]


@pytest.mark.parametrize(
    "caller",
    [HERSELF, as_volunteer(PERSON), as_key(PERSON, BODY)],
    ids=["staff", "volunteer", "key"],
)
def test_what_somebody_known_attempted_is_an_entry_of_hers(
    house: House, refusals: Refusals, caller: Caller
) -> None:
    refusals.record(caller, CONFIRM, SELF_REVIEW)
    [entry] = facts(house)
    assert entry["by"] == caller.actor.text()
    assert entry["stream"] == str(refusals_stream(PERSON))
    assert (entry["act"], entry["target"]) == ("record.confirm", str(CONFIRM.target))
    assert entry["codes"] == ["reviewer_is_recorder"]
    assert entry["on_behalf_of"] == (str(BODY) if caller.organization else None)
    assert (entry["digest"], entry["claimed"]) == (None, None)
    assert lines(house) == []
    assert house.ledger.codes() == []


def test_every_attempt_is_an_entry_in_its_order(house: House, refusals: Refusals) -> None:
    for number in range(3):
        refusals.record(HERSELF, Intent(act=f"act.n{number}"), SELF_REVIEW)
    assert [(each["version"], each["act"]) for each in facts(house)] == [
        (1, "act.n0"),
        (2, "act.n1"),
        (3, "act.n2"),
    ]


def test_an_entry_names_each_code_once_and_not_too_many() -> None:
    reasons = [Refusal("twice"), Refusal("twice"), *(Refusal(f"n{n}") for n in range(100))]
    codes = codes_of(Refused(tuple(reasons)))
    assert codes[:3] == ("twice", "n0", "n1")
    assert len(codes) == CODES_MAX


def test_a_bad_signature_is_an_entry_of_the_ledgers(house: House, refusals: Refusals) -> None:
    refusals.record_claim(CLAIM, SIGNED)
    [entry] = facts(house)
    assert (entry["by"], entry["claimed"]) == (LEDGER, str(KEY))
    assert entry["stream"] == str(refusals_stream(UUID(LEDGER.removeprefix("system:"))))
    assert (entry["digest"], entry["on_behalf_of"]) == ("d1" * 32, None)
    assert "192.0.2.7" not in repr(entry)


def test_bad_signatures_in_the_name_of_a_key_do_not_fill_the_log(
    house: House, refusals: Refusals
) -> None:
    for _ in range(CLAIMS_OF_A_KEY.most + 5):
        refusals.record_claim(CLAIM, SIGNED)
    assert len(facts(house)) == CLAIMS_OF_A_KEY.most == 30
    assert [line["claimed"] for line in lines(house)] == [str(KEY)] * 5
    assert lines(house)[0]["address"] == "192.0.2.7"
    other = Claim(key=UUID(int=0xC2), organization=BODY, address="192.0.2.7")
    refusals.record_claim(other, SIGNED)
    assert len(facts(house)) == 31
    house.clock.advance(hours=1)
    refusals.record_claim(CLAIM, SIGNED)
    assert len(facts(house)) == 32


def test_bad_signatures_in_many_names_do_not_fill_the_log(
    house: House, refusals: Refusals
) -> None:
    counts = ThrottleRows(house.ledger.engine, origin=ORIGIN, secret=secret("index"))
    for _ in range(CLAIMS_OF_ALL.most):
        counts.count("claims", CLAIMS_OF_ALL, now=house.clock())
    refusals.record_claim(CLAIM, SIGNED)
    assert facts(house) == []
    assert len(lines(house)) == 1


def test_who_is_unknown_is_a_line_and_no_entry(house: House, refusals: Refusals) -> None:
    refusals.note_anonymous("submission.submit", "key_is_unknown", "192.0.2.7")
    two = Refused((Refusal("one"), Refusal("other", "name", {"min": 3})))
    refusals.note_stranger("volunteer.register", two, "2001:db8::1", target=PERSON)
    assert facts(house) == []
    first, second = lines(house)
    assert (first["codes"], first["address"]) == (["key_is_unknown"], "192.0.2.7")
    assert (second["codes"], second["target"]) == (["one", "other"], str(PERSON))


def desk_of(house: House, appends: Appends, refusals: Refusals) -> Desk:
    return Desk(
        house.office.states,
        appends,
        refusals,
        now=house.clock,
        random_uuid=chance.random_uuid,
    )


def refusals_of(house: House, appends: Appends, counts: ThrottleRows | None = None) -> Refusals:
    ledger = house.ledger
    return Refusals(
        appends,
        SecurityLog(ledger.place.folder / "security", now=house.clock),
        counts or ThrottleRows(ledger.engine, origin=ORIGIN, secret=secret("index")),
        origin=ORIGIN,
        now=house.clock,
        random_uuid=chance.random_uuid,
    )


@contextmanager
def appending(house: House, **limits: Any) -> Iterator[Appends]:
    """Yield a door to the log under limits that it has reached."""
    ledger = house.ledger
    other = Ledger(ledger.place, shapes=ledger.shapes)
    appender = Appender(
        other.engine,
        other.vault,
        origin=ORIGIN,
        seal_key=secret("seal"),
        shapes=ledger.shapes,
        register=other.register,
        limits=Limits(
            **{"unwitnessed_max": None, "clock_ahead": timedelta(days=31)} | limits,
            witnessed=lambda: None,
        ),
        clock=lambda: house.clock() + timedelta(days=400),
    )
    try:
        yield appender
    finally:
        appender.close()
        other.close()


@pytest.mark.parametrize(
    ("limits", "trouble"),
    [
        ({"unwitnessed_max": 0, "clock_ahead": timedelta(days=9_999)}, "UnwitnessedError"),
        ({}, "ClockInDoubtError"),
    ],
)
def test_what_the_log_may_not_take_now_is_a_line(
    house: House, refusals: Refusals, limits: dict[str, Any], trouble: str
) -> None:
    refusals.record(HERSELF, CONFIRM, SELF_REVIEW)  # so that the log has a time
    with appending(house, **limits) as appends:
        refusals_of(house, appends).record(HERSELF, CONFIRM, SELF_REVIEW)
    assert len(facts(house)) == 1
    [line] = lines(house)
    assert (line["by"], line["act"]) == (HERSELF.actor.text(), "record.confirm")
    assert (line["codes"], line["trouble"]) == (["reviewer_is_recorder"], trouble)
    assert line["on_behalf_of"] == str(BODY)


def test_what_the_database_refuses_is_a_line(house: House) -> None:
    away = sa.create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    ledger = house.ledger
    appender = Appender(
        away,
        ledger.vault,
        origin=ORIGIN,
        seal_key=secret("seal"),
        shapes=ledger.shapes,
        register=ledger.register,
    )
    counts = ThrottleRows(away, origin=ORIGIN, secret=secret("index"))
    refusals = refusals_of(house, appender, counts)
    refusals.record(HERSELF, CONFIRM, SELF_REVIEW)
    refusals.record_claim(CLAIM, SIGNED)
    appender.close()
    away.dispose()
    assert facts(house) == []
    known, claimed = lines(house)
    assert known["trouble"] == "OperationalError"
    assert claimed["claimed"] == str(KEY)  # what cannot be counted is no entry


def test_what_must_be_a_line_is_one_however_many_there_are(house: House) -> None:
    with appending(house, unwitnessed_max=0, clock_ahead=timedelta(days=9_999)) as appends:
        refusals = refusals_of(house, appends)
        for _ in range(120):
            refusals.record(HERSELF, CONFIRM, SELF_REVIEW)
    assert len(lines(house)) == 120


def block(house: House) -> Path:
    """Let the security log be unwritable; return what to take away again."""
    folder = house.ledger.place.folder / "security"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("a file where the folder should be")
    return folder


def test_where_nothing_can_be_written_the_attempt_is_an_error(house: House) -> None:
    block(house)
    with appending(house, unwitnessed_max=0, clock_ahead=timedelta(days=9_999)) as appends:
        refusals = refusals_of(house, appends)
        with pytest.raises(SecurityLogError):
            refusals.record(HERSELF, CONFIRM, SELF_REVIEW)
        with pytest.raises(SecurityLogError):
            refusals.note_anonymous("submission.submit", "key_is_unknown", "192.0.2.7")
        with pytest.raises(SecurityLogError):
            refusals.check()


def test_nothing_is_done_where_no_refusal_could_be_told(house: House) -> None:
    blocked = block(house)
    desk = house.office.desk
    decided: list[Docket] = []

    def decide(docket: Docket) -> Refused:
        decided.append(docket)
        docket.read(RULES, rules_stream(ORIGIN))
        return SELF_REVIEW

    for _ in range(2):
        with pytest.raises(SecurityLogError):
            desk.perform(HERSELF, CONFIRM, decide)
    assert decided == []
    blocked.unlink()
    with pytest.raises(ActRefused):
        desk.perform(HERSELF, CONFIRM, decide)
    assert [each["by"] for each in facts(house)] == [HERSELF.actor.text()]


def test_the_desk_tells_a_refusal_that_it_could_only_write_to_the_security_log(
    house: House,
) -> None:
    with appending(house, unwitnessed_max=0, clock_ahead=timedelta(days=9_999)) as appends:
        desk = desk_of(house, appends, refusals_of(house, appends))
        attempt = refused_for(lambda: desk.perform(HERSELF, CONFIRM, lambda _: SELF_REVIEW))
    assert attempt == ("reviewer_is_recorder",)
    assert len(lines(house)) == 1


def test_no_value_of_a_command_is_written_down(house: House, refusals: Refusals) -> None:
    told = Refused((Refusal("text_is_too_long", "name", {"max": 50, "got": "张示例"}),))
    refusals.record(HERSELF, Intent(act="volunteer.register", target=uuid4()), told)
    refusals.note_stranger("volunteer.register", told, "192.0.2.7")
    assert "张示例" not in repr(facts(house)) + repr(lines(house))

"""Names, passwords, sessions and counts as rows: one holder of a name, no forged session."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from ledger.store.access_rows import AccessRows, Chosen
from ledger.store.engine import connect
from ledger.store.passwords import credential_digest
from ledger.store.schema import credentials, sessions, sign_in_names, throttles
from ledger.store.throttle_rows import Limit, ThrottleRows
from tests.store.ledgers import Place, secret

ORIGIN = "rows.example/log/110000"
ONE, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=12)
LIMIT = Limit(3, timedelta(minutes=15))


@pytest.fixture
def engine(place: Place) -> Iterator[sa.Engine]:
    made = connect(place.database_url)
    yield made
    made.dispose()


@pytest.fixture
def rows(engine: sa.Engine) -> AccessRows:
    return AccessRows(engine, origin=ORIGIN, secret=secret("seal"))


@pytest.fixture
def counts(engine: sa.Engine) -> ThrottleRows:
    return ThrottleRows(engine, origin=ORIGIN, secret=secret("seal"))


def chosen(sign_in: UUID = ONE, key: str = "zhang", encoded: str = "$argon2id$1") -> Chosen:
    return Chosen(sign_in, key.upper(), key, encoded)


def count_of(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        )


def test_a_name_leads_to_its_sign_in(rows: AccessRows) -> None:
    assert rows.claim(chosen())
    assert rows.find("zhang") == ONE
    assert rows.name(ONE) == "ZHANG"
    assert rows.find("other") is None
    assert rows.encoded(ONE, credential_digest("$argon2id$1")) == "$argon2id$1"


def test_a_name_has_one_holder(rows: AccessRows, engine: sa.Engine) -> None:
    assert rows.claim(chosen())
    assert rows.claim(chosen(encoded="$argon2id$2"))  # her own, again
    assert not rows.claim(chosen(OTHER))
    assert rows.find("zhang") == ONE
    assert count_of(engine, credentials) == 2


def test_of_many_who_want_a_name_one_gets_it(rows: AccessRows) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: rows.claim(chosen(UUID(int=n))), range(1, 9)))
    assert got.count(True) == 1
    assert rows.find("zhang") == UUID(int=got.index(True) + 1)


@pytest.mark.parametrize("key", ["x\x00y", "half \ud800", "x" * 10_000, ""])
def test_any_text_may_be_looked_for(rows: AccessRows, key: str) -> None:
    assert rows.find(key) is None


def test_settling_leaves_one_name_and_one_password(rows: AccessRows, engine: sa.Engine) -> None:
    last = chosen(key="li", encoded="$argon2id$2")
    rows.claim(chosen())
    rows.claim(last)
    rows.begin_session("token", ONE, last.credential, now=NOW, until=UNTIL)
    rows.settle(last)
    assert rows.find("zhang") is None
    assert rows.find("li") == ONE
    assert rows.encoded(ONE, last.credential) == "$argon2id$2"
    assert rows.encoded(ONE, credential_digest("$argon2id$1")) is None
    assert count_of(engine, sessions) == 0


def test_withdrawing_leaves_what_there_was(rows: AccessRows) -> None:
    rows.claim(chosen())
    late = chosen(key="li", encoded="$argon2id$2")
    rows.claim(late)
    rows.withdraw(ONE, late.credential)
    assert rows.find("li") is None
    assert rows.find("zhang") == ONE
    assert rows.encoded(ONE, chosen().credential) == "$argon2id$1"


def test_who_withdraws_leaves_the_name_to_who_settled_on_it(rows: AccessRows) -> None:
    """A form that was sent twice: one of the two wins, the other takes its own rows back."""
    lost, won = chosen(), chosen(encoded="$argon2id$2")
    rows.claim(lost)
    rows.claim(won)
    rows.settle(won)
    rows.withdraw(ONE, lost.credential)
    assert rows.find("zhang") == ONE
    rows.claim(lost)
    rows.withdraw(ONE, lost.credential)
    assert rows.find("zhang") == ONE


def test_who_settles_has_her_name_whoever_withdrew_before(rows: AccessRows) -> None:
    lost, won = chosen(), chosen(encoded="$argon2id$2")
    rows.claim(lost)
    rows.claim(won)
    rows.withdraw(ONE, lost.credential)
    rows.settle(won)
    assert rows.find("zhang") == ONE
    assert rows.encoded(ONE, won.credential) == "$argon2id$2"


def test_a_settled_password_leaves_the_name(rows: AccessRows, engine: sa.Engine) -> None:
    rows.claim(chosen())
    digest = rows.store(ONE, "$argon2id$2")
    rows.settle_password(ONE, digest)
    assert rows.find("zhang") == ONE
    assert count_of(engine, credentials) == 1


def test_removing_frees_the_name(rows: AccessRows, engine: sa.Engine) -> None:
    rows.claim(chosen())
    rows.begin_session("token", ONE, chosen().credential, now=NOW, until=UNTIL)
    rows.remove(ONE)
    assert [count_of(engine, each) for each in (sign_in_names, credentials, sessions)] == [
        0
    ] * 3
    assert rows.claim(chosen(OTHER))


def test_a_password_is_known_by_itself_and_not_by_the_column_beside_it(
    rows: AccessRows, engine: sa.Engine
) -> None:
    rows.claim(chosen())
    with engine.begin() as connection:
        connection.execute(sa.update(credentials).values(encoded="$argon2id$of a DBA"))
    assert rows.encoded(ONE, chosen().credential) is None


def test_a_session_is_found_by_its_token(rows: AccessRows, engine: sa.Engine) -> None:
    rows.begin_session("token", ONE, "aa", now=NOW, until=UNTIL)
    row = rows.session("token")
    assert row is not None
    assert (row.sign_in, row.created_at, row.expires_at) == (ONE, NOW, UNTIL)
    assert rows.vouches_for(row, "aa")
    assert rows.session("other") is None
    with engine.connect() as connection:
        stored = connection.execute(sa.select(sessions.c.token_digest)).scalar_one()
    assert b"token" not in bytes(stored)


def test_a_session_ends_with_its_password(rows: AccessRows) -> None:
    rows.begin_session("token", ONE, "aa", now=NOW, until=UNTIL)
    row = rows.session("token")
    assert row is not None
    assert not rows.vouches_for(row, "bb")


@pytest.mark.parametrize(
    "edit",
    [
        {"sign_in": OTHER},
        {"expires_at": int(UNTIL.timestamp()) + 1},
        {"created_at": int(NOW.timestamp()) - 1},
        {"mac": b"\x00" * 32},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_nobody_else_makes_or_changes_a_session(
    rows: AccessRows, engine: sa.Engine, edit: dict[str, object]
) -> None:
    rows.begin_session("token", ONE, "aa", now=NOW, until=UNTIL)
    with engine.begin() as connection:
        connection.execute(sa.update(sessions).values(**edit))
    row = rows.session("token")
    assert row is not None
    assert not rows.vouches_for(row, "aa")


def test_another_ledgers_service_vouches_for_none_of_these(
    rows: AccessRows, engine: sa.Engine
) -> None:
    rows.begin_session("token", ONE, "aa", now=NOW, until=UNTIL)
    row = rows.session("token")
    assert row is not None
    other_key = AccessRows(engine, origin=ORIGIN, secret=secret("other"))
    assert not other_key.vouches_for(row, "aa")
    other_log = AccessRows(engine, origin="other.example/log", secret=secret("seal"))
    assert not other_log.vouches_for(row, "aa")
    assert other_log.session("token") is None


def test_an_ended_session_is_gone(rows: AccessRows, engine: sa.Engine) -> None:
    rows.begin_session("token", ONE, "aa", now=NOW, until=UNTIL)
    rows.end_session("token")
    assert rows.session("token") is None
    rows.begin_session("old", ONE, "aa", now=NOW, until=UNTIL)
    rows.begin_session("new", ONE, "aa", now=UNTIL, until=UNTIL + timedelta(hours=1))
    assert count_of(engine, sessions) == 1


def test_attempts_are_counted_up_to_their_limit(counts: ThrottleRows) -> None:
    waits = [counts.count("it", LIMIT, now=NOW) for _ in range(5)]
    assert waits == [None, None, None, timedelta(minutes=15), timedelta(minutes=15)]
    assert counts.count("another", LIMIT, now=NOW) is None


def test_a_stretch_begins_with_its_first_attempt(counts: ThrottleRows) -> None:
    for minute in range(3):
        assert counts.count("it", LIMIT, now=NOW + timedelta(minutes=minute)) is None
    late = NOW + timedelta(minutes=14)
    assert counts.count("it", LIMIT, now=late) == timedelta(minutes=1)
    assert counts.count("it", LIMIT, now=NOW + timedelta(minutes=15)) is None


def test_a_clock_that_was_put_back_keeps_nobody_out(counts: ThrottleRows) -> None:
    for _ in range(4):
        counts.count("it", LIMIT, now=NOW)
    assert counts.count("it", LIMIT, now=NOW - timedelta(days=365)) is None


def test_what_turned_out_well_is_taken_back(counts: ThrottleRows) -> None:
    for _ in range(10):
        assert counts.count("it", LIMIT, now=NOW) is None
        counts.take_back("it")
    for _ in range(3):
        counts.count("it", LIMIT, now=NOW)
    counts.forget("it")
    assert counts.count("it", LIMIT, now=NOW) is None
    counts.take_back("never counted")


def test_many_at_once_do_not_slip_past(counts: ThrottleRows) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: counts.count("it", LIMIT, now=NOW), range(24)))
    assert waits.count(None) == LIMIT.most


def test_counts_name_nobody_and_are_swept(counts: ThrottleRows, engine: sa.Engine) -> None:
    counts.count("name zhang from 192.0.2.1", LIMIT, now=NOW)
    with engine.connect() as connection:
        stored = bytes(connection.execute(sa.select(throttles.c.key_digest)).scalar_one())
    assert len(stored) == 32
    counts.count("another", LIMIT, now=NOW + timedelta(days=2))
    assert count_of(engine, throttles) == 1

"""The synchronous standby is gone: appends wait, and none is acknowledged before its time."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from ledger.store.engine import connect
from ledger.store.event import Appended, OutcomeUnknownError
from ledger.wiring.parts import Wiring
from tests.api.service import served
from tests.postgres import standby
from tests.postgres.test_standby import Pair, pair, submission, synchronous_pair

__all__ = ["pair", "synchronous_pair"]


@dataclass
class Held:
    """A submission whose commit waits for a standby that does not answer."""

    pair: Pair
    ledger: Wiring
    answer: "Future[Appended]"
    process: int

    def until_it_waits_again(self) -> None:
        """Return once a commit of another transaction than the first waits."""
        standby.wait_until(
            self.pair.primary,
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            " AND backend_type = 'client backend'"
            f" AND (pid <> {self.process} OR query NOT LIKE 'UPDATE heads%%')",
        )


@contextmanager
def held(pair: Pair) -> Iterator[Held]:
    pair.standby.cut_off()
    with pair.ledger() as ledger:
        one = submission(ledger, 3)
        answer = ledger.appender.submit(one)
        process = standby.wait_for_held_commit(pair.primary)
        yield Held(pair, ledger, answer, process)
        standby.let_go(pair.primary)
        assert [seq for name, seq in pair.stored() if name == one.id] == [1, 2, 3]
    assert pair.append(1).first_seq == 4
    pair.verify("out")


def _standby_returns(pair: Pair) -> None:
    pair.standby.reconnect()


def _primary_lets_go(pair: Pair) -> None:
    standby.let_go(pair.primary)


@pytest.mark.parametrize("release", [_standby_returns, _primary_lets_go])
def test_a_held_append_is_answered_when_it_may_be(
    synchronous_pair: Pair, release: Callable[[Pair], None]
) -> None:
    with held(synchronous_pair) as append:
        # Nobody sees the entries yet, so nobody can sign them.
        assert append.pair.seqs() == [0]
        assert append.ledger.publisher.check().size == 1
        assert not append.answer.done()
        release(append.pair)
        assert append.answer.result() == Appended(1, 3)


def test_a_wait_that_was_cancelled_is_taken_up_again(synchronous_pair: Pair) -> None:
    with held(synchronous_pair) as append:
        # To PostgreSQL the cancelled wait is a commit that succeeded, with a warning.
        standby.rows(append.pair.primary, f"SELECT pg_cancel_backend({append.process})")
        append.until_it_waits_again()
        assert not append.answer.done()
        append.pair.standby.reconnect()
        assert append.answer.result() == Appended(1, 3)


def test_a_connection_that_was_cut_while_it_waited_is_no_answer(
    synchronous_pair: Pair,
) -> None:
    with held(synchronous_pair) as append:
        standby.rows(append.pair.primary, f"SELECT pg_terminate_backend({append.process})")
        append.until_it_waits_again()
        assert not append.answer.done()
        append.pair.standby.reconnect()
        assert append.answer.result() == Appended(1, 3)


def test_what_a_restarted_primary_alone_has_is_not_found_before_the_standby_has_it(
    synchronous_pair: Pair,
) -> None:
    with held(synchronous_pair) as append, ThreadPoolExecutor(1) as asking:
        append.pair.primary.kill()
        with pytest.raises(OutcomeUnknownError) as unknown:
            append.answer.result()
        append.pair.primary.start()
        assert append.pair.seqs() == [0, 1, 2, 3]
        found = asking.submit(append.ledger.appender.find, unknown.value.submission)
        append.until_it_waits_again()
        assert not found.done()
        append.pair.standby.reconnect()
        assert found.result() == Appended(1, 3)


def test_no_timeout_of_the_server_ends_the_wait(postgres_url: str) -> None:
    engine = connect(f"{postgres_url}&options=-c%20statement_timeout%3D5000")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
    engine.dispose()


def test_the_log_is_served_while_appends_wait(synchronous_pair: Pair) -> None:
    pair = synchronous_pair
    with served(pair.shell) as address, held(pair):
        ready = httpx.get(f"{address}/readyz")
        assert (ready.status_code, ready.json()["size"]) == (200, 1)
        checkpoint = httpx.get(f"{address}/log/110000/checkpoint")
        assert checkpoint.text.splitlines()[1] == "1"

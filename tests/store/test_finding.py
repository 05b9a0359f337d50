"""An outcome that is found is as durable, and as registered, as one that was acknowledged."""

import errno
import uuid

import pytest
import sqlalchemy as sa

from ledger.audit.finding import Code
from ledger.proof.errors import ProofError
from ledger.store.event import (
    Appended,
    OutcomeUnknownError,
    RolledBackError,
    StorageLostError,
    Submission,
)
from ledger.store.observing import Unobserved
from ledger.store.schema import entries, heads
from tests.store.ledgers import Ledger, noted, opened, submission


class _Ended(Unobserved):
    """Says that a write was lost elsewhere in this process."""

    def check(self) -> None:
        raise StorageLostError


def _lose(*_args: object, **_named: object) -> None:
    raise OSError(errno.EIO, "the register's disk")


def _unregistered(ledger: Ledger) -> Submission:
    """Append what the register does not hold, as after a crash behind the commit."""
    before = ledger.register.path.read_bytes()
    event = submission(noted())
    ledger.appender.append(event)
    ledger.register.path.write_bytes(before)
    return event


def test_what_was_found_cannot_be_cut_off_unseen(ledger: Ledger) -> None:
    """Given that the process that committed it died before it was registered."""
    ledger.append(noted())
    with ledger.engine.connect() as connection:
        older = dict(connection.execute(sa.select(heads)).mappings().one())
    event = _unregistered(ledger)
    with opened(ledger.place) as other:
        assert other.appender.find(event.id) == Appended(1, 1)
    ledger.as_dba("DELETE FROM entries WHERE seq = 1")
    with ledger.engine.begin() as connection:
        connection.execute(sa.update(heads).values(older))
    with pytest.raises(RolledBackError):
        ledger.appender.find(event.id)
    assert ledger.codes() == [Code.CHECKPOINT_INCONSISTENT]


def test_a_registered_outcome_is_found_without_a_write(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = submission(noted())
    ledger.appender.append(event)
    monkeypatch.setattr("ledger.store.register.replace_file", None)
    assert ledger.appender.find(event.id) == Appended(0, 1)


def test_after_a_lost_write_nothing_is_found_by_the_process_that_lost_it(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append(noted())
    event = submission(noted())
    with monkeypatch.context() as patched:
        patched.setattr("ledger.store.register.replace_file", _lose)
        with pytest.raises(OutcomeUnknownError):
            ledger.appender.append(event)
    with pytest.raises(StorageLostError):
        ledger.appender.find(event.id)
    with opened(ledger.place) as restarted:
        assert restarted.appender.find(event.id) == Appended(1, 1)
        edge = restarted.register.read()
        assert edge is not None
        assert edge.size == 2


def test_a_write_that_is_lost_while_it_is_looked_for_is_the_last(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append(noted())
    event = _unregistered(ledger)
    with monkeypatch.context() as patched:
        patched.setattr("ledger.store.register.replace_file", _lose)
        with pytest.raises(OSError, match="the register's disk"):
            ledger.appender.find(event.id)
    with pytest.raises(StorageLostError):
        ledger.appender.find(event.id)
    with pytest.raises(StorageLostError):
        ledger.append(noted())


def test_a_process_that_may_write_no_more_finds_nothing(ledger: Ledger) -> None:
    event = submission(noted())
    ledger.appender.append(event)
    ledger.appender._observer = _Ended()
    with pytest.raises(StorageLostError):
        ledger.appender.find(event.id)


def test_a_row_beyond_the_head_is_no_outcome(ledger: Ledger) -> None:
    event = submission(noted())
    ledger.appender.append(event)
    row = ledger.rows()[0]._asdict()
    asked = uuid.uuid4()
    planted = row | {"seq": 1, "stream": uuid.uuid4(), "submission": asked}
    with ledger.engine.begin() as connection:
        connection.execute(sa.insert(entries).values(planted))
    assert ledger.appender.find(asked) is None
    assert ledger.appender.find(event.id) == Appended(0, 1)


def test_an_outcome_with_a_row_of_another_is_refused(ledger: Ledger) -> None:
    event = submission(noted())
    ledger.append(noted())
    ledger.append(noted())
    ledger.appender.append(event)
    ledger.as_dba(
        "UPDATE entries SET submission = (SELECT submission FROM entries WHERE seq = 2)"
        " WHERE seq = 0"
    )
    with pytest.raises(ProofError):
        ledger.appender.find(event.id)

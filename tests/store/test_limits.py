"""Limits: no further than the witnesses, no time from a wild clock, and a late one is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.proof.checkpoint import verify_signature
from ledger.proof.entry import format_time, parse_entry, parse_time
from ledger.proof.facts import parse_group
from ledger.proof.note import KeyType, parse_note
from ledger.proof.signers import SigningKey
from ledger.store.appender import Appender
from ledger.store.event import (
    Appended,
    ClockInDoubtError,
    StreamDamagedError,
    Tracking,
    UnwitnessedError,
    system_actor,
)
from ledger.store.limits import Limits, Witnessed
from ledger.store.publishing import Publisher
from tests.store.ledgers import ORIGIN, Ledger, noted, secret, submission

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONTH = timedelta(days=31)
MINUTE = timedelta(minutes=1)


class World:
    """What an appender asks: the clock, and what witnesses have said."""

    def __init__(self) -> None:
        self.now = NOON
        self.witnessed: Witnessed | None = None
        self.limits = Limits(None, MONTH, lambda: self.witnessed)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def world() -> World:
    """Return a clock at noon and no witness."""
    return World()


@contextmanager
def limited(ledger: Ledger, world: World, **changes: Any) -> Iterator[Ledger]:
    """Let the ledger be appended to under limits."""
    limits = replace(world.limits, **changes)
    other = Ledger(ledger.place)
    other.appender = Appender(
        other.engine,
        other.vault,
        origin=ORIGIN,
        seal_key=secret("seal"),
        shapes=other.shapes,
        register=other.register,
        limits=limits,
        clock=world.clock,
    )
    try:
        yield other
    finally:
        other.close()


def test_the_log_grows_up_to_the_bound_beyond_its_witnesses(
    ledger: Ledger, world: World
) -> None:
    with limited(ledger, world, unwitnessed_max=5) as bounded:
        assert bounded.append(noted(), noted(), noted()) == Appended(0, 3)
        with pytest.raises(UnwitnessedError) as refused:
            bounded.append(noted(), noted(), noted())
        error = refused.value
        assert (error.size, error.witnessed, error.allowed) == (3, 0, 5)
        assert bounded.append(noted(), noted()) == Appended(3, 2)
        assert bounded.appender.append(submission(tracking=Tracking("upstream", 1))).count == 0
        world.witnessed = Witnessed(4, NOON)
        assert bounded.append(*[noted() for _ in range(4)]) == Appended(5, 4)
        with pytest.raises(UnwitnessedError) as refused:
            bounded.append(noted())
        assert (refused.value.size, refused.value.witnessed) == (9, 4)
        assert bounded.codes() == []


def test_of_one_commit_only_what_is_beyond_the_bound_is_refused(
    ledger: Ledger, world: World
) -> None:
    with limited(ledger, world, unwitnessed_max=4) as bounded:
        with bounded.locked():
            first = bounded.begin(noted())
            too_many = bounded.submit(*[noted() for _ in range(4)])
            fitting = bounded.submit(noted(), noted())
        assert first.result() == Appended(0, 1)
        assert fitting.result() == Appended(1, 2)
        error = too_many.exception()
        assert isinstance(error, UnwitnessedError)
        assert error.size == 1


@pytest.mark.parametrize("known", ["head", "witness", "operator"])
def test_a_clock_too_far_ahead_of_all_that_is_known_appends_nothing(
    ledger: Ledger, world: World, known: str
) -> None:
    reference = NOON
    with limited(ledger, world) as bounded:
        bounded.append(noted())
        if known == "witness":
            reference = NOON + timedelta(days=10)
            world.witnessed = Witnessed(1, reference)
    checked = None
    if known == "operator":
        checked = reference = NOON + timedelta(days=20)
    with limited(ledger, world, clock_checked=checked) as bounded:
        world.now = NOON + timedelta(days=3652)
        for wild in (world.now, reference + MONTH + timedelta(microseconds=1)):
            world.now = wild
            with pytest.raises(ClockInDoubtError) as refused:
                bounded.append(noted())
            assert (refused.value.now, refused.value.reference) == (world.now, reference)
        assert bounded.seqs() == [0]
        world.now = reference + MONTH
        assert bounded.append(noted()) == Appended(1, 1)
        last = parse_time(parse_entry(bounded.rows()[1].entry).time)
        assert last == world.now
        assert bounded.codes() == []


def test_the_first_entry_has_nothing_to_be_held_against(ledger: Ledger, world: World) -> None:
    with limited(ledger, world) as bounded:
        assert bounded.append(noted()) == Appended(0, 1)
    world.witnessed = Witnessed(0, NOON - 2 * MONTH)
    with limited(ledger, world) as bounded:
        assert bounded.append(noted()) == Appended(1, 1)


def doubts(ledger: Ledger) -> list[tuple[int, str, str]]:
    """Return seq, clock and head of each entry about the clock."""
    found = []
    for row in ledger.rows():
        facts = parse_group(row.plain).facts
        if facts["type"] == "clock.doubted":
            assert facts["by"] == system_actor(ORIGIN)
            found.append((row.seq, str(facts["clock"]), str(facts["head"])))
    return found


def test_a_clock_behind_the_log_is_recorded_once_an_episode(
    ledger: Ledger, world: World
) -> None:
    noon = format_time(NOON)
    with limited(ledger, world) as bounded:
        bounded.append(noted())
        world.now = NOON - 5 * MINUTE
        assert bounded.append(noted()) == Appended(1, 1)
        assert doubts(bounded) == []
        late = world.now = NOON - timedelta(days=1)
        assert bounded.append(noted(), noted()) == Appended(3, 2)
        assert doubts(bounded) == [(2, format_time(late), noon)]
        world.now = late + MINUTE
        assert bounded.append(noted()) == Appended(5, 1)
    with limited(ledger, world) as restarted:
        assert restarted.append(noted()) == Appended(6, 1)
        assert len(doubts(restarted)) == 1
        times = [parse_entry(row.entry).time for row in restarted.rows()]
        assert times == [noon] * 7
        # The clock is right again, and wrong again: another episode.
        world.now = NOON + MINUTE
        restarted.append(noted())
        world.now = NOON - timedelta(hours=1)
        assert restarted.append(noted()) == Appended(9, 1)
        assert [seq for seq, *_ in doubts(restarted)] == [2, 8]
        assert doubts(restarted)[1][2] == format_time(NOON + MINUTE)
        assert restarted.codes() == []


def test_what_appends_no_entry_records_nothing_of_the_clock(
    ledger: Ledger, world: World
) -> None:
    with limited(ledger, world) as bounded:
        bounded.append(noted())
        world.now = NOON - timedelta(days=1)
        bounded.appender.append(submission(tracking=Tracking("upstream", 1)))
        assert bounded.seqs() == [0]
        assert bounded.append(noted()) == Appended(2, 1)
        assert len(doubts(bounded)) == 1


def test_an_outcome_is_found_again_though_the_clock_is_recorded_with_it(
    ledger: Ledger, world: World
) -> None:
    with limited(ledger, world) as bounded:
        bounded.append(noted())
        world.now = NOON - timedelta(days=1)
        wanted = submission(noted(), noted())
        assert bounded.appender.append(wanted) == Appended(2, 2)
        assert bounded.appender.find(wanted.id) == Appended(2, 2)


def test_a_damaged_stream_of_the_clock_is_not_continued(ledger: Ledger, world: World) -> None:
    with limited(ledger, world) as bounded:
        bounded.append(noted())
        world.now = NOON - timedelta(days=1)
        bounded.append(noted())
        world.now = NOON + MINUTE
        bounded.append(noted())
    ledger.as_dba("UPDATE entries SET leaf = :leaf WHERE seq = 1", leaf=bytes(32))
    with limited(ledger, world) as bounded:
        world.now = NOON - timedelta(days=1)
        with pytest.raises(StreamDamagedError) as refused:
            bounded.append(noted())
        assert refused.value.seq == 1


def test_no_signature_names_a_time_before_its_newest_entry(
    ledger: Ledger, world: World
) -> None:
    mldsa44 = SigningKey(ORIGIN, KeyType.MLDSA44, secret("mldsa44"))
    world.now = NOON + timedelta(microseconds=1)
    with limited(ledger, world) as bounded:
        bounded.append(noted())
        signed: list[int | None] = []
        for behind in (timedelta(days=1), timedelta(0), -timedelta(hours=1)):
            world.now = NOON - behind
            publisher = Publisher(
                bounded.engine,
                bounded.register,
                origin=ORIGIN,
                seal_key=secret("seal"),
                keys=lambda size: [mldsa44],
                clock=world.clock,
            )
            note = parse_note(publisher.publish())
            signed.append(verify_signature(note, mldsa44.verifier_key))
            bounded.as_dba("DELETE FROM checkpoints")
    noon_s = int(NOON.timestamp())
    assert signed == [noon_s + 1, noon_s + 1, noon_s + 3600]

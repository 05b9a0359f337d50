"""Folding in a process of its own: what it tells is taken, and its failing is nobody's loss."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from ledger.store import folding_apart, view_projector
from ledger.store.folding_apart import ApartError, FoldingApart
from ledger.store.view_projector import Projector
from tests.projections.histories import prelude
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place

TOLD = prelude().told
PATIENCE_S = 60.0
Begin = Callable[[str], FoldingApart]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Return what begins a process that answers as a shell script does."""
    with ExitStack() as stack:

        def begun(script: str) -> FoldingApart:
            apart = FoldingApart(["sh", "-c", script], lambda: b"opening")
            stack.callback(apart.close)
            return apart

        yield begun


def wait_for(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ready(apart: FoldingApart) -> FoldingApart:
    wait_for(apart.is_ready)
    return apart


def process_of(apart: FoldingApart) -> int | None:
    process = vars(apart)["_process"]
    return None if process is None else int(process.pid)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_is_told_which_log_and_tells_how_far_it_is(begin: Begin) -> None:
    script = """
        read opening; test "$opening" = opening || exit 1
        echo ready
        read asked; echo 2000 0; echo 2017 1
        read asked; printf '20'; sleep 0.2; printf '20 1\\n'
    """
    apart, told = ready(begin(script)), list[int]()
    assert apart.catch_up(told.append) == 2017
    assert apart.catch_up(told.append) == 2020
    assert told == [2000, 2017, 2020]


@pytest.mark.parametrize(
    "answer",
    ["echo '!'", "exit 0", "kill -9 $$", "echo twelve 1", "echo 12", "echo '-1 1'", "echo"],
    ids=["failed", "ended", "killed", "words", "half", "less than nothing", "nothing"],
)
def test_what_is_no_answer_is_an_error_and_the_process_is_ended(
    begin: Begin, answer: str
) -> None:
    apart = ready(begin(f"read opening; echo ready; read asked; echo 5 0; {answer}"))
    pid, told = process_of(apart), list[int]()
    with pytest.raises(ApartError):
        apart.catch_up(told.append)
    assert told == [5]
    assert pid is not None
    assert not is_alive(pid)


def test_a_process_that_keeps_silent_is_killed(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = ready(begin("trap '' TERM; read opening; echo ready; while :; do sleep 1; done"))
    pid = process_of(apart)
    assert pid is not None
    monkeypatch.setattr(folding_apart, "PATIENCE_S", 0.05)
    with pytest.raises(ApartError):
        apart.catch_up(lambda _: None)
    assert not is_alive(pid)


@pytest.mark.parametrize("script", ["exit 1", "read opening; echo no"])
def test_a_process_that_never_comes_so_far_is_not_begun_over_and_over(
    begin: Begin, script: str
) -> None:
    apart = begin(script)
    assert not apart.is_ready()
    wait_for(lambda: not apart.is_ready() and process_of(apart) is None)
    assert not apart.is_ready()
    assert process_of(apart) is None


def test_a_program_that_is_not_there_is_no_error() -> None:
    apart = FoldingApart(["/nonexistent/python"], lambda: b"opening")
    assert not apart.is_ready()
    assert process_of(apart) is None


def test_where_the_log_cannot_be_told_none_is_begun() -> None:
    def opening() -> bytes:
        raise UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogate")

    apart = FoldingApart(["true"], opening)
    assert not apart.is_ready()
    assert process_of(apart) is None


def test_one_that_never_gets_ready_is_killed(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = begin("trap '' TERM; while :; do sleep 1; done")
    assert not apart.is_ready()
    pid = process_of(apart)
    assert pid is not None
    monkeypatch.setattr(folding_apart, "PATIENCE_S", 0.0)
    wait_for(lambda: not apart.is_ready() and process_of(apart) is None)
    assert not is_alive(pid)


def test_closing_kills_one_that_does_not_end(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = ready(begin("read opening; echo ready; while :; do sleep 1; done"))
    pid = process_of(apart)
    monkeypatch.setattr(folding_apart, "END_S", 0.05)
    apart.close()
    assert pid is not None
    assert not is_alive(pid)


def test_who_fails_again_and_again_is_begun_less_and_less_often(begin: Begin) -> None:
    apart, waits = begin("read opening; exit 1"), list[float]()
    for _ in range(8):
        vars(apart)["_not_before"] = 0.0
        apart.is_ready()
        assert process_of(apart) is not None
        waits.append(vars(apart)["_not_before"] - vars(apart)["_began"])
        wait_for(lambda: apart.is_ready() or process_of(apart) is None)
    assert waits == pytest.approx([10, 20, 40, 80, 160, 320, 600, 600])


def test_after_a_while_another_one_is_begun(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding_apart, "AGAIN_S", 0.0)
    apart = begin("read opening; echo ready; read asked; echo 5 1")
    assert ready(apart).catch_up(lambda _: None) == 5
    with pytest.raises(ApartError):
        apart.catch_up(lambda _: None)
    assert ready(apart).catch_up(lambda _: None) == 5


def test_a_closed_one_begins_no_more(begin: Begin) -> None:
    apart = ready(begin("read opening; echo ready; read asked"))
    pid = process_of(apart)
    apart.close()
    assert pid is not None
    assert not is_alive(pid)
    assert not apart.is_ready()
    assert process_of(apart) is None


@pytest.fixture
def house(place: Place) -> Iterator[Viewed]:
    """Return a ledger without entries."""
    with viewed(place) as opened:
        yield opened


def has_come(house: Viewed, size: int) -> bool:
    return house.reader.position() >= size


@pytest.mark.parametrize("answer", ["echo '!'", "exit 1", "echo 3 1; exit 1"])
def test_where_it_fails_the_service_folds(
    house: Viewed, begin: Begin, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_projector, "APART_AFTER", 0)
    apart = begin(f"read opening; echo ready; while read asked; do {answer}; done")
    follows = Projector(house.folding(), house.ledger.appender.wait_for_growth, apart)
    house.append(TOLD[:3])
    wait_for(apart.is_ready)
    follows.start()
    try:
        for size, each in enumerate(TOLD[3:], 4):
            house.append([each])
            wait_for(partial(has_come, house, size))
        assert follows.wait_until(len(TOLD) - 1, PATIENCE_S)
        assert not follows.is_in_trouble
    finally:
        follows.close()


def test_a_process_is_begun_when_the_log_has_grown_by_so_many(
    house: Viewed, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_projector, "APART_AFTER", 3)
    apart = begin("read opening; echo ready; while read asked; do echo '!'; done")
    follows = Projector(house.folding(), house.ledger.appender.wait_for_growth, apart)
    house.append(TOLD[:3])
    follows.start()
    try:
        assert follows.wait_until(2, PATIENCE_S)
        house.append(TOLD[3:5])
        assert follows.wait_until(4, PATIENCE_S)
        assert process_of(apart) is None
        house.append(TOLD[5:6])
        assert follows.wait_until(5, PATIENCE_S)
        house.append(TOLD[6:])
        wait_for(lambda: process_of(apart) is not None)
        assert follows.wait_until(len(TOLD) - 1, PATIENCE_S)
    finally:
        follows.close()
    assert process_of(apart) is None

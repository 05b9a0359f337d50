"""What is read ahead is what would have been read, or it is let go of."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.store.view_reading_ahead import ReadingAhead
from ledger.store.view_source import Batch


class Source:
    """A log whose stretches say from where to where they are."""

    def __init__(self) -> None:
        self.read_so_far: list[tuple[int, int]] = []
        self.broken: set[int] = set()

    def read(self, start: int, stop: int) -> Batch:
        self.read_so_far.append((start, stop))
        if start in self.broken:
            raise OSError(start)
        return Batch([], {}, f"{start}-{stop}")


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def ahead(source: Source) -> Iterator[ReadingAhead]:
    made = ReadingAhead(source.read)
    yield made
    made.close()


def test_what_was_read_ahead_is_not_read_again(ahead: ReadingAhead, source: Source) -> None:
    ahead.begin(10, 25, 10)
    assert [ahead.read(10, 20).leaf, ahead.read(20, 25).leaf] == ["10-20", "20-25"]
    assert source.read_so_far == [(10, 20), (20, 25)]


def test_another_stretch_than_was_expected_is_read(ahead: ReadingAhead) -> None:
    ahead.begin(10, 25, 10)
    assert ahead.read(10, 20).leaf == "10-20"
    assert ahead.read(20, 30).leaf == "20-30"  # the log has grown meanwhile
    assert ahead.read(0, 5).leaf == "0-5"


def test_an_error_comes_where_it_is_asked_for(ahead: ReadingAhead, source: Source) -> None:
    source.broken = {20}
    ahead.begin(10, 30, 10)
    assert ahead.read(10, 20).leaf == "10-20"
    with pytest.raises(OSError, match="20"):
        ahead.read(20, 30)
    source.broken = set()
    assert ahead.read(20, 30).leaf == "20-30"


def test_it_goes_on_after_it_was_closed(ahead: ReadingAhead) -> None:
    ahead.begin(0, 10, 10)
    ahead.close()
    assert ahead.read(0, 10).leaf == "0-10"
    ahead.begin(10, 20, 10)
    assert ahead.read(10, 20).leaf == "10-20"


def test_nothing_is_read_ahead_unasked(ahead: ReadingAhead, source: Source) -> None:
    read: Any = ahead.read(3, 4)
    assert read.leaf == "3-4"
    assert source.read_so_far == [(3, 4)]


def test_where_no_thread_can_be_started_it_is_read_when_it_is_asked_for(
    ahead: ReadingAhead, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        ahead.begin(10, 30, 10)
        assert ahead.read(10, 20).leaf == "10-20"
    ahead.begin(20, 40, 10)
    assert [ahead.read(20, 30).leaf, ahead.read(30, 40).leaf] == ["20-30", "30-40"]
    assert source.read_so_far == [(10, 20), (20, 30), (30, 40)]

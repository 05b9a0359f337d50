"""The security log: whole lines of its own making, bounded, of many processes, or an error."""

import json
import multiprocessing
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.chance import now
from ledger.store.security_log import (
    LINES_PER_SECOND,
    TEXT_MAX,
    Bounds,
    SecurityLog,
    SecurityLogError,
)

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


class Passing:
    """A measure of time that passes when a test says so."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def opened(folder: Path, **bounds: int) -> SecurityLog:
    return SecurityLog(folder, now=lambda: NOON, bounds=Bounds(**bounds), monotonic=Passing())


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return every line of every file, the oldest first; each must be a whole object."""
    files = sorted(folder.glob("security.log*"), key=number_of, reverse=True)
    texts = [line for file in files for line in file.read_text("ascii").splitlines()]
    return [json.loads(text) for text in texts]


def number_of(file: Path) -> int:
    last = file.name.rpartition(".")[2]
    return int(last) if last.isdigit() else 0


def test_a_line_says_what_happened_and_when(tmp_path: Path) -> None:
    log = opened(tmp_path / "security")
    assert log.write("act.refused", {"act": "sign_in.use", "codes": ("a", "b"), "n": 3})
    want = {"time": "2026-11-24T04:00:00.000000+00:00", "event": "act.refused"}
    assert lines(tmp_path / "security") == [
        {**want, "act": "sign_in.use", "codes": ["a", "b"], "n": 3}
    ]


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    log = opened(tmp_path / "security")
    log.check()
    assert stat.S_IMODE((tmp_path / "security").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "security" / "security.log").stat().st_mode) == 0o600


@given(text=st.text(max_size=400))
def test_no_text_from_outside_makes_a_line_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("injected")
    opened(folder).write("act.refused", {"address": text, "codes": (text,)})
    [line] = lines(folder)
    assert line["event"] == "act.refused"
    assert line["address"] == text[:TEXT_MAX]
    assert line["codes"] == [text[:TEXT_MAX]]
    content = (folder / "security.log").read_bytes()
    assert content.count(b"\n") == 1
    assert content.isascii()


def test_a_flood_is_counted_and_the_count_is_written(tmp_path: Path) -> None:
    passing = Passing()
    bounds = Bounds(lines_per_second=5)
    log = SecurityLog(tmp_path, now=lambda: NOON, bounds=bounds, monotonic=passing)
    written = [log.write("act.refused", {"n": n}) for n in range(100)]
    assert written.count(True) == 5
    passing.at += 0.2
    assert log.write("act.refused", {"n": 100})
    assert [line.get("count") for line in lines(tmp_path)] == [*[None] * 5, 95, None]


def test_the_count_does_not_wait_for_another_attempt(tmp_path: Path) -> None:
    passing = Passing()
    bounds = Bounds(lines_per_second=1)
    log = SecurityLog(tmp_path, now=lambda: NOON, bounds=bounds, monotonic=passing)
    for n in range(3):
        log.write("act.refused", {"n": n})
    log.check()
    assert len(lines(tmp_path)) == 1
    passing.at += 1
    log.check()
    assert lines(tmp_path)[-1]["count"] == 2


def test_the_last_count_is_written_at_the_end(tmp_path: Path) -> None:
    log = opened(tmp_path, lines_per_second=1)
    for n in range(4):
        log.write("act.refused", {"n": n})
    log.close()
    assert lines(tmp_path)[-1]["count"] == 3


def test_what_has_to_be_written_is_not_left_out(tmp_path: Path) -> None:
    log = opened(tmp_path, lines_per_second=1)
    assert all(log.write("act.refused", {"n": n}, always=True) for n in range(20))
    assert [line["n"] for line in lines(tmp_path)] == list(range(20))


def test_files_are_moved_on_and_so_many_are_kept(tmp_path: Path) -> None:
    log = opened(tmp_path, file_bytes_max=1_000, files_kept=3)
    for n in range(200):
        log.write("act.refused", {"n": n}, always=True)
    files = {file.name for file in tmp_path.glob("security.log*")}
    assert files == {"security.log", "security.log.1", "security.log.2", "security.log.3"}
    assert all(file.stat().st_size <= 1_000 for file in tmp_path.glob("security.log*"))
    kept = [line["n"] for line in lines(tmp_path)]
    assert kept == list(range(kept[0], 200))


def _fill(folder: Path, number: int, count: int) -> None:
    log = SecurityLog(folder, now=now, bounds=Bounds(file_bytes_max=20_000, files_kept=50))
    for n in range(count):
        log.write("act.refused", {"process": number, "n": n, "x": "y" * 100}, always=True)


def test_several_processes_write_whole_lines_and_lose_none(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    processes = [
        context.Process(target=_fill, args=(tmp_path, number, 250)) for number in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    found = [(line["process"], line["n"]) for line in lines(tmp_path)]
    assert sorted(found) == [(number, n) for number in range(3) for n in range(250)]


def test_several_threads_write_whole_lines(tmp_path: Path) -> None:
    log = opened(tmp_path, file_bytes_max=5_000, files_kept=50)

    def fill(number: int) -> None:
        for n in range(50):
            log.write("act.refused", {"thread": number, "n": n}, always=True)

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(line["thread"], line["n"]) for line in lines(tmp_path)}) == 200


def test_a_line_that_was_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    (tmp_path / "security.log").write_bytes(b'{"event":"act.ref')
    opened(tmp_path).write("act.refused", {"n": 1})
    cut, whole = (tmp_path / "security.log").read_bytes().splitlines()
    assert cut == b'{"event":"act.ref'
    assert json.loads(whole)["n"] == 1


def test_what_somebody_moves_or_deletes_is_opened_anew(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.write("act.refused", {"n": 1})
    (tmp_path / "security.log").rename(tmp_path / "security.log.1")
    log.write("act.refused", {"n": 2})
    assert [line["n"] for line in lines(tmp_path)] == [1, 2]
    (tmp_path / "security.log").unlink()
    log.check()
    assert (tmp_path / "security.log").exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / "security.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SecurityLogError):
        opened(tmp_path).check()
    assert (tmp_path / "elsewhere").read_bytes() == b""


def test_the_first_check_finds_out_whether_it_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "security").write_text("a file where the folder should be")
    log = opened(tmp_path / "security")
    for _ in range(2):
        with pytest.raises(SecurityLogError) as failed:
            log.check()
        assert failed.value.folder == str(tmp_path / "security")
        assert failed.value.why
    (tmp_path / "security").unlink()
    log.check()
    assert [line["event"] for line in lines(tmp_path / "security")] == ["log.begun"]


def test_after_a_failed_write_each_check_tries_again(tmp_path: Path) -> None:
    log = opened(tmp_path / "security")
    log.check()
    (tmp_path / "security" / "security.log").unlink()
    (tmp_path / "security" / "security.log").mkdir()
    for attempt in (log.check, log.check, lambda: log.write("act.refused", {})):
        with pytest.raises(SecurityLogError):
            attempt()
    (tmp_path / "security" / "security.log").rmdir()
    log.check()
    assert log.write("act.refused", {"n": 1})
    assert [line["event"] for line in lines(tmp_path / "security")] == [
        "log.begun",
        "act.refused",
    ]


def test_a_healthy_log_is_not_written_to_by_checks(tmp_path: Path) -> None:
    log = opened(tmp_path)
    for _ in range(10):
        log.check()
    assert len(lines(tmp_path)) == 1
    assert lines(tmp_path)[0]["process"] == os.getpid()


def test_the_bounds_are_those_of_the_documents() -> None:
    bounds = Bounds()
    assert (bounds.file_bytes_max, bounds.files_kept) == (10_000_000, 20)
    assert bounds.lines_per_second == LINES_PER_SECOND == 50

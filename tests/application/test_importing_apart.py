"""Large files are read in a process of its own: whatever befalls it, the rows are the same."""

import fcntl
import io
import os
import pickle
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from datetime import time as clock
from pathlib import Path

import pytest

from ledger.application.importing import reading_apart, rows
from ledger.application.importing.opening import digest_of
from ledger.application.importing.reading_apart import ReadingApart, tell_rows
from ledger.application.importing.rows import ReadFile, ReadRow, reading_here
from ledger.application.importing.tables import UnusableFileError
from ledger.domain.refusal import Refused
from ledger.wiring.reading_apart import READING
from tests.application.filing import HEAD, other, row, text, workbook

PATIENCE_S = 60.0
SHEET = "xl/worksheets/sheet1.xml"
MESSY = (
    ("多福巷社区志愿服务登记表", *[None] * 8),
    HEAD,
    row(),
    [None] * len(HEAD),
    other(服务日期="２０２６年11月20日", 开始时间="上午9点", 结束时间="11点半", 评价="５分"),
    row(服务日期="昨天", 开始时间="25:00", 评价="很好", 评价日期=None),
    row(服务内容="=1+1\u3000\u00a0'助老", 服务时长=None),
    *(row(服务日期=f"2026-11-{day:02}") for day in range(2, 11)),
    ("合计", *[None] * 8),
)
TYPED = (
    row(服务日期=date(2026, 11, 20), 开始时间=clock(9), 结束时间=clock(11, 30), 服务时长=2.5),
    row(服务日期=46346, 服务时长=timedelta(hours=2, minutes=30), 评价=5, 身份证号=11.5),
    row(服务内容=True, 评价=3.0, 评价日期=date(2026, 11, 23)),
)


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "LARGE_BYTES", 0)
    monkeypatch.setattr(rows, "BATCH_ROWS", 4)


def kept(tmp_path: Path, content: io.BytesIO, name: str = "登记表") -> Path:
    path = tmp_path / name
    path.write_bytes(content.getvalue())
    return path


def flat(read: ReadFile) -> Iterator[ReadRow]:
    for batch in read.batches:
        yield from batch


def here(path: Path) -> tuple[ReadRow, ...]:
    with path.open("rb") as file, reading_here(file, digest_of(file)) as read:
        assert isinstance(read, ReadFile)
        return tuple(flat(read))


def apart(path: Path, reading: ReadingApart = READING) -> tuple[ReadRow, ...]:
    with path.open("rb") as file, reading.read(file, digest_of(file)) as read:
        assert isinstance(read, ReadFile)
        return tuple(flat(read))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    "content", [text(*MESSY, encoding="gb18030"), workbook(*MESSY, *TYPED)], ids=["csv", "xlsx"]
)
def test_a_messy_file_is_read_apart_as_it_is_here(
    content: io.BytesIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, content)
    wanted = here(path)
    assert {type(each.said) for each in wanted} > {Refused}  # some say something, some do not
    with path.open("rb") as file, READING.read(file, digest_of(file)) as read:
        assert isinstance(read, ReadFile)
        assert tuple(next(read.batches)) == wanted[:4]
        monkeypatch.setattr(rows, "batch_of", _nothing_more_is_read_here)
        assert tuple(flat(read)) == wanted[4:]


def _nothing_more_is_read_here(_: object) -> list[ReadRow]:
    raise AssertionError("the other process reads it")


def test_what_is_damaged_further_down_is_told_after_the_rows_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH_ROWS", 500)
    cut = io.BytesIO()
    with (
        zipfile.ZipFile(workbook(HEAD, *(row() for _ in range(1_200)))) as whole,
        zipfile.ZipFile(cut, "w") as packed,
    ):
        for name in whole.namelist():
            part = whole.read(name)
            packed.writestr(name, part[: part.rindex(b"<row")] if name == SHEET else part)
    path = kept(tmp_path, cut)
    for reading in (reading_here, READING.read):
        with path.open("rb") as file, reading(file, digest_of(file)) as read:
            assert isinstance(read, ReadFile)
            assert [len(next(read.batches)) for _ in range(2)] == [500, 500]
            with pytest.raises(UnusableFileError) as refused:
                next(read.batches)
        assert refused.value.code == "file_is_damaged"


def test_a_file_that_is_none_is_told_to_be_one(tmp_path: Path) -> None:
    path = kept(tmp_path, io.BytesIO(b"<html>"))
    with (
        path.open("rb") as file,
        pytest.raises(UnusableFileError) as refused,
        READING.read(file, digest_of(file)),
    ):
        raise AssertionError
    assert refused.value.code == "file_is_no_table"


def test_a_header_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    path = kept(tmp_path, text(HEAD[:-1], row()[:-1]))
    with path.open("rb") as file, READING.read(file, digest_of(file)) as read:
        assert isinstance(read, Refused)
        assert read.codes == ("column_is_missing",)


def frames(path: Path) -> list[bytes]:
    """Return what the process says of a file, one part after the other."""
    said = io.BytesIO()
    with path.open("rb") as file:
        tell_rows(file, said, digest=digest_of(file), after=rows.BATCH_ROWS)
    whole, parts = said.getvalue(), list[bytes]()
    while whole:
        end = 8 + int.from_bytes(whole[:8])
        parts.append(whole[:end])
        whole = whole[end:]
    return parts


def framed(what: object) -> bytes:
    said = pickle.dumps(what)
    return len(said).to_bytes(8) + said


def says(tmp_path: Path, said: bytes, then: str) -> ReadingApart:
    """Return what begins a process that says this, and then does something else."""
    (tmp_path / "said").write_bytes(said)
    return ReadingApart(
        ["sh", "-c", f"echo $$ >'{tmp_path}/pid'; cat '{tmp_path}/said'; {then}"]
    )


@pytest.mark.parametrize("heard", [0, 2])
@pytest.mark.parametrize(
    ("more", "then"),
    [
        (b"", "exit 0"),
        (b"", "kill -9 $$"),
        (b"\0\0\0\0\0\0\1\0half", "exit 1"),
        (bytes(4_096), "exit 0"),
        (b"no such thing as a row\n" * 1_000, "exit 0"),
        (framed("rows"), "exit 0"),
        (framed([]), "exit 0"),
        (framed([None]), "exit 0"),
        (b"", "exec sleep 600"),
    ],
    ids=["ended", "killed", "half", "nulls", "words", "text", "empty", "none", "silent"],
)
def test_whatever_befalls_it_the_rest_is_read_here(
    heard: int, more: bytes, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, workbook(*MESSY))
    if "sleep" in then:
        monkeypatch.setattr(reading_apart, "PATIENCE_S", 0.5)
    reading = says(tmp_path, b"".join(frames(path)[:heard]) + more, then)
    assert apart(path, reading) == here(path)
    assert not is_alive(int((tmp_path / "pid").read_text()))


def test_of_a_file_that_has_changed_nothing_is_said(tmp_path: Path) -> None:
    path, said = kept(tmp_path, text(*MESSY)), io.BytesIO()
    with path.open("rb") as file:
        tell_rows(file, said, digest="0" * 64, after=0)
    assert said.getvalue() == b""


def test_a_file_without_rows_has_none(tmp_path: Path) -> None:
    assert apart(kept(tmp_path, text(HEAD, [None] * len(HEAD)))) == ()


def test_where_no_process_can_be_begun_it_is_read_here(tmp_path: Path) -> None:
    path = kept(tmp_path, text(*MESSY))
    assert apart(path, ReadingApart(["/nonexistent/python"])) == here(path)


def test_for_a_small_file_or_one_without_a_name_no_process_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = says(tmp_path, b"", "exit 0")
    content = text(*MESSY)
    path = kept(tmp_path, content)
    with reading.read(content, digest_of(content)) as read:
        assert isinstance(read, ReadFile)
        assert tuple(flat(read)) == here(path)
    monkeypatch.setattr(reading_apart, "LARGE_BYTES", len(content.getvalue()) + 1)
    assert apart(path, reading) == here(path)
    assert not (tmp_path / "pid").exists()


def _long(tmp_path: Path) -> Path:
    """Return a file of which the pipe does not take all."""
    return kept(tmp_path, text(HEAD, *(row(服务内容="助老" * 200) for _ in range(1_200))))


def both(read: ReadFile) -> list[ReadRow]:
    """Return the rows that are read here, and those that the other process says first."""
    return [*next(read.batches), *next(read.batches)]


def test_it_reads_no_further_ahead_than_the_pipe_takes(tmp_path: Path) -> None:
    path = _long(tmp_path)
    before = _children()
    with path.open("rb") as file, READING.read(file, digest_of(file)) as read:
        assert isinstance(read, ReadFile)
        first = both(read)
        (pid,) = _children() - before
        wait_for(lambda: _state(pid) == "S")
        assert is_alive(pid)  # it waits to be listened to
        assert (*first, *flat(read)) == here(path)
    assert not is_alive(pid)


def test_it_ends_with_the_reading_and_signals_to_the_group_do_not_end_it(
    tmp_path: Path,
) -> None:
    path = _long(tmp_path)
    before = _children()
    with path.open("rb") as file, READING.read(file, digest_of(file)) as read:
        assert isinstance(read, ReadFile)
        both(read)
        (pid,) = _children() - before
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, each)
        next(read.batches)
        assert is_alive(pid)
    assert not is_alive(pid)


def test_it_is_given_the_file_and_nothing_else_that_is_open(tmp_path: Path) -> None:
    path = _long(tmp_path)
    with (tmp_path / "lock").open("w") as lock, path.open("rb") as file:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        before = _children()
        with READING.read(file, digest_of(file)) as read:
            assert isinstance(read, ReadFile)
            both(read)
            (pid,) = _children() - before
            folder = Path(f"/proc/{pid}/fd")
            held = {str(each.readlink()).partition(":")[0] for each in folder.iterdir()}
    assert held == {"pipe", "/dev/null", str(path)}


READS = """
import os, sys, time
from pathlib import Path
from ledger.application.importing import reading_apart
from ledger.application.importing.opening import digest_of
from ledger.wiring.reading_apart import READING
reading_apart.LARGE_BYTES = 0
with Path(sys.argv[1]).open("rb") as file, READING.read(file, digest_of(file)) as read:
    next(read.batches), next(read.batches)
    print(Path(f"/proc/self/task/{os.getpid()}/children").read_text(), flush=True)
    time.sleep(600)
"""


def test_it_ends_when_the_import_is_killed(tmp_path: Path) -> None:
    importing = subprocess.Popen(
        [sys.executable, "-c", READS, str(_long(tmp_path))],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert importing.stdout is not None
    pid = int(importing.stdout.readline())
    assert is_alive(pid)
    importing.kill()
    importing.wait()
    importing.stdout.close()
    wait_for(lambda: _state(pid) in ("Z", ""))


def _children() -> set[int]:
    told = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(each) for each in told.read_text().split()}


def _state(pid: int) -> str:
    """Return how a process is, by the letter of `ps`; nothing where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""

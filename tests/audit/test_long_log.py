"""A log of several stretches: the same findings, in any process, in the same memory."""

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.audit.chunk import CHUNK_ENTRIES
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.merkle import edge_of
from ledger.store.event import NewEvent, Submission
from tests.audit.exported import export
from tests.audit.house import House, Ticking, found, paths_in, places, unchecked
from tests.audit.plan import ORIGIN, STAFF, Found, event_at

SHORT, LONG = 20_000, 80_000
BATCH = 1_000
STREAMS = 997
EVERY = 4_000
LEVEL_2 = 65_536

MEASURE = """
import json, resource, sys
from pathlib import Path
from tests.audit.house import House, paths_in
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    urls = [f"sqlite:///{folder / name}.sqlite" for name in ("log", "vault")]
    report = House(paths_in(folder, *urls)).audit(processes=2)
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = [resource.getrusage(each).ru_maxrss for each in who]
    print(json.dumps({"ok": report.ok, "size": report.checkpoint.size, "memory": memory}))
"""


def stream(seq: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"stream {seq % STREAMS}"))


def event(seq: int) -> NewEvent:
    if seq == 0:
        return event_at(0)
    facts = {"minutes": seq % 480, "place": "敬老院"}
    return NewEvent(stream(seq), "record.entered", 1, STAFF, facts)  # type: ignore[arg-type]


def agreed_before(seq: int) -> int:
    return seq // EVERY * EVERY


@dataclass
class Folders:
    """The same log at two sizes."""

    short: Path
    long: Path


@dataclass
class Measured:
    """What an audit in a process of its own found, and the memory of it and its workers."""

    ok: bool
    size: int
    memory: list[int]


def _house(folder: Path) -> House:
    urls = [f"sqlite:///{folder / name}.sqlite" for name in ("log", "vault")]
    return House(paths_in(folder, *urls))


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return two folders that are only ever read or copied."""
    root = tmp_path_factory.mktemp("long")
    made = Folders(root / "short", root / "long")
    made.long.mkdir()
    house = found(_house(made.long).paths)
    clock = Ticking()
    appender = house.appender(clock)
    for start in range(0, LONG, BATCH):
        events = [event(seq) for seq in range(start, start + BATCH)]
        appender.append(Submission(uuid.uuid4(), events))
        clock.tick()
        if (start + BATCH) % EVERY == 0:
            house.wiring.publisher.publish()
        if start + BATCH == SHORT:
            house.close()
            shutil.copytree(made.long, made.short)
            del house.wiring
            appender.close()
            appender = house.appender(clock)
    appender.close()
    house.close()
    return made


@pytest.fixture
def short(folders: Folders, tmp_path: Path) -> Iterator[House]:
    """Return a copy of the log of two stretches."""
    shutil.copytree(folders.short, tmp_path / "short")
    house = _house(tmp_path / "short")
    yield house
    house.close()


def test_a_log_of_several_stretches_is_sound(short: House) -> None:
    report = short.audit(processes=2)
    assert report.ok
    assert report.checkpoint.size == SHORT > CHUNK_ENTRIES
    assert unchecked(report) == {"not_witnessed": SHORT // EVERY}


def _ripple(seq: int) -> Found:
    return {
        ("leaf_differs", seq),
        ("entry_wrong_prev", seq + 1),
        ("stream_previous", seq + STREAMS),
        ("subtree_differs", seq // 256 * 256),
        ("checkpoint_inconsistent", agreed_before(seq)),
        ("head_differs", None),
    }


@pytest.mark.parametrize("seq", [CHUNK_ENTRIES - 1, CHUNK_ENTRIES, 17_777])
def test_a_lie_at_the_border_of_a_stretch_is_named_once(short: House, seq: int) -> None:
    short.edit(seq, entry=short.kept(seq).entry.replace(b"audit.", b"other."))
    report = short.audit()
    assert places(report) == _ripple(seq) | {("entry_wrong_log", seq)}
    codes = [each.code.value for each in report.tally.findings]
    assert codes.count("entry_wrong_prev") == codes.count("subtree_differs") == 1


def test_rows_missing_across_a_border_are_named_in_both_stretches(short: House) -> None:
    first, last = CHUNK_ENTRIES - 300, CHUNK_ENTRIES + 10
    short.lie("DELETE FROM entries WHERE {log} AND seq BETWEEN ? AND ?", first, last)
    found = {place for place in short.found() if place[0] != "stream_version"}
    assert found == {
        ("entry_missing", first),
        ("entry_missing", CHUNK_ENTRIES),
        ("checkpoint_inconsistent", agreed_before(first)),
        ("head_differs", None),
    }


def test_one_process_and_several_give_the_same_report(short: House) -> None:
    for seq in (5, 9_000, CHUNK_ENTRIES, 19_999):
        short.edit(seq, plain=None, topic="record.praised")
    short.edit(12_345, leaf=b"?")
    short.edit(17_000, stream="0" * 32)
    reports = [short.audit(processes=count).as_json() for count in (1, 2)]
    for report in reports:
        del report["seconds"]
    assert reports[0] == reports[1]
    assert reports[0]["ok"] is False


def test_an_edited_root_of_65536_entries_is_named(folders: Folders, tmp_path: Path) -> None:
    shutil.copytree(folders.long, tmp_path / "long")
    house = _house(tmp_path / "long")
    house.lie("UPDATE subtrees SET hash = ? WHERE {log} AND level = 2", bytes(32))
    report = house.audit(processes=2)
    house.close()
    assert places(report) == {("subtree_differs", 0)}
    assert LEVEL_2 < report.checkpoint.size == LONG


def test_memory_does_not_grow_with_the_log(folders: Folders) -> None:
    short, long = (_measured(folder) for folder in (folders.short, folders.long))
    assert (short.size, long.size) == (SHORT, LONG)
    assert short.ok
    assert long.ok
    for small, large in zip(short.memory, long.memory, strict=True):
        assert large < 1.3 * small


def _measured(folder: Path) -> Measured:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, folder],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Measured(**json.loads(done.stdout))


@pytest.mark.parametrize("true", [True, False])
def test_a_checkpoint_at_the_border_of_a_stretch_is_taken_once(
    short: House, true: bool
) -> None:
    leaves = [leaf or b"" for leaf in short.wiring.source.kept_hashes(0, 0, CHUNK_ENTRIES)]
    root = edge_of(leaves).root() if true else bytes(32)
    checkpoint = Checkpoint(ORIGIN, CHUNK_ENTRIES, root)
    line = sign_checkpoint(checkpoint, short.key, timestamp=None)
    note = add_signatures(checkpoint, [line]).encode()
    short.lie("INSERT INTO checkpoints VALUES (?, ?, ?)", ORIGIN, CHUNK_ENTRIES, note)
    report = short.audit()
    assert [(each.code.value, each.seq) for each in report.tally.findings] == (
        [] if true else [("checkpoint_inconsistent", agreed_before(CHUNK_ENTRIES))]
    )
    assert unchecked(report) == {"not_witnessed": SHORT // EVERY + 1}


def test_files_of_a_long_export_are_named_once_and_in_order(
    short: House, tmp_path: Path
) -> None:
    exported = export(short, tmp_path / "export", facts=False)
    names = ("tile/entries/001", "tile/entries/063", "tile/entries/077")
    for name in names:
        exported.path(name).unlink()
    one, two = (exported.audit(processes=count).as_json() for count in (1, 2))
    del one["seconds"], two["seconds"]
    assert one == two
    findings = exported.audit().tally.findings
    assert [each.detail for each in findings if each.code.value == "file_malformed"] == [*names]

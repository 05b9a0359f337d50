"""The head register: replaced whole, by one at a time, and believed only in one spelling."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Edge
from ledger.store.event import LedgerExistsError
from ledger.store.founding import found_ledger
from ledger.store.register import (
    HeadRegister,
    RegisterMovedOn,
    parse_register,
    register_text,
)
from tests.store.ledgers import ORIGIN, Ledger, secret
from tests.store.workers import advance_register

ROOT = Path(__file__).parents[2]


def edge(size: int) -> Edge:
    """Return the edge of a tree of leaves that are all alike."""
    grown = Edge()
    for _ in range(size):
        grown.append(bytes([7]) * 32)
    return grown


@pytest.fixture
def register(tmp_path: Path) -> HeadRegister:
    """Return a register at size 5."""
    register = HeadRegister(tmp_path / "head", origin=ORIGIN)
    register.advance(expected=None, new=edge(5))
    return register


def test_what_was_registered_is_read_back(register: HeadRegister, tmp_path: Path) -> None:
    assert register.read() == edge(5)
    assert HeadRegister(tmp_path / "head", origin=ORIGIN).read() == edge(5)
    assert HeadRegister(tmp_path / "other", origin=ORIGIN).read() is None


def test_nobody_else_may_read_it(register: HeadRegister, tmp_path: Path) -> None:
    assert (tmp_path / "head").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("expected", [None, edge(4), edge(6)])
def test_a_head_that_is_not_expected_stays(
    register: HeadRegister, expected: Edge | None
) -> None:
    with pytest.raises(RegisterMovedOn):
        register.advance(expected=expected, new=edge(9))
    assert register.read() == edge(5)


def test_two_processes_never_overwrite_each_other(tmp_path: Path) -> None:
    path, context = tmp_path / "head", multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        for each in [pool.submit(advance_register, path, seed, 60) for seed in (1, 2)]:
            each.result()
    final = HeadRegister(path, origin=ORIGIN).read()
    assert final is not None
    assert final.size == 120


def test_a_file_that_a_crash_left_behind_is_harmless(
    register: HeadRegister, tmp_path: Path
) -> None:
    left = tmp_path / f".head.{os.getpid()}.new"
    left.write_bytes(b"half of a regis" * 1000)
    (tmp_path / ".head.1.new").write_bytes(b"")
    assert register.read() == edge(5)
    register.advance(expected=edge(5), new=edge(6))
    assert register.read() == edge(6)
    assert not left.exists()


def test_a_process_that_is_killed_leaves_the_old_head_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "head"
    script = (
        "from pathlib import Path; import sys\n"
        "from tests.store.workers import advance_register\n"
        "print(flush=True)\n"
        "advance_register(Path(sys.argv[1]), 1, 10**9)\n"
    )
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            size = _size(path)
            while _size(path) < size + 5:
                assert process.poll() is None
            process.kill()
        size = _size(path)
        advance_register(path, 1, 1)
        assert _size(path) == size + 1


def _size(path: Path) -> int:
    found = HeadRegister(path, origin=ORIGIN).read()
    return found.size if found is not None else 0


def test_a_disk_that_refuses_leaves_the_old_head(
    register: HeadRegister, tmp_path: Path
) -> None:
    (tmp_path / f".head.{os.getpid()}.new").mkdir()  # so that no temporary file can be made
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        register.advance(expected=edge(5), new=edge(6))
    assert register.read() == edge(5)


TEXT = register_text(edge(5), origin=ORIGIN)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        TEXT[:-1],
        TEXT[:-46],
        TEXT[: len(TEXT) // 2],
        TEXT + b"\n",
        TEXT.replace(b"\n5\n", b"\n05\n"),
        TEXT.replace(b"\n5\n", b"\n7\n"),
        TEXT.replace(b"\n", b"\r\n"),
        b"\xff" + TEXT,
        bytes(9000),
        register_text(edge(5), origin="other.example/log/1"),
    ],
)
def test_a_damaged_register_is_refused_and_stays(
    register: HeadRegister, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "head").write_bytes(content)
    with pytest.raises(MalformedError):
        register.read()
    with pytest.raises(MalformedError):
        register.advance(expected=None, new=edge(6))
    assert (tmp_path / "head").read_bytes() == content


@st.composite
def edges(draw: st.DrawFn) -> Edge:
    size = draw(st.integers(0, 2**63 - 1))
    peak = st.binary(min_size=32, max_size=32)
    count = size.bit_count()
    return Edge(size, draw(st.lists(peak, min_size=count, max_size=count)))


@given(edges())
def test_a_register_is_read_as_it_was_written(grown: Edge) -> None:
    text = register_text(grown, origin=ORIGIN)
    assert parse_register(text, origin=ORIGIN) == grown


@given(edges(), st.data())
def test_a_changed_hash_is_refused(grown: Edge, data: st.DataObject) -> None:
    text = register_text(grown, origin=ORIGIN)
    hashes = len("\n".join(text.decode().split("\n")[:2])) + 1
    at = data.draw(st.integers(hashes, len(text) - 1))
    changed = bytes([text[at] ^ data.draw(st.integers(1, 255))])
    with pytest.raises(MalformedError):
        parse_register(text[:at] + changed + text[at + 1 :], origin=ORIGIN)


@given(edges(), st.data())
def test_a_register_that_was_cut_off_is_refused(grown: Edge, data: st.DataObject) -> None:
    text = register_text(grown, origin=ORIGIN)
    with pytest.raises(MalformedError):
        parse_register(text[: data.draw(st.integers(0, len(text) - 1))], origin=ORIGIN)


def test_founding_goes_on_where_it_was_interrupted(ledger: Ledger) -> None:
    """Given a crash after the register and before the commit."""
    ledger.as_dba("DELETE FROM heads")
    found_ledger(ledger.engine, ledger.register, origin=ORIGIN, seal_key=secret("seal"))
    with pytest.raises(LedgerExistsError):
        found_ledger(ledger.engine, ledger.register, origin=ORIGIN, seal_key=secret("seal"))
    assert ledger.codes() == []

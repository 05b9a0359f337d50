"""A ledger to which things happen, and what must hold of it afterwards."""

import itertools
import json
import multiprocessing
import multiprocessing.context
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.store.event import OutcomeUnknownError
from ledger.wiring.creating import create_ledger
from tests import forked
from tests.faults import appending
from tests.faults.appending import Post, Workload
from tests.faults.shims import clock
from tests.faults.told import Row, Told, read_journals
from tests.faults.tracing import Fault, Tracer
from tests.forked import WHOLE_PRODUCT, Forked
from tests.shell import ORIGIN, Shell

ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "scripts" / "verify_log.py"
PATIENCE_S = 120
KILLED = -9
POLICY = "policy.trusted"
"""What a verifier got elsewhere than from the export: the log's public keys."""
UNKNOWN = OutcomeUnknownError.__name__
FOUND, CANNOT, ROLLED_BACK = 1, 2, 3

# Processes are forked from one that has loaded everything: a second each is spared.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["pytest", *WHOLE_PRODUCT, "tests.store.workers"]
    + [f"tests.faults.{name}" for name in ("attempting", "projecting", "scene")]
)


@dataclass(frozen=True)
class Answered:
    """What a command of the ledger said."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def codes(self) -> list[str]:
        """The codes of the findings in a JSON report."""
        return [finding["code"] for finding in json.loads(self.stdout)["findings"]]


class Running:
    """A process of the ledger under a fault."""

    def __init__(self, process: Any, tracer: Tracer | None, output: Path) -> None:
        self.process = process
        self._tracer = tracer
        self._output = output
        self.struck = 0
        _running.append(self)

    def kill(self) -> None:
        """End the process by kill -9; one that has ended is left alone."""
        self.process.kill()
        self.process.join()
        if self._tracer is not None:
            self._tracer.close()

    def wait(self) -> int:
        """Return the exit code; ``struck`` then says how many calls were tampered with."""
        self.process.join(PATIENCE_S)
        assert not self.process.is_alive(), "the process did not end"
        if self._tracer is not None:
            self.struck = self._tracer.wait()
        code: int = self.process.exitcode
        return code

    def answered(self) -> Answered:
        """Wait, and return what was said."""
        code = self.wait()
        out, err = (self._output.with_suffix(f".{each}").read_text() for each in ("out", "err"))
        return Answered(code, out, err)


_running: list[Running] = []


def end_all() -> None:
    """Leave no process behind, whatever a test that failed has left running."""
    while _running:
        _running.pop().kill()


class Scene:
    """One ledger, its folder and its clients' journals."""

    def __init__(
        self, shell: Shell, *, namespace: Path | None = None, before: int | None = None
    ) -> None:
        """Take the folder as it is; ``namespace`` shows the processes disks of their own.

        ``before`` is how many rows no journal tells of: unless given, all that there are.
        """
        self.shell = shell
        self._namespace = namespace
        self._numbers = itertools.count(1)
        self._found: set[uuid.UUID] = set()
        self.before = self.size() if before is None else before

    @property
    def data_dir(self) -> Path:
        return self.shell.data_dir

    def start(
        self,
        act: Callable[..., None],
        *arguments: object,
        fault: Fault | None = None,
        limits: Mapping[int, int] | None = None,
    ) -> Running:
        """Let a new process act; faults and limits are in force before it does."""
        number = next(self._numbers)
        output = self.shell.folder / f"process-{number}"
        env = self.shell.environment()
        post = Post(self.shell.folder, env, output, limits or {}, self._namespace)
        ours, theirs = _context.Pipe()
        process = _context.Process(target=_begin, args=(theirs, post, act, arguments))
        process.start()
        theirs.close()
        assert process.pid is not None
        try:
            trace = output.with_suffix(".strace")
            tracer = None if fault is None else Tracer(process.pid, fault, trace)
        except BaseException:
            process.kill()
            process.join()
            raise
        ours.send(None)
        ours.close()
        return Running(process, tracer, output)

    def append(
        self,
        load: Workload | None = None,
        fault: Fault | None = None,
        limits: Mapping[int, int] | None = None,
    ) -> Running:
        """Start a process that appends and keeps a journal."""
        journal = self.shell.folder / f"journal-{next(self._numbers)}"
        work = load or Workload()
        return self.start(appending.append, work, journal, fault=fault, limits=limits)

    def append_under(self, offset: str, *, submissions: int) -> Forked:
        """Start a process that appends under another clock."""
        journal = self.shell.folder / f"journal-{next(self._numbers)}"
        arguments = [str(submissions), str(journal)]
        env = self.shell.environment(**clock(offset))
        folder = self.shell.folder
        return forked.start(appending.__name__, arguments, cwd=folder, env=env, out=1, err=2)

    def command(
        self,
        *arguments: object,
        fault: Fault | None = None,
        limits: Mapping[int, int] | None = None,
    ) -> Answered:
        """Run a command of the ledger."""
        words = [str(each) for each in arguments]
        running = self.start(appending.run_command, words, fault=fault, limits=limits)
        return running.answered()

    def end_clients(self) -> None:
        """Ask the appending processes to begin no further submission."""
        (self.shell.folder / appending.END).touch()

    def told(self) -> Told:
        """Return what all clients noted; a line that was cut off counts for nothing."""
        return read_journals(self.shell.folder)

    def rows(self) -> list[Row]:
        """Return every row, ascending."""
        listed = self.start(appending.list_rows).answered()
        assert listed.returncode == 0, listed.stderr
        words = [line.split() for line in listed.stdout.splitlines()]
        return [Row(int(seq), uuid.UUID(id_), *more) for seq, id_, *more in words]

    def size(self) -> int:
        return len(self.rows())

    def check(self) -> dict[str, int]:
        """All that was acknowledged is there once, in its place; all is sound; say how much.

        First the rows as they lie there after the fault, then a client's retries, then the
        auditor and the verifier that shares no line with the project.
        """
        told, present = self.told(), self.present()
        self._found |= present.keys() - told.acknowledged.keys() - told.got.keys()
        receipts = self.retry()
        assert receipts.keys() == told.tried.keys()
        assert receipts == receipts | present, "a retry gave another receipt"
        assert self.present() == receipts
        self.sound()
        return {
            "acknowledged": len(told.acknowledged),
            "lost": len(told.acknowledged.keys() - present.keys()),
            "unanswered": len(told.tried) - len(told.acknowledged),
            "of these present once": len(self._found),
        }

    def present(self) -> dict[uuid.UUID, range]:
        """Return which submissions there are: each once and whole, where receipts say so."""
        told, rows = self.told(), self.rows()
        assert [row.seq for row in rows] == list(range(len(rows)))
        stored: dict[uuid.UUID, list[int]] = {}
        for row in rows[self.before :]:
            if row.topic == appending.TOPIC:  # the log has events of its own
                stored.setdefault(row.submission, []).append(row.seq)
        promised = told.acknowledged | told.got
        assert promised.keys() - stored.keys() == set(), "acknowledged, and lost"
        assert stored.keys() <= told.tried.keys()
        present = {}
        for id_, seqs in stored.items():
            once = range(seqs[0], seqs[0] + told.tried[id_])
            assert seqs == list(once), "a submission is there in part, or more than once"
            assert promised.get(id_, once) == once
            present[id_] = once
        unsaid = present.keys() - told.got.keys()
        denied = {told.refused[id_] for id_ in told.refused.keys() & unsaid}
        assert denied <= {UNKNOWN}, "told that nothing was appended, and it was"
        return present

    def retry(self) -> dict[uuid.UUID, range]:
        """Let a client ask for each submission again; return the receipts."""
        journal = self.shell.folder / f"journal-{next(self._numbers)}"
        wanted = list(self.told().tried.items())
        asked = self.start(appending.settle, wanted, journal).answered()
        assert asked.returncode == 0, asked.stderr
        return self.told().got

    def sound(self) -> None:
        """The auditor and the stand-alone verifier find nothing."""
        report = self.command("audit", "verify", "--json")
        assert report.returncode == 0, report.stdout + report.stderr
        assert self.verified().returncode == 0

    def verified(self) -> Answered:
        """Export the log and let the stand-alone verifier check it."""
        folder = self.shell.folder / f"export-{next(self._numbers)}"
        exported = self.command("audit", "export", "--facts", folder)
        assert exported.returncode == 0, exported.stderr
        done = subprocess.run(
            [sys.executable, VERIFIER, folder, "--policy", self.shell.folder / POLICY],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        shutil.rmtree(folder)
        return Answered(done.returncode, done.stdout, done.stderr)


def wait_until(reached: Callable[[], bool]) -> None:
    """Look again until something that must come has come."""
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _begin(
    start: Any, post: Post, act: Callable[..., None], arguments: Sequence[object]
) -> None:
    post.take()
    start.recv()
    start.close()
    act(*arguments)


def found_scene(folder: Path, *, mldsa: bool = False, **env: str) -> Scene:
    """Create a ledger of 20 entries in a folder."""
    return Scene(found_shell(folder, mldsa=mldsa, **env))


def found_shell(folder: Path, *, mldsa: bool = False, **env: str) -> Shell:
    """Create a ledger of 20 entries in a folder, and copy its public keys out of it."""
    shell = Shell(folder, env)
    create_ledger(shell.settings(), origin=ORIGIN, mldsa=mldsa).close()
    shell.append(19)
    shutil.copy(shell.data_dir / "policy", folder / POLICY)
    return shell

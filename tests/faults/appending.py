"""What the tests' other processes do: append and note each answer, or ask again after a fault.

A journal is what a client keeps: a line before each submission and one after each answer,
each durable before the next step. It is written by single calls of `write` to a file that is
open with O_DSYNC, so that no fault meant for the ledger's fsync or pwrite meets it.
"""

import os
import resource
import signal
import sys
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from ledger import cli
from ledger.proof.canonical import Value
from ledger.proof.entry import parse_entry
from ledger.settings import Settings, paths_of
from ledger.store.engine import connect
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.store.schema import entries
from ledger.wiring.parts import Wiring, open_ledger
from tests.faults.mounts import enter

TOPIC = "other:Event"
FAILED = 9
"""Exit code of an appending process whose submission was not acknowledged."""
HARD_END = 10
"""Exit code of one that has ended without closing anything, as a crash does."""
END = "end"
"""A file of this name lets every appending process begin no further submission."""


@dataclass(frozen=True)
class Workload:
    """So many submitters of a process, with so many submissions of so many events each.

    The stubborn go on after a submission has failed. Without ``close`` the process ends as
    in a crash.
    """

    submissions: int = 3
    threads: int = 1
    events: int = 3
    stubborn: bool = False
    close: bool = True


@dataclass(frozen=True)
class Post:
    """Where a process works: its folder and environment, where its output goes, its limits.

    ``limits`` are those of the module `resource`; ``namespace`` shows it disks of its own.
    """

    folder: Path
    environment: Mapping[str, str]
    output: Path
    limits: Mapping[int, int] = field(default_factory=dict)
    namespace: Path | None = None

    def take(self) -> None:
        """Work here from now on."""
        if self.namespace is not None:
            enter(self.namespace)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        for number, name in ((1, "out"), (2, "err")):
            file = os.open(
                self.output.with_suffix(f".{name}"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            )
            os.dup2(file, number)
            os.close(file)
        for limit, value in self.limits.items():
            resource.setrlimit(limit, (value, value))


class Journal:
    """One process's journal.

    Lines ``try ID COUNT``, ``ack ID FIRST COUNT``, ``no ID ERROR``, and from a client that
    asks again ``got ID FIRST COUNT``.
    """

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_DSYNC
        self._file = os.open(path, flags, 0o644)

    def note(self, *words: object) -> None:
        """Write one line; durable when it returns."""
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())


def submission_of(id_: uuid.UUID, count: int, actor: str) -> Submission:
    """Return the submission of an id: the same whenever it is asked for."""
    return Submission(id_, [_event(id_, number, actor) for number in range(count)])


def _event(id_: uuid.UUID, number: int, actor: str) -> NewEvent:
    # Two events share a stream; each third holds facts about a person of its own, so that
    # the vault is written as well.
    stream = str(uuid.uuid5(id_, f"stream {number // 2}"))
    facts: dict[str, Value] = {"topic": TOPIC, "originator_version": number}
    if number % 3 == 2:
        person = str(uuid.uuid5(id_, f"person {number}"))
        return NewEvent(
            stream, "opaque.recorded", 1, actor, facts, {person: {"state": "张示例"}}
        )
    return NewEvent(stream, "opaque.recorded", 1, actor, {**facts, "state": "e30="})


def append(load: Workload, journal: Path) -> None:
    """Append through the product's own wiring until the load is done or an answer is none."""
    notes = Journal(journal)
    ledger = open_ledger(Settings())

    def submit(_thread: int) -> bool:
        well = True
        for _ in range(load.submissions):
            if Path(END).exists() or not (well or load.stubborn):
                break
            well &= _submitted(ledger, uuid.uuid4(), load.events, notes)
        return well

    with ThreadPoolExecutor(load.threads) as pool:
        well = all(pool.map(submit, range(load.threads)))
    if not load.close:
        os._exit(HARD_END)
    if not well:
        sys.exit(FAILED)
    ledger.close()


def _submitted(ledger: Wiring, id_: uuid.UUID, count: int, notes: Journal) -> bool:
    notes.note("try", id_, count)
    try:
        done = ledger.appender.append(submission_of(id_, count, system_actor(ledger.origin)))
    except Exception as error:  # noqa: BLE001 - whatever the ledger says
        notes.note("no", id_, type(error).__name__)
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return False
    notes.note("ack", id_, done.first_seq, done.count)
    return True


def settle(wanted: Sequence[tuple[uuid.UUID, int]], journal: Path) -> None:
    """Ask for each submission's receipt, and append what is not there: a client's retry."""
    notes = Journal(journal)
    ledger = open_ledger(Settings())
    actor = system_actor(ledger.origin)
    for id_, count in wanted:
        found = ledger.appender.find(id_)
        if found is None:
            found = ledger.appender.append(submission_of(id_, count, actor))
        notes.note("got", id_, found.first_seq, found.count)
    ledger.close()


def list_rows() -> None:
    """Print position, submission, topic and entry of every row, in order of position."""
    engine = connect(paths_of(Settings()).database_url)
    columns = entries.c
    query = sa.select(columns.seq, columns.submission, columns.topic, columns.entry)
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(columns.seq)):
            print(row.seq, row.submission, row.topic, parse_entry(row.entry).time)
    engine.dispose()


def hold_open(ready: Path) -> None:
    """Read the log once and keep its database open, as a serving process does, until killed."""
    ledger = open_ledger(Settings())
    with ledger.engine.connect():
        ledger.source.size()
        ready.touch()
        signal.pause()


def run_command(arguments: Sequence[str]) -> None:
    """Be the command line, as ``python -m ledger`` is."""
    sys.argv = ["ledger", *arguments]
    cli.main()


if __name__ == "__main__":
    append(Workload(submissions=int(sys.argv[1])), Path(sys.argv[2]))

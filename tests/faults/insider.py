"""Somebody inside: an owner's rights on the database, past every trigger, and no key."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.settings import paths_of
from ledger.store.engine import connect
from ledger.store.schema import entries, metadata
from tests.audit.outsider import Outsider
from tests.faults.scene import PATIENCE_S, POLICY, VERIFIER, Answered, Scene

Found = set[tuple[str, int | None]]


@dataclass(frozen=True)
class Judged:
    """What two find who share no line: the auditor in the database, a stranger in an export.

    ``export`` is the exit code of writing it; the stranger has nothing where it is not 0.
    """

    audit: Found
    stranger: Found
    export: int

    def first_bad(self) -> int:
        """Return the first event that the auditor names; a checkpoint is none."""
        named = [seq for code, seq in self.audit if code != "checkpoint_inconsistent"]
        return min(seq for seq in named if seq is not None)

    def codes(self) -> str:
        """Return the codes of the auditor, for the report."""
        return ", ".join(sorted({code for code, _ in self.audit}))


class Insider:
    """Somebody with the rights of a database's owner, and another driver than the service's."""

    def __init__(self, scene: Scene) -> None:
        """Take the database of a scene; nothing is touched yet."""
        self.scene = scene
        self.url = paths_of(scene.shell.settings()).database_url
        self.hand = Outsider(self.url)

    def run(self, statement: str, *values: object) -> None:
        """Run one statement past the triggers."""
        self.hand.run(statement, *values)

    def empty(self) -> None:
        """Delete every row of the log's tables."""
        self.hand.run_all((f"DELETE FROM {name}", ()) for name in metadata.tables)

    def value(self, column: str, seq: int) -> Any:
        """Return what lies in a column of a row of ``entries``."""
        [(found,)] = self._read(sa.select(entries.c[column]).where(entries.c.seq == seq))
        return found

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Return every row of a table as it lies there, in order of its key."""
        table = metadata.tables[name]
        return self._read(sa.select(table).order_by(*table.primary_key.columns))

    def save_head(self) -> Callable[[], None]:
        """Return what puts the head row back as the service itself once sealed it."""
        [(_, size, leaf, time, edge, mac)] = self.table("heads")

        def put_back() -> None:
            query = "UPDATE heads SET size = ?, leaf = ?, time = ?, edge = ?, mac = ?"
            self.run(query, size, leaf, time, edge, mac)

        return put_back

    def _read(self, query: Any) -> list[tuple[Any, ...]]:
        engine = connect(self.url)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(query)]
        engine.dispose()
        return rows


def found_by(answered: Answered) -> Found:
    """Return code and place of each finding in a report in JSON."""
    return {(each["code"], each["seq"]) for each in json.loads(answered.stdout)["findings"]}


def judge(scene: Scene) -> Judged:
    """Let both look at the ledger as it lies there."""
    audited = scene.command("audit", "verify", "--json")
    folder = scene.shell.folder / "judged"
    exported = scene.command("audit", "export", "--facts", folder)
    stranger: Found = set()
    if exported.returncode == 0:
        stranger = found_by(strangers_report(scene, folder))
    shutil.rmtree(folder, ignore_errors=True)
    return Judged(found_by(audited), stranger, exported.returncode)


def strangers_report(scene: Scene, path: object) -> Answered:
    """Return what the stand-alone verifier says of an export or a proof, in JSON."""
    policy = scene.shell.folder / POLICY
    done = subprocess.run(
        [sys.executable, VERIFIER, str(path), "--policy", policy, "--json"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Answered(done.returncode, done.stdout, done.stderr)

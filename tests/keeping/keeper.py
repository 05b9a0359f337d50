"""A ledger on either database, as its keeper meets it: commands, and what the rows are."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger.store.engine import connect
from ledger.store.schema import IMMUTABLE, metadata
from ledger.wiring.parts import open_ledger
from tests import forked
from tests.shell import ORIGIN, Shell

SOUND, FOUND, CANNOT, ROLLED_BACK = 0, 1, 2, 3
ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "scripts" / "verify_log.py"


@dataclass
class Keeper(Shell):
    """One data folder and the database that its environment names."""

    @property
    def url(self) -> str:
        return self.env.get("LEDGER_DATABASE_URL") or f"sqlite:///{self.data_dir}/log.sqlite"

    @property
    def keys(self) -> Path:
        return self.data_dir / "keys"

    def must(self, *args: object, **env: str) -> str:
        """Run a command that has to succeed; return what it said."""
        done = self.run(*args, **env)
        assert done.returncode == SOUND, done.stdout + done.stderr
        return done.stdout + done.stderr

    def killed(self, at: int, *args: object) -> int:
        """Run a command that is killed at a step; return 0 if it ended before."""
        done = forked.run(
            "tests.keeping.killed",
            [str(at), *map(str, args)],
            cwd=self.folder,
            env=self.environment(),
            timeout=120,
        )
        assert done.returncode in (SOUND, -signal.SIGKILL), done.stdout + done.stderr
        return done.returncode

    def audit(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.run("audit", "verify", "--json").stdout)
        return report

    def rows(self, url: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table as it lies there, but for the seal of the head."""
        engine = connect(url or self.url)
        found = {}
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                columns = [each for each in table.columns if each.name != "mac"]
                query = sa.select(*columns).order_by(*table.primary_key.columns)
                found[table.name] = [tuple(row) for row in connection.execute(query)]
        engine.dispose()
        return found

    def as_dba(self, *statements: str) -> None:
        """Change rows past the triggers, as the owner of a database can."""
        engine = connect(self.url)
        with engine.begin() as connection:
            for table in IMMUTABLE:
                if engine.dialect.name == "sqlite":
                    for act in ("update", "delete"):
                        connection.execute(
                            sa.text(f"DROP TRIGGER IF EXISTS {table.name}_no_{act}")
                        )
                else:
                    connection.execute(sa.text(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL"))
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()

    def empty_database(self) -> None:
        """Lose the database, and nothing else."""
        if "sqlite" in self.url:
            for path in self.data_dir.glob("log.sqlite*"):
                path.unlink()
            return
        engine = connect(self.url)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        engine.dispose()

    def keep_only_keys(self) -> None:
        """Lose the machine: what is left are the keys, copied elsewhere."""
        self.empty_database()
        saved = self.folder / "saved-keys"
        shutil.copytree(self.keys, saved)
        shutil.rmtree(self.data_dir)
        self.data_dir.mkdir()
        shutil.move(saved, self.keys)

    def append_fails(self) -> str:
        """Try to append and to sign in this process; return the name of what both raise."""
        ledger = open_ledger(self.settings())
        names = set()
        for act in (lambda: self.append(1), ledger.publisher.publish):
            try:
                act()
            except Exception as error:  # noqa: BLE001 - its name is what is asked for
                names.add(type(error).__name__)
            else:
                names.add("nothing")
        ledger.close()
        [name] = names
        return name

    def stranger_checks(self, export: Path) -> None:
        """Let the verifier that shares no code with us check an export of all there is."""
        self.must("audit", "export", export, "--facts")
        done = subprocess.run(
            [sys.executable, VERIFIER, export, "--policy", export / "policy"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == SOUND, done.stdout


def begins_with(
    whole: dict[str, list[tuple[Any, ...]]], part: dict[str, list[tuple[Any, ...]]]
) -> bool:
    """Return whether all rows of a log are still there, whatever was appended since."""
    return all(
        rows == whole[name][: len(rows)] if name != "heads" else True
        for name, rows in part.items()
    )


def types(keeper: Keeper, seqs: Sequence[int]) -> list[str]:
    """Return the types of events."""
    return [row[7] for row in keeper.rows()["entries"] if row[1] in seqs]


__all__ = [
    "CANNOT",
    "FOUND",
    "ORIGIN",
    "ROLLED_BACK",
    "SOUND",
    "Keeper",
    "begins_with",
    "types",
]


def make_first_release(database: Path) -> None:
    """Leave of a SQLite database what the first release of the product had."""
    first = {"entries", "boxes", "heads", "subtrees", "checkpoints", "trackings"}
    with sqlite3.connect(database) as connection:
        for table in {table.name for table in metadata.sorted_tables} - first:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX entries_leaves")
        connection.execute("UPDATE log_version SET version_num = '0001'")
    connection.close()

"""The installed command, as a person runs it: a folder, a clean environment, an exit code."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from ledger.proof.canonical import Value
from ledger.settings import Settings, paths_of
from ledger.store.chance import random_uuid
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.store.migration import Store
from ledger.wiring.creating import create_ledger
from ledger.wiring.parts import open_ledger
from tests import forked
from tests.store.tables import make_tables

ORIGIN = "cli.example.gov.cn/log/110000"
PERSON = "7aaaaaaa-0000-4000-8000-000000000000"
PRIVATE = "张示例 110101180001010015"


@dataclass
class Shell:
    """One working folder; the ledger lies in ``var``."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return self.folder / "var"

    def environment(self, **env: str) -> dict[str, str]:
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        return {**clean, **self.env, **env}

    def command(self, *args: object) -> list[str]:
        return [sys.executable, "-m", "ledger", *map(str, args)]

    def run(self, *args: object, **env: str) -> "subprocess.CompletedProcess[str]":
        words, environment = [str(each) for each in args], self.environment(**env)
        run = partial(forked.run, "ledger", words)
        if not forked.suits(environment):
            run = partial(
                subprocess.run,
                self.command(*words),
                capture_output=True,
                text=True,
                check=False,
            )
        done = run(cwd=self.folder, env=environment, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def init(self) -> None:
        """Create the ledger, in this process because a new one takes its time.

        On SQLite its tables are copied, with those of the views, as after a first start.
        """
        paths = paths_of(self.settings())
        paths.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        stores: Mapping[Store, str] = {
            "log": paths.database_url,
            "vault": paths.vault_url,
            "views": paths.projections_url,
        }
        for store, url in stores.items():
            if url.startswith("sqlite"):
                make_tables(url, store)
        create_ledger(self.settings(), origin=ORIGIN, mldsa=False).close()

    def settings(self) -> Settings:
        values = {name.removeprefix("LEDGER_").lower(): v for name, v in self.env.items()}
        return Settings(**{"data_dir": self.data_dir, **values}, _env_file=None)  # type: ignore[arg-type, call-arg]

    def append(self, count: int, *, publish: bool = True) -> None:
        """Append events as the service does, every tenth with facts about a person."""
        ledger = open_ledger(self.settings())
        actor = system_actor(ORIGIN)
        first = ledger.recorder.max_notification_id() or 0
        events = [_event(actor, first + n) for n in range(count)]
        ledger.appender.append(Submission(random_uuid(), events))
        if publish:
            ledger.publisher.publish()
        ledger.close()

    def lie(self, *statements: str) -> None:
        """Change rows with another process's SQLite, past the triggers."""
        script = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
            "[c.execute(s) for s in sys.argv[2:]]; c.commit(); c.close()"
        )
        triggers = [f"DROP TRIGGER IF EXISTS entries_no_{act}" for act in ("update", "delete")]
        file = self.data_dir / "log.sqlite"
        subprocess.run([sys.executable, "-c", script, file, *triggers, *statements], check=True)

    def files(self) -> dict[str, bytes]:
        """Return the content of every file below the folder."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


def _event(actor: str, number: int) -> NewEvent:
    stream = f"{number % 7:08}-0000-4000-8000-000000000000"
    facts: dict[str, Value] = {"topic": "other:Event", "originator_version": number}
    if number % 10 == 5:
        personal = {PERSON: {"state": PRIVATE}}
        return NewEvent(stream, "opaque.recorded", 1, actor, facts, personal)
    return NewEvent(stream, "opaque.recorded", 1, actor, {**facts, "state": "e30="})


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    """Return a folder without a ledger."""
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a folder with a ledger of 300 entries; it is only ever copied."""
    made = Shell(tmp_path_factory.mktemp("base"))
    made.init()
    made.append(299)
    return made


@pytest.fixture
def shell(base: Shell, empty: Shell) -> Shell:
    """Return a copy of the ledger of 300 entries."""
    shutil.copytree(base.folder, empty.folder, dirs_exist_ok=True)
    return empty

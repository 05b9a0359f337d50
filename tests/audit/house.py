"""A ledger of some hundred entries, and the hands of an outsider in its database."""

import json
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ledger.application.auditing import AuditReport, audit
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.audit.source import KeptEntry
from ledger.proof.policy import Policy
from ledger.proof.signers import SigningKey
from ledger.settings import Paths
from ledger.store.appender import Appender
from ledger.store.durable_file import create_file
from ledger.store.event import NewEvent, Submission
from ledger.store.founding import found_ledger
from ledger.store.keyfiles import create_secret
from ledger.wiring.parts import Wiring
from tests.audit.outsider import Outsider, Statement
from tests.audit.plan import (
    CHECKPOINTS,
    KEY,
    ORIGIN,
    PRIVATE,
    SHAPES,
    SIZE,
    START,
    TICK_S,
    Found,
    event_at,
)


class Ticking:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> None:
        self.now += timedelta(seconds=TICK_S)


@dataclass
class House:
    """A ledger whose files and rows a test may change; it is nobody else's."""

    paths: Paths
    old_heads: dict[int, tuple[Any, ...]] = field(default_factory=dict)

    @cached_property
    def wiring(self) -> Wiring:
        return Wiring(self.paths, ORIGIN)

    @cached_property
    def outsider(self) -> Outsider:
        return Outsider(self.paths.database_url)

    @cached_property
    def vault_outsider(self) -> Outsider:
        return Outsider(self.paths.vault_url)

    @property
    def key(self) -> SigningKey:
        return self.wiring.signing_keys[0]

    def appender(self, clock: Ticking | None = None) -> Appender:
        wiring = self.wiring
        return Appender(
            wiring.engine,
            wiring.vault,
            origin=ORIGIN,
            seal_key=wiring.seal_key,
            shapes=SHAPES,
            # It stays where `publish` leaves it, so that lies can be told on either side.
            register=None,
            clock=clock or Ticking(),
        )

    def append(self, *events: NewEvent) -> int:
        """Append as the service does; return the first position."""
        appender = self.appender()
        try:
            return appender.append(Submission(uuid.uuid4(), events)).first_seq
        finally:
            appender.close()

    def question(self, policy: Policy | None = None, **options: Any) -> Question:
        keys = tuple(key.verifier_key for key in self.wiring.signing_keys)
        trust = Trust(keys, policy or self.wiring.policy)
        return Question(SHAPES, trust, **{"clock_bound_s": 300, **options})

    def audit(
        self, policy: Policy | None = None, *, processes: int = 1, **options: Any
    ) -> AuditReport:
        """Audit as ``ledger audit verify`` does; no report may tell of a person."""
        report = audit(
            self.wiring.opener(),
            self.question(policy, **options),
            scope="database",
            progress=lambda done, size: None,
            processes=processes,
        )
        text = json.dumps(report.as_json(), ensure_ascii=False)
        assert not any(word in text for word in PRIVATE)
        return report

    def found(self, **options: Any) -> Found:
        return places(self.audit(**options))

    def kept(self, seq: int) -> KeptEntry:
        """Return a row as it lies there."""
        return next(iter(self.wiring.source.entries(seq, seq + 1)))

    def head_row(self) -> tuple[Any, ...]:
        """Return what the database holds of the head."""
        query = sa.text("SELECT size, leaf, time, edge, mac FROM heads WHERE log = :log")
        with self.wiring.engine.connect() as connection:
            row = connection.execute(query, {"log": ORIGIN}).one()
        return tuple(bytes(v) if isinstance(v, (bytes, memoryview)) else v for v in row)

    def lie(self, statement: str, *values: object) -> None:
        """Change rows past the triggers; ``{log}`` stands for the condition on the log."""
        self.lie_all([(statement, values)])

    def lie_all(self, statements: Iterable[Statement]) -> None:
        """Tell several lies in one transaction."""
        here = f"log = '{ORIGIN}'"
        self.outsider.run_all((text.format(log=here), values) for text, values in statements)

    def edit(self, seq: int, **columns: object) -> None:
        """Overwrite columns of one row."""
        self.lie_all(edits(seq, **columns))

    def put_head_back(self, size: int) -> None:
        """Write the head row again that the service itself once sealed."""
        self.lie(
            "UPDATE heads SET size = ?, leaf = ?, time = ?, edge = ?, mac = ? WHERE {log}",
            *self.old_heads[size],
        )

    def close(self) -> None:
        self.wiring.close()


def edits(seq: int, **columns: object) -> list[Statement]:
    """Return the statements that overwrite columns of one row."""
    return [
        (f"UPDATE entries SET {name} = ? WHERE {{log}} AND seq = ?", (value, seq))
        for name, value in columns.items()
    ]


def places(report: AuditReport) -> Found:
    """Return what was found, and where."""
    return {(finding.code.value, finding.seq) for finding in report.tally.findings}


def unchecked(report: AuditReport) -> dict[str, int]:
    """Return what was not checked, and how often."""
    return {what.value: count for (what, _), count in report.tally.unchecked.items()}


def paths_in(folder: Path, database_url: str, vault_url: str) -> Paths:
    """Return the places of a ledger whose files lie in a folder."""
    return Paths(
        data_dir=folder,
        database_url=database_url,
        vault_url=vault_url,
        projections_url=f"sqlite:///{folder / 'projections.sqlite'}",
        log_key=folder / "keys/log.key",
        mldsa_key=None,
        seal_key=folder / "keys/seal.key",
        vault_key=folder / "keys/vault.key",
        index_key=folder / "keys/index.key",
        register=folder / "head",
        policy=None,
    )


def build(paths: Paths) -> House:
    """Found the ledger of the plan, published at each of `CHECKPOINTS`."""
    house = found(paths)
    clock = Ticking()
    appender = house.appender(clock)
    done = 0
    for stop in (*CHECKPOINTS, SIZE):
        events = [event_at(seq) for seq in range(done, stop)]
        appender.append(Submission(uuid.uuid4(), events))
        house.old_heads[stop] = house.head_row()
        if stop in CHECKPOINTS:
            house.wiring.publisher.publish()
        clock.tick()
        done = stop
    appender.close()
    return house


def found(paths: Paths) -> House:
    """Create keys, tables and an empty log."""
    paths.log_key.parent.mkdir(parents=True, mode=0o700)
    create_file(paths.log_key, f"{KEY.text()}\n".encode())
    create_secret(paths.seal_key)
    create_secret(paths.vault_key)
    create_secret(paths.index_key)
    house = House(paths)
    wiring = house.wiring
    wiring.write_own_policy()
    wiring.migrate()
    found_ledger(wiring.engine, wiring.register, origin=ORIGIN, seal_key=wiring.seal_key)
    return house


@contextmanager
def copied(base: House, folder: Path, database_url: str) -> Iterator[House]:
    """Give a copy of the files of a house, with its database at another URL."""
    shutil.copytree(base.paths.data_dir, folder, dirs_exist_ok=True)
    on_sqlite = database_url.startswith("sqlite")
    vault_url = f"sqlite:///{folder / 'vault.sqlite'}" if on_sqlite else database_url
    house = House(paths_in(folder, database_url, vault_url), dict(base.old_heads))
    try:
        yield house
    finally:
        house.close()

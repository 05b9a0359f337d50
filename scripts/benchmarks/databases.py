"""Databases for the occasion: files of SQLite, and a PostgreSQL server of the bench's own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.postgres.cluster import Cluster
from tests.postgres.server import Server

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Database:
    """Where databases of one kind are made."""

    kind: Kind
    cluster: Cluster | None

    @property
    def name(self) -> str:
        """How it writes itself."""
        return NAMES[self.kind]

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Yield a new folder, and remove it afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="ledger-bench-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    @contextmanager
    def url(self, folder: Path, name: str) -> Iterator[str]:
        """Yield the URL of a new, empty database; a file lies in the folder."""
        if self.cluster is None:
            yield f"sqlite:///{folder / name}.sqlite"
            return
        with self.cluster.database() as url:
            yield url


@contextmanager
def databases(kinds: list[Kind]) -> Iterator[dict[Kind, Database]]:
    """Yield the databases asked for; a server is started only if it is needed."""
    found: dict[Kind, Database] = {}
    if "sqlite" in kinds:
        found["sqlite"] = Database("sqlite", None)
    if "postgresql" not in kinds:
        yield found
        return
    with Server() as server:
        found["postgresql"] = Database("postgresql", server)
        yield found

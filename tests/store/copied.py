"""A ledger that was filled once, and a copy of it for every test that changes it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres.cluster import Cluster
from tests.store.ledgers import Place


@dataclass(frozen=True)
class Base:
    """All files of a ledger, with its tables; and its database, unless it is on SQLite."""

    folder: Path
    cluster: Cluster | None = None
    database: str = ""

    @property
    def place(self) -> Place:
        """Where it is, before it is copied."""
        if self.cluster is None:
            return Place(f"sqlite:///{self.folder / 'log.sqlite'}", self.folder, migrated=True)
        return Place(self.cluster.url(self.database), self.folder, migrated=True)

    @contextmanager
    def copy(self, folder: Path) -> Iterator[Place]:
        """Give where a copy is, with its files in a folder; nobody has it open."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        if self.cluster is None:
            yield Base(folder).place
            return
        with self.cluster.database(template=self.database) as url:
            yield Place(url, folder, migrated=True)

    def another(self, folder: Path) -> "Base":
        """Return a copy that is a base itself, to be filled further."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        if self.cluster is None:
            return Base(folder)
        name = self.cluster.create_database(template=self.database)
        return Base(folder, self.cluster, name)

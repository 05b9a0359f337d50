"""The auditor's reader of a ledger, opened anew in whatever process asks for it."""

from dataclasses import dataclass

import sqlalchemy as sa

from ledger.settings import Paths
from ledger.store.engine import connect
from ledger.store.keyfiles import read_secret
from ledger.store.reading import DatabaseSource
from ledger.store.register import HeadRegister
from ledger.store.vault import Vault


@dataclass(frozen=True, slots=True)
class DatabaseOpener:
    """Opens the auditor's reader with its own connections, in whatever process it is called."""

    paths: Paths
    origin: str

    def __call__(self) -> DatabaseSource:
        """Return a reader of this process's own, with the secrets that are at hand."""
        paths, vault = self.paths, None
        if paths.vault_key.exists():
            vault = open_vault(paths, self.origin)
        return database_source(paths, self.origin, connect(paths.database_url), vault)


def open_vault(paths: Paths, origin: str) -> Vault:
    """Return a ledger's store of data keys.

    Raises:
        OSError: Its key-encryption key cannot be read.
    """
    key = read_secret(paths.vault_key)
    return Vault(connect(paths.vault_url), origin=origin, key_encryption_key=key)


def database_source(
    paths: Paths, origin: str, engine: sa.Engine, vault: Vault | None
) -> DatabaseSource:
    """Return the auditor's reader on these connections."""
    return DatabaseSource(
        engine,
        origin=origin,
        register=HeadRegister(paths.register, origin=origin),
        vault=vault,
        seal_key=read_secret(paths.seal_key) if paths.seal_key.exists() else None,
    )

"""The only place that knows every concrete class: settings in, a working ledger out."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from fastapi import FastAPI

from ledger.api.app import make_app
from ledger.application.log_files import LogFiles
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Subtree
from ledger.proof.note import KeyType
from ledger.proof.policy import NO_QUORUM, Policy, PolicyLog, parse_policy
from ledger.proof.shapes import LEDGER_OPENED, LOG_SHAPES
from ledger.proof.signers import SigningKey
from ledger.proof.suite import SUITE
from ledger.settings import Paths, Settings, paths_of
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.engine import connect
from ledger.store.erasures import Erasures
from ledger.store.event import LedgerExistsError, LedgerMissingError, NewEvent, Submission
from ledger.store.founding import found_ledger
from ledger.store.instance import join_instance
from ledger.store.keyfiles import (
    create_secret,
    create_signing_key,
    read_secret,
    read_signing_key,
)
from ledger.store.migration import Store, migrate
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.recorder import LogProcessRecorder
from ledger.store.register import HeadRegister
from ledger.store.tree import StoredTree
from ledger.store.vault import Vault

SHAPES = LOG_SHAPES
"""Every published shape: the log's own now, the domain's beside them."""


def system_actor(origin: str) -> str:
    """Return who acts when the ledger itself does: one name for each origin."""
    return f"system:{uuid.uuid5(uuid.NAMESPACE_URL, f'https://{origin}')}"


@dataclass(frozen=True, slots=True)
class DatabaseOpener:
    """Opens the auditor's reader with its own connections, in whatever process it is called."""

    paths: Paths
    origin: str

    def __call__(self) -> DatabaseSource:
        """Return a reader of this process's own."""
        return Wiring(self.paths, self.origin).source


class Wiring:
    """One ledger, its parts made when they are first asked for."""

    def __init__(self, paths: Paths, origin: str) -> None:
        self.paths = paths
        self.origin = origin

    @cached_property
    def engine(self) -> sa.Engine:
        """The log's database."""
        return connect(self.paths.database_url)

    @cached_property
    def vault(self) -> Vault:
        """The store of data keys."""
        engine = connect(self.paths.vault_url)
        key = read_secret(self.paths.vault_key)
        return Vault(engine, origin=self.origin, key_encryption_key=key)

    @cached_property
    def seal_key(self) -> bytes:
        """The key of the head row's seal."""
        return read_secret(self.paths.seal_key)

    @cached_property
    def signing_keys(self) -> list[SigningKey]:
        """The Ed25519 key, and the ML-DSA-44 key where one is configured."""
        files = [self.paths.log_key, self.paths.mldsa_key]
        return [read_signing_key(path) for path in files if path is not None]

    @cached_property
    def register(self) -> HeadRegister:
        """The head outside the database."""
        return HeadRegister(self.paths.register, origin=self.origin)

    @cached_property
    def appender(self) -> Appender:
        """The door through which entries come in."""
        return Appender(
            self.engine,
            self.vault,
            origin=self.origin,
            seal_key=self.seal_key,
            shapes=SHAPES,
            register=self.register,
        )

    @cached_property
    def recorder(self) -> LogProcessRecorder:
        """The eventsourcing library's recorder over this ledger."""
        return LogProcessRecorder(
            self.engine, self.appender, origin=self.origin, actor=system_actor(self.origin)
        )

    @cached_property
    def publisher(self) -> Publisher:
        """Signs heads."""
        return Publisher(
            self.engine,
            self.register,
            origin=self.origin,
            seal_key=self.seal_key,
            keys=self.signing_keys,
        )

    @cached_property
    def source(self) -> DatabaseSource:
        """The auditor's reader, with the secrets that are at hand."""
        return DatabaseSource(
            self.engine,
            origin=self.origin,
            register=self.register,
            vault=self.vault if self.paths.vault_key.exists() else None,
            seal_key=self.seal_key if self.paths.seal_key.exists() else None,
        )

    @cached_property
    def policy(self) -> Policy:
        """Whom to trust: the configured policy, or the log's own word for its keys.

        An auditor needs no private key: `ledger init` has written the public ones.
        """
        path = self.paths.policy or self.paths.own_policy
        return parse_policy(path.read_text("utf-8"))

    @cached_property
    def erasures(self) -> Erasures:
        """Whose facts were erased."""
        return Erasures(self.engine, self.publisher, origin=self.origin)

    @cached_property
    def files(self) -> LogFiles:
        """The log as it is served."""
        return LogFiles(self.engine, self.source, self.publisher)

    def write_own_policy(self) -> None:
        """Write the public keys where an auditor finds them.

        Raises:
            FileExistsError: There is such a file; it is untouched.
        """
        logs = tuple(PolicyLog(key.verifier_key) for key in self.signing_keys)
        text = Policy(logs, (), (), NO_QUORUM).text()
        create_file(self.paths.own_policy, text.encode(), mode=PUBLIC)

    def migrate(self) -> None:
        """Bring the tables up to date, all or nothing.

        Raises:
            MigrationRefusedError: An upgrade would have changed what they say.
        """
        migrate(self.engine, "log")
        self.vault.prepare()

    def opener(self) -> DatabaseOpener:
        """Return what opens this ledger's reader in another process."""
        return DatabaseOpener(self.paths, self.origin)

    def question(self, *, clock_bound_s: int, from_seq: int = 0) -> Question:
        """Return what this ledger is audited against."""
        keys = tuple(log.key for log in self.policy.logs if log.key.name == self.origin)
        trust = Trust(keys, self.policy, own_word=self.paths.policy is None)
        return Question(SHAPES, trust, clock_bound_s, from_seq)

    @contextmanager
    def subtrees(self) -> Iterator[Callable[[int], Subtree]]:
        """Yield what proofs of a tree of some size are put together from."""
        with self.engine.connect() as connection:
            tree = StoredTree(connection, origin=self.origin)
            yield lambda tree_size: tree.subtree(tree_size=tree_size)

    def close(self) -> None:
        """Commit what waits and let go of every connection."""
        if "appender" in self.__dict__:
            self.appender.close()
        if "vault" in self.__dict__:
            self.vault.close_connections()
        if "engine" in self.__dict__:
            self.engine.dispose()


def open_ledger(settings: Settings) -> Wiring:
    """Return the ledger that the settings name; nothing of it is touched yet.

    Raises:
        LedgerMissingError: There is none.
        MalformedError: The settings name another ledger than the data folder holds.
    """
    paths = paths_of(settings)
    try:
        origin = paths.origin.read_text("utf-8").removesuffix("\n")
    except FileNotFoundError as error:
        raise LedgerMissingError(str(paths.data_dir)) from error
    check_origin(origin)
    if settings.origin not in (None, origin):
        raise MalformedError("LEDGER_ORIGIN", origin, settings.origin)
    return Wiring(paths, origin)


def create_ledger(settings: Settings, *, origin: str, mldsa: bool) -> Wiring:
    """Create keys, databases, register and entry 0; refuse where anything of it exists.

    Raises:
        LedgerExistsError: A file or a ledger is there already; it is untouched.
        OSError: The disk refused.
    """
    paths = paths_of(settings)
    wanted = [
        paths.origin,
        paths.own_policy,
        paths.log_key,
        paths.seal_key,
        paths.vault_key,
        paths.register,
    ]
    for path in wanted:
        if path.exists():
            raise LedgerExistsError(str(path))
    for path in wanted:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Databases first: where one cannot be reached, no key is left behind.
    _create_tables(paths.database_url, "log")
    _create_tables(paths.vault_url, "vault")
    create_signing_key(paths.log_key, name=origin, kind=KeyType(SUITE.signature))
    if mldsa:
        path = settings.mldsa_key_file or paths.log_key.with_name("log-mldsa44.key")
        create_signing_key(path, name=origin, kind=KeyType.MLDSA44)
    create_secret(paths.seal_key)
    create_secret(paths.vault_key)
    wiring = Wiring(paths_of(settings), origin)
    found_ledger(wiring.engine, wiring.register, origin=origin, seal_key=wiring.seal_key)
    _open_log(wiring)
    wiring.publisher.publish()
    wiring.write_own_policy()
    create_file(paths.origin, f"{origin}\n".encode(), mode=PUBLIC)
    return wiring


def _create_tables(database_url: str, store: Store) -> None:
    engine = connect(database_url)
    migrate(engine, store)
    engine.dispose()


def _open_log(wiring: Wiring) -> None:
    """Append entry 0: under which key and name the log begins."""
    actor = system_actor(wiring.origin)
    event = NewEvent(
        stream=actor.removeprefix("system:"),
        type=LEDGER_OPENED,
        shape=1,
        by=actor,
        facts={
            "key": wiring.signing_keys[0].verifier_key.text(),
            "origin": wiring.origin,
            "predecessor": None,
        },
        version=1,
    )
    wiring.appender.append(Submission(chance.random_uuid(), [event]))


def create_app() -> FastAPI:
    """Return the service's application, for uvicorn to call in each worker."""
    wiring = open_ledger(Settings())
    app = make_app(
        wiring.files,
        division=wiring.origin.rsplit("/", 1)[-1],
        check=lambda: wiring.publisher.check().size,
    )
    app.state.worker = join_instance(wiring.paths.data_dir)
    return app

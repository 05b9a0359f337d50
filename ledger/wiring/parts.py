"""One ledger put together: every concrete class meets here, each made when first asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from uuid import UUID

import sqlalchemy as sa

from ledger.application.key_check import check_keys
from ledger.application.log_files import LogFiles
from ledger.application.published_shapes import SHAPES
from ledger.application.rotating import KeyParts
from ledger.audit.chunk import Question
from ledger.audit.key_history import KeyHistory
from ledger.audit.marks import Trust
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import Subtree
from ledger.proof.note import VerifierKey
from ledger.proof.policy import NO_QUORUM, Policy, PolicyLog, parse_policy
from ledger.proof.signers import SigningKey
from ledger.settings import Bounds, Paths, Settings, bounds_of, paths_of
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.cosignatures import Cosignatures
from ledger.store.credential_key import CredentialKeyFiles
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.engine import connect
from ledger.store.erasures import Erasures
from ledger.store.event import LedgerMissingError, system_actor
from ledger.store.instance import InstanceLock
from ledger.store.key_rows import KeyRows
from ledger.store.keyfiles import read_secret, read_signing_key
from ledger.store.ledger_lock import LedgerLock, new_instance
from ledger.store.limits import Limits
from ledger.store.log_keys import LogKeys, proven_history
from ledger.store.log_memory import LogMemory
from ledger.store.migration import migrate
from ledger.store.observing import AppendObserver, Unobserved
from ledger.store.publishing import Publisher
from ledger.store.reading import DatabaseSource
from ledger.store.recorder import LogProcessRecorder
from ledger.store.register import HeadRegister
from ledger.store.signing_keys import KeyFiles, SigningKeys
from ledger.store.tree import StoredTree
from ledger.store.vault import Vault
from ledger.wiring.database_opener import DatabaseOpener, database_source, open_vault


class Wiring:
    """One ledger, its parts made when they are first asked for."""

    def __init__(self, paths: Paths, origin: str, *, bounds: Bounds | None = None) -> None:
        """Without bounds, the log grows as far as it likes: to found, restore and read it."""
        self.paths = paths
        self.origin = origin
        self.observer: AppendObserver = Unobserved()
        """Watches the appends of this process; set before the first."""
        self.clock: Callable[[], datetime] = chance.now
        self.random_uuid: Callable[[], UUID] = chance.random_uuid
        """Where this process takes its time and its ids from; set before the first part."""
        self._bounds = bounds

    @cached_property
    def engine(self) -> sa.Engine:
        """The log's database."""
        return connect(self.paths.database_url)

    @cached_property
    def vault(self) -> Vault:
        """The store of data keys."""
        return open_vault(self.paths, self.origin)

    @cached_property
    def seal_key(self) -> bytes:
        """The key of the head row's seal."""
        return read_secret(self.paths.seal_key)

    @cached_property
    def index_key(self) -> bytes:
        """The key of the digests by which persons are found."""
        return read_secret(self.paths.index_key)

    @property
    def credential_keys(self) -> CredentialKeyFiles:
        """Where the keys of credentials lie."""
        return CredentialKeyFiles(self.paths.credential_key)

    @cached_property
    def signing_keys(self) -> list[SigningKey]:
        """The Ed25519 key, and the ML-DSA-44 key where one is configured."""
        files = [self.paths.log_key, self.paths.mldsa_key]
        return [read_signing_key(path) for path in files if path is not None]

    @cached_property
    def key_files(self) -> KeyFiles:
        """Where the keys lie that sign, have signed or will sign."""
        beside = self.paths.log_key.with_name("log-mldsa44.key")
        return KeyFiles(self.paths.log_key, self.paths.mldsa_key or beside)

    @cached_property
    def key_rows(self) -> KeyRows:
        """What the log says of its own keys."""
        stream = system_actor(self.origin).removeprefix("system:")
        return KeyRows(self.engine, origin=self.origin, stream=stream)

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
            limits=self.limits,
            clock=self.clock,
            observer=self.observer,
            memory=self.memory,
        )

    @cached_property
    def memory(self) -> LogMemory:
        """What this process remembers of the log."""
        return LogMemory.of(self.origin)

    @cached_property
    def limits(self) -> Limits | None:
        """What each append is held against."""
        bounds = self._bounds
        if bounds is None:
            return None
        asks_nobody = self.policy.quorum == NO_QUORUM
        return Limits(
            unwitnessed_max=None if asks_nobody else bounds.unwitnessed_max,
            clock_ahead=bounds.clock_ahead,
            witnessed=lambda: self.cosignatures.witnessed(),
            clock_checked=bounds.clock_checked,
            clock_bound=bounds.clock_bound,
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
            keys=SigningKeys(self.key_files, self.key_rows),
        )

    @property
    def key_parts(self) -> KeyParts:
        """What puts another key in force."""
        return KeyParts(
            self.key_files,
            self.key_rows,
            self.appender,
            self.publisher,
            origin=self.origin,
            actor=system_actor(self.origin),
            own_policy=self.paths.own_policy,
        )

    @cached_property
    def source(self) -> DatabaseSource:
        """The auditor's reader, with the secrets that are at hand."""
        vault = self.vault if self.paths.vault_key.exists() else None
        return database_source(self.paths, self.origin, self.engine, vault)

    @cached_property
    def policy(self) -> Policy:
        """Whom to trust: the configured policy, or the log's own word for its keys.

        An auditor needs no private key: `ledger init` has written the public ones.
        """
        path = self.paths.policy or self.paths.own_policy
        return parse_policy(path.read_text("utf-8"))

    def log_keys(self) -> list[VerifierKey]:
        """Return every public key that this log signs or has signed with."""
        own = parse_policy(self.paths.own_policy.read_text("utf-8")).logs
        keys = [key.verifier_key for key in self.signing_keys]
        return list(dict.fromkeys([*keys, *(log.key for log in own)]))

    @cached_property
    def keys_at(self) -> LogKeys:
        """Of these keys, those that count at a size: what the sealed head proves of them."""

        def history() -> KeyHistory:
            return proven_history(self.engine, origin=self.origin, seal_key=self.seal_key)

        return LogKeys(self.log_keys, self.key_files, history)

    @cached_property
    def cosignatures(self) -> Cosignatures:
        """What witnesses said of the log, as the policy counts it."""
        return Cosignatures(
            self.engine, origin=self.origin, policy=self.policy, log_keys=self.keys_at
        )

    @cached_property
    def erasures(self) -> Erasures:
        """Whose facts were erased."""
        return Erasures(self.engine, self.publisher, origin=self.origin)

    @cached_property
    def files(self) -> LogFiles:
        """The log as it is served."""
        return LogFiles(
            self.engine,
            self.source,
            self.publisher,
            witnessed=lambda: self.cosignatures.newest(),
        )

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

    def check_keys(self) -> None:
        """Return if every configured key is this ledger's own, and the log can be extended.

        Raises:
            WrongKeyError: One is not.
            As `Publisher.check`.
        """
        check_keys(
            self.publisher,
            self.vault,
            origin=self.origin,
            keys=self.signing_keys,
            history=lambda head: self.key_rows.history(under=head),
        )

    @contextmanager
    def exclusive(self, instance: int | None = None) -> Iterator[None]:
        """Hold this data folder and this ledger against every other instance.

        Raises:
            InstanceRunningError: Another one runs, or its workers do.
        """
        lock = LedgerLock(self.engine, origin=self.origin, instance=instance or new_instance())
        with InstanceLock(self.paths.data_dir), lock:
            yield

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
    return Wiring(paths, origin, bounds=bounds_of(settings))

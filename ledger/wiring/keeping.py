"""A ledger's keeper put together: backups and other copies opened, witnesses asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from ledger.application.evidence import Verifier, read_evidence
from ledger.application.keeping import Kept
from ledger.application.published_shapes import SHAPES
from ledger.application.recording_repair import RepairRecord
from ledger.application.recovering import Recovery, RowSource
from ledger.application.restoring import Outside, is_signed
from ledger.application.witness_testimony import WitnessWord, ask_witnesses
from ledger.audit.chunk import Question
from ledger.proof.errors import ProofError
from ledger.proof.merkle import SIZE_MAX
from ledger.settings import Paths
from ledger.store import chance
from ledger.store.appender import Appender
from ledger.store.backing_up import (
    LOG_FILE,
    ORIGIN,
    POLICY,
    REGISTER,
    TRUSTED_POLICY,
    newest_note,
)
from ledger.store.closure import CLOSED
from ledger.store.copy_file import open_copy
from ledger.store.copying import snapshot
from ledger.store.engine import connect
from ledger.store.event import LedgerMissingError, system_actor
from ledger.store.key_rows import KeysUnreadError
from ledger.store.ledger_lock import LedgerLock, new_instance
from ledger.store.log_keys import fullest_history
from ledger.store.manifest import MANIFEST, NoBackupError, read_backup
from ledger.store.migration import check_newest
from ledger.store.reading import DatabaseSource
from ledger.store.register import HeadRegister
from ledger.store.repair_note import RepairNote
from ledger.store.restoring import readable_backup
from ledger.store.standing import LedgerClosedError, LedgerMovedError
from ledger.store.witness_client import WitnessHttp
from ledger.wiring.parts import Wiring

ASKED_S = 10.0
"""How long each witness may take to say what it has seen."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator brought along: files, and whether witnesses are to be left out."""

    files: list[Path]
    without_witnesses: bool


@dataclass(frozen=True, slots=True)
class CopyOpener:
    """Opens the rows of a backup for an auditor, in whatever process it is called."""

    paths: Paths
    origin: str
    folder: Path
    with_vault: bool

    def __call__(self) -> DatabaseSource:
        """Return a reader of this process's own, with the secrets that are at hand."""
        ledger = Wiring(self.paths, self.origin)
        return DatabaseSource(
            open_copy(self.folder / LOG_FILE),
            origin=self.origin,
            register=HeadRegister(self.folder / REGISTER, origin=self.origin),
            vault=ledger.vault if self.with_vault else None,
            seal_key=ledger.seal_key,
        )


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest checkpoint that is signed; ``damage`` kept all that is committed from it."""

    note: bytes
    damage: Exception | None = None


def newest_signed(ledger: Wiring) -> Newest:
    """Return a signed checkpoint of all that is committed; of a closed log, its last one.

    Damage to the rows of the keys, or beside them, keeps the head from being signed. What was
    signed before still is evidence: whoever is handed it sees the damage himself.

    Raises:
        As `Publisher.publish`, where nothing signed is kept.
    """
    try:
        return Newest(ledger.publisher.publish())
    except (LedgerClosedError, LedgerMovedError, KeysUnreadError, ProofError) as error:
        signed = partial(is_signed, verifier_of(ledger))
        # No further than there are rows: a retired key may have signed whatever it liked.
        size = ledger.source.size()
        with snapshot(ledger.engine, ledger.origin) as rows:
            note = newest_note(rows, size, is_signed=signed)
        if note is None:
            raise
        damaged = isinstance(error, KeysUnreadError | ProofError)
        return Newest(note, error if damaged else None)


def backup_texts(ledger: Wiring) -> Mapping[str, bytes]:
    """Return what lies beside the rows of a backup: name, public keys, whom to trust."""
    texts = {
        ORIGIN: f"{ledger.origin}\n".encode(),
        POLICY: ledger.paths.own_policy.read_bytes(),
    }
    if ledger.paths.policy is not None:
        texts[TRUSTED_POLICY] = ledger.paths.policy.read_bytes()
    closed = ledger.paths.data_dir / CLOSED
    if closed.exists():
        texts[CLOSED] = closed.read_bytes()
    return texts


def kept_parts(ledger: Wiring, question: Question) -> Kept:
    """Return the parts of a ledger that its keeper works on."""
    return Kept(
        origin=ledger.origin,
        engine=ledger.engine,
        vault=ledger.vault,
        register=ledger.register,
        publisher=ledger.publisher,
        erasures=ledger.erasures,
        seal_key=ledger.seal_key,
        question=question,
        data_dir=ledger.paths.data_dir,
    )


def outside_of(verifier: Verifier, question: Question, given: Given) -> Outside:
    """Return whom a restore or recovery asks: witnesses, receipts and checkpoints in files.

    Raises:
        MalformedError: A file is neither a receipt nor a signed checkpoint.
        ProofError: One does not hold.
    """
    named = ((path.name, path.read_bytes()) for path in given.files)
    shown, receipts = read_evidence(verifier, named)
    policy = question.trust.policy

    def ask(signed: bytes | None) -> Sequence[WitnessWord]:
        port = WitnessHttp(connect_s=ASKED_S, read_s=ASKED_S, total_s=ASKED_S)
        witnesses = () if policy is None else policy.witnesses
        return ask_witnesses(witnesses, port, origin=verifier.origin, signed=signed)

    return Outside(verifier, None if given.without_witnesses else ask, shown, receipts)


@contextmanager
def opened_sources(ledger: Wiring, names: Sequence[str]) -> Iterator[list[RowSource]]:
    """Yield copies with whole rows: folders of backups, or URLs of databases.

    Raises:
        NoBackupError: A folder is no finished backup; an export cannot give rows back.
        MigrationMissingError: A database's tables are of another age than this software.
    """
    with ExitStack() as opened:
        yield [opened.enter_context(_opened_source(ledger, name)) for name in names]


@contextmanager
def _opened_source(ledger: Wiring, name: str) -> Iterator[RowSource]:
    if "://" in name:
        engine = connect(name)
        try:
            check_newest(engine, "log")
            signed = partial(is_signed, verifier_of(ledger))
            with snapshot(engine, ledger.origin) as rows:
                note = newest_note(rows, SIZE_MAX, is_signed=signed)
            if note is None:
                raise LedgerMissingError(ledger.origin)
            yield RowSource(engine.url.render_as_string(), engine, sha256(note).hexdigest())
        finally:
            engine.dispose()
        return
    folder = Path(name)
    if (folder / "tile").is_dir() and not (folder / MANIFEST).exists():
        rule = "is an export: it holds salts, not the seeds that rows are made of"
        raise NoBackupError(name, rule)
    manifest = read_backup(folder, "log")
    if manifest.checkpoint.origin != ledger.origin:
        raise NoBackupError(name, f"is of the log {manifest.checkpoint.origin}")
    with readable_backup(folder, "log", scratch=ledger.paths.data_dir) as readable:
        engine = open_copy(readable / LOG_FILE)
        try:
            yield RowSource(name, engine, manifest.digest())
        finally:
            engine.dispose()


@contextmanager
def recording_repair(ledger: Wiring) -> Iterator[RepairRecord]:
    """Yield what lets the log say what was put back, however far it is ahead of witnesses."""
    limits = ledger.limits
    appender = Appender(
        ledger.engine,
        ledger.vault,
        origin=ledger.origin,
        seal_key=ledger.seal_key,
        shapes=SHAPES,
        register=ledger.register,
        limits=None if limits is None else replace(limits, unwitnessed_max=None),
    )
    with closing(appender):
        yield RepairRecord(
            RepairNote(ledger.paths.data_dir),
            appender,
            ledger.publisher,
            origin=ledger.origin,
            actor=system_actor(ledger.origin),
        )


@contextmanager
def recovery_of(
    ledger: Wiring, sources: Sequence[RowSource], question: Question, *, discard: bool
) -> Iterator[Recovery]:
    """Yield the recovery of a ledger's own database from these sources."""
    with recording_repair(ledger) as record:
        yield Recovery(
            kept=kept_parts(ledger, question),
            verifier=verifier_of(ledger, *(each.engine for each in sources)),
            record=record,
            submission=chance.random_uuid(),
            discard=discard,
        )


def verifier_of(ledger: Wiring, *others: sa.Engine) -> Verifier:
    """Return what reads evidence about a log, each key within the term that any copy proves."""
    history = fullest_history(
        (ledger.engine, *others), origin=ledger.origin, seal_key=ledger.seal_key
    )
    return Verifier(ledger.origin, ledger.log_keys(), SHAPES, history)


def moved(ledger: Wiring, database_url: str) -> Wiring:
    """Return the same ledger over another database."""
    return Wiring(replace(ledger.paths, database_url=database_url), ledger.origin)


def held_database(ledger: Wiring) -> LedgerLock:
    """Return the lock of the database alone, for one that no data folder belongs to yet."""
    return LedgerLock(ledger.engine, origin=ledger.origin, instance=new_instance())

"""A ledger's keeper put together: backups and other copies opened, witnesses asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ledger.application.evidence import Verifier, read_evidence
from ledger.application.keeping import Kept
from ledger.application.recovering import Recovery, RowSource
from ledger.application.restoring import Outside
from ledger.application.witness_testimony import WitnessWord, ask_witnesses
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import SIZE_MAX
from ledger.proof.note import VerifierKey
from ledger.proof.policy import parse_policy
from ledger.settings import Paths, Settings, paths_of
from ledger.store import chance
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
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.engine import connect
from ledger.store.event import LedgerMissingError, system_actor
from ledger.store.ledger_lock import LedgerLock, new_instance
from ledger.store.manifest import MANIFEST, NoBackupError, read_backup
from ledger.store.migration import check_newest
from ledger.store.reading import DatabaseSource
from ledger.store.register import HeadRegister
from ledger.store.restoring import readable_backup
from ledger.store.standing import LedgerClosedError, LedgerMovedError
from ledger.store.witness_client import WitnessHttp
from ledger.wiring.parts import SHAPES, Wiring

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


def newest_signed(ledger: Wiring) -> bytes:
    """Return a signed checkpoint of all that is committed; of a closed log, its last one.

    Raises:
        As `Publisher.publish`.
    """
    try:
        return ledger.publisher.publish()
    except (LedgerClosedError, LedgerMovedError):
        with snapshot(ledger.engine, ledger.origin) as rows:
            note = newest_note(rows, SIZE_MAX)
        if note is None:
            raise
        return note


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


def ledger_to_restore(settings: Settings, folder: Path) -> Wiring:
    """Return the ledger whose rows a backup holds: the data folder's, else the backup's.

    Raises:
        NoBackupError: The folder is no finished backup.
        MalformedError: The settings name another ledger than the backup holds.
    """
    manifest = read_backup(folder, "log")
    paths, origin = paths_of(settings), manifest.checkpoint.origin
    if paths.origin.exists():
        origin = paths.origin.read_text("utf-8").removesuffix("\n")
    if settings.origin not in (None, origin):
        raise MalformedError("LEDGER_ORIGIN", origin, settings.origin)
    paths.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Wiring(paths, origin)


def question_of_backup(ledger: Wiring, folder: Path, *, clock_bound_s: int) -> Question:
    """Return what a backup is audited against: our policy, else the one that lies in it."""
    path = ledger.paths.policy
    if path is None:
        trusted = folder / TRUSTED_POLICY
        path = trusted if trusted.exists() else folder / POLICY
    policy = parse_policy(path.read_text("utf-8"))
    keys = tuple(keys_of_backup(ledger, folder))
    return Question(SHAPES, Trust(keys, policy), clock_bound_s)


def keys_of_backup(ledger: Wiring, folder: Path) -> list[VerifierKey]:
    """Return every public key that may have signed the log: ours, and those in a backup."""
    named = [log.key for log in parse_policy((folder / POLICY).read_text("utf-8")).logs]
    held = [key.verifier_key for key in ledger.signing_keys]
    return list(dict.fromkeys([*held, *(key for key in named if key.name == ledger.origin)]))


def settle(ledger: Wiring, folder: Path) -> None:
    """Put the files of a backup into the data folder where they are absent; repeatable."""
    places = {
        POLICY: ledger.paths.own_policy,
        CLOSED: ledger.paths.data_dir / CLOSED,
        ORIGIN: ledger.paths.origin,
    }
    for name, path in places.items():
        if (folder / name).exists() and not path.exists():
            create_file(path, (folder / name).read_bytes(), mode=PUBLIC)


def outside_of(
    ledger: Wiring,
    question: Question,
    keys: Sequence[VerifierKey],
    given: Given,
) -> Outside:
    """Return whom a restore or recovery asks: witnesses, receipts and checkpoints in files.

    Raises:
        MalformedError: A file is neither a receipt nor a signed checkpoint.
        ProofError: One does not hold.
    """
    verifier = Verifier(ledger.origin, keys, SHAPES)
    named = ((path.name, path.read_bytes()) for path in given.files)
    shown, receipts = read_evidence(verifier, named)
    policy = question.trust.policy

    def ask(signed: bytes | None) -> Sequence[WitnessWord]:
        port = WitnessHttp(connect_s=ASKED_S, read_s=ASKED_S, total_s=ASKED_S)
        witnesses = () if policy is None else policy.witnesses
        return ask_witnesses(witnesses, port, origin=ledger.origin, signed=signed)

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
            with snapshot(engine, ledger.origin) as rows:
                note = newest_note(rows, SIZE_MAX)
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


def recovery_of(ledger: Wiring, question: Question, *, discard: bool) -> Recovery:
    """Return the recovery of a ledger's own database."""
    return Recovery(
        kept=kept_parts(ledger, question),
        verifier=Verifier(ledger.origin, ledger.log_keys(), SHAPES),
        appender=ledger.appender,
        actor=system_actor(ledger.origin),
        submission=chance.random_uuid(),
        discard=discard,
    )


def moved(ledger: Wiring, database_url: str) -> Wiring:
    """Return the same ledger over another database."""
    return Wiring(replace(ledger.paths, database_url=database_url), ledger.origin)


def held_database(ledger: Wiring) -> LedgerLock:
    """Return the lock of the database alone, for one that no data folder belongs to yet."""
    return LedgerLock(ledger.engine, origin=ledger.origin, instance=new_instance())

"""Backup and restore: what is called a backup was audited, what is restored is not behind.

A restore goes from the backup's manifest over a full audit to the rows, and gives them
free only after everything that could contradict them was asked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from ledger.application.auditing import AuditReport, OpenSource, audit
from ledger.application.erasing import reapply_erasures
from ledger.application.evidence import (
    Missing,
    Receipt,
    Shown,
    Verifier,
    find_missing,
    heard,
    registered,
)
from ledger.application.witness_testimony import WitnessWord
from ledger.audit.chunk import Question
from ledger.audit.finding import Code, Finding
from ledger.store.backing_up import (
    LOG_FILE,
    REGISTER,
    begin_backup,
    finish_backup,
    write_log_copy,
    write_vault_copy,
)
from ledger.store.contradiction import Contradiction
from ledger.store.copy_file import open_copy
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.erasures import Erasures
from ledger.store.head import Head
from ledger.store.manifest import Manifest, NoBackupError, read_backup
from ledger.store.publishing import Publisher
from ledger.store.register import HeadRegister, register_text
from ledger.store.restoring import (
    SealedHead,
    change_standing,
    readable_backup,
    restore_vault_rows,
    take_over_rows,
)
from ledger.store.standing import Standing
from ledger.store.vault import Vault

Progress = Callable[[int, int], None]
OpenCopy = Callable[[Path], OpenSource]
"""Returns what opens the log in a backup's folder for an auditor, in any process."""


@dataclass(eq=False)
class UnsoundError(Exception):
    """An audit has findings; ``code`` names the text that says what follows from it."""

    report: AuditReport
    code: str = "copy_unsound"


@dataclass(eq=False)
class WitnessesSilentError(Exception):
    """Nobody outside says how large the log was; nothing was restored.

    ``want`` is the policy's quorum, ``got`` the witnesses that answered.
    """

    want: str
    got: list[str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts of one ledger that its keeper works on."""

    origin: str
    engine: sa.Engine
    vault: Vault
    register: HeadRegister
    publisher: Publisher
    erasures: Erasures
    seal_key: bytes
    question: Question
    data_dir: Path


def back_up(
    kept: Kept,
    folder: Path,
    texts: Mapping[str, bytes],
    *,
    made: str,
    open_source: OpenCopy,
    progress: Progress,
) -> Manifest:
    """Write a backup beside a running service, and audit it; durable when it returns.

    ``texts`` lie beside the rows. What was cut off before the end has no manifest.

    Raises:
        ExportExistsError: The folder is not empty; it is untouched.
        UnsoundError: The copy has findings: it is left as it is, without a manifest.
        As `write_log_copy` and `Publisher.check`.
    """
    kept.publisher.check()
    begin_backup(folder)
    # Before the rows, so that they are not behind it.
    edge = kept.register.read()
    beside = dict(texts) if edge is None else {
        **texts, REGISTER: register_text(edge, origin=kept.origin)
    }  # fmt: skip
    for name, text in beside.items():
        create_file(folder / name, text, mode=PUBLIC)
    copied = write_log_copy(kept.engine, folder, origin=kept.origin, progress=progress)
    _audit(open_source(folder), kept.question, progress, erasures=kept.erasures)
    return finish_backup(copied, made=made)


def back_up_vault(kept: Kept, engine: sa.Engine, folder: Path, *, made: str) -> Manifest:
    """Write a backup of the vault alone; durable when it returns.

    Raises:
        As `back_up`, and `Vault.check_all`.
    """
    begin_backup(folder)
    kept.vault.check_all()
    return write_vault_copy(engine, folder, origin=kept.origin, made=made)


@dataclass(frozen=True, slots=True)
class Outside:
    """Whom a restore asks besides the backup: witnesses, files and receipts.

    ``ask`` is None where the operator says that no witness is to be asked.
    """

    verifier: Verifier
    ask: Callable[[], Sequence[WitnessWord]] | None
    shown: Sequence[Shown] = ()
    receipts: Collection[Receipt] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A log whose rows are back; ``missing`` says what the backup did not have."""

    size: int
    missing: Missing | None
    erased: tuple[str, ...]


def restore(
    kept: Kept,
    folder: Path,
    outside: Outside,
    *,
    open_source: OpenCopy,
    settle: Callable[[], None],
    progress: Progress,
) -> Restored:
    """Put a backup's rows back, compare them with everybody, and only then give them free.

    ``settle`` puts the other files into the data folder; it is harmless to repeat. A restore
    that was interrupted is ended by another one of the same backup.

    Raises:
        NoBackupError: It is no finished backup of this log; nothing was restored.
        UnsoundError: The backup has findings; nothing was restored.
        WitnessesSilentError: There is no head register, and no quorum answered.
        RolledBackError: Register or witness were shown another log than this one.
        LedgerExistsError: The database holds rows of this log; nothing was changed.
    """
    manifest = read_backup(folder, "log")
    if manifest.checkpoint.origin != kept.origin:
        raise NoBackupError(str(folder), f"is of the log {manifest.checkpoint.origin}")
    with readable_backup(folder, "log", scratch=kept.data_dir) as readable:
        report = _audit(open_source(readable), kept.question, progress)
        missing = _compare(kept, readable, report.checkpoint.size, outside)
        copy = open_copy(readable / LOG_FILE)
        try:
            head = take_over_rows(
                copy,
                kept.engine,
                origin=kept.origin,
                seal_key=kept.seal_key,
                progress=progress,
            )
        finally:
            copy.dispose()
    settle()
    # Dead before this line: the head is held. The evidence first, so that it is never free
    # without it.
    _register(kept, head, missing)
    erased = reapply_declared(kept)
    change_standing(
        kept.engine, head, seal_key=kept.seal_key, before=Standing.HELD, after=Standing.OPEN
    )
    return Restored(head.size, missing, erased)


def reapply_declared(kept: Kept) -> tuple[str, ...]:
    """Destroy the keys of whoever was erased in rows that are still held; return whose.

    Raises:
        As `reapply_erasures`.
    """
    sealed = SealedHead(kept.engine, kept.origin, kept.seal_key)
    erasures = Erasures(kept.engine, sealed, origin=kept.origin)
    return reapply_erasures(erasures=erasures, vault=kept.vault)


def restore_vault(engine: sa.Engine, folder: Path, *, origin: str, scratch: Path) -> int:
    """Put back the keys of persons of whom the vault knows nothing; return how many.

    Raises:
        NoBackupError: It is no finished backup of this ledger's vault.
    """
    manifest = read_backup(folder, "vault")
    if manifest.checkpoint.origin != origin:
        raise NoBackupError(str(folder), f"is of the log {manifest.checkpoint.origin}")
    with readable_backup(folder, "vault", scratch=scratch) as readable:
        return restore_vault_rows(readable, engine, origin=origin)


def ask_outside(kept: Kept, outside: Outside) -> list[Shown]:
    """Return what everybody was shown, the head register included.

    Raises:
        WitnessesSilentError: There is no head register, and no quorum tells how large the
            log was.
    """
    known = registered(kept.register, kept.origin)
    words = heard(outside.verifier, outside.ask() if outside.ask is not None else ())
    answers = [each for each in words.values() if each is not None]
    policy = kept.question.trust.policy
    unknown = not known and outside.ask is not None
    if unknown and policy is not None and not policy.is_quorum(words):
        raise WitnessesSilentError(policy.quorum, sorted(words))
    return [*known, *outside.shown, *answers]


def _compare(kept: Kept, folder: Path, size: int, outside: Outside) -> Missing | None:
    """Return what the backup lacks, as far as anybody can tell."""
    shown = ask_outside(kept, outside)
    engine = open_copy(folder / LOG_FILE)
    try:
        return find_missing(
            engine, origin=kept.origin, size=size, shown=shown, receipts=outside.receipts
        )
    finally:
        engine.dispose()


def _register(kept: Kept, head: Head, missing: Missing | None) -> None:
    """Let the service know what is missing; a register that exists is never lowered."""
    if missing is not None and missing.shown.note is not None:
        Contradiction(kept.register.path).remember(missing.shown.note)
    if kept.register.read() is None:
        kept.register.advance(expected=None, new=head.edge)


def _audit(
    open_source: OpenSource,
    question: Question,
    progress: Progress,
    *,
    erasures: Erasures | None = None,
) -> AuditReport:
    report = audit(open_source, question, scope="backup", progress=progress)
    if erasures is not None:
        report = _without_later_erasures(report, erasures)
    return check_sound(report)


def check_sound(
    report: AuditReport, *bearable: Code, code: str = "copy_unsound"
) -> AuditReport:
    """Return the report, if nothing was found but what no copy of the rows can heal.

    Raises:
        UnsoundError: Something else was.
    """
    borne = {Code.CLOCK_IN_DOUBT, *bearable}
    codes = {each.code for each in report.tally.findings} | report.tally.beyond.keys()
    if codes - borne:
        raise UnsoundError(report, code)
    return report


def _without_later_erasures(report: AuditReport, erasures: Erasures) -> AuditReport:
    """Leave out facts of whom the log says, by now, that they were erased meanwhile."""
    tally = report.tally
    if tally.beyond:
        return report
    left = [each for each in tally.findings if not _erased_since(each, erasures)]
    return replace(report, tally=replace(tally, findings=left))


def _erased_since(finding: Finding, erasures: Erasures) -> bool:
    if finding.code is not Code.PERSONAL_MISSING or not isinstance(finding.got, str):
        return False
    return any(finding.seq in each.entries for each in erasures.of(finding.got))

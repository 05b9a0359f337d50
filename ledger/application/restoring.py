"""Restore: from the manifest over a full audit to the rows, and free only once all agree.

Everybody who may have been shown more than the backup has is asked before the rows may be
extended: the head register, receipts, witnesses.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

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
from ledger.application.keeping import Kept, OpenCopy, Progress, audit_copy
from ledger.application.witness_testimony import WitnessWord
from ledger.audit.key_history import KeyHistory
from ledger.proof.errors import MalformedError, ProofError
from ledger.store.backing_up import (
    LOG_FILE,
    newest_note,
)
from ledger.store.contradiction import Contradiction
from ledger.store.copy_file import open_copy
from ledger.store.copying import snapshot
from ledger.store.erasures import Erasures
from ledger.store.head import Head
from ledger.store.log_keys import proven_history
from ledger.store.manifest import NoBackupError, read_backup
from ledger.store.restoring import (
    SealedHead,
    change_standing,
    read_standing,
    readable_backup,
    restore_vault_rows,
    take_over_rows,
)
from ledger.store.standing import Standing


@dataclass(eq=False)
class WitnessesSilentError(Exception):
    """Nobody outside says how large the log was; nothing was restored.

    ``want`` is the policy's quorum, ``got`` the witnesses that answered.
    """

    want: str
    got: list[str]


@dataclass(frozen=True, slots=True)
class Outside:
    """Whom a restore asks besides the backup: witnesses, files and receipts.

    ``ask`` takes a signed checkpoint of ours, and is None where nobody is to be asked.
    """

    verifier: Verifier
    ask: Callable[[bytes | None], Sequence[WitnessWord]] | None
    shown: Sequence[Shown] = ()
    receipts: Collection[Receipt] = ()


class Beside(Protocol):
    """The files of a backup that lie beside its rows."""

    def check(self, history: KeyHistory) -> None:
        """Return if they name no key but those of the log, as its rows prove them.

        Raises:
            NoBackupError: They do.
        """

    def settle(self) -> None:
        """Put what is absent into the data folder; harmless to repeat."""


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
    beside: Beside,
    progress: Progress,
) -> Restored:
    """Put a backup's rows back, compare them with everybody, and only then give them free.

    What lies ``beside`` the rows is believed only as far as these prove it: whoever can write
    a backup can write its manifest. A restore that was interrupted is ended by another one of
    the same backup.

    Raises:
        NoBackupError: It is no finished backup of this log, or names a key that is none of
            the log's; nothing was restored.
        ProofError: A file shows what no key signed that was in force then.
        UnsoundError: The backup has findings; nothing was restored.
        WitnessesSilentError: There is no head register, and no quorum answered.
        RolledBackError: Register or witness were shown another log than this one.
        LedgerExistsError: The database holds rows of this log; nothing was changed.
    """
    manifest = read_backup(folder, "log")
    if manifest.checkpoint.origin != kept.origin:
        raise NoBackupError(str(folder), f"is of the log {manifest.checkpoint.origin}")
    with readable_backup(folder, "log", scratch=kept.data_dir) as readable:
        report = audit_copy(open_source(readable), kept.question, progress)
        copy = open_copy(readable / LOG_FILE)
        try:
            history = proven_history(copy, origin=kept.origin, seal_key=kept.seal_key)
            beside.check(history)
            missing = _compare(kept, copy, report.checkpoint.size, _known(outside, history))
            _, standing = read_standing(copy, origin=kept.origin, seal_key=kept.seal_key)
            head = take_over_rows(
                copy,
                kept.engine,
                origin=kept.origin,
                seal_key=kept.seal_key,
                progress=progress,
            )
        finally:
            copy.dispose()
    beside.settle()
    # Dead before this line: the head is held. The evidence first, so that it is never free
    # without it.
    _register(kept, head, missing)
    erased = reapply_declared(kept)
    # A log that was closed comes back closed.
    after = Standing.CLOSED if standing is Standing.CLOSED else Standing.OPEN
    change_standing(
        kept.engine, head, seal_key=kept.seal_key, before=Standing.HELD, after=after
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


def is_signed(verifier: Verifier, note: bytes) -> bool:
    """Return whether a note is a checkpoint that the log signed."""
    try:
        verifier.open("note", note)
    except (MalformedError, ProofError):
        return False
    return True


def ask_outside(kept: Kept, outside: Outside, *, size: int, note: bytes | None) -> list[Shown]:
    """Return what everybody was shown, the head register included.

    ``size`` is how large the log is here, ``note`` its newest signed checkpoint: for those
    witnesses that tell what they hold only to whoever offers them one.

    Raises:
        WitnessesSilentError: There is no head register, and no quorum says that the log was
            not larger, nor does anybody show that it was.
    """
    known = registered(kept.register, kept.origin)
    policy = kept.question.trust.policy
    if outside.ask is None or policy is None:
        return [*known, *outside.shown]
    words = outside.ask(note)
    answers, agreeing = heard(outside.verifier, words, policy, size=size)
    shown = [*outside.shown, *answers]
    larger = any(each.checkpoint.size > size for each in shown)
    if not known and not larger and not policy.is_quorum(agreeing):
        raise WitnessesSilentError(policy.quorum, sorted(agreeing))
    return [*known, *shown]


def _known(outside: Outside, history: KeyHistory) -> Outside:
    """Let each key count only for the sizes for which it was in force."""
    verifier = replace(outside.verifier, history=history)
    for each in outside.shown:
        if each.note is not None:
            verifier.open(each.keeper, each.note)
    return replace(outside, verifier=verifier)


def _compare(kept: Kept, copy: sa.Engine, size: int, outside: Outside) -> Missing | None:
    """Return what the backup lacks, as far as anybody can tell."""
    with snapshot(copy, kept.origin) as rows:
        signed = partial(is_signed, outside.verifier)
        note = newest_note(rows, size, is_signed=signed)
    shown = ask_outside(kept, outside, size=size, note=note)
    return find_missing(
        copy, origin=kept.origin, size=size, shown=shown, receipts=outside.receipts
    )


def _register(kept: Kept, head: Head, missing: Missing | None) -> None:
    """Let the service know what is missing; a register that exists is never lowered."""
    if missing is not None and missing.shown.note is not None:
        Contradiction(kept.register.path).remember(missing.shown.note)
    if kept.register.read() is None:
        kept.register.advance(expected=None, new=head.edge)

"""A ledger closed for good, and the one that succeeds it under a new origin."""

from contextlib import suppress
from pathlib import Path

from ledger.application.evidence import Shown
from ledger.application.moving import close_log, last_shown
from ledger.application.restoring import Outside
from ledger.audit.chunk import Question
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import SIZE_MAX
from ledger.settings import Settings, paths_of
from ledger.store.backing_up import newest_note
from ledger.store.closure import Closed, Closure
from ledger.store.copying import snapshot
from ledger.store.engine import connect
from ledger.store.event import LedgerExistsError
from ledger.wiring.creating import create_ledger
from ledger.wiring.keeping import kept_parts
from ledger.wiring.parts import Wiring, open_ledger


def check_not_closed(ledger: Wiring) -> None:
    """Return if a log may be extended at all.

    Raises:
        LedgerClosedError: It was closed for good.
    """
    Closure(ledger.paths.data_dir, origin=ledger.origin).check()


def open_successor(
    ledger: Wiring, new: Settings, *, origin: str, question: Question, outside: Outside
) -> Wiring:
    """Close a ledger for good, and create the one that succeeds it where ``new`` says.

    What was cut off is ended by repeating it with the same names.

    Raises:
        LedgerClosedError: It was closed in favour of another origin.
        NothingSignedError: No signed checkpoint of it is at hand.
        As `create_ledger`.
    """
    closure = Closure(ledger.paths.data_dir, origin=ledger.origin)
    before = closure.read()
    if before is None:
        note = last_shown(ledger.policy, _shown(ledger, outside)).decode("utf-8")
        _check_place(new, origin)
        before = Closed(origin, note)
    closed = close_log(
        kept_parts(ledger, question),
        successor=origin,
        predecessor=before.predecessor,
        closure=closure,
    )
    if paths_of(new).origin.exists():
        return open_ledger(new)  # created before, by a command that was cut off
    mldsa = ledger.paths.mldsa_key is not None
    return create_ledger(new, origin=origin, mldsa=mldsa, predecessor=closed.predecessor)


def _check_place(new: Settings, origin: str) -> None:
    """Return if a ledger can be created there: before anything is closed for it.

    Raises:
        MalformedError: It cannot be named so.
        LedgerExistsError: Something is there already.
        sqlalchemy.exc.SQLAlchemyError: A database cannot be reached.
    """
    check_origin(origin)
    paths = paths_of(new)
    if paths.data_dir.exists() and any(paths.data_dir.iterdir()):
        raise LedgerExistsError(str(paths.data_dir))
    for url in (paths.database_url, paths.vault_url):
        engine = connect(url)
        engine.connect().close()
        engine.dispose()


def settings_elsewhere(
    settings: Settings, folder: Path, *, database_url: str | None, vault_url: str | None
) -> Settings:
    """Return settings of another ledger: nothing of this one's places, keys or policy."""
    unset = ("origin", "mldsa_key_file", "register_file", "policy_file")
    keys = ("key_file", "seal_key_file", "vault_key_file")
    update = {"data_dir": folder, "database_url": database_url, "vault_url": vault_url}
    return settings.model_copy(update={**dict.fromkeys((*unset, *keys)), **update})


def _shown(ledger: Wiring, outside: Outside) -> list[Shown]:
    """Return every signed checkpoint of the log that is at hand, inside and outside."""
    with snapshot(ledger.engine, ledger.origin) as rows:
        stored = newest_note(rows, SIZE_MAX)
    kept = (stored, ledger.cosignatures.newest())
    notes = [("stored checkpoint", note) for note in kept if note is not None]
    words = outside.ask(stored) if outside.ask is not None else ()
    notes += [("witness", word.note) for word in words if word.note is not None]
    shown = [*outside.shown]
    for keeper, note in notes:
        with suppress(MalformedError, ProofError):
            shown.append(outside.verifier.open(keeper, note))
    return shown

"""A ledger closed for good, and the one that succeeds it under a new origin."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from ledger.application.evidence import Shown
from ledger.application.moving import close_log, last_shown
from ledger.application.restoring import Outside, is_signed
from ledger.audit.chunk import Question
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import SIZE_MAX
from ledger.settings import Settings, paths_of
from ledger.store.backing_up import newest_note
from ledger.store.closure import Closed, Closure, SuccessorElsewhereError
from ledger.store.copying import snapshot
from ledger.store.engine import connect
from ledger.store.event import LedgerExistsError, LedgerMissingError
from ledger.store.proven_rows import bound_facts
from ledger.store.schema import data_keys, heads
from ledger.wiring.creating import create_successor
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

    What was cut off is ended by repeating it with the same names. Where that one is created
    is settled with the closing: there is never a second one of its name.

    Raises:
        LedgerClosedError: It was closed in favour of another origin.
        SuccessorElsewhereError: The successor is created elsewhere, or another ledger lies
            there; nothing was changed.
        NothingSignedError: No signed checkpoint of it is at hand.
        As `create_successor`.
    """
    closure = Closure(ledger.paths.data_dir, origin=ledger.origin)
    closed = closure.read()
    if closed is None:
        note = last_shown(ledger.policy, _shown(ledger, outside)).decode("utf-8")
        _check_place(new, origin)
        closed = Closed(origin, note, str(paths_of(new).data_dir))
    elif closed.successor == origin:
        _check_same_place(new, closed)
    closed = close_log(
        kept_parts(ledger, question), replace(closed, successor=origin), closure=closure
    )
    if paths_of(new).origin.exists():
        successor = _found(new, closed)
    else:
        mldsa = ledger.paths.mldsa_key is not None
        successor = create_successor(
            new, origin=origin, mldsa=mldsa, predecessor=closed.predecessor
        )
    if not closed.key:
        closure.name_key(closed, successor.signing_keys[0].verifier_key.text())
    return successor


def _check_same_place(new: Settings, closed: Closed) -> None:
    """Return if the successor is, or is to be created, where the settings say.

    Once it is ready its key tells it, wherever its folder was moved to.

    Raises:
        SuccessorElsewhereError: It is not.
    """
    folder = paths_of(new).data_dir
    if not closed.key and folder != Path(closed.folder):
        raise _elsewhere(new, closed)
    if closed.key or paths_of(new).origin.exists():
        _found(new, closed).close()


def _found(new: Settings, closed: Closed) -> Wiring:
    """Return the successor that lies in a folder.

    Raises:
        SuccessorElsewhereError: None lies there, or another ledger.
    """
    try:
        successor = open_ledger(new)
    except LedgerMissingError:
        raise _elsewhere(new, closed) from None
    keys = [key.text() for key in successor.log_keys()]
    same = closed.key in keys if closed.key else _follows(successor, closed.predecessor)
    if successor.origin != closed.successor or not same:
        successor.close()
        raise _elsewhere(new, closed)
    return successor


def _follows(successor: Wiring, predecessor: str) -> bool:
    """Return whether entry 0 of a log names this note."""
    first = next(iter(successor.source.entries(0, 1)), None)
    return first is not None and bound_facts(first).facts.get("predecessor") == predecessor


def _elsewhere(new: Settings, closed: Closed) -> SuccessorElsewhereError:
    got = str(paths_of(new).data_dir)
    return SuccessorElsewhereError(closed.successor, closed.folder, closed.key, got)


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
    for url, table in ((paths.database_url, heads), (paths.vault_url, data_keys)):
        if _holds(url, table, origin):
            raise LedgerExistsError(origin)


def _holds(database_url: str, table: sa.Table, origin: str) -> bool:
    """Return whether a table has rows of a log; a file that is not there is not created."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    engine = connect(database_url)
    try:
        with engine.connect() as connection:
            query = sa.select(sa.literal(1)).where(table.c.log == origin).limit(1)
            there = sa.inspect(connection).has_table(table.name)
            return there and connection.execute(query).first() is not None
    finally:
        engine.dispose()


def settings_elsewhere(
    settings: Settings, folder: Path, *, database_url: str | None, vault_url: str | None
) -> Settings:
    """Return settings of another ledger: nothing of this one's places, keys or policy."""
    unset = ("origin", "mldsa_key_file", "register_file", "policy_file")
    keys = ("key_file", "seal_key_file", "vault_key_file", "credential_key_file")
    update = {"data_dir": folder, "database_url": database_url, "vault_url": vault_url}
    return settings.model_copy(update={**dict.fromkeys((*unset, *keys)), **update})


def _shown(ledger: Wiring, outside: Outside) -> list[Shown]:
    """Return every signed checkpoint of the log that is at hand, inside and outside."""
    with snapshot(ledger.engine, ledger.origin) as rows:
        signed = partial(is_signed, outside.verifier)
        stored = newest_note(rows, SIZE_MAX, is_signed=signed)
    kept = (stored, ledger.cosignatures.newest())
    notes = [("stored checkpoint", note) for note in kept if note is not None]
    words = outside.ask(stored) if outside.ask is not None else ()
    notes += [("witness", word.note) for word in words if word.note is not None]
    shown = [*outside.shown]
    for keeper, note in notes:
        with suppress(MalformedError, ProofError):
            shown.append(outside.verifier.open(keeper, note))
    return shown

"""A ledger that was not there before: keys, databases, register and entry 0."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from ledger.application.founding import invite_first
from ledger.proof.note import KeyType
from ledger.proof.shapes import LEDGER_OPENED
from ledger.proof.suite import SUITE
from ledger.settings import Paths, Settings, paths_of
from ledger.store import chance
from ledger.store.credential_key import create_credential_key
from ledger.store.durable_file import PUBLIC, replace_file, sync_folder
from ledger.store.engine import connect
from ledger.store.event import (
    LedgerExistsError,
    LedgerMissingError,
    NewEvent,
    Submission,
    system_actor,
)
from ledger.store.founding import found_ledger
from ledger.store.keyfiles import create_secret, create_signing_key
from ledger.store.migration import Store, migrate
from ledger.store.restoring import read_standing
from ledger.wiring.access import open_access
from ledger.wiring.parts import Wiring


def create_ledger(
    settings: Settings,
    *,
    origin: str,
    mldsa: bool,
    clock: Callable[[], datetime] = chance.now,
) -> Wiring:
    """Create keys, databases, register and entry 0; refuse where anything of it exists.

    ``clock`` is what the ledger goes by as long as this process has it.

    Raises:
        LedgerExistsError: A file or a ledger is there already; it is untouched.
        OSError: The disk refused.
    """
    paths = paths_of(settings)
    wanted = [*_secrets(settings, origin, mldsa=mldsa), paths.origin, paths.own_policy]
    for path in [*wanted, paths.register]:
        if path.exists():
            raise LedgerExistsError(str(path))
    _create_places(paths, wanted)
    for path, create in _secrets(settings, origin, mldsa=mldsa).items():
        create(path)
    wiring = Wiring(paths_of(settings), origin)
    wiring.clock = clock
    found_ledger(wiring.engine, wiring.register, origin=origin, seal_key=wiring.seal_key)
    return _opened(wiring, None)


def create_successor(
    settings: Settings, *, origin: str, mldsa: bool, predecessor: str
) -> Wiring:
    """Create the ledger that succeeds another one, whose last signed note is given.

    What is there is taken for the work of a call with the same names that was cut off: each
    step finds whether it was taken. So nothing else may lie in the place.

    Raises:
        HeadTamperedError: The database holds a log of this name that is another one.
        As `create_ledger`.
    """
    paths = paths_of(settings)
    secrets = _secrets(settings, origin, mldsa=mldsa)
    _create_places(paths, [*secrets, paths.origin])
    for path, create in secrets.items():
        if not path.exists():
            _create_whole(path, create)
    wiring = Wiring(paths_of(settings), origin)
    try:
        read_standing(wiring.engine, origin=origin, seal_key=wiring.seal_key)
    except LedgerMissingError:
        found_ledger(wiring.engine, wiring.register, origin=origin, seal_key=wiring.seal_key)
    paths.own_policy.unlink(missing_ok=True)  # it may be half written
    return _opened(wiring, predecessor)


def invite_first_person(wiring: Wiring) -> str:
    """Return a new token for a ledger's first person; every one before it is void.

    Raises:
        ActRefused: There are others who can invite her.
        SecurityLogError: Its folder cannot be written.
        As `Appender.append`.
    """
    access = open_access(wiring)
    try:
        token = invite_first(access.parts, wiring.origin).value.token
    finally:
        access.close()
    wiring.publisher.publish()
    return token


def _secrets(
    settings: Settings, origin: str, *, mldsa: bool
) -> dict[Path, Callable[[Path], object]]:
    """Return where each secret of a new ledger lies, and what creates it there."""
    paths = paths_of(settings)
    kinds = {paths.log_key: KeyType(SUITE.signature)}
    if mldsa:
        beside = paths.log_key.with_name("log-mldsa44.key")
        kinds[settings.mldsa_key_file or beside] = KeyType.MLDSA44
    return {
        **{
            path: partial(create_signing_key, name=origin, kind=kind)
            for path, kind in kinds.items()
        },
        paths.seal_key: create_secret,
        paths.vault_key: create_secret,
        paths.index_key: create_secret,
        paths.credential_key: create_credential_key,
    }


def _create_places(paths: Paths, files: Iterable[Path]) -> None:
    # By itself, because a parent that is made on the way is open to everybody.
    paths.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (*files, paths.register):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Before any key: where a database cannot be reached, none is left behind.
    _create_tables(paths.database_url, "log")
    _create_tables(paths.vault_url, "vault")


def _create_whole(path: Path, create: Callable[[Path], object]) -> None:
    """Let a file appear with all its content; durable when it returns."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # of a call that was cut off; nothing ever used it
    create(temporary)
    temporary.rename(path)
    sync_folder(path.parent)


def _opened(wiring: Wiring, predecessor: str | None) -> Wiring:
    """Return a founded ledger with its first entry, signed; its name is written last."""
    # A first data key, about nobody: by it a foreign vault key is known from the start.
    wiring.vault.keys_for_sealing([system_actor(wiring.origin).removeprefix("system:")])
    _open_log(wiring, predecessor)
    wiring.publisher.publish()
    wiring.write_own_policy()
    replace_file(wiring.paths.origin, f"{wiring.origin}\n".encode(), mode=PUBLIC)
    return wiring


def _create_tables(database_url: str, store: Store) -> None:
    engine = connect(database_url)
    migrate(engine, store)
    engine.dispose()


def _open_log(wiring: Wiring, predecessor: str | None) -> None:
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
            "predecessor": predecessor,
        },
        version=1,
    )
    # The same id when asked again: there is one first entry.
    submission = uuid.uuid5(uuid.NAMESPACE_URL, f"https://{wiring.origin}/opened")
    if wiring.appender.find(submission) is None:
        wiring.appender.append(Submission(submission, [event]))

"""A ledger that was not there before: keys, databases, register and entry 0."""

from ledger.proof.note import KeyType
from ledger.proof.shapes import LEDGER_OPENED
from ledger.proof.suite import SUITE
from ledger.settings import Settings, paths_of
from ledger.store import chance
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.engine import connect
from ledger.store.event import LedgerExistsError, NewEvent, Submission, system_actor
from ledger.store.founding import found_ledger
from ledger.store.keyfiles import create_secret, create_signing_key
from ledger.store.migration import Store, migrate
from ledger.wiring.parts import Wiring


def create_ledger(
    settings: Settings, *, origin: str, mldsa: bool, predecessor: str | None = None
) -> Wiring:
    """Create keys, databases, register and entry 0; refuse where anything of it exists.

    ``predecessor`` is the last signed note of a log that this one succeeds.

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
    # A first data key, about nobody: by it a foreign vault key is known from the start.
    wiring.vault.keys_for_sealing([system_actor(origin).removeprefix("system:")])
    found_ledger(wiring.engine, wiring.register, origin=origin, seal_key=wiring.seal_key)
    _open_log(wiring, predecessor)
    wiring.publisher.publish()
    wiring.write_own_policy()
    create_file(paths.origin, f"{origin}\n".encode(), mode=PUBLIC)
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
    wiring.appender.append(Submission(chance.random_uuid(), [event]))

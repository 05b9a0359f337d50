"""How one ledger stands, asked of its parts."""

from pathlib import Path

from sqlalchemy.engine import make_url

from ledger.application.health import Health
from ledger.application.log_state import LogStateReader
from ledger.application.witnessing import Witnessing
from ledger.proof.policy import NO_QUORUM
from ledger.store import chance
from ledger.store.head import Head
from ledger.wiring.parts import Wiring


def log_state_reader(wiring: Wiring, witnessing: Witnessing, health: Health) -> LogStateReader:
    """Return what `/readyz` and `/metrics` ask."""
    folders = {wiring.paths.register.parent}
    url = make_url(wiring.paths.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folders.add(Path(url.database).parent)
    return LogStateReader(
        wiring.engine,
        wiring.source,
        wiring.publisher,
        wiring.register,
        folders=sorted(folders),
        witnessed=lambda: _witnessed(wiring),
        witnesses=witnessing.states,
        limit=lambda head: _check_limits(wiring, head),
        health=health,
    )


def _check_limits(wiring: Wiring, head: Head) -> None:
    """Return if one more entry would be taken now."""
    if wiring.limits is not None:
        wiring.limits.room(head, now=chance.now()).check(size=head.size, count=1)


def _witnessed(wiring: Wiring) -> int | None:
    if wiring.policy.quorum == NO_QUORUM:
        return None
    newest = wiring.cosignatures.witnessed()
    return 0 if newest is None else newest.size

"""How one ledger stands, asked of its parts."""

from pathlib import Path

from sqlalchemy.engine import make_url

from ledger.application.health import Health
from ledger.application.log_state import LogStateReader, WitnessState
from ledger.proof.policy import NO_QUORUM, PolicyWitness
from ledger.wiring.parts import Wiring


def log_state_reader(wiring: Wiring, health: Health) -> LogStateReader:
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
        witnesses=lambda: [_witness(wiring, each) for each in wiring.policy.witnesses],
        limit=lambda _head: None,
        health=health,
    )


def _witnessed(wiring: Wiring) -> int | None:
    if wiring.policy.quorum == NO_QUORUM:
        return None
    newest = wiring.cosignatures.witnessed()
    return 0 if newest is None else newest.size


def _witness(wiring: Wiring, witness: PolicyWitness) -> WitnessState:
    said = wiring.cosignatures.last_word(witness.key)
    return WitnessState(
        witness.name,
        size=0 if said is None else said.size,
        time=0 if said is None else said.time,
        lost=wiring.cosignatures.has_lost(witness.key),
    )

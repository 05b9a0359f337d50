"""The witnesses of a ledger put together: asked at the start, then offered what is new."""

import atexit
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from ledger.application.witness_offering import Offering
from ledger.application.witness_testimony import Testimony, WitnessWord, ask_witnesses
from ledger.application.witnessing import Witnessing
from ledger.proof.consistency import prove_consistency
from ledger.settings import Settings
from ledger.store import chance
from ledger.store.contradiction import Contradiction
from ledger.store.witness_client import WitnessHttp
from ledger.store.witness_state import WitnessBoard
from ledger.wiring.parts import Wiring

START_S = 5.0
"""How long the start of the service waits for what witnesses say, in all."""
_STOP_S = 15.0


def testimony_of(ledger: Wiring) -> Testimony:
    """Return what weighs the words of witnesses against this ledger."""
    return Testimony(
        ledger.engine,
        Contradiction(ledger.paths.register),
        origin=ledger.origin,
        log_keys=ledger.keys_at,
        publish=ledger.publisher.publish,
        evidence=ledger.paths.data_dir / "evidence",
    )


def compare_with_witnesses(ledger: Wiring) -> list[WitnessWord]:
    """Compare the ledger with what its witnesses have seen; return the words of all.

    Raises:
        RolledBackError: One holds a head that this log signed and does not continue.
        WitnessAheadError: One says that the log was larger, and shows nothing.
    """
    words: list[WitnessWord] = []
    if any(witness.url is not None for witness in ledger.policy.witnesses):
        port = WitnessHttp(connect_s=START_S, read_s=START_S, total_s=START_S)
        words = ask_witnesses(
            ledger.policy.witnesses,
            port,
            origin=ledger.origin,
            signed=ledger.publisher.publish(),
        )
        _retire_forgetful(ledger, words)
        testimony_of(ledger).weigh(words)
    # Checked against whatever was held against the log, which so turns out to be continued.
    ledger.publisher.check()
    Contradiction(ledger.paths.register).forget()
    return words


def _retire_forgetful(ledger: Wiring, words: Sequence[WitnessWord]) -> None:
    """Retire each witness that knew nothing of the log and has cosigned it before.

    By now it holds the checkpoint that it was asked with, and looks like one that never
    forgot: whoever offers it the next one could not tell.
    """
    forgetful = {word.witness for word in words if word.size == 0}
    for witness in ledger.policy.witnesses:
        last = ledger.cosignatures.last_word(witness.key)
        if witness.name in forgetful and last is not None and last.size:
            ledger.cosignatures.lose(
                witness.key, cosigned=last.size, claimed=0, now=chance.now()
            )


def make_witnessing(ledger: Wiring, settings: Settings) -> Witnessing:
    """Return what offers this ledger's checkpoints; nothing is asked yet."""

    def prove(old_size: int, new_size: int) -> Sequence[bytes]:
        with ledger.subtrees() as subtree:
            return prove_consistency(subtree(new_size), old_size=old_size, new_size=new_size)

    offering = Offering(
        WitnessHttp(),
        ledger.cosignatures,
        testimony_of(ledger),
        prove=prove,
        clock=chance.now,
        clock_bound=timedelta(seconds=settings.clock_bound_s),
    )
    return Witnessing(
        ledger.policy,
        offering,
        ledger.cosignatures,
        WitnessBoard(ledger.paths.data_dir),
        publish=ledger.publisher.publish,
        clock=chance.now,
    )


def start_witnessing(
    ledger: Wiring, settings: Settings, observe: Callable[[Exception], None]
) -> Witnessing:
    """Offer checkpoints from a thread of this process, until the process ends.

    ``observe`` is shown what goes wrong there.
    """
    witnessing = make_witnessing(ledger, settings)
    stop = threading.Event()
    thread = threading.Thread(
        target=witnessing.run,
        args=(stop,),
        kwargs={
            "interval_s": settings.witness_interval_s,
            "observe": observe,
            "language": "zh" if (settings.language or "").startswith("zh") else "en",
        },
        name="witnessing",
        daemon=True,  # a witness that dawdles must not keep the process alive
    )

    def end() -> None:
        stop.set()
        thread.join(_STOP_S)

    atexit.register(end)
    thread.start()
    return witnessing

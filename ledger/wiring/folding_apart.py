"""The process that folds for another: it is told once which log, and then when to fold.

`ledger.store.folding_apart` starts it, and says what both tell each other. Where everything
lies is told, not taken from the environment, so that it is the same ledger.
"""

import os
import signal
import sys
from typing import BinaryIO

from ledger.store.folding_apart import FAILED, READY
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.wiring.collecting import spare_the_collector
from ledger.wiring.folding import Opening, folding_of, source_of
from ledger.wiring.parts import Wiring


def main(told: BinaryIO, says: BinaryIO) -> None:
    """Fold for who tells, until there is no more to be told."""
    # Whoever ends the service ends it by ending the one that tells; what is begun is finished.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    line = told.readline()
    if not line:
        return  # whoever began it is gone already
    opening = Opening.parse(line)
    wiring = Wiring(opening.paths, opening.origin)
    engine = connect_views(wiring.paths.projections_url)
    folding = folding_of(wiring, engine, source_of(wiring))
    spare_the_collector()
    try:
        says.write(READY)
        while told.readline():
            _catch_up(folding, says)
    except BrokenPipeError:
        pass  # nobody listens any more
    finally:
        folding.close()
        engine.dispose()
        wiring.close()


def _catch_up(folding: Folding, says: BinaryIO) -> None:
    try:
        while True:
            step = folding.step()
            says.write(b"%d %d\n" % (step.position.position, step.is_done))
            if step.is_done:
                return
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - who told it to folds for itself, and meets the same
        says.write(FAILED)


def _own_output() -> BinaryIO:
    """Return the output; whatever else is printed goes where errors go."""
    says = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return says


if __name__ == "__main__":
    with _own_output() as output:
        main(sys.stdin.buffer, output)

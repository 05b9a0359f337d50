"""The command line, killed with SIGKILL at its n-th durable step: ``killed N COMMAND …``.

Steps are each fsync once it has returned, and each commit just before it: so what stands
between two steps is killed once with and once without either of them.
"""

import os
import signal
import sys
from typing import Any

import sqlalchemy as sa

from ledger import cli


def main() -> None:
    at, steps = int(sys.argv[1]), 0
    fsync = os.fsync

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def sync(descriptor: int) -> None:
        fsync(descriptor)
        step()

    def commit(_connection: Any) -> None:
        step()

    os.fsync = sync  # type: ignore[assignment] # for this process alone
    sa.event.listen(sa.Engine, "commit", commit)
    sys.argv[1:] = sys.argv[2:]
    cli.main()


if __name__ == "__main__":
    main()

"""One task in a process of its own, so that its memory is nobody else's.

python -m benchmarks.child TASK SIZE FOLDER URL VAULT_URL
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.events import SHAPES, Events
from benchmarks.ledgers import Ledger
from ledger.application.auditing import audit
from ledger.store.exporting import Export

APPENDED = 10_000


def main() -> None:
    """Do the task; print the seconds it took and the most memory that the process had."""
    task, size, *where = sys.argv[1:]
    ledger = Ledger(*where)
    began = time.perf_counter()
    TASKS[task](ledger, int(size))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "kib": memory_kib()}))


def memory_kib() -> int:
    """Return the largest resident set of this process.

    Not `getrusage`: what it says includes the process that this one was forked from.
    """
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


def _nothing(_ledger: Ledger, _size: int) -> None:
    return


def _append(ledger: Ledger, size: int) -> None:
    # A seed that no other supply has, so that the streams are new.
    ledger.grow(APPENDED if size > APPENDED else size, Events(1_000_000 + size))


def _verify(ledger: Ledger, size: int) -> None:
    report = audit(
        ledger,
        ledger.question(),
        scope="bench",
        progress=lambda _done, _size: None,
        processes=1,
    )
    if not report.ok or report.checkpoint.size < size:
        raise RuntimeError(f"the audit found {report.tally.findings[:3]}")


def _export(ledger: Ledger, _size: int) -> None:
    note = ledger.publisher.publish()
    key = ledger.signing_key.verifier_key.text()
    with tempfile.TemporaryDirectory(dir=ledger.folder) as folder:
        export = Export(ledger(), Path(folder), progress=lambda _done: None)
        export.write(note, verifier_key=key, policy="", shapes=SHAPES, facts=True)


TASKS: dict[str, Callable[[Ledger, int], None]] = {
    "nothing": _nothing,
    "append": _append,
    "verify": _verify,
    "export": _export,
}

if __name__ == "__main__":
    main()

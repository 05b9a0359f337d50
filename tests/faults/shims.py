"""Another clock for one process: libfaketime, preloaded; the monotonic clock stays true."""

from functools import cache
from pathlib import Path


def clock(offset: str) -> dict[str, str]:
    """Return what lets a process see its wall clock off by so much, as ``-1d`` or ``+10y``."""
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME": offset,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # With it, whoever waits for the interpreter's lock does not wait but asks and asks.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


@cache
def library() -> Path:
    """Return the library, of the kind for processes with threads."""
    found = sorted(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"))
    return found[0] if found else Path("/usr/lib/faketime/libfaketimeMT.so.1")

"""The only place that knows every concrete class: settings in, a working ledger out."""

from ledger.wiring.creating import create_ledger
from ledger.wiring.parts import SHAPES, DatabaseOpener, Wiring, open_ledger, system_actor
from ledger.wiring.serving import create_app

__all__ = [
    "SHAPES",
    "DatabaseOpener",
    "Wiring",
    "create_app",
    "create_ledger",
    "open_ledger",
    "system_actor",
]

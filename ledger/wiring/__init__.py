"""The only place that knows every concrete class: settings in, a working ledger out."""

from ledger.application.published_shapes import SHAPES
from ledger.store.event import system_actor
from ledger.wiring.creating import create_ledger, invite_first_person
from ledger.wiring.instance_signs import COUNTS_VARIABLE, INSTANCE_VARIABLE, LOST_WRITE
from ledger.wiring.parts import DatabaseOpener, Wiring, open_ledger
from ledger.wiring.succeeding import check_not_closed
from ledger.wiring.witnesses import compare_with_witnesses

__all__ = [
    "COUNTS_VARIABLE",
    "INSTANCE_VARIABLE",
    "LOST_WRITE",
    "SHAPES",
    "DatabaseOpener",
    "Wiring",
    "check_not_closed",
    "compare_with_witnesses",
    "create_ledger",
    "invite_first_person",
    "open_ledger",
    "system_actor",
]

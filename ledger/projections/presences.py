"""Who signed in and out on the spot, session by session."""

from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.view import Key, Values
from ledger.projections.views import PRESENCES


def signed_in(entry: Taken, rows: Rows) -> None:
    """She signed in; the session stands open."""
    facts = entry.facts
    row: Values = {
        "signed_in_at": facts["at"],
        "signed_out_at": None,
        "is_open": True,
        "is_offline": facts["is_offline"],
        "is_amended": False,
        "is_outside": facts["is_within"] is False,
    }
    rows.put(PRESENCES, _key(entry), row)


def signed_out(entry: Taken, rows: Rows) -> None:
    """She signed out; the session is whole."""
    facts, before = entry.facts, rows.need(PRESENCES, _key(entry))
    row: Values = {
        **before,
        "signed_out_at": facts["at"],
        "is_open": False,
        "is_offline": before["is_offline"] or facts["is_offline"],
        "is_outside": before["is_outside"] or facts["is_within"] is False,
    }
    rows.put(PRESENCES, _key(entry), row)


def amended(entry: Taken, rows: Rows) -> None:
    """Somebody said when she really came and went."""
    facts = entry.facts
    row: Values = {
        **rows.need(PRESENCES, _key(entry)),
        "signed_in_at": facts["signed_in_at"],
        "signed_out_at": facts["signed_out_at"],
        "is_open": False,
        "is_amended": True,
    }
    rows.put(PRESENCES, _key(entry), row)


def _key(entry: Taken) -> Key:
    facts = entry.facts
    return facts["activity"], facts["volunteer"], facts["session"]

"""What inboxes rest on: who saw what, who wants mail, whose a sign-in is, whom files show."""

from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.view import Key, Values, words
from ledger.projections.views import EVIDENCE, MAILING, NOTICES_SEEN, SIGN_INS

_NOBODYS: Values = dict.fromkeys(SIGN_INS.columns)


def seen_key(entry: Taken) -> Key:
    """Return of which row it is what somebody has seen: whose notices, and who said so."""
    person = entry.facts.get("person")
    return (person if isinstance(person, str) else "", entry.by.partition(":")[2])


def seen(entry: Taken, rows: Rows) -> None:
    """Somebody has seen notices up to one, hers or of a registration that counts as hers."""
    key = seen_key(entry)
    before, through = rows.get(NOTICES_SEEN, key), entry.facts["through"]
    known = -1 if before is None else before["through"]
    if isinstance(known, int) and through > known:
        rows.put(NOTICES_SEEN, key, {"seen_at": entry.time, "through": through})


def address_given(entry: Taken, rows: Rows) -> None:
    """Somebody wants mail from now on, or at another address."""
    rows.put(MAILING, (entry.facts["person"],), {"asked_at": entry.time})


def address_removed(entry: Taken, rows: Rows) -> None:
    """Somebody wants no more mail."""
    rows.drop(MAILING, (entry.facts["person"],))


def invited(entry: Taken, rows: Rows) -> None:
    """Somebody may open a sign-in."""
    facts, key = entry.facts, (entry.stream,)
    before = rows.get(SIGN_INS, key) or _NOBODYS
    now: Values = {"invited_staff": facts["staff"], "invited_volunteer": facts["volunteer"]}
    rows.put(SIGN_INS, key, {**before, **now})


def opened(entry: Taken, rows: Rows) -> None:
    """It is hers; a password that is changed leaves it whose it is."""
    row = rows.need(SIGN_INS, (entry.stream,))
    if entry.facts["invitation"] is not None:
        now = {"staff": row["invited_staff"], "volunteer": row["invited_volunteer"]}
        rows.put(SIGN_INS, (entry.stream,), {**row, **now})


def joined(entry: Taken, rows: Rows) -> None:
    """Another one is used in its place, be it that nobody ever used this one."""
    key = (entry.stream,)
    row = rows.get(SIGN_INS, key) or _NOBODYS
    rows.put(SIGN_INS, key, {**row, "into": entry.facts["into"]})


def kept(entry: Taken, rows: Rows) -> None:
    """A file is kept."""
    facts = entry.facts
    row: Values = {
        "persons": words(facts["persons"]),
        "activity": facts["activity"],
        "record": facts["record"],
    }
    rows.put(EVIDENCE, (facts["evidence"],), row)

"""What counts: credits by record, and their sums by volunteer.

What was recorded for one registration is summed by itself, so that a merge and its undoing
move sums and not rows.
"""

from collections.abc import Iterable
from typing import Any

from ledger.projections.certificates import recount
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.view import Values, words
from ledger.projections.views import ACCOUNTS, CREDITS


def entered(entry: Taken, rows: Rows) -> None:
    """Minutes of a record count."""
    facts = entry.facts
    volunteer, owner, minutes = facts["volunteer"], facts["recorded_for"], facts["minutes"]
    rows.put(CREDITS, (facts["record"],), _credit(facts, volunteer))
    _add(rows, volunteer, owner, minutes, 1)
    recount(rows, (facts["record"],))


def withdrawn(entry: Taken, rows: Rows) -> None:
    """Minutes of a record count no more, or no more as they did."""
    key = (entry.facts["record"],)
    credit = rows.need(CREDITS, key)
    rows.drop(CREDITS, key)
    minutes = _number(credit["minutes"])
    _add(rows, entry.facts["volunteer"], str(credit["recorded_for"]), -minutes, -1)
    recount(rows, key)


def absorbed(entry: Taken, rows: Rows) -> None:
    """The credits of another registration count here."""
    facts = entry.facts
    account = _account(rows, facts["volunteer"])
    owners = [*str(account["owners"]).split(), *facts["owners"]]
    more = _sums(facts["credits"])
    _put(rows, facts["volunteer"], account, owners=words(owners), **_plus(account, *more))
    _move(rows, facts["credits"], facts["volunteer"])


def transferred(entry: Taken, rows: Rows) -> None:
    """This account is empty, and its records count at another one."""
    facts = entry.facts
    account = _account(rows, facts["volunteer"])
    _put(rows, facts["volunteer"], account, minutes=0, credits=0, into=facts["into"])


def separated(entry: Taken, rows: Rows) -> None:
    """The records of these owners count here no more."""
    facts = entry.facts
    account, gone = _account(rows, facts["volunteer"]), set(facts["owners"])
    parts = [_account(rows, owner) for owner in sorted(gone)]
    minutes = -sum(_number(part["own_minutes"]) for part in parts)
    count = -sum(_number(part["own_credits"]) for part in parts)
    owners = [each for each in str(account["owners"]).split() if each not in gone]
    sums = _plus(account, minutes, count)
    _put(rows, facts["volunteer"], account, owners=words(owners), **sums)


def restored(entry: Taken, rows: Rows) -> None:
    """What is recorded for this registration counts here again."""
    facts = entry.facts
    account = _account(rows, facts["volunteer"])
    minutes, count = _sums(facts["credits"])
    _put(rows, facts["volunteer"], account, minutes=minutes, credits=count, into=None)
    _move(rows, facts["credits"], facts["volunteer"])


def _add(rows: Rows, volunteer: str, owner: str, minutes: int, count: int) -> None:
    account = _account(rows, volunteer)
    if owner == volunteer:
        _put(rows, volunteer, account, **_plus(account, minutes, count, own=True))
        return
    _put(rows, volunteer, account, **_plus(account, minutes, count))
    part = _account(rows, owner)
    own: Values = {
        "own_minutes": _number(part["own_minutes"]) + minutes,
        "own_credits": _number(part["own_credits"]) + count,
    }
    _put(rows, owner, part, **own)


def _plus(account: Values, minutes: int, count: int, *, own: bool = False) -> Values:
    sums: Values = {
        "minutes": _number(account["minutes"]) + minutes,
        "credits": _number(account["credits"]) + count,
    }
    if own:
        sums["own_minutes"] = _number(account["own_minutes"]) + minutes
        sums["own_credits"] = _number(account["own_credits"]) + count
    return sums


def _sums(credits_: Iterable[Any]) -> tuple[int, int]:
    minutes = [each["minutes"] for each in credits_]
    return sum(minutes), len(minutes)


def _move(rows: Rows, credits_: Iterable[Any], volunteer: str) -> None:
    moved = list(credits_)
    for each in moved:
        rows.put(CREDITS, (each["record"],), _credit(each, volunteer))
    recount(rows, [each["record"] for each in moved])


def _credit(said: Any, volunteer: str) -> Values:
    return {
        "volunteer": volunteer,
        "recorded_for": said["recorded_for"],
        "organization": said["organization"],
        "start": said["start"],
        "end": said["end"],
        "minutes": said["minutes"],
    }


def _account(rows: Rows, volunteer: str) -> Values:
    """Return an account; one begins empty, and as its own owner."""
    return rows.get(ACCOUNTS, (volunteer,)) or {
        "into": None,
        "owners": volunteer,
        "minutes": 0,
        "credits": 0,
        "own_minutes": 0,
        "own_credits": 0,
    }


def _put(rows: Rows, volunteer: str, account: Values, **values: Any) -> None:
    rows.put(ACCOUNTS, (volunteer,), {**account, **values})


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0

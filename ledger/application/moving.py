"""A log goes on elsewhere: its rows in another database, or under a new origin.

In both cases what was there before is sealed first, so that it is never extended beside
what comes after it, and stays readable.
"""

from collections.abc import Iterable
from contextlib import suppress

import sqlalchemy as sa

from ledger.application.auditing import OpenSource, audit
from ledger.application.evidence import Shown
from ledger.application.keeping import Kept, Progress, check_sound
from ledger.audit.finding import Code
from ledger.proof.errors import ProofError
from ledger.proof.note import parse_note
from ledger.proof.policy import NO_QUORUM, Policy
from ledger.store.closure import Closed, Closure
from ledger.store.event import HeadTamperedError, LedgerMissingError
from ledger.store.restoring import change_standing, read_standing, take_over_rows
from ledger.store.standing import Standing, standing_error


class NothingSignedError(Exception):
    """No checkpoint of the old log is at hand, so no new one can name it."""


def move_rows(
    kept: Kept,
    target: sa.Engine,
    *,
    open_here: OpenSource,
    open_there: OpenSource,
    progress: Progress,
) -> int:
    """Move a log into another database that holds none of it; return its size.

    Audited and summed up row for row before and after. The rows stay where they are, under
    a seal by which they are never extended again. What was cut off is ended by repeating it.

    Raises:
        UnsoundError: The audit here or there has findings; nothing is moved.
        LedgerExistsError: The other database holds rows of this log.
        CopyDiffersError: It did not keep what it was given; nothing was changed.
        LedgerHeldError, LedgerClosedError: The log is not to be extended here either.
    """
    origin, seal_key = kept.origin, kept.seal_key
    head, here = read_standing(kept.engine, origin=origin, seal_key=seal_key)
    if here is Standing.OPEN:
        kept.publisher.check()
    elif here is not Standing.MOVED:
        raise standing_error(origin, here)
    report = audit(open_here, kept.question, scope="database", progress=progress)
    check_sound(report, Code.PERSONAL_MISSING, code="not_moved")
    there = _standing_there(kept, target)
    if there is not Standing.OPEN or here is Standing.OPEN:
        moved = take_over_rows(
            kept.engine, target, origin=origin, seal_key=seal_key, progress=progress
        )
        report = audit(open_there, kept.question, scope="database", progress=progress)
        check_sound(report, Code.PERSONAL_MISSING, code="not_moved")
        if here is Standing.OPEN:
            # Nobody appends meanwhile; if somebody did, this finds another head and ends.
            _reseal(kept.engine, kept, Standing.OPEN, Standing.MOVED)
        head = moved
        # Dead before this line: neither is extended, and a repetition goes on here.
        _reseal(target, kept, Standing.HELD, Standing.OPEN)
    return head.size


def close_log(kept: Kept, closed: Closed, *, closure: Closure) -> Closed:
    """Close a log for good in favour of another origin; return how it is closed.

    Durable when it returns, and harmless to repeat. Where the database has a head that the
    service sealed, that is sealed as closed.

    Raises:
        LedgerClosedError: It was closed in favour of another one.
    """
    closed = closure.close(closed)
    # A head that is gone or forged is no head that anybody could extend.
    with suppress(LedgerMissingError, HeadTamperedError):
        _, standing = read_standing(kept.engine, origin=kept.origin, seal_key=kept.seal_key)
        if standing is not Standing.CLOSED:
            _reseal(kept.engine, kept, standing, Standing.CLOSED)
    return closed


def last_shown(policy: Policy, shown: Iterable[Shown]) -> bytes:
    """Return the largest signed note that a quorum cosigned, else the largest at all.

    Raises:
        NothingSignedError: There is none.
    """
    signed = [each for each in shown if each.note is not None]
    witnessed = [each for each in signed if _is_witnessed(policy, each)]
    best = max(witnessed or signed, key=lambda each: each.checkpoint.size, default=None)
    if best is None or best.note is None:
        raise NothingSignedError
    return best.note


def _is_witnessed(policy: Policy, shown: Shown) -> bool:
    if policy.quorum == NO_QUORUM:
        return False
    try:
        policy.verify(parse_note(shown.note or b""))
    except ProofError:
        return False
    return True


def _standing_there(kept: Kept, target: sa.Engine) -> Standing | None:
    # What else is there, the copying finds.
    with suppress(LedgerMissingError, HeadTamperedError):
        return read_standing(target, origin=kept.origin, seal_key=kept.seal_key)[1]
    return None


def _reseal(engine: sa.Engine, kept: Kept, before: Standing, after: Standing) -> None:
    head, _ = read_standing(engine, origin=kept.origin, seal_key=kept.seal_key)
    change_standing(engine, head, seal_key=kept.seal_key, before=before, after=after)

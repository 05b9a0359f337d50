"""What processes do to the projections: tell a history, fold it, fail in the middle."""

import sys
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from ledger.projections.rows import Rows
from ledger.projections.taken import Secrets, Taken
from ledger.settings import Settings
from ledger.store import view_folding
from ledger.store.chance import random_uuid
from ledger.store.event import NewEvent, Submission
from ledger.store.view_folding import Folding
from ledger.wiring.parts import open_ledger
from ledger.wiring.viewing import open_views
from tests.projections.histories import lives

SEED, STEPS = 22, 400
POISON = UUID(int=0xBAD)
"""A record of an activity of which nobody has told: it can be appended, and not folded."""
BATCH_MAX = 5


def history() -> list[NewEvent]:
    """Return what happened in a town."""
    return [each.new() for each in lives(SEED, STEPS).history.told]


def tell(first: int, last: int) -> None:
    """Append a part of the history through the product's own wiring."""
    ledger = open_ledger(Settings())
    ledger.appender.append(Submission(random_uuid(), history()[first:last]))
    ledger.close()


def poison() -> None:
    """Append the poison entry, and one that follows it in its stream."""
    ledger = open_ledger(Settings())
    submitted, publicized = history_of_poison()
    for event in (submitted, publicized):
        ledger.appender.append(Submission(random_uuid(), [event]))
    ledger.close()


def history_of_poison() -> tuple[NewEvent, NewEvent]:
    """Return the poison entry and its follower."""
    told = lives(SEED, STEPS).history.told
    submitted = next(each for each in told if each.event.TYPE == "record.submitted")
    publicized = next(each for each in told if each.event.TYPE == "record.publicized")
    unknown = replace(submitted.event, record=POISON, activity=POISON)
    return (
        replace(submitted, stream=POISON, event=unknown, version=1).new(),
        replace(publicized, stream=POISON, version=2).new(),
    )


def project(fail_at: int | None = None) -> None:
    """Fold a few entries at a time until all are; fail in the fold of one of them."""
    if fail_at is not None:
        _fail_at(fail_at)
    ledger = open_ledger(Settings())
    views = open_views(ledger)
    folding = Folding(
        views.engine,
        views.source,
        origin=ledger.origin,
        index_key=ledger.index_key,
        batch_max=BATCH_MAX,
    )
    while not folding.step().is_done:
        pass
    views.close()
    ledger.close()


def tell_position() -> None:
    """Print how far the views are, and how many of their entries failed."""
    ledger = open_ledger(Settings())
    views = open_views(ledger)
    state = views.reader.state()
    sys.stdout.write(f"{state.position} {state.failures}\n")
    views.close()
    ledger.close()


def _fail_at(seq: int) -> None:
    names = vars(view_folding)
    folded: Callable[[Taken, Rows, Secrets], None] = names["fold"]

    def fold(entry: Taken, rows: Rows, secrets: Secrets) -> None:
        folded(entry, rows, secrets)
        if entry.seq == seq:
            raise OSError("the machine has no more to give")

    names["fold"] = fold

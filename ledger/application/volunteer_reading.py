"""A volunteer as her reader sees her: herself in full, others masked; totals from her account.

Particulars, consents and credits come from proved streams, so any size of the log can be asked
for; only how many records stand where is counted in the views.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.masking import (
    MaskedGuardian,
    MaskedParticulars,
    mask_guardian,
    mask_particulars,
)
from ledger.application.office import Office
from ledger.application.reading import HiddenError, is_own, readable_volunteer
from ledger.application.states import ACCOUNT, RULES, VOLUNTEER, Known
from ledger.application.streams import account_stream, rules_stream
from ledger.domain.account import Account
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Erased
from ledger.domain.rules import INITIAL_BOOK, RuleSet
from ledger.domain.stored import Value
from ledger.domain.volunteer import Consent, Guardian, Particulars
from ledger.domain.volunteer.state import Correction, Volunteer
from ledger.projections.history import HIDDEN_FACT, Change, Item, history
from ledger.projections.views import RECORDS
from ledger.store.view_query import Query

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Star:
    """Which stars 星级 she may apply for by her hours alone; a star rests on quality as well.

    ``level`` 0 is none yet; ``hours`` are those from which she may apply for star 1, 2 ….
    ``minutes_missing`` is what lacks for the next one, None where there is none.
    """

    level: int
    hours: tuple[int, ...]
    minutes_missing: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What counts for her: credited minutes, and hours as the rules of today print a sum.

    ``records`` counts her records by stage; ``seq`` is the last entry of her account.
    """

    minutes: int
    hours: str
    records: Mapping[str, int]
    star: Star
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One registration, as of ``version`` of its stream, whose last entry is ``seq``.

    ``particulars`` None are erased ones. ``totals`` of a merged registration are nothing:
    what is hers counts at ``into``.
    """

    id: UUID
    version: int
    seq: int
    is_erased: bool
    is_confirmed: bool
    into: UUID | None
    absorbed: tuple[UUID, ...]
    particulars: Particulars | MaskedParticulars | None
    guardian: Guardian | MaskedGuardian | None
    consents: tuple[Consent, ...]
    corrections: tuple[Correction, ...]
    totals: Totals

    @property
    def is_masked(self) -> bool:
        """Whether the reader sees her masked."""
        return isinstance(self.particulars, MaskedParticulars)


def read_profile(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    *,
    size: int | None = None,
    in_clear: bool = False,
) -> Profile:
    """Return a volunteer, now or as she was when the log had a size.

    ``in_clear`` shows a staff person what she otherwise sees masked: only once it has been
    written down (`ledger.application.disclosing`).

    Raises:
        HiddenError: There is none, or she is not the caller's to see.
        As `States.get`.
    """
    known = readable_volunteer(office, caller, volunteer, size=size)
    state = known.state
    if state is None:
        raise HiddenError
    shows_all = in_clear or is_own(office, caller, volunteer)
    return Profile(
        id=volunteer,
        version=known.version,
        seq=known.seq,
        is_erased=state.is_erased,
        is_confirmed=state.is_confirmed,
        into=state.into,
        absorbed=state.absorbed,
        particulars=_particulars(state, shows_all=shows_all),
        guardian=_guardian(state, shows_all=shows_all),
        consents=state.consents,
        corrections=state.corrections,
        totals=_totals(office, state, size),
    )


def read_account(
    office: Office, caller: Caller, volunteer: UUID, *, size: int | None = None
) -> Known[Account]:
    """Return a volunteer's account; ``seq`` is the last entry of hers or of her account.

    Raises:
        HiddenError: There is no such volunteer, or she is not the caller's to see.
        As `States.get`.
    """
    seen = readable_volunteer(office, caller, volunteer, size=size, act="account.read")
    known = account_of(office, volunteer, size)
    return replace(known, seq=max(seen.seq, known.seq))


def account_of(office: Office, volunteer: UUID, size: int | None) -> Known[Account]:
    """Return an account, an empty one where nothing was ever credited."""
    known = office.states.at(ACCOUNT, account_stream(volunteer), size=size)
    return known if known.state else replace(known, state=Account.of(volunteer))


def volunteer_history(
    office: Office, caller: Caller, volunteer: UUID, *, size: int | None = None
) -> Sequence[Item]:
    """Return every change of a registration: who, when, why, before and after.

    Staff see that a particular changed, not from what to what.

    Raises:
        HiddenError: There is no such volunteer, or she is not the caller's to see.
        As `States.get`.
    """
    readable_volunteer(office, caller, volunteer, size=size, act="history.read")
    items = history(office.states.events(VOLUNTEER, volunteer, size=size), VOLUNTEER.evolve)
    if is_own(office, caller, volunteer):
        return items
    return tuple(_masked(each) for each in items)


_HIDDEN_FACTS = frozenset(
    {*(each.name for each in fields(Particulars)), "relation", "recipients"}
)
_HIDDEN_PARTS = frozenset({"particulars", "guardian"})


def _masked(item: Item) -> Item:
    facts = {
        name: _hidden(value) if name in _HIDDEN_FACTS else value
        for name, value in item.facts.items()
    }
    changes = tuple(
        Change(field=each.field, before=_hidden(each.before), after=_hidden(each.after))
        if each.field.partition(".")[0] in _HIDDEN_PARTS
        else each
        for each in item.changes
    )
    return replace(item, facts=facts, changes=changes)


def _hidden(value: Value) -> Value:
    return None if value is None else dict(HIDDEN_FACT)


def _particulars(
    state: Volunteer, *, shows_all: bool
) -> Particulars | MaskedParticulars | None:
    said = state.particulars
    if isinstance(said, Erased):
        return None
    return said if shows_all else mask_particulars(said)


def _guardian(state: Volunteer, *, shows_all: bool) -> Guardian | MaskedGuardian | None:
    named = state.guardian
    if named is None or isinstance(named, Erased):
        return None
    return named if shows_all else mask_guardian(named)


def _totals(office: Office, state: Volunteer, size: int | None) -> Totals:
    known = account_of(office, state.id, size)
    minutes = 0 if known.state is None else known.state.total_minutes
    book = office.states.at(RULES, rules_stream(office.origin), size=size).state
    rules = (book if book and book.sets else INITIAL_BOOK).on(civil_date(office.desk.now()))
    return Totals(
        minutes=minutes,
        hours=rules.printed_hours(minutes),
        records=_stages(office, (state.id, *state.absorbed), size),
        star=star_of(minutes, rules),
        seq=known.seq,
    )


def _stages(office: Office, volunteers: Sequence[UUID], size: int | None) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for volunteer in volunteers:
        equal, after = {"volunteer": str(volunteer)}, None
        while True:
            query = Query(equal=equal, order=("day",), after=after, limit=_AT_ONCE, size=size)
            page = office.views.page(RECORDS, query).value
            counted.update(row["stage"] for row in page.rows)
            after = page.after
            if after is None:
                break
    return dict(sorted(counted.items()))


def star_of(minutes: int, rules: RuleSet) -> Star:
    """Return which stars so many minutes are enough for."""
    reached = [hours for hours in rules.star_hours if minutes >= hours * 60]
    missing = rules.star_hours[len(reached) :]
    return Star(
        level=len(reached),
        hours=rules.star_hours,
        minutes_missing=missing[0] * 60 - minutes if missing else None,
    )

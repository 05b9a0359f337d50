"""Two registrations of one person become one, or two again; an erased one's number is freed.

Every stream of both persons that grows, grows in one submission (`ledger.domain.identity`).
Hours move with a registration, so whoever merges answers for both of them, in writing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.volunteer import MergeForm, SeparationForm
from ledger.application.office import Office
from ledger.application.states import ACCOUNT, IDENTITY, VOLUNTEER
from ledger.application.streams import account_stream
from ledger.application.volunteers import act_on, check_concerned, check_not_own, identity_in
from ledger.domain import identity
from ledger.domain.account import Account
from ledger.domain.acting import check_person
from ledger.domain.event import Act, ActorKind
from ledger.domain.identity import Ground, Moved, Registration
from ledger.domain.organization import Role
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.domain.volunteer import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """What is to become of two registrations, as the domain decides it.

    ``own`` says why the target is not the actor's to deal with, if it is her own.
    """

    source: UUID
    target: UUID
    own: Refused | None
    ground: Ground
    decide: Callable[[Registration, Registration, Ground, Act, Surroundings], Moved | Refused]


def merge(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: MergeForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Let a registration count at another one of the same person.

    Raises:
        As `volunteers.act_on`.
    """
    intent = Intent(act="volunteer.merge", target=volunteer)
    check_concerned(office, caller, form.into, intent.act)
    move = _Move(
        source=volunteer,
        target=form.into,
        own=check_not_own(office, caller, intent.act, form.into),
        ground=form.ground(),
        decide=identity.merge,
    )
    return act_on(office, caller, intent, partial(_move, move), expected=expected)


def separate(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: SeparationForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Undo a merge: each registration has again what was recorded for it.

    Raises:
        As `volunteers.act_on`.
    """
    intent = Intent(act="volunteer.separate", target=volunteer)
    check_concerned(office, caller, form.out_of, intent.act)
    move = _Move(
        source=volunteer,
        target=form.out_of,
        own=check_not_own(office, caller, intent.act, form.out_of),
        ground=form.ground(),
        decide=identity.separate,
    )
    return act_on(office, caller, intent, partial(_move, move), expected=expected)


def free_number(
    office: Office, caller: Caller, volunteer: UUID, *, expected: Expected | None = None
) -> Done[UUID]:
    """Give up an erased person's ID number, so that she may come again.

    Raises:
        As `volunteers.act_on`.
    """
    intent = Intent(act="identity.free", target=volunteer)
    step = partial(_free, volunteer)
    return act_on(office, caller, intent, step, expected=expected)


def _move(move: _Move, docket: Docket, around: Surroundings) -> UUID | Refused:
    source = _registration(docket, move.source)
    target = _registration(docket, move.target)
    if source is None or target is None:
        return refuse("volunteer_is_unknown")
    moved = move.decide(source, target, move.ground, docket.act, around)
    if isinstance(moved, Refused):
        return gathered(move.own, moved) or moved
    if move.own is not None:
        return move.own
    docket.add(VOLUNTEER, source.id, moved.source)
    docket.add(VOLUNTEER, target.id, moved.target)
    docket.add(IDENTITY, source.identity.id, moved.identity)
    docket.add(ACCOUNT, account_stream(source.id), moved.accounts.merged)
    docket.add(ACCOUNT, account_stream(target.id), moved.accounts.kept)
    return source.id


def _registration(docket: Docket, volunteer: UUID) -> Registration | None:
    state = docket.read(VOLUNTEER, volunteer)
    if state is None:
        return None
    account = docket.read(ACCOUNT, account_stream(volunteer)) or Account.of(volunteer)
    return Registration(
        volunteer=state, identity=identity_in(docket, state.identity), account=account
    )


def _free(volunteer: UUID, docket: Docket, around: Surroundings) -> UUID | Refused:
    state = docket.read(VOLUNTEER, volunteer)
    if state is None:
        return refuse("volunteer_is_unknown")
    number = identity_in(docket, state.identity)
    is_held = number.holder == volunteer
    freed = identity.free(number, state) if is_held else refuse("identity_is_not_held")
    # The domain leaves it to us who may: the ledger itself, or a person of the staff.
    is_ledger = docket.act.by.kind is ActorKind.SYSTEM
    refused = gathered(None if is_ledger else check_person(docket.act, around.acting, *Role))
    if isinstance(freed, Refused):
        return gathered(refused, freed) or freed
    if refused is not None:
        return refused
    docket.add(IDENTITY, number.id, freed)
    return volunteer

"""One person once, ever: a registration and the claim of its ID number are saved together.

The store refuses the second of two claims on one stream, however many run at once. Who was
registered under a wrong number moves to the right one: released, claimed and amended are one
step. A number that came by a merge stays where it came from, so that the merge can be undone.
"""

from dataclasses import dataclass

from ledger.domain.event import Act
from ledger.domain.identity.events import Cause, IdentityEvent
from ledger.domain.identity.state import Identity
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.domain.volunteer.acting import Surroundings
from ledger.domain.volunteer.commands import AmendVolunteer, RegisterVolunteer
from ledger.domain.volunteer.deciding import decide
from ledger.domain.volunteer.events import VolunteerEvent
from ledger.domain.volunteer.state import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What is saved together: the volunteer's events, and those of her identities.

    ``before`` is the identity that an amendment gives up, ``after`` the one that is claimed;
    both are empty where the number stays as it is.
    """

    volunteer: tuple[VolunteerEvent, ...]
    after: tuple[IdentityEvent, ...] = ()
    before: tuple[IdentityEvent, ...] = ()


def register(
    state: Volunteer | None,
    command: RegisterVolunteer,
    act: Act,
    around: Surroundings,
    identity: Identity,
) -> Claimed | Refused:
    """Return a registration with its claim, or why there is none.

    Raises:
        ValueError: ``identity`` is not the one of the command: a programmer's mistake.
    """
    if identity.id != command.identity:
        raise ValueError("the identity of the command is wanted")
    events = decide(state, command, act, around)
    taken = identity.check_free()
    if isinstance(events, Refused):
        return gathered(events, taken) or events
    if taken is not None:
        return taken
    return Claimed(
        volunteer=events, after=identity.claimed(command.volunteer, Cause.REGISTERED)
    )


def amend(
    state: Volunteer | None,
    command: AmendVolunteer,
    act: Act,
    around: Surroundings,
    *,
    before: Identity,
    after: Identity,
) -> Claimed | Refused:
    """Return an amendment; where the ID number changes, with the claim that moves.

    ``before`` is the identity that she has, ``after`` the one of the command: twice the same
    where the number stays.

    Raises:
        ValueError: The identities are not those: a programmer's mistake.
    """
    if after.id != command.identity or (state is not None and before.id != state.identity):
        raise ValueError("her identity and that of the command are wanted")
    events = decide(state, command, act, around)
    if before.id == after.id or state is None:
        return events if isinstance(events, Refused) else Claimed(volunteer=events)
    taken = _check_moved(state, after)
    if isinstance(events, Refused):
        return gathered(events, taken) or events
    if taken is not None:
        return taken
    return Claimed(
        volunteer=events,
        before=before.released(Cause.AMENDED) if before.holder == state.id else (),
        after=after.claimed(state.id, Cause.AMENDED),
    )


def free(identity: Identity, volunteer: Volunteer) -> tuple[IdentityEvent, ...] | Refused:
    """Return the release of an erased person's number, so that she may come again.

    She begins anew, with another registration and none of the hours of the old one: nothing
    is left that would say whose they were.

    Raises:
        ValueError: The number is not held by this volunteer: a programmer's mistake.
    """
    if identity.holder != volunteer.id:
        raise ValueError("an identity of this volunteer is wanted")
    if not volunteer.is_erased:
        return refuse("volunteer_is_not_erased")
    return identity.released(Cause.ERASED)


def _check_moved(state: Volunteer, after: Identity) -> Refused | None:
    if after.holder == state.id:
        return refuse("identity_came_by_merge", "id_number")
    return after.check_free()

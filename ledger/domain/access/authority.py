"""Who may invite a person, and close her sign-in: whoever brings a token acts as she does.

So an invitation is as good as her password, and it is for those who answer for her anyway:

- a staff person: a person in charge or a supervisor of the organization that appoints her, or
  of one above it. Who was invited before is invited again by that organization or one above
  it: appointing somebody else's person gives no hold on her.
- a volunteer: a person of an organization that registered her or confirmed her identity, or
  that answers for one that did.
- the first administrator: the ledger itself, as long as nobody else in the city bureau could.

Nobody invites herself: whoever knows her password changes it. All of this is ours [P].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.domain.access.commands import InviteToSignIn
from ledger.domain.access.state import SignIn
from ledger.domain.acting import answers_for, check_person
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.kinds import OrganizationKind, Role
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal

_INVITING = (Role.RESPONSIBLE, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision about a sign-in looks at beside it.

    ``acting`` is in whose name the actor acts, None for the ledger itself and for herself.
    ``appointing`` is an organization that appoints the staff person, ``home`` the one in whose
    name she was invited last; ``registrars`` are those that registered the volunteer or
    confirmed her identity.
    """

    acting: Organization | None = None
    appointing: Organization | None = None
    home: Organization | None = None
    registrars: tuple[Organization, ...] = ()


def check_inviter(
    state: SignIn | None, command: InviteToSignIn, act: Act, around: Surroundings
) -> Iterator[Refusal]:
    """Yield why the actor may not invite this person."""
    if act.by.kind is ActorKind.SYSTEM and around.acting is None:
        yield from _check_ledger(command, around.appointing, civil_date(act.now))
        return
    if act.by.id in (command.staff, command.volunteer):
        yield Refusal("invitee_invites_herself")
    roles = tuple(Role) if command.staff is None else _INVITING
    yield from check_person(act, around.acting, *roles)
    if around.acting is None:
        return
    if command.staff is not None:
        yield from _check_appointed(command.staff, around, civil_date(act.now))
        if state is not None and not _is_home(around.acting, state, around.home):
            yield Refusal("sign_in_is_anothers_to_give")
    # Whoever joined both by herself has put the one into the hands of those who answer for
    # the other; nobody else does it for her.
    if command.volunteer is not None and not _is_joined(state, command):
        yield from _check_registrar(around.acting, around)


def check_closer(state: SignIn, act: Act, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the actor may not close this sign-in: neither she nor who answers for her."""
    if state.is_person(act.by.id):
        return
    staff = state.staff or (state.invitation.staff if state.invitation else None)
    roles = tuple(Role) if staff is None else _INVITING
    yield from check_person(act, around.acting, *roles)
    if around.acting is None:
        return
    if staff is None:
        yield from _check_registrar(around.acting, around)
    elif not _is_home(around.acting, state, around.home):
        yield Refusal("sign_in_is_anothers_to_give")


def _check_ledger(
    command: InviteToSignIn, bureau: Organization | None, today: date
) -> Iterator[Refusal]:
    if command.volunteer is None and bureau is None:
        return
    if bureau is None or bureau.kind is not OrganizationKind.CITY_BUREAU:
        yield Refusal("ledger_invites_the_first_person_only")
        return
    present = {each.person for each in bureau.appointments if _is_or_will_be(each.until, today)}
    if present - {command.staff}:
        yield Refusal("ledger_invites_the_first_person_only")


def _is_or_will_be(until: date | None, today: date) -> bool:
    return until is None or today < until


def _check_appointed(staff: UUID, around: Surroundings, today: date) -> Iterator[Refusal]:
    if around.appointing is None:
        yield Refusal("organization_is_missing", "appointed_by")
        return
    if not any(around.appointing.is_appointed(staff, role, today) for role in Role):
        yield Refusal("person_is_not_of_the_staff", "staff")
    if around.acting is not None and not answers_for(around.acting, around.appointing):
        yield Refusal("organization_not_above", "appointed_by")


def _check_registrar(acting: Organization, around: Surroundings) -> Iterator[Refusal]:
    if not any(answers_for(acting, each) for each in around.registrars):
        yield Refusal("volunteer_is_anothers_to_invite", "volunteer")


def _is_home(acting: Organization, state: SignIn, home: Organization | None) -> bool:
    """Return whether she was invited in this name before, or in that of one below it.

    Whom the ledger invited, or who joined a sign-in that she had made herself, belongs to
    nobody below the city bureau.
    """
    if state.home is None:
        return acting.kind is OrganizationKind.CITY_BUREAU
    return home is not None and home.id == state.home and answers_for(acting, home)


def _is_joined(state: SignIn | None, command: InviteToSignIn) -> bool:
    return (
        state is not None
        and command.staff is not None
        and (state.staff, state.volunteer) == (command.staff, command.volunteer)
    )

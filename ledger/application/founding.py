"""The beginning of a ledger: its rules, its city bureau, and the first person who acts in it.

The ledger itself does it, once, in one append: whoever comes second finds rules in force.
Everything after it is done by persons in the name of organizations.

    ledger init ─► a token, told once ─► POST /api/v1/founding ─► all of it, and her sign-in
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from ledger.application.accepting import Acceptances, accept_in
from ledger.application.callers import as_ledger
from ledger.application.desk import Done, Intent
from ledger.application.docket import Docket
from ledger.application.forms.fields import Day, Text
from ledger.application.forms.organization import ParticularsForm
from ledger.application.inviting import Invitations, Invited, Invitee
from ledger.application.office import Office
from ledger.application.opening import AccessParts, opening
from ledger.application.organizations import REGISTER, add_with_code
from ledger.application.states import ORGANIZATION, RULES
from ledger.application.streams import city_bureau_stream, first_person, rules_stream
from ledger.domain import rules
from ledger.domain.divisions import CITY
from ledger.domain.organization import OrganizationKind, Role, Surroundings, decide
from ledger.domain.organization.commands import AppointStaff, RegisterOrganization
from ledger.domain.refusal import Refused, refuse
from ledger.domain.rules import INITIAL_BOOK, EnactRules, PublishCalendar, RuleBook
from ledger.store.event import system_actor

_FIRST_ROLES = (Role.RESPONSIBLE, Role.SUPERVISOR, Role.REVIEWER)
FOUND = "ledger.found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The rules and calendars that a ledger begins with, why, and what they carry out."""

    book: RuleBook = INITIAL_BOOK
    reason: str = "账本启用时的初始规则。"
    basis: str = "《志愿服务记录与证明出具办法(试行)》(民政部令第67号);京民社区发〔2013〕99号。"


INITIAL = Beginning()
"""What every ledger begins with that is in earnest."""


class FoundingForm(ParticularsForm):
    """The city bureau as it begins, and its first person."""

    person_name: Text
    person_telephone: Text | None = None
    from_day: Day


@dataclass(frozen=True, slots=True)
class Founded:
    """What a ledger has begun with: its city bureau, and who acts for it at first."""

    city_bureau: UUID
    person: UUID


def found(
    office: Office,
    form: FoundingForm,
    *,
    also: Callable[[Docket], Refused | None] = lambda _docket: None,
    beginning: Beginning = INITIAL,
) -> Done[Founded]:
    """Enact the first rules, register the city bureau and appoint its first person.

    ``also`` adds what is saved with it.

    Raises:
        As `Desk.perform`; a ledger that has begun is not begun again.
    """
    founded = Founded(city_bureau_stream(office.origin), first_person(office.origin))

    def decided(docket: Docket) -> Founded | Refused:
        refused = _found_bureau(office, docket, form, founded.city_bureau)
        refused = refused or _appoint_first(docket, form, founded)
        refused = refused or _enact_first(office, docket, beginning)
        return refused or also(docket) or founded

    caller = as_ledger(system_actor(office.origin))
    return office.desk.perform(caller, Intent(act=REGISTER), decided)


def invite_first(parts: AccessParts, origin: str) -> Done[Invited]:
    """Invite a ledger's first person, in the ledger's own name.

    Asked again, the token before is void. Once the city bureau has others who can invite, it
    is for them to do.

    Raises:
        As `Desk.perform`.
    """
    invitations = Invitations(parts, origin=origin)
    return invitations.invite(
        as_ledger(system_actor(origin)), Invitee(staff=first_person(origin))
    )


@dataclass(frozen=True, slots=True)
class FirstSignIn:
    """What the first person brings and chooses; ``address`` is whence she comes."""

    token: str = field(repr=False)
    name: str = field(repr=False)
    password: str = field(repr=False)
    address: str


def found_by_token(
    office: Office,
    parts: AccessParts,
    form: FoundingForm,
    first: FirstSignIn,
    *,
    beginning: Beginning = INITIAL,
) -> Done[Founded]:
    """Begin the ledger, by the token that its creation told, with its first person's sign-in.

    Raises:
        ActRefused: The token is none, which is told the security log; or as `found`.
        As `Desk.perform`.
    """
    Acceptances(parts).check(first.token, FOUND, first.address)
    with opening(parts, first.name, first.password) as chosen:

        def signing_in(docket: Docket) -> Refused | None:
            signed = accept_in(docket, first.token, chosen)
            if isinstance(signed, Refused):
                return signed
            is_first = signed.staff == first_person(office.origin)
            return None if is_first else refuse("invitation_is_not_valid")

        return found(office, form, also=signing_in, beginning=beginning)


def _found_bureau(
    office: Office, docket: Docket, form: FoundingForm, bureau: UUID
) -> Refused | None:
    command = RegisterOrganization(
        organization=bureau,
        kind=OrganizationKind.CITY_BUREAU,
        division=CITY,
        parent=None,
        particulars=form.particulars(),
    )
    # Of two that begin at once only one finds no rules when it is appended.
    is_empty = docket.read(RULES, rules_stream(office.origin)) is None
    around = Surroundings(acting=None, is_empty=is_empty)
    added = add_with_code(office, docket, bureau, command, around)
    return added if isinstance(added, Refused) else None


def _appoint_first(docket: Docket, form: FoundingForm, founded: Founded) -> Refused | None:
    command = AppointStaff(
        person=founded.person,
        roles=_FIRST_ROLES,
        from_day=form.from_day,
        name=form.person_name,
        telephone=form.person_telephone,
    )
    state = docket.read(ORGANIZATION, founded.city_bureau)
    events = decide(state, command, docket.act, Surroundings(acting=None))
    if isinstance(events, Refused):
        return events
    docket.add(ORGANIZATION, founded.city_bureau, events)
    return None


def _enact_first(office: Office, docket: Docket, beginning: Beginning) -> Refused | None:
    stream = rules_stream(office.origin)
    commands: list[rules.Command] = [
        EnactRules(rules=each, reason=beginning.reason, basis=beginning.basis)
        for each in beginning.book.sets
    ]
    commands += (PublishCalendar(calendar=each) for each in beginning.book.calendar.years)
    for command in commands:
        events = rules.decide(docket.read(RULES, stream), command, docket.act)
        if isinstance(events, Refused):
            return events
        docket.add(RULES, stream, events)
    return None

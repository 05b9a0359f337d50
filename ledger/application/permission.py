"""Which role an act of administration takes, in whose name it is done: one table [P].

340号, article 4, asks for named persons who are answerable; which of them does what is ours.
Here stands only who among an organization's staff acts for it. What that organization may do
to which other one follows from the hierarchy, and is the domain's.
"""

from collections.abc import Mapping
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.docket import Docket
from ledger.application.states import ORGANIZATION
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization import Organization, OrganizationKind, Role
from ledger.domain.refusal import Refused, refuse
from ledger.domain.rules import RuleBook

_OFFICE = (Role.RESPONSIBLE, Role.HANDLER)
_SUPERVISORS = (Role.RESPONSIBLE, Role.SUPERVISOR)

SUPERVISION = (
    "organization.authorize",
    "organization.suspend",
    "organization.reinstate",
    "organization.revoke",
    "organization.succeed",
    "entrustment.grant",
    "entrustment.revoke",
)
"""Acts of supervision, for departments that the rule set names (Order 67, Art. 20 to 25)."""

ROLES: Mapping[str, tuple[Role, ...]] = {
    **dict.fromkeys(SUPERVISION, _SUPERVISORS),
    "organization.register": _OFFICE,
    "organization.amend": _OFFICE,
    "organization_key.add": _OFFICE,
    # A key that somebody else has must stop at once: more hands may do it than add one.
    "organization_key.revoke": (*_OFFICE, Role.SUPERVISOR),
    "staff.appoint": _OFFICE,
    "staff.amend": _OFFICE,
    "staff.release": (*_OFFICE, Role.SUPERVISOR),
    "rules.enact": _SUPERVISORS,
    "calendar.publish": _OFFICE,
    # Who enters particulars is a named recorder; who confirms them is somebody else.
    "volunteer.amend": (Role.RECORDER,),
    "volunteer.confirm": (Role.REVIEWER, Role.RESPONSIBLE),
    "guardian.name": (Role.RECORDER,),
    "consent.give": (Role.RECORDER,),
    # Withdrawing is as easy as giving (PIPL 15); who finds an error asks (Order 67, Art. 6).
    **dict.fromkeys(
        ("consent.withdraw", "correction.request", "correction.withdraw"), tuple(Role)
    ),
    # Hours move with a registration.
    "volunteer.merge": _SUPERVISORS,
    "volunteer.separate": _SUPERVISORS,
    "identity.free": _SUPERVISORS,
    "profile.disclose": tuple(Role),
    # MNR 36: a minor's particulars are opened by who is responsible.
    "profile.disclose_minor": (Role.RESPONSIBLE,),
}
"""Act → the roles of which one is needed, by anybody but the ledger itself."""


def check_role(act_name: str, act: Act, acting: Organization | None) -> Refused | None:
    """Return why this person acts for her organization in no role that the act takes.

    Whether the actor is a person at all, and the organization in force, the domain checks: a
    halted organization may still do what makes things safer.
    """
    if acting is None or act.by.kind is not ActorKind.STAFF:
        return None
    today, roles = civil_date(act.now), ROLES[act_name]
    if any(acting.has_role(act.by.id, role, today) for role in roles):
        return None
    return refuse("actor_has_no_such_role", None, roles=", ".join(roles))


def check_authority(acting: Organization | None, book: RuleBook, act: Act) -> Refused | None:
    """Return why a bureau's department supervises nobody under the rules of the day."""
    authority = None if acting is None else acting.particulars.authority
    if authority is None or authority in book.on(civil_date(act.now)).supervisors:
        return None
    return refuse("authority_does_not_supervise", None, authority=authority)


def check_city_bureau(acting: Organization | None) -> Refused | None:
    """Return why the one who acts is not the city bureau, which alone makes the rules [P]."""
    if acting is None or acting.kind is OrganizationKind.CITY_BUREAU:
        return None
    return refuse("rules_are_for_the_city_bureau")


def acting_in(docket: Docket, caller: Caller) -> Organization | None:
    """Return in whose name a caller acts, if there is such an organization."""
    return None if caller.organization is None else find(docket, caller.organization)


def find(docket: Docket, organization: UUID) -> Organization | None:
    """Return an organization that somebody names; another kind of thing is none."""
    return docket.find(ORGANIZATION, organization)

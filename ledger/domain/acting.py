"""Who acts on activities and records: a named person with a role, or a key, of which body.

340号, article 4, and the pilot plan, 三(四), ask for named persons. A body answers for what it
recorded itself, for what those below it recorded, and for those whom it succeeded (149号).
Which sign-in may speak for which body is the application's matter.
"""

from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.authority import check_acting, stands_over
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal


def check_person(act: Act, acting: Organization | None, *roles: Role) -> tuple[Refusal, ...]:
    """Return why the actor is no person with one of these roles in a body in force."""
    refused = check_acting(act, acting)
    if acting is None or refused is not None:
        return refused.reasons if refused else (Refusal("acting_organization_is_missing"),)
    today = civil_date(act.now)
    if any(acting.has_role(act.by.id, role, today) for role in roles):
        return ()
    return (Refusal("actor_has_no_such_role", None, {"roles": ", ".join(roles)}),)


def check_person_or_key(
    act: Act, acting: Organization | None, *roles: Role
) -> tuple[Refusal, ...]:
    """Return why the actor is neither such a person nor a key of a body in force."""
    if act.by.kind is not ActorKind.KEY or acting is None:
        return check_person(act, acting, *roles)
    if acting.key_in_force(act.by.id, civil_date(act.now)):
        return ()
    return (Refusal("key_is_not_in_force"),)


def check_answers_for(
    acting: Organization | None, organization: Organization
) -> tuple[Refusal, ...]:
    """Return why a body does not answer for what another one recorded."""
    if acting is None or answers_for(acting, organization):
        return ()
    return (Refusal("organization_does_not_answer"),)


def answers_for(acting: Organization, organization: Organization) -> bool:
    """Return whether a body is another one, has succeeded it, or stands over it."""
    return (
        acting.id == organization.id
        or acting.id in organization.successors
        or stands_over(acting, organization)
    )

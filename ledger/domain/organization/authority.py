"""Who may act on an organization: itself, or who stands over it; nobody else.

That the person may act in the name of ``acting`` is for the application to find out. Here
stands what follows from the hierarchy: a bureau authorizes and halts, an association looks
after its stations, what a higher bureau halted a lower one does not lift [P]. A key signs
submissions and administers nothing, so a stolen one cannot make itself at home.
"""

from dataclasses import dataclass
from uuid import UUID

from ledger.domain.divisions import is_within
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.kinds import OrganizationKind
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refused, gathered, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision looks at beside the organization itself.

    ``acting`` is the organization in whose name the actor acts, None for the ledger itself;
    ``named`` are the organizations that the command names; ``is_empty`` says that the ledger
    has no organization yet.
    """

    acting: Organization | None
    named: tuple[Organization, ...] = ()
    is_empty: bool = False

    def find(self, organization: UUID | None) -> Organization | None:
        """Return an organization that the command names, if there is one."""
        return next((each for each in self.named if each.id == organization), None)


def stands_over(above: Organization, below: Organization) -> bool:
    """Return whether one organization has another below it."""
    match above.kind:
        case OrganizationKind.CITY_BUREAU:
            return below.id != above.id and is_within(below.division, above.division)
        case OrganizationKind.DISTRICT_BUREAU:
            if below.kind in (OrganizationKind.ASSOCIATION, OrganizationKind.STATION):
                return is_within(below.division, above.division)
            return below.parent == above.id
        case OrganizationKind.ASSOCIATION:
            return below.parent == above.id
        case OrganizationKind.STATION | OrganizationKind.ENTRUSTED:
            return False


def check_acting(act: Act, acting: Organization | None) -> Refused | None:
    """Return why this actor does not act in this name: a person of an organization in force."""
    if act.by.kind is not ActorKind.STAFF:
        return refuse("actor_is_not_staff")
    if acting is None:
        return refuse("acting_organization_is_missing")
    return None if acting.is_in_force else refuse("acting_organization_not_in_force")


def check_bureau_above(
    state: Organization, act: Act, acting: Organization | None
) -> Refused | None:
    """Return why the one who acts is no bureau that stands over the organization."""
    stands = acting is None or (acting.is_bureau and stands_over(acting, state))
    return gathered(check_acting(act, acting), None if stands else refuse("bureau_not_above"))


def check_itself_or_above(
    state: Organization, act: Act, acting: Organization | None
) -> Refused | None:
    """Return why the one who acts is neither the organization nor above it."""
    stands = acting is None or acting.id == state.id or stands_over(acting, state)
    return gathered(
        check_acting(act, acting), None if stands else refuse("organization_not_above")
    )


def check_itself_in_any_state_or_above(
    state: Organization, act: Act, acting: Organization | None
) -> Refused | None:
    """Return the same for what makes things safer: a halted organization still may do it."""
    if acting is not None and acting.id == state.id and act.by.kind is ActorKind.STAFF:
        return None
    return check_itself_or_above(state, act, acting)


def check_not_halted_from_above(
    state: Organization, acting: Organization | None
) -> Refused | None:
    """Return why this bureau does not lift what another one imposed."""
    if state.halted_by is None or acting is None:
        return None
    if acting.id == state.halted_by or acting.kind is OrganizationKind.CITY_BUREAU:
        return None
    return refuse("halted_from_above")

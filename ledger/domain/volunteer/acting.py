"""Who acts on a registration: the volunteer herself, or an organization in force for her.

Which role may do what is decided where sign-ins and scopes are known. Here stands what rests
on the parties: nobody acts as another volunteer, a person of an organization has a role in it,
and an organization or a key out of force does nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from ledger.domain.acting import check_person_or_key
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.kinds import OrganizationKind, Role
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal
from ledger.domain.rules import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision is taken in: the rules of its day, and in whose name the actor acts.

    ``acting`` None is nobody else: the actor is the volunteer, or the ledger itself.
    """

    rules: RuleSet
    acting: Organization | None = None

    @property
    def on_behalf_of(self) -> UUID | None:
        """The organization in whose name the actor acts."""
        return None if self.acting is None else self.acting.id


def is_herself(act: Act, volunteer: UUID) -> bool:
    """Return whether the actor is this volunteer."""
    return act.by.kind is ActorKind.VOLUNTEER and act.by.id == volunteer


def check_actor(
    act: Act, volunteer: UUID, acting: Organization | None, *roles: Role
) -> tuple[Refusal, ...]:
    """Return why the actor may not act on this registration at all.

    ``roles`` are those of which an organization's person has one; none given is any role.
    """
    if act.by.kind is not ActorKind.VOLUNTEER:
        return check_person_or_key(act, acting, *(roles or Role))
    if acting is not None:
        return (Refusal("volunteer_acts_for_organization"),)
    return () if act.by.id == volunteer else (Refusal("actor_is_another_volunteer"),)


def check_registrar(
    act: Act, volunteer: UUID, acting: Organization | None
) -> Iterator[Refusal]:
    """Yield why the actor may not register this volunteer.

    Entering is for a named recorder (340号 Art. 4) or a key. An entrusted organization
    registers while it is entrusted; bureaus supervise [P].
    """
    yield from check_actor(act, volunteer, acting, Role.RECORDER)
    if acting is None:
        return
    if acting.is_bureau:
        yield Refusal("bureau_does_not_record")
    today = civil_date(act.now)
    is_entrusted = any(each.is_in_force(today) for each in acting.entrustments)
    if acting.kind is OrganizationKind.ENTRUSTED and not is_entrusted:
        yield Refusal("entrustment_not_in_force")

"""Two registrations of one person become one, without losing a row, and can be parted again.

Nothing is copied or rewritten: the merged registration keeps its history and says where it
counts, its ID number is claimed by the one that stays, its credits are taken up there. So
parting them gives back what belonged to it, and what was recorded for it in between.

All streams of both persons grow in one transaction, so nothing slips in between: a credit, a
second merge, an amendment. A registration that has taken up others is not merged itself: no
chains, no circles; the merge is possible the other way round.
"""

from dataclasses import dataclass
from uuid import UUID

from ledger.domain.account import Account, Joined
from ledger.domain.account.deciding import absorb
from ledger.domain.account.deciding import separate as separate_accounts
from ledger.domain.acting import check_person_or_key
from ledger.domain.event import Act
from ledger.domain.identity.events import Cause, IdentityEvent
from ledger.domain.identity.state import Identity
from ledger.domain.organization.kinds import Role
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.domain.volunteer.acting import Surroundings
from ledger.domain.volunteer.checking import check_digest, check_reason
from ledger.domain.volunteer.events import (
    VolunteerAbsorbed,
    VolunteerEvent,
    VolunteerMerged,
    VolunteerRelinquished,
    VolunteerSeparated,
)
from ledger.domain.volunteer.state import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration with everything that moves with it.

    ``identity`` is that of its own ID number, whoever holds it now.

    Raises:
        ValueError: The parts belong to different volunteers: a programmer's mistake.
    """

    volunteer: Volunteer
    identity: Identity
    account: Account

    def __post_init__(self) -> None:
        if self.identity.id != self.volunteer.identity:
            raise ValueError("the identity of this volunteer is wanted")
        if self.account.volunteer != self.volunteer.id:
            raise ValueError("the account of this volunteer is wanted")

    @property
    def id(self) -> UUID:
        """The volunteer's id."""
        return self.volunteer.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why two registrations are one person's, or are not; ``evidence`` is a digest."""

    reason: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What is saved together: both volunteers, the source's identity, both accounts."""

    source: tuple[VolunteerEvent, ...]
    target: tuple[VolunteerEvent, ...]
    identity: tuple[IdentityEvent, ...]
    accounts: Joined


def merge(
    source: Registration, target: Registration, ground: Ground, act: Act, around: Surroundings
) -> Moved | Refused:
    """Return how ``source`` is merged into ``target``, or why they stay two.

    Refused where credits of the two overlap, each pair named, until one is amended or voided.
    """
    if source.id == target.id:
        return refuse("volunteers_are_the_same", "into")
    standing = gathered(source.volunteer.check_standing(), target.volunteer.check_standing())
    if standing is not None:
        return standing
    refused = gathered(
        refuse("volunteer_has_absorbed") if source.volunteer.absorbed else None,
        _check_held(source),
        check_person_or_key(act, around.acting, *Role),
        _check_ground(ground),
    )
    joined = absorb(target.account, source.account)
    if isinstance(joined, Refused):
        return gathered(refused, joined) or joined
    if refused is not None:
        return refused
    merged = VolunteerMerged(
        volunteer=source.id,
        into=target.id,
        reason=ground.reason,
        evidence=ground.evidence,
        on_behalf_of=around.on_behalf_of,
    )
    absorbed = VolunteerAbsorbed(
        volunteer=target.id, source=source.id, on_behalf_of=around.on_behalf_of
    )
    return Moved(
        source=(merged,),
        target=(absorbed,),
        identity=source.identity.claimed(target.id, Cause.MERGED),
        accounts=joined,
    )


def separate(
    source: Registration, target: Registration, ground: Ground, act: Act, around: Surroundings
) -> Moved | Refused:
    """Return how a merge is undone: ``source`` stands for itself again.

    That the target was erased in between does not hold it back: hers are others' hours.
    """
    if source.volunteer.into != target.id:
        return refuse("volunteer_is_not_merged", target=str(target.id))
    refused = gathered(
        refuse("volunteer_is_erased") if source.volunteer.is_erased else None,
        _check_returnable(source, target),
        check_person_or_key(act, around.acting, *Role),
        _check_ground(ground),
    )
    parted = separate_accounts(target.account, source.account)
    if isinstance(parted, Refused):
        return gathered(refused, parted) or parted
    if refused is not None:
        return refused
    separated = VolunteerSeparated(
        volunteer=source.id,
        out_of=target.id,
        reason=ground.reason,
        evidence=ground.evidence,
        on_behalf_of=around.on_behalf_of,
    )
    relinquished = VolunteerRelinquished(
        volunteer=target.id, source=source.id, on_behalf_of=around.on_behalf_of
    )
    return Moved(
        source=(separated,),
        target=(relinquished,),
        identity=source.identity.claimed(source.id, Cause.SEPARATED),
        accounts=parted,
    )


def _check_held(source: Registration) -> Refused | None:
    # Freed after an erasure, and claimed anew: whose it is now has nothing to do with her.
    held = source.identity.holder == source.id
    return None if held else refuse("identity_is_not_held")


def _check_returnable(source: Registration, target: Registration) -> Refused | None:
    """Return why the source does not get its ID number back: another person has it now."""
    if source.identity.holder in (None, target.id):
        return None
    return source.identity.check_free()


def _check_ground(ground: Ground) -> Refused | None:
    return gathered(check_reason(ground.reason), check_digest(ground.evidence, "evidence"))

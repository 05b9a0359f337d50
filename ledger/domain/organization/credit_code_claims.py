"""One organization for one credit code, ever: the code's own stream, saved with hers.

The stream's id follows from the code, so two registrations under one code collide in the
store, however many run at once (GB 32100-2015: one code, one body). A code is given up only
by an amendment that corrects it; who was revoked or succeeded keeps hers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from ledger.domain.event import Act, Happened
from ledger.domain.organization.authority import Surroundings
from ledger.domain.organization.commands import AmendOrganization, RegisterOrganization
from ledger.domain.organization.deciding import decide
from ledger.domain.organization.events import OrganizationEvent
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refused, gathered, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditCodeClaimed:
    """An organization has this credit code."""

    TYPE: ClassVar[str] = "credit_code.claimed"
    SHAPE: ClassVar[int] = 1

    credit_code: str
    organization: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditCodeReleased:
    """An organization had this credit code by mistake, or has another one now."""

    TYPE: ClassVar[str] = "credit_code.released"
    SHAPE: ClassVar[int] = 1

    credit_code: str
    organization: UUID


CreditCodeEvent: TypeAlias = CreditCodeClaimed | CreditCodeReleased


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditCode:
    """A credit code that was claimed once; ``holder`` is the organization that has it now."""

    credit_code: str
    holder: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStream:
    """The stream of one credit code: its id, and its state if it was ever claimed."""

    id: UUID
    state: CreditCode | None


def evolve_code(
    state: CreditCode | None,
    event: CreditCodeEvent,
    happened: Happened,  # noqa: ARG001
) -> CreditCode:
    """Return the credit code after an event.

    Raises:
        ValueError: A history begins with something else than a claim.
    """
    match event:
        case CreditCodeClaimed():
            return CreditCode(credit_code=event.credit_code, holder=event.organization)
        case CreditCodeReleased():
            if state is None:
                raise ValueError("a history of a credit code begins with its claim")
            return replace(state, holder=None)
        case _:
            assert_never(event)


Together: TypeAlias = Mapping[UUID, tuple[OrganizationEvent | CreditCodeEvent, ...]]
"""Stream → its new events; all of them are saved in one transaction, or none."""


def decide_with_code(
    state: Organization | None,
    command: RegisterOrganization | AmendOrganization,
    act: Act,
    around: Surroundings,
    codes: Mapping[str, CodeStream],
) -> Together | Refused:
    """Return what a registration or an amendment leads to, on every stream that it touches.

    ``codes`` holds the streams of the credit codes before and after, by code, as they are
    written, well-formed or not.

    Raises:
        KeyError: The stream of a code is missing from ``codes``.
    """
    if isinstance(command, RegisterOrganization):
        organization = command.organization
    elif state is None:
        return refuse("organization_is_missing")
    else:
        organization = state.id
    before = None if state is None else state.particulars.credit_code
    after = command.particulars.credit_code
    stream = None if after is None else codes[after]
    taken = None if stream is None else _check_taken(stream.state, organization)
    events = decide(state, command, act, around)
    if isinstance(events, Refused):
        return gathered(events, taken) or events
    if taken is not None:
        return taken
    together: dict[UUID, tuple[OrganizationEvent | CreditCodeEvent, ...]] = {
        organization: events
    }
    if before != after and before is not None:
        together[codes[before].id] = (
            CreditCodeReleased(credit_code=before, organization=organization),
        )
    if before != after and after is not None:
        together[codes[after].id] = (
            CreditCodeClaimed(credit_code=after, organization=organization),
        )
    return together


def _check_taken(code: CreditCode | None, organization: UUID) -> Refused | None:
    """Return whose the code is; the organization's id is no secret among clerks."""
    if code is None or code.holder in (None, organization):
        return None
    return refuse("credit_code_is_claimed", "credit_code", organization=str(code.holder))

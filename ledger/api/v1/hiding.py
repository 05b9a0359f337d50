"""Acts on what somebody may not see: it does not exist for her, whatever it is refused for.

Reading hides it (`ledger.application.reading`); a refusal that says how it stands would tell
what reading does not. The attempt is written down as what it was.
"""

from collections.abc import Callable, Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, VersionMismatch
from ledger.application.office import Office
from ledger.application.reading import HiddenError, is_own, may_read_of
from ledger.application.states import ACTIVITY, CERTIFICATE, RECORD
from ledger.domain.event import ActorKind
from ledger.domain.record import Stage

Hiding = Callable[..., Iterator[None]]


def hiding_record(office: Office, who: Callable[..., Caller]) -> Hiding:
    """Return a dependency of acts on a record; what is in publicity, everybody may see."""

    def hide(record: UUID, caller: Annotated[Caller, Depends(who)]) -> Iterator[None]:
        try:
            yield
        except (ActRefused, VersionMismatch):
            if _sees_record(office, caller, record):
                raise
            raise HiddenError from None

    return hide


def hiding_activity(office: Office, who: Callable[..., Caller]) -> Hiding:
    """Return a dependency of acts on an activity; volunteers see every one."""

    def hide(activity: UUID, caller: Annotated[Caller, Depends(who)]) -> Iterator[None]:
        try:
            yield
        except (ActRefused, VersionMismatch):
            if _sees_activity(office, caller, activity):
                raise
            raise HiddenError from None

    return hide


def hiding_certificate(office: Office, who: Callable[..., Caller]) -> Hiding:
    """Return a dependency of acts on a certificate."""

    def hide(certificate: UUID, caller: Annotated[Caller, Depends(who)]) -> Iterator[None]:
        try:
            yield
        except (ActRefused, VersionMismatch):
            if _sees_certificate(office, caller, certificate):
                raise
            raise HiddenError from None

    return hide


def _sees_certificate(office: Office, caller: Caller, certificate: UUID) -> bool:
    state = office.states.get(CERTIFICATE, certificate).state
    return state is not None and (
        is_own(office, caller, state.volunteer) or may_read_of(office, caller, state.issuer)
    )


def _sees_record(office: Office, caller: Caller, record: UUID) -> bool:
    state = office.states.get(RECORD, record).state
    return state is not None and (
        state.stage is Stage.PUBLICIZED
        or is_own(office, caller, state.volunteer)
        or may_read_of(office, caller, state.organization)
    )


def _sees_activity(office: Office, caller: Caller, activity: UUID) -> bool:
    state = office.states.get(ACTIVITY, activity).state
    return state is not None and (
        caller.actor.kind is ActorKind.VOLUNTEER
        or may_read_of(office, caller, state.recording_organization)
    )

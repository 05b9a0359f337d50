"""A certificate as its history left it; what is recorded has happened, nothing is refused."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from ledger.domain.certificate.codes import (
    DeclineGround,
    FaceLanguage,
    IssueMode,
    RevocationGround,
    Stage,
)
from ledger.domain.certificate.events import (
    CertificateAccepted,
    CertificateDeclined,
    CertificateEvent,
    CertificateIssued,
    CertificateRequested,
    CertificateRevoked,
    CertificateSuperseded,
)
from ledger.domain.event import Actor, Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate, from its request on; ``issued`` is what stands on it, once it is."""

    id: UUID
    volunteer: UUID
    issuer: UUID
    mode: IssueMode
    language: FaceLanguage
    from_day: date | None
    to_day: date | None
    with_open: bool
    replaces: UUID | None
    requested_by: Actor
    stage: Stage = Stage.REQUESTED
    handler: UUID | None = None
    declined: DeclineGround | None = None
    issued: CertificateIssued | None = None
    superseded_by: UUID | None = None
    revoked: RevocationGround | None = None

    def covers(self, day: date) -> bool:
        """Return whether a civil date lies in the period that was asked for."""
        after = self.from_day is None or self.from_day <= day
        return after and (self.to_day is None or day <= self.to_day)


def evolve(state: Certificate | None, event: CertificateEvent, at: Happened) -> Certificate:
    """Return the certificate after an event.

    Raises:
        ValueError: A history begins with something else than a request.
    """
    if isinstance(event, CertificateRequested):
        return Certificate(
            id=event.certificate,
            volunteer=event.volunteer,
            issuer=event.issuer,
            mode=event.mode,
            language=event.language,
            from_day=event.from_day,
            to_day=event.to_day,
            with_open=event.with_open,
            replaces=event.replaces,
            requested_by=at.by,
        )
    if state is None:
        raise ValueError("a history of a certificate begins with its request")
    match event:
        case CertificateAccepted():
            return replace(state, stage=Stage.ACCEPTED, handler=event.handler)
        case CertificateDeclined():
            return replace(state, stage=Stage.DECLINED, declined=event.ground)
        case CertificateIssued():
            return replace(state, stage=Stage.ISSUED, issued=event)
        case CertificateSuperseded():
            return replace(state, stage=Stage.SUPERSEDED, superseded_by=event.by_certificate)
        case CertificateRevoked():
            return replace(state, stage=Stage.REVOKED, revoked=event.ground)
        case _:
            assert_never(event)

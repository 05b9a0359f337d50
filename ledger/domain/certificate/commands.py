"""What may be asked of a certificate; ids come from outside."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from ledger.domain.certificate.codes import (
    DeclineGround,
    FaceLanguage,
    IssueMode,
    RevocationGround,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCertificate:
    """Ask for a certificate; as `CertificateRequested` has it. ``certificate`` is of chance."""

    certificate: UUID
    volunteer: UUID
    issuer: UUID
    mode: IssueMode
    language: FaceLanguage = FaceLanguage.CHINESE
    from_day: date | None = None
    to_day: date | None = None
    with_open: bool = False
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRequest:
    """The handler accepts a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRequest:
    """No certificate is issued."""

    ground: DeclineGround


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCertificate:
    """The responsible person issues what was accepted; a volunteer prints her own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCertificate:
    """It is taken back."""

    ground: RevocationGround


Command: TypeAlias = (
    RequestCertificate | AcceptRequest | DeclineRequest | IssueCertificate | RevokeCertificate
)

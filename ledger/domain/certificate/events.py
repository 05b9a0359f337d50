"""What happens to a certificate: 申请, 受理, 开具 and what follows (149号).

``certificate.issued`` has every printed fact, so that one inclusion proof covers the whole
face. What a person is told apart by are facts about her, under her own key.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.certificate.codes import (
    DeclineGround,
    FaceLanguage,
    IssueMode,
    RevocationGround,
)
from ledger.domain.certificate.face import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequested:
    """Somebody asks for one: the volunteer herself (``on_behalf_of`` None), or a handler.

    ``issuer`` is to certify what it recorded from ``from_day`` to ``to_day``, both included;
    None leaves that side open. ``replaces`` is an earlier certificate of the same issuer.
    """

    TYPE: ClassVar[str] = "certificate.requested"
    SHAPE: ClassVar[int] = 1

    certificate: UUID
    volunteer: UUID
    issuer: UUID
    mode: IssueMode
    language: FaceLanguage
    from_day: date | None
    to_day: date | None
    with_open: bool
    replaces: UUID | None
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateAccepted:
    """The handler 经办人 has checked the request and signs for it."""

    TYPE: ClassVar[str] = "certificate.accepted"
    SHAPE: ClassVar[int] = 1

    certificate: UUID
    handler: UUID
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDeclined:
    """No certificate is issued on this request."""

    TYPE: ClassVar[str] = "certificate.declined"
    SHAPE: ClassVar[int] = 1

    certificate: UUID
    ground: DeclineGround
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Face):
    """The certificate itself; a sealed one is signed by the actor, the 负责人."""

    TYPE: ClassVar[str] = "certificate.issued"
    SHAPE: ClassVar[int] = 1

    certificate: UUID
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSuperseded:
    """Another certificate was issued in its place."""

    TYPE: ClassVar[str] = "certificate.superseded"
    SHAPE: ClassVar[int] = 1

    certificate: UUID
    by_certificate: UUID
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRevoked:
    """It is taken back, by its issuer or by who answers for it."""

    TYPE: ClassVar[str] = "certificate.revoked"
    SHAPE: ClassVar[int] = 1

    certificate: UUID
    ground: RevocationGround
    on_behalf_of: UUID


CertificateEvent: TypeAlias = (
    CertificateRequested
    | CertificateAccepted
    | CertificateDeclined
    | CertificateIssued
    | CertificateSuperseded
    | CertificateRevoked
)

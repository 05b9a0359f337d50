"""Certificates 志愿服务记录证明: what an organization states of what it recorded."""

from ledger.domain.certificate.basis import Basis, Surroundings
from ledger.domain.certificate.codes import (
    DeclineGround,
    FaceLanguage,
    IssueMode,
    RevocationGround,
    Stage,
)
from ledger.domain.certificate.commands import (
    AcceptRequest,
    Command,
    DeclineRequest,
    IssueCertificate,
    RequestCertificate,
    RevokeCertificate,
)
from ledger.domain.certificate.deciding import check_asks, decide, may_issue, supersede
from ledger.domain.certificate.events import (
    CertificateAccepted,
    CertificateDeclined,
    CertificateEvent,
    CertificateIssued,
    CertificateRequested,
    CertificateRevoked,
    CertificateSuperseded,
)
from ledger.domain.certificate.face import Face, Line, OpenLine, Predecessor, decimal_hours
from ledger.domain.certificate.numbers import certificate_number, read_number
from ledger.domain.certificate.state import Certificate, evolve

__all__ = [
    "AcceptRequest",
    "Basis",
    "Certificate",
    "CertificateAccepted",
    "CertificateDeclined",
    "CertificateEvent",
    "CertificateIssued",
    "CertificateRequested",
    "CertificateRevoked",
    "CertificateSuperseded",
    "Command",
    "DeclineGround",
    "DeclineRequest",
    "Face",
    "FaceLanguage",
    "IssueCertificate",
    "IssueMode",
    "Line",
    "OpenLine",
    "Predecessor",
    "RequestCertificate",
    "RevocationGround",
    "RevokeCertificate",
    "Stage",
    "Surroundings",
    "certificate_number",
    "check_asks",
    "decide",
    "decimal_hours",
    "evolve",
    "may_issue",
    "read_number",
    "supersede",
]

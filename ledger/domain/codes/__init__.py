"""Codes and what they are called in English and Chinese."""

from ledger.domain.codes.activity import (
    AdmissionMode,
    Datum,
    Guarantee,
    HeadCount,
    Phase,
    SignKind,
    WithoutCoordinates,
)
from ledger.domain.codes.coded import Coded
from ledger.domain.codes.forbidden import FORBIDDEN_FIELDS, forbidden_fields
from ledger.domain.codes.identity import GA_T_517, GuardianRelation, IdType, Sex
from ledger.domain.codes.personal import Education, Employment, Ethnicity, PoliticalStatus
from ledger.domain.codes.provenance import (
    SCAN_KINDS,
    Authority,
    Carrier,
    Channel,
    EvidenceKind,
    ExcludedClass,
    MediaType,
)
from ledger.domain.codes.service import (
    OrganizationCategory,
    ServiceCategory,
    ServiceObject,
    Skill,
)

__all__ = [
    "FORBIDDEN_FIELDS",
    "GA_T_517",
    "SCAN_KINDS",
    "AdmissionMode",
    "Authority",
    "Carrier",
    "Channel",
    "Coded",
    "Datum",
    "Education",
    "Employment",
    "Ethnicity",
    "EvidenceKind",
    "ExcludedClass",
    "Guarantee",
    "GuardianRelation",
    "HeadCount",
    "IdType",
    "MediaType",
    "OrganizationCategory",
    "Phase",
    "PoliticalStatus",
    "ServiceCategory",
    "ServiceObject",
    "Sex",
    "SignKind",
    "Skill",
    "WithoutCoordinates",
    "forbidden_fields",
]

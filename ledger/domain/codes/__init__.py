"""Codes and what they are called in English and Chinese."""

from ledger.domain.codes.coded import Coded
from ledger.domain.codes.forbidden import FORBIDDEN_FIELDS, forbidden_fields
from ledger.domain.codes.identity import GA_T_517, GuardianRelation, IdType, Sex
from ledger.domain.codes.personal import Education, Employment, Ethnicity, PoliticalStatus
from ledger.domain.codes.provenance import Authority, Channel, EvidenceKind, ExcludedClass
from ledger.domain.codes.service import (
    OrganizationCategory,
    ServiceCategory,
    ServiceObject,
    Skill,
)

__all__ = [
    "FORBIDDEN_FIELDS",
    "GA_T_517",
    "Authority",
    "Channel",
    "Coded",
    "Education",
    "Employment",
    "Ethnicity",
    "EvidenceKind",
    "ExcludedClass",
    "GuardianRelation",
    "IdType",
    "OrganizationCategory",
    "PoliticalStatus",
    "ServiceCategory",
    "ServiceObject",
    "Sex",
    "Skill",
    "forbidden_fields",
]

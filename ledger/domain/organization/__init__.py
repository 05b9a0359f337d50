"""Organizations: who may record, where, by whose hands, and on whose authority."""

from ledger.domain.organization.authority import Surroundings, stands_over
from ledger.domain.organization.credit_code_claims import (
    CodeStream,
    CreditCode,
    CreditCodeClaimed,
    CreditCodeReleased,
    decide_with_code,
    evolve_code,
)
from ledger.domain.organization.deciding import decide
from ledger.domain.organization.evolving import evolve
from ledger.domain.organization.kinds import OrganizationKind, Role, Status
from ledger.domain.organization.state import Organization

__all__ = [
    "CodeStream",
    "CreditCode",
    "CreditCodeClaimed",
    "CreditCodeReleased",
    "Organization",
    "OrganizationKind",
    "Role",
    "Status",
    "Surroundings",
    "decide",
    "decide_with_code",
    "evolve",
    "evolve_code",
    "stands_over",
]

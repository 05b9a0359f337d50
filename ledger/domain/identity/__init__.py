"""Identity: one person is registered once, and two registrations of one become one."""

from ledger.domain.identity.claiming import Claimed, amend, free, register
from ledger.domain.identity.events import (
    Cause,
    IdentityClaimed,
    IdentityEvent,
    IdentityReleased,
)
from ledger.domain.identity.merging import Ground, Moved, Registration, merge, separate
from ledger.domain.identity.state import Identity, evolve

__all__ = [
    "Cause",
    "Claimed",
    "Ground",
    "Identity",
    "IdentityClaimed",
    "IdentityEvent",
    "IdentityReleased",
    "Moved",
    "Registration",
    "amend",
    "evolve",
    "free",
    "merge",
    "register",
    "separate",
]

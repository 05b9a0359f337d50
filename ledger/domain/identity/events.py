"""What happens to an identity: one ID number is claimed by one registration, or by none.

The stream's id follows from a keyed digest of ID type and number, so two registrations of
one number meet in one stream. No fact here is personal: the number stands nowhere, and who
holds the digest's key alone can find the stream of a number that he already knows.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias
from uuid import UUID


class Cause(StrEnum):
    """Why a claim begins or ends."""

    REGISTERED = "registered"
    AMENDED = "amended"
    MERGED = "merged"
    SEPARATED = "separated"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityClaimed:
    """This number is this registration's; nobody else registers with it."""

    TYPE: ClassVar[str] = "identity.claimed"
    SHAPE: ClassVar[int] = 1

    identity: UUID
    volunteer: UUID
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityReleased:
    """This number is this registration's no more."""

    TYPE: ClassVar[str] = "identity.released"
    SHAPE: ClassVar[int] = 1

    identity: UUID
    volunteer: UUID
    cause: Cause


IdentityEvent: TypeAlias = IdentityClaimed | IdentityReleased

"""Status lists (IETF Token Status List): two bits a certificate, compressed and signed.

    0 valid 有效 · 1 revoked, superseded or erased 失效 · 2 its issuer is suspended 出具单位停权
    3 a record was changed since 出具后记录有变更 (application specific)

A place that nobody has is 0, so that a list does not tell how many there are.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from ledger.certificates.es256 import CredentialKey
from ledger.projections.status_places import LIST_SIZE
from ledger.proof.errors import MalformedError

MEDIA_TYPE = "statuslist+jwt"
BITS = 2
TTL = timedelta(minutes=5)
"""How long a reader may go by a list without asking again."""
LIFE = timedelta(days=1)
"""How long a list is of any worth."""
_IN_BYTE = 8 // BITS
_BYTES = LIST_SIZE // _IN_BYTE
_MASK = (1 << BITS) - 1
_LEVEL = 6
"""A tenth of the time that the highest one takes, for a tenth to a quarter more bytes."""


class StatusType(IntEnum):
    """What a place of a list says."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2
    CHANGED = 3


def status_list_token(
    statuses: Mapping[int, StatusType], *, uri: str, key: CredentialKey, now: datetime
) -> str:
    """Return a signed list; ``statuses`` are those of the places that are not valid."""
    packed = bytearray(_BYTES)
    for index, status in statuses.items():
        packed[index // _IN_BYTE] |= status << BITS * (index % _IN_BYTE)
    squeezed = urlsafe_b64encode(zlib.compress(bytes(packed), _LEVEL)).decode("ascii")
    claims = {
        "sub": uri,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "ttl": int(TTL.total_seconds()),
        "status_list": {"bits": BITS, "lst": squeezed.rstrip("=")},
    }
    return key.sign(MEDIA_TYPE, claims)


def status_in(claims: Mapping[str, Any], index: int) -> int:
    """Return what a list says at a place.

    Raises:
        MalformedError: It is no list of two bits each, or has no such place.
    """
    match claims.get("status_list"):
        case {"bits": 2, "lst": str(squeezed)}:
            packed = _unpacked(squeezed)
        case other:
            raise MalformedError("status_list", "a list of two bits", type(other).__name__)
    if type(index) is not int or not 0 <= index < len(packed) * _IN_BYTE:
        raise MalformedError("status_list", "a place of the list", index)
    return int(packed[index // _IN_BYTE]) >> BITS * (index % _IN_BYTE) & _MASK


def _unpacked(squeezed: str) -> bytes:
    """Return the bytes of a list, never more than a list of ours has."""
    reader = zlib.decompressobj()
    try:
        data = urlsafe_b64decode(squeezed.encode("ascii") + b"=" * (-len(squeezed) % 4))
        packed = reader.decompress(data, _BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise MalformedError("lst", "compressed bytes", len(squeezed)) from error
    if not reader.eof or reader.unused_data or len(packed) > _BYTES:
        raise MalformedError("lst", f"at most {_BYTES} bytes", len(squeezed))
    return packed

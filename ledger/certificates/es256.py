"""ES256 (RFC 7518, 3.4): what signs credentials and status lists, and what checks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from ledger.proof.errors import MalformedError

ALGORITHM = "ES256"
PAYLOAD_BYTES_MAX = 1024 * 1024
"""A list whose places all say something else has 350,000, in base64 half a million."""


class _Registry(jws.JWSRegistry):
    """What is read and written: the library's own bound is below a list of many exceptions."""

    max_payload_length = PAYLOAD_BYTES_MAX


_REGISTRY = _Registry(algorithms=[ALGORITHM])


class UnsignedError(Exception):
    """A token is none, or none of the known keys has signed it."""


@dataclass(frozen=True)
class CredentialKey:
    """A P-256 key, from its private number of 32 bytes."""

    secret: bytes = field(repr=False)

    @cached_property
    def _key(self) -> ECKey:
        private = ec.derive_private_key(int.from_bytes(self.secret), ec.SECP256R1())
        return ECKey.import_key(private)

    @cached_property
    def id(self) -> str:
        """The key's name in tokens: its RFC 7638 thumbprint."""
        return self._key.thumbprint()

    @property
    def public_jwk(self) -> dict[str, Any]:
        """What the world may know of it (RFC 7517)."""
        public = self._key.as_dict(private=False)
        return dict(public) | {"kid": self.id, "use": "sig", "alg": ALGORITHM}

    def sign(self, media_type: str, claims: Mapping[str, Any]) -> str:
        """Return claims as a compact JWS of a type."""
        header = {"alg": ALGORITHM, "kid": self.id, "typ": media_type}
        said = _encoded(claims)
        return jws.serialize_compact(header, said, self._key, registry=_REGISTRY)


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWS, read and not yet checked."""

    header: Mapping[str, Any]
    claims: dict[str, Any]


def read_token(text: str, *, media_type: str) -> Token:
    """Return what a token says, unchecked.

    Raises:
        MalformedError: It is no compact JWS of this type under ES256.
    """
    try:
        read = jws.extract_compact(text.encode("ascii"), registry=_REGISTRY)
        header, claims = read.headers(), orjson.loads(read.payload)
    except (JoseError, ValueError, TypeError) as error:
        raise MalformedError("token", "a compact JWS", type(error).__name__) from error
    got = [header.get("alg"), header.get("typ")]
    if got != [ALGORITHM, media_type]:
        raise MalformedError("token", [ALGORITHM, media_type], got)
    # Of two members of one name, readers take another one each.
    is_own = isinstance(claims, dict) and _encoded(claims) == read.payload
    if not is_own:
        raise MalformedError("token", "claims in their one spelling", type(claims).__name__)
    return Token(header, claims)


def verify_token(text: str, keys: Sequence[Mapping[str, Any]]) -> None:
    """Return if one of these public keys, as JWKs, has signed a token.

    Raises:
        UnsignedError: None has.
    """
    try:
        known = KeySet.import_key_set({"keys": [dict(each) for each in keys]})
        jws.deserialize_compact(text, known, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UnsignedError from error


def _encoded(claims: Mapping[str, Any]) -> bytes:
    return orjson.dumps(dict(claims), option=orjson.OPT_SORT_KEYS)

"""SD-JWT (RFC 9901): a signed token of digests, and the values that are shown beside it.

    <token>~<disclosure>~<disclosure>~        a disclosure is base64url of [salt, name, value]

Flat ones alone: every claim that may be withheld stands at the top. The salt of a claim is that
of the fact in the log whose value it is, 128 bits of chance: so what shows a claim is also what
proves it, and without it neither digest tells anything.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.certificates.es256 import CredentialKey, Token, read_token
from ledger.proof.canonical import Value, decode, encode
from ledger.proof.errors import MalformedError
from ledger.proof.facts import SALT_BYTES, Fact

MEDIA_TYPE = "dc+sd-jwt"
"""The `typ` of an SD-JWT VC (draft-ietf-oauth-sd-jwt-vc)."""
HASH = "sha-256"
CREDENTIAL_BYTES_MAX = 8 * 1024 * 1024
_WHAT = "disclosure"
_DISCLOSURES_MAX = 200
_DOTS = 2


@dataclass(frozen=True, slots=True)
class SdJwt:
    """One that was read: its token, unchecked, and the facts that are shown, by digest.

    ``key_binding`` is the token of a holder at its end, if there is one.
    """

    text: str
    token: Token
    shown: Mapping[str, Fact]
    key_binding: str

    @property
    def digests(self) -> Sequence[str]:
        """The digests in the token: of what is shown, and of what is not.

        Raises:
            MalformedError: They are none, or hashed in another way.
        """
        claims = self.token.claims
        found = claims.get("_sd", [])
        if claims.get("_sd_alg") != HASH:
            raise MalformedError("_sd_alg", HASH, claims.get("_sd_alg"))
        is_list = isinstance(found, list) and all(isinstance(each, str) for each in found)
        if not is_list or len(set(found)) != len(found):
            raise MalformedError("_sd", "digests, each once", type(found).__name__)
        return list(found)


def issue(key: CredentialKey, claims: Mapping[str, Any], withheld: Sequence[Fact]) -> str:
    """Return an SD-JWT that shows everything; its holder takes away what she withholds."""
    disclosures = [disclosure_of(each) for each in withheld]
    payload = {
        **claims,
        "_sd": sorted(digest_of(each) for each in disclosures),
        "_sd_alg": HASH,
    }
    return "~".join([key.sign(MEDIA_TYPE, payload), *disclosures, ""])


def parse(text: str) -> SdJwt:
    """Return an SD-JWT as it says it is.

    Raises:
        MalformedError: It is none of ours, or shows something twice.
    """
    if "~" not in text:
        raise MalformedError("SD-JWT", "a token and its disclosures", "no ~")
    token, *disclosures, key_binding = text.split("~")
    is_bound = not key_binding or key_binding.count(".") == _DOTS
    if len(disclosures) > _DISCLOSURES_MAX or not is_bound:
        raise MalformedError("SD-JWT", "a token and its disclosures", len(disclosures))
    shown = {digest_of(each): _fact(each) for each in disclosures}
    names = {fact.name for fact in shown.values()}
    if len(shown) != len(disclosures) or len(names) != len(shown):
        raise MalformedError("SD-JWT", "each claim once", len(disclosures))
    return SdJwt(token, read_token(token, media_type=MEDIA_TYPE), shown, key_binding)


def disclosure_of(fact: Fact) -> str:
    """Return what shows a claim (RFC 9901, 4.2.1)."""
    said: list[Value] = [_encoded(fact.salt), fact.name, fact.value]
    return _encoded(encode(said, what=_WHAT))


def digest_of(disclosure: str) -> str:
    """Return what the token holds of it (RFC 9901, 4.2.3)."""
    return _encoded(sha256(disclosure.encode("ascii", "replace")).digest())


def _fact(disclosure: str) -> Fact:
    said = decode(_decoded(disclosure), what=_WHAT)
    match said:
        case [str(salt), str(name), value]:
            fact = Fact(name, value, _decoded(salt))
        case _:
            raise MalformedError(_WHAT, "salt, name and value", type(said).__name__)
    if len(fact.salt) != SALT_BYTES:
        raise MalformedError(_WHAT, f"a salt of {SALT_BYTES} bytes", len(fact.salt))
    return fact


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise MalformedError(_WHAT, "base64url", len(text)) from error
    if _encoded(data) != text:
        raise MalformedError(_WHAT, "base64url in its one spelling", len(text))
    return data

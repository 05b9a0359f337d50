"""A signed submission as it comes in: a flattened JWS whose payload lists digests (RFC 7515).

The manifest `{jti, iat, aud, records}` is what is signed; the records stand beside it as
strings, each with a nonce inside, and count because their SHA-256 is in the manifest. Nothing
here is believed before `verify`; one spelling of everything, so that no second text has the
same signature.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, cast
from uuid import UUID

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry, deserialize_json
from pydantic import Field

from ledger.application.forms.fields import Count, Form, Text
from ledger.application.strict_json import UnreadableJsonError, read_json
from ledger.proof.canonical import encode

ITEMS_MAX = 1_000
"""Records of one submission."""
ALGORITHMS = ("Ed25519", "EdDSA")
"""One signature under two names (RFC 9864, RFC 8037); libraries write either."""
_COMPACT = ("protected", "payload", "signature")
MEMBERS = frozenset({*_COMPACT, "records"})

SMALL = 256 * 1024
"""Bytes of a body, and characters of a record, that need no look before they are read."""
_CHARACTERS_MAX = {"protected": 1_000, "payload": SMALL, "signature": 200}

_SPACE = rb"[ \t\n\r]*+"
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"' + _SPACE
_STRINGS = rb"\[%b(?:%b(?:,%b%b){0,%d}+)?+\]%b" % (
    *(_SPACE, _STRING, _SPACE, _STRING),
    *(2 * ITEMS_MAX, _SPACE),
)
_MEMBER = rb"%b%b:%b(?:%b|%b)" % (_SPACE, _STRING, _SPACE, _STRING, _STRINGS)
_FLAT = re.compile(rb"%b\{%b(?:,%b){0,3}+\}%b" % (_SPACE, _MEMBER, _MEMBER, _SPACE))
"""An object of up to four texts and lists of texts: what is in it takes about its bytes."""
_JTI = re.compile(r"[A-Za-z0-9._~-]{8,100}")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(eq=False)
class UnusableSubmissionError(Exception):
    """This is no signed submission; ``code`` says why, ``name`` which part of it."""

    code: str
    name: str | None = None


class Manifest(Form):
    """What is signed.

    ``iat`` is when, in seconds since 1970, ``aud`` the origin of the ledger that it is meant
    for, ``records`` the SHA-256 of each record in hex. ``mode`` says whether one refused
    record refuses all (the default), or each is accepted or refused alone.
    """

    jti: Text = Field(examples=["2026-11-30-000017"])
    iat: Count = Field(examples=[1796000000])
    aud: Text = Field(examples=["ledger.example.gov.cn/log/110000"])
    records: list[Text] = Field(min_length=1, max_length=ITEMS_MAX)
    mode: Literal["atomic", "itemised"] = "atomic"


@dataclass(frozen=True, slots=True)
class SignedBody:
    """A submission that has the right form; ``key`` is who is said to have signed it."""

    key: UUID
    jws: str
    digest: str
    """SHA-256 of the signature with what it covers, in lower-case hex."""
    payload: bytes
    records: tuple[str, ...]
    parts: Mapping[str, str] = field(repr=False, compare=False)
    """The members of ``jws``, as they were sent."""


class _Registry(JWSRegistry):
    """Knows our algorithms alone, and does not warn of the older of their names."""

    algorithms: dict[str, Any] = {  # noqa: RUF012 - declared so in its base
        name: JWSRegistry.algorithms[name] for name in ALGORITHMS
    }

    def get_alg(self, name: str) -> Any:
        """Return an algorithm.

        Raises:
            JoseError: It is none of ours.
        """
        if name not in self.algorithms:
            raise JoseError("another algorithm")
        return self.algorithms[name]


_REGISTRY = _Registry()


def parse_body(content: bytes) -> SignedBody:
    """Return what was sent, not verified yet.

    Raises:
        UnusableSubmissionError: It has not the form of a signed submission.
    """
    is_large = len(content) > SMALL
    if is_large and not _FLAT.fullmatch(content):
        raise UnusableSubmissionError("submission_has_other_members")
    try:
        body = read_json(content, is_flat=is_large)
    except UnreadableJsonError as error:
        raise UnusableSubmissionError(error.code, error.name) from error
    if not isinstance(body, dict) or body.keys() != MEMBERS:
        raise UnusableSubmissionError("submission_has_other_members")
    records = body.pop("records")
    if not isinstance(records, list) or not all(isinstance(each, str) for each in records):
        raise UnusableSubmissionError("submission_has_other_members", "records")
    for index, record in enumerate(records):
        if len(record) > SMALL:
            raise UnusableSubmissionError("body_is_too_large", f"records.{index}")
    return _signed(body, tuple(records))


def parse_compact(token: str) -> SignedBody:
    """Return a compact JWS (RFC 7515, 3.1) as a submission of nothing, not verified yet.

    Raises:
        UnusableSubmissionError: It is none.
    """
    parts = token.split(".")
    if len(parts) != len(_COMPACT):
        raise UnusableSubmissionError("submission_has_other_members")
    return _signed(dict(zip(_COMPACT, parts, strict=True)), ())


def _signed(jws: dict[str, Any], records: tuple[str, ...]) -> SignedBody:
    parts = {name: _decoded(jws[name], name) for name in _COMPACT}
    key = _key_of(parts["protected"])
    text = encode(jws, what="submission")
    digest = sha256(text).hexdigest()
    return SignedBody(key, text.decode("utf-8"), digest, parts["payload"], records, jws)


def verify(body: SignedBody, public_key: str) -> bool:
    """Return whether an Ed25519 public key, in hex, signed this."""
    try:
        deserialize_json(
            cast("Any", dict(body.parts)), _imported(public_key), registry=_REGISTRY
        )
    except (JoseError, ValueError):
        return False
    return True


@lru_cache(maxsize=1_024)
def _imported(public_key: str) -> OKPKey:
    x = base64.urlsafe_b64encode(bytes.fromhex(public_key)).rstrip(b"=").decode("ascii")
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})


def read_manifest(body: SignedBody) -> Manifest:
    """Return what a verified submission's signature covers, and that its records are those.

    Raises:
        UnusableSubmissionError: It is no manifest, or a record is not what was signed.
        pydantic.ValidationError: A member of the manifest is not of its kind.
    """
    try:
        manifest = Manifest.model_validate(read_json(body.payload))
    except UnreadableJsonError as error:
        raise UnusableSubmissionError(error.code, error.name) from error
    if not _JTI.fullmatch(manifest.jti):
        raise UnusableSubmissionError("jti_is_malformed", "jti")
    if len(set(manifest.records)) < len(manifest.records):
        raise UnusableSubmissionError("record_is_repeated", "records")
    if len(manifest.records) != len(body.records):
        raise UnusableSubmissionError("record_is_not_what_was_signed", "records")
    for index, (digest, record) in enumerate(zip(manifest.records, body.records, strict=True)):
        if digest != digest_of(record):
            raise UnusableSubmissionError("record_is_not_what_was_signed", f"records.{index}")
    return manifest


def digest_of(record: str) -> str:
    """Return the SHA-256 of a record as it was sent, in lower-case hex."""
    return sha256(record.encode("utf-8")).hexdigest()


def _decoded(text: object, name: str) -> bytes:
    """Return the bytes of base64url without padding, in its one spelling."""
    if isinstance(text, str) and len(text) > _CHARACTERS_MAX[name]:
        raise UnusableSubmissionError("body_is_too_large", name)
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise UnusableSubmissionError("submission_is_not_base64url", name)
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise UnusableSubmissionError("submission_is_not_base64url", name) from error
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii") != text:
        raise UnusableSubmissionError("submission_is_not_base64url", name)
    return content


def _key_of(protected: bytes) -> UUID:
    """Return the key that a header names; the header says nothing else than that."""
    try:
        header = read_json(protected)
    except UnreadableJsonError as error:
        raise UnusableSubmissionError(error.code, "protected") from error
    if not isinstance(header, dict) or not header.keys() <= {"alg", "kid", "typ"}:
        raise UnusableSubmissionError("submission_has_other_header", "protected")
    if header.get("alg") not in ALGORITHMS:
        raise UnusableSubmissionError("algorithm_is_not_taken", "alg")
    try:
        key = UUID(header["kid"])
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise UnusableSubmissionError("key_is_not_named", "kid") from error
    if str(key) != header["kid"]:
        raise UnusableSubmissionError("key_is_not_named", "kid")
    return key

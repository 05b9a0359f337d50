"""Signs submissions as an organization's system does, and as one does that means no good."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

AUD = "ledger.example.gov.cn/log/110000"


def private_key(name: str) -> Ed25519PrivateKey:
    """Return a key that every test knows by its name."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def manifest_of(records: Sequence[str], **members: Any) -> dict[str, Any]:
    digests = [hashlib.sha256(record.encode()).hexdigest() for record in records]
    return {"jti": "jti-00000001", "iat": 0, "aud": AUD, "records": digests, **members}


def signed(
    key: Ed25519PrivateKey,
    header: Mapping[str, Any],
    payload: bytes,
    records: Sequence[str],
) -> dict[str, Any]:
    protected, content = base64url(json.dumps(header).encode()), base64url(payload)
    signature = key.sign(f"{protected}.{content}".encode("ascii"))
    return {
        "protected": protected,
        "payload": content,
        "signature": base64url(signature),
        "records": list(records),
    }


def submission(
    key: Ed25519PrivateKey,
    kid: str,
    items: Sequence[Mapping[str, Any]],
    *,
    alg: str = "Ed25519",
    **members: Any,
) -> bytes:
    """Return the bytes of a submission of items, each given a nonce of its own."""
    records = [
        json.dumps({"nonce": f"{number:022}", **item}, ensure_ascii=False)
        for number, item in enumerate(items)
    ]
    payload = json.dumps(manifest_of(records, **members)).encode()
    return as_bytes(signed(key, {"alg": alg, "kid": kid}, payload, records))


def as_bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()

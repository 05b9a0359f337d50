#!/usr/bin/env python3
"""An organization's system at work: make a key, sign records, post them, keep the receipt.

    pip install cryptography
    python3 examples/submit.py key var/station.pem
    python3 examples/submit.py post var/station.pem --kid KEY_ID --url http://127.0.0.1:8000 \
        --aud demo.ledger.invalid/log/110000 records.json --receipt var/receipt

`key` writes a private key that nobody else may read, and prints the public key in hex: a
person of the organization adds it with POST /api/v1/organizations/{id}/keys, which answers
with the key's id. `post` takes a JSON file with a list of items, for example

    [{"act": "record.submit", "activity": "…", "volunteer": "…", "recorder": "…",
      "start": "2026-11-20T09:00+08:00", "end": "2026-11-20T12:00+08:00", "break_minutes": 30,
      "content": "陪伴老人,打扫居室。",
      "evaluation": {"date": "2026-11-23", "punctuality": 5, "attitude": 5, "skill": 4,
                     "evaluator": "…"}}]

gives each a nonce, and writes one `.tlog-proof` for each entry of the receipt. What was sent is
written beside it first: sent again, the very same bytes lead to the same receipt.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def base64url(content: bytes) -> str:
    """Return base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def make_key(path: Path) -> str:
    """Write a new Ed25519 key, readable by its owner alone; return its public key in hex."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, kid: str, manifest: dict[str, object]) -> dict[str, object]:
    """Return a flattened JWS over a manifest (RFC 7515, 7.2.2)."""
    header = {"alg": "Ed25519", "kid": kid}
    protected, payload = (
        base64url(json.dumps(each, separators=(",", ":")).encode())
        for each in (header, manifest)
    )
    signature = key.sign(f"{protected}.{payload}".encode("ascii"))
    return {"protected": protected, "payload": payload, "signature": base64url(signature)}


def submission(
    key: Ed25519PrivateKey, kid: str, aud: str, items: list[dict[str, object]], mode: str
) -> bytes:
    """Return the bytes to post: the signature, and beside it what it covers by digest."""
    records = [
        json.dumps({**item, "nonce": secrets.token_urlsafe(16)}, ensure_ascii=False)
        for item in items
    ]
    manifest = {
        "jti": secrets.token_urlsafe(16),
        "iat": int(time.time()),
        "aud": aud,
        "records": [hashlib.sha256(record.encode()).hexdigest() for record in records],
        "mode": mode,
    }
    body = {**sign(key, kid, manifest), "records": records}
    return json.dumps(body, ensure_ascii=False).encode()


def post(url: str, body: bytes) -> tuple[int, dict[str, object]]:
    """Post a submission; return the status and what was answered."""
    request = urllib.request.Request(  # noqa: S310 - the address is the user's own
        f"{url}/api/v1/submissions",
        data=body,
        headers={"content-type": "application/jose+json", "accept-language": "en"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def keep(receipt: dict[str, object], folder: Path) -> list[Path]:
    """Write the checkpoint and one proof an entry; return where the proofs are."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_text(str(receipt["checkpoint"]), "utf-8", newline="")
    entries = receipt["entries"]
    paths = []
    for entry in entries if isinstance(entries, list) else []:
        path = folder / f"{entry['seq']}.tlog-proof"
        path.write_text(entry["proof"], "utf-8", newline="")
        paths.append(path)
    return paths


def main() -> int:
    """Run one of the two commands; 0 if all went well."""
    parser = argparse.ArgumentParser(description="Sign and post volunteer service records.")
    commands = parser.add_subparsers(dest="command", required=True)
    key_command = commands.add_parser("key", help="make a key")
    key_command.add_argument("key", type=Path)
    post_command = commands.add_parser("post", help="sign and post a file of items")
    post_command.add_argument("key", type=Path)
    post_command.add_argument("items", type=Path)
    post_command.add_argument("--kid", required=True, help="the key's id in the ledger")
    post_command.add_argument("--aud", required=True, help="the origin of the ledger")
    post_command.add_argument("--url", default="http://127.0.0.1:8000")
    post_command.add_argument("--mode", choices=["atomic", "itemised"], default="atomic")
    post_command.add_argument("--receipt", type=Path, default=Path("receipt"))
    post_command.add_argument("--again", action="store_true", help="send the kept bytes again")
    said = parser.parse_args()
    if said.command == "key":
        print(make_key(said.key))
        return 0
    return send(said)


def send(said: argparse.Namespace) -> int:
    """Sign and post, or post again what was kept; 0 if it was accepted."""
    kept = said.receipt / "submission.json"
    if said.again:
        body = kept.read_bytes()
    else:
        key = serialization.load_pem_private_key(said.key.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            print("the key is no Ed25519 key", file=sys.stderr)
            return 2
        items = json.loads(said.items.read_text("utf-8"))
        body = submission(key, said.kid, said.aud, items, said.mode)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(body)
    status, answer = post(said.url, body)
    receipt = answer.pop("receipt", None)
    print(status, json.dumps(answer, ensure_ascii=False, indent=1))
    if not isinstance(receipt, dict):
        return 1
    for path in keep(receipt, said.receipt):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

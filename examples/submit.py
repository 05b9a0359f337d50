#!/usr/bin/env python3
"""An organization's system at work: make a key, sign records, post them, keep the receipt.

    pip install cryptography
    python3 examples/submit.py key station.pem
    python3 examples/submit.py post station.pem records.json receipt --kid KEY_ID \
        --aud sandbox.ledger.invalid/log/110000 --url http://127.0.0.1:8001
    python3 examples/submit.py again receipt --url http://127.0.0.1:8001
    python3 examples/submit.py keep answer.json receipt

`key` writes a private key that nobody else may read, and prints the public key in hex: a
responsible person adds it with POST /api/v1/organizations/{id}/keys, which answers with its id.
`post` takes a JSON file with a list of items, for example

    [{"act": "record.submit", "activity": "…", "volunteer": "…", "recorder": "…",
      "start": "2026-11-20T09:00+08:00", "end": "2026-11-20T12:00+08:00", "break_minutes": 30,
      "content": "陪伴老人,打扫居室。",
      "evaluation": {"date": "2026-11-23", "punctuality": 5, "attitude": 5, "skill": 4,
                     "evaluator": "…"}}]

gives each a nonce, signs them, and writes what it sends into the folder of the receipt before
it sends it. Whatever happens then, `again` sends the very same bytes: they are recorded once,
and lead to the same receipt. `keep` writes the proofs of an answer that came another way.

Exit 0: recorded. 1: refused, the answer says why. 2: not sent. 3: no answer, send it again.
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
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RECORDED, REFUSED, NOT_SENT, NO_ANSWER = 0, 1, 2, 3
SENT, ANSWER = "submission.json", "answer.json"


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


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a file.

    Raises:
        TypeError: It is no Ed25519 key.
    """
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path}: no Ed25519 key")
    return key


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


def post(url: str, body: bytes, language: str) -> tuple[int, dict[str, Any]]:
    """Post a submission; return the status and what was answered.

    Raises:
        OSError: There was no answer: it may have been recorded or not.
    """
    request = urllib.request.Request(  # noqa: S310 - the address is the user's own
        f"{url}/api/v1/submissions",
        data=body,
        headers={"content-type": "application/jose+json", "accept-language": language},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def keep(answer: dict[str, Any], folder: Path) -> list[Path]:
    """Write the checkpoint of a receipt and one proof an entry; return where the proofs are."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    receipt = answer["receipt"]
    (folder / "checkpoint").write_text(receipt["checkpoint"], "utf-8", newline="")
    paths = []
    for entry in receipt["entries"]:
        path = folder / f"{entry['seq']}.tlog-proof"
        path.write_text(entry["proof"], "utf-8", newline="")
        paths.append(path)
    return paths


def send(body: bytes, folder: Path, url: str, language: str) -> int:
    """Send what was kept, keep the receipt, and say what became of each item."""
    try:
        status, answer = post(url, body, language)
    except OSError as error:
        print(f"no answer ({error}); send the same bytes again", file=sys.stderr)
        return NO_ANSWER
    if "receipt" not in answer:
        print(status, json.dumps(answer, ensure_ascii=False, indent=1))
        return NO_ANSWER if status >= 500 else REFUSED
    (folder / ANSWER).write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    for item in answer["items"]:
        why = "; ".join(reason["text"] for reason in item["reasons"])
        print(item["index"], item["status"], item["id"] or why)
    for path in keep(answer, folder):
        print(path)
    return RECORDED


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description="Sign and post volunteer service records.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("key", help="make a key")
    making.add_argument("key", type=Path)
    posting = commands.add_parser("post", help="sign and post a file of items")
    posting.add_argument("key", type=Path)
    posting.add_argument("items", type=Path)
    posting.add_argument("receipt", type=Path)
    posting.add_argument("--kid", required=True, help="the key's id in the ledger")
    posting.add_argument("--aud", required=True, help="the origin of the ledger")
    posting.add_argument("--mode", choices=["atomic", "itemised"], default="atomic")
    repeating = commands.add_parser("again", help="post again what was posted")
    repeating.add_argument("receipt", type=Path)
    for each in (posting, repeating):
        each.add_argument("--url", required=True)
        each.add_argument("--language", choices=["en", "zh"], default="en")
    keeping = commands.add_parser("keep", help="write the proofs of an answer")
    keeping.add_argument("answer", type=Path)
    keeping.add_argument("receipt", type=Path)
    return parser.parse_args(arguments)


def main() -> int:
    """Run one of the commands."""
    said = parsed()
    if said.command == "key":
        print(make_key(said.key))
        return RECORDED
    if said.command == "keep":
        answer = json.loads(said.answer.read_text("utf-8"))
        print(*keep(answer, said.receipt), sep="\n")
        return RECORDED
    kept = said.receipt / SENT
    if said.command == "post":
        try:
            key, items = read_key(said.key), json.loads(said.items.read_text("utf-8"))
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with kept.open("xb") as file:  # what was sent once is never written over
                file.write(submission(key, said.kid, said.aud, items, said.mode))
        except (OSError, TypeError, ValueError) as error:
            print(error, file=sys.stderr)
            return NOT_SENT
    return send(kept.read_bytes(), said.receipt, said.url, said.language)


if __name__ == "__main__":
    sys.exit(main())

"""What hides persons in views: boxes under their own keys, tokens under the ledger's.

    box = nonce || AES-256-GCM(data key, nonce, JCS(facts), aad = JCS(["view", origin, view,
          person])),  nonce = HMAC-SHA-256(data key, "view box" 0x00 JCS(facts))[:12]

The same facts make the same box, so that two fillings of a view can be compared. Who is
erased has no key, and what was boxed under it is nothing to anybody.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

import orjson

from ledger.projections.view import View
from ledger.proof.box import NONCE_BYTES
from ledger.proof.canonical import Value, encode
from ledger.proof.errors import ProofError
from ledger.proof.suite import SUITE
from ledger.store.vault import Vault

_TOKEN_BYTES = 16


def search_token(index_key: bytes, kind: str, value: str) -> str:
    """Return by what is found who has exactly this value; 32 hex digits.

    ``kind`` is one of `ledger.projections.volunteers.TOKENS`. Without ``index_key`` nobody
    can try values.
    """
    said = f"search\n{kind}\n{value}".encode()
    return hmac.digest(index_key, said, sha256)[:_TOKEN_BYTES].hex()


class BatchSecrets:
    """`Secrets` of one batch of entries: the keys of those whom they name are at hand."""

    def __init__(
        self, keys: Mapping[str, bytes | None], *, origin: str, index_key: bytes
    ) -> None:
        self._keys = keys
        self._origin = origin
        self._index_key = index_key

    def box(self, view: View, person: str, facts: Mapping[str, Any]) -> bytes | None:
        """Return facts under a person's own key; None where it is destroyed."""
        key = self._keys.get(person)
        if key is None:
            return None
        text = encode(cast("Value", dict(facts)))
        nonce = hmac.digest(key, b"view box\x00" + text, sha256)[:NONCE_BYTES]
        return nonce + SUITE.encrypt(key, nonce, text, _place(self._origin, view, person))

    def token(self, kind: str, value: str) -> str:
        """Return the search token of a value."""
        return search_token(self._index_key, kind, value)


class BoxReader:
    """Opens the boxes of views, many at once."""

    def __init__(self, vault: Vault, *, origin: str) -> None:
        self._vault = vault
        self._origin = origin

    def open(
        self, view: View, boxes: Sequence[tuple[str, bytes | None]]
    ) -> list[Mapping[str, Any] | None]:
        """Return what lies in each box, given with its person; None where nobody can tell.

        Raises:
            ProofError: A box was changed, or a stored data key is none of the vault's.
        """
        persons = {person for person, box in boxes if box is not None}
        keys = self._vault.keys_for_opening(persons) if persons else {}
        return [self._opened(view, person, box, keys.get(person)) for person, box in boxes]

    def _opened(
        self, view: View, person: str, box: bytes | None, key: bytes | None
    ) -> Mapping[str, Any] | None:
        if box is None or key is None:
            return None
        nonce, sealed = box[:NONCE_BYTES], box[NONCE_BYTES:]
        text = SUITE.decrypt(key, nonce, sealed, _place(self._origin, view, person))
        if text is None:
            raise ProofError(f"box of {view.name}", "sealed with the person's key", "not")
        facts: dict[str, Any] = orjson.loads(text)
        return facts


def _place(origin: str, view: View, person: str) -> bytes:
    return encode(["view", origin, view.name, person])

"""Keyed digests by which a person is found, without her facts standing anywhere in clear.

A token is HMAC-SHA-256 under the ledger's index key of what kind of fact it is, and the fact.
Who lacks the key finds nobody whose number he knows; who erases a person clears her tokens.
"""

import hmac
from hashlib import sha256

KINDS = ("name", "telephone", "id_number")
"""By what a volunteer is found: each whole, never a part of it."""


def search_token(index_key: bytes, kind: str, value: str) -> str:
    """Return the token of a fact of a kind, in lower-case hex.

    Raises:
        ValueError: There is no such kind: a programmer's mistake.
    """
    if kind not in KINDS:
        raise ValueError("a kind by which somebody is found is wanted")
    return hmac.digest(index_key, f"search\n{kind}\n{value}".encode(), sha256).hex()

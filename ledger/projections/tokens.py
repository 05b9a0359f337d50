"""Keyed digests by which a person is found, without her facts standing anywhere in clear.

A token is HMAC-SHA-256 under the ledger's index key of what kind of fact it is, and the fact.
Who lacks the key finds nobody whose number he knows; who erases a person clears her tokens.
"""

import hmac
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256


class TokenKind(StrEnum):
    """By what a volunteer is found; each whole, never a part of it."""

    NAME = "name"
    CONTACT = "contact"
    IDENTITY = "identity"


def search_token(index_key: bytes, kind: TokenKind, *value: str) -> str:
    """Return the token of a fact, in lower-case hex; an identity is ID type and number."""
    said = "\n".join(("search", kind, *value)).encode()
    return hmac.digest(index_key, said, sha256).hex()


def volunteer_tokens(
    index_key: bytes, *, name: str, contact: str, id_type: str, id_number: str
) -> Mapping[TokenKind, str]:
    """Return every token of a volunteer's particulars."""
    return {
        TokenKind.NAME: search_token(index_key, TokenKind.NAME, name),
        TokenKind.CONTACT: search_token(index_key, TokenKind.CONTACT, contact),
        TokenKind.IDENTITY: search_token(index_key, TokenKind.IDENTITY, id_type, id_number),
    }

"""Base64, decimals and UTF-8 as the C2SP formats write them: one spelling each.

The decoders of the standard library are generous: they skip characters, take ``4_2`` and
``٤٢`` for numbers, and forget the unused bits of base64. Here what was read is written
again and compared, so that two texts never mean one value.

    encode_base64(bytes([0, 16])) == "ABA="        "ABB=" and "AB A=" are refused
"""

import base64
import binascii
import re

from ledger.proof.errors import MalformedError
from ledger.proof.merkle import HASH_BYTES, SIZE_MAX

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_HASH_CHARACTERS = 4 * -(-HASH_BYTES // 3)


def encode_base64(data: bytes) -> str:
    """Return base64 with the standard alphabet and padding (RFC 4648, 4)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode_base64(text: str, what: str) -> bytes:
    """Return the bytes that `encode_base64` writes as exactly this text.

    The caller bounds the length of the text.

    Raises:
        MalformedError: Other alphabet, missing padding, unused bits set, white space.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise MalformedError(what, "base64", text) from None
    if encode_base64(data) != text:
        raise MalformedError(what, encode_base64(data), text)
    return data


def decode_hash(text: str, what: str) -> bytes:
    """Return the 32 bytes of one SHA-256 hash in base64.

    Raises:
        MalformedError: It is not the base64 of 32 bytes.
    """
    if len(text) != _HASH_CHARACTERS:
        raise MalformedError(what, f"{_HASH_CHARACTERS} characters of base64", text)
    data = decode_base64(text, what)
    if len(data) != HASH_BYTES:
        raise MalformedError(what, f"{HASH_BYTES} bytes", data)
    return data


def decode_decimal(text: str, what: str, *, largest: int = SIZE_MAX) -> int:
    """Return a number from 0 to ``largest``, in ASCII digits without leading zeros.

    Raises:
        MalformedError: It is written in another way, or is larger.
    """
    if _DECIMAL.fullmatch(text) is None or int(text) > largest:
        raise MalformedError(what, f"a decimal from 0 to {largest}", text)
    return int(text)


def decode_utf8(data: bytes, what: str) -> str:
    """Return the text of these bytes; the caller bounds their number.

    Raises:
        MalformedError: They are not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(what, "UTF-8", data[error.start :]) from None


def encode_utf8(text: str, what: str) -> bytes:
    """Return the bytes of a text.

    Raises:
        MalformedError: It holds a lone surrogate, which has no encoding.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedError(what, "no lone surrogate", text[error.start :]) from None


def check_hash(value: bytes, what: str) -> None:
    """Raise MalformedError unless this is the 32 bytes of a hash."""
    if len(value) != HASH_BYTES:
        raise MalformedError(what, f"{HASH_BYTES} bytes", value)


def check_number(value: int, what: str, *, smallest: int = 0, largest: int = SIZE_MAX) -> None:
    """Raise MalformedError unless this is an integer within the bounds, both included."""
    if type(value) is not int or not smallest <= value <= largest:
        raise MalformedError(what, f"an integer from {smallest} to {largest}", value)

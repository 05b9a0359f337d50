"""Digests of personal facts, as they are kept beside an entry: by person, then by name."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from ledger.proof.canonical import decode, encode
from ledger.proof.errors import MalformedError
from ledger.proof.facts import check_uuid, parse_hex
from ledger.proof.merkle import HASH_BYTES

PersonalDigests: TypeAlias = Mapping[str, Mapping[str, bytes]]
"""Digests of 32 bytes of an event's personal facts, by person and name."""


def personal_text(digests: PersonalDigests) -> bytes | None:
    """Return JCS of [[person, {name: digest}], …], ascending by person; None for nobody."""
    if not digests:
        return None
    return encode(
        [
            [person, {name: digest.hex() for name, digest in group.items()}]
            for person, group in sorted(digests.items())
        ],
        what="personal",
    )


def parse_personal(text: bytes | None) -> dict[str, dict[str, bytes]]:
    """Return the digests of personal facts: the inverse of `personal_text`.

    Raises:
        MalformedError: The bytes are not the one spelling of such digests.
    """
    if text is None:
        return {}
    value = decode(text, what="personal")
    personal: dict[str, dict[str, bytes]] = {}
    for item in value if isinstance(value, list) else [value]:
        match item:
            case [str(person), dict(group)]:
                personal[check_uuid(person, what="personal: person")] = {
                    name: parse_hex(digest, HASH_BYTES, what="personal: digest")
                    for name, digest in group.items()
                }
            case _:
                raise MalformedError(
                    "personal", "[person, {name: digest}]", type(item).__name__
                )
    # All else about the spelling was seen to by `decode` and `parse_hex`.
    if not isinstance(value, list) or len(value) != len(personal) or not _ascend(personal):
        raise MalformedError("personal", "persons once, in ascending order", list(personal))
    return personal


def _ascend(names: Iterable[str]) -> bool:
    listed = list(names)
    return bool(listed) and listed == sorted(listed)

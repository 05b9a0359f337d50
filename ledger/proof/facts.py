"""Named facts, salted and committed to one by one (log format, sections 2 and 3).

A *group* is a set of facts under one seed: the plain facts of an event are one group, the
personal facts about one person are another. Erasing a person takes one group away and
leaves nothing to guess against; the digests stay, and with them every proof.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from struct import unpack
from typing import NamedTuple

from ledger.proof.canonical import (
    Value,
    bounded,
    check_value,
    decode_object,
    dump_checked,
    dump_pairs,
)
from ledger.proof.errors import MalformedError
from ledger.proof.suite import SUITE

SEED_BYTES = 32
SALT_BYTES = 16
_SALT = f"{SALT_BYTES}s"
FACTS_MAX = 65_535
"""The commitment counts facts in 16 bits."""
FACT_BYTES_MAX = 1024 * 1024
"""A single fact beyond this does not belong into a log; its digest does."""

STANDARD_FACTS = ("by", "previous", "shape", "stream", "type", "version")
"""Names that every event has, ascending."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TYPE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_ACTOR = re.compile(rf"(?:staff|volunteer|key|system):{_UUID.pattern}")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with the salt of 16 bytes that its digest needs."""

    name: str
    value: Value = field(repr=False)
    salt: bytes = field(repr=False)

    def digest(self) -> bytes:
        """Return SHA-256(0x02 || salt || JCS([name, value]))."""
        return fact_digest(self.name, self.value, self.salt)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that share one seed of 32 bytes.

    Raises:
        MalformedError: A name is not snake_case ASCII, there are too many, or the seed
            is not 32 bytes.
    """

    seed: bytes = field(repr=False)
    facts: Mapping[str, Value] = field(repr=False)
    checked: bool = field(default=False, repr=False, compare=False)
    """These values are known to be of the log's world: out of `decode` or `own_values`."""

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise MalformedError(
                "facts: seed", f"{SEED_BYTES} bytes", f"{len(self.seed)} bytes"
            )
        if len(self.facts) > FACTS_MAX:
            raise MalformedError("facts", f"at most {FACTS_MAX}", len(self.facts))
        if not self.checked:
            check_value(dict(self.facts), what="facts")

    def text(self) -> bytes:
        """Return JCS({"facts": {name: value}, "seed": hex}): what is stored or boxed."""
        return group_text(self.seed, dict(self.facts))

    def disclosed(self) -> list[Fact]:
        """Return the facts with their salts, in ascending order of name."""
        names = sorted(self.facts)
        salted = zip(names, salts(self.seed, len(names)), strict=True)
        return [Fact(name, self.facts[name], salt) for name, salt in salted]

    def digests(self) -> dict[str, bytes]:
        """Return the digest of 32 bytes of each fact, in ascending order of name."""
        return self.told().digests()

    def told(self) -> "ToldFacts":
        """Return the facts as they are hashed and shown."""
        names = sorted(self.facts)
        return ToldFacts(names, texts_of(names, self.facts), salts(self.seed, len(names)))


class ToldFacts(NamedTuple):
    """Facts of one group in ascending order of name: JCS([name, value]) and salt of each."""

    names: Sequence[str]
    texts: Sequence[bytes]
    salts: Sequence[bytes]

    def digests(self) -> dict[str, bytes]:
        """Return the digest of 32 bytes of each fact, in ascending order of name."""
        return dict(zip(self.names, digests_of(self.texts, self.salts), strict=True))


def parse_group(text: bytes, *, what: str = "facts") -> FactGroup:
    """Return the group of which these bytes are the text: the inverse of `FactGroup.text`.

    Raises:
        MalformedError: The bytes are not one canonical group.
    """
    members = decode_object(text, "facts", "seed", what=what)
    facts = members["facts"]
    if not isinstance(facts, dict):
        raise MalformedError(what, "an object of facts", type(facts).__name__)
    seed = parse_hex(members["seed"], SEED_BYTES, what=f"{what}: seed")
    return FactGroup(seed, facts, checked=True)


def group_text(seed: bytes, facts: dict[str, Value]) -> bytes:
    """Return `FactGroup.text` of facts that have passed `check_value`."""
    text = dump_checked({"facts": facts, "seed": seed.hex()})
    return bounded(text, what="facts")


def salts(seed: bytes, count: int) -> list[bytes]:
    """Return ``count`` salts of 16 bytes: SHAKE-256(seed), cut up in order."""
    return list(unpack(_SALT * count, SUITE.expand(seed, SALT_BYTES * count)))


def fact_digest(name: str, value: Value, salt: bytes) -> bytes:
    """Return SHA-256(0x02 || salt || JCS([name, value])): 32 bytes.

    Raises:
        MalformedError: The value is outside the log's world, or larger than
            `FACT_BYTES_MAX` when encoded.
    """
    check_value([name, value], what=name)
    return digest_checked(name, value, salt)


def digest_checked(name: str, value: Value, salt: bytes) -> bytes:
    """Return `fact_digest` of a value that has passed `check_value`.

    Raises:
        MalformedError: It is larger than `FACT_BYTES_MAX` when encoded.
    """
    text = dump_checked([name, value])
    if len(text) > FACT_BYTES_MAX:
        raise MalformedError(name, f"at most {FACT_BYTES_MAX} bytes", f"{len(text)} bytes")
    return SUITE.hash(b"\x02" + salt + text)


def texts_of(names: Sequence[str], facts: Mapping[str, Value]) -> list[bytes]:
    """Return JCS([name, value]) of facts that have passed `check_value`, in order.

    Raises:
        MalformedError: One is larger than `FACT_BYTES_MAX`.
    """
    texts = dump_pairs(names, facts)
    largest = max(texts, key=len, default=b"")
    if len(largest) > FACT_BYTES_MAX:
        name = names[texts.index(largest)]
        raise MalformedError(name, f"at most {FACT_BYTES_MAX} bytes", f"{len(largest)} bytes")
    return texts


def digests_of(texts: Iterable[bytes], salted: Iterable[bytes]) -> list[bytes]:
    """Return SHA-256(0x02 || salt || text) of each text of `texts_of`: 32 bytes."""
    pairs = zip(texts, salted, strict=True)
    return SUITE.hash_all([b"\x02" + salt + text for text, salt in pairs])


def commitment(digests: Sequence[bytes]) -> bytes:
    """Return SHA-256(0x03 || u16be(n) || digests), given in ascending order of names.

    Raises:
        MalformedError: There are more than 65,535.
    """
    if len(digests) > FACTS_MAX:
        raise MalformedError("facts", f"at most {FACTS_MAX}", len(digests))
    return commitment_of(len(digests), b"".join(digests))


def commitment_of(count: int, digests: bytes) -> bytes:
    """Return `commitment` of so many digests, at most 65,535, already joined."""
    return SUITE.hash(b"\x03" + count.to_bytes(2, "big") + digests)


def merge_digests(groups: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """Return the digests of several groups as one mapping, ascending by name.

    Raises:
        MalformedError: Two groups name the same fact.
    """
    merged: dict[str, bytes] = {}
    for group in groups:
        twice = merged.keys() & group.keys()
        if twice:
            raise MalformedError("facts", "each name once in an event", sorted(twice))
        merged.update(group)
    return dict(sorted(merged.items()))


def parse_hex(value: object, length: int, *, what: str) -> bytes:
    """Return the bytes of a lower-case hex string of a fixed length in bytes.

    Raises:
        MalformedError: It is not one.
    """
    if isinstance(value, str) and len(value) == 2 * length:
        try:
            parsed = bytes.fromhex(value)
        except ValueError:
            parsed = b""
        if parsed.hex() == value:
            return parsed
    raise MalformedError(what, f"{length} bytes in lower-case hex", value)


def check_uuid(value: object, *, what: str) -> str:
    """Return a UUID in lower case with hyphens, or raise MalformedError."""
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value
    raise MalformedError(what, "a UUID in lower case with hyphens", value)


def check_type(value: object) -> str:
    """Return a type of the form ``noun.participle``, or raise MalformedError."""
    if isinstance(value, str) and _is_type(value):
        return value
    raise MalformedError("type", "noun.participle", value)


def check_actor(value: object) -> str:
    """Return who did it (``staff:``, ``volunteer:``, ``key:`` or ``system:`` and a UUID).

    Raises:
        MalformedError: It does not name an individual person or key.
    """
    if isinstance(value, str) and _is_actor(value):
        return value
    raise MalformedError("by", "staff:, volunteer:, key: or system: and a UUID", value)


# Few of them are named over and over.
@lru_cache(maxsize=1_024)
def _is_type(text: str) -> bool:
    return _TYPE.fullmatch(text) is not None


@lru_cache(maxsize=1_024)
def _is_actor(text: str) -> bool:
    return _ACTOR.fullmatch(text) is not None

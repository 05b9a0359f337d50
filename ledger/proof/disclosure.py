"""What is shown of an event, and what is withheld yet bound (log format, section 5).

A disclosure lists all facts of one event in ascending order of name, each either
``[name, value, "<salt hex>"]`` or ``"<digest hex>"``. Nothing in it is to be believed
before `verify_disclosure` has tied it to an entry.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ledger.proof.canonical import (
    Value,
    bounded,
    check_name,
    decode,
    decode_object,
    dump_checked,
    encode,
)
from ledger.proof.entry import Entry, parse_entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import (
    FACTS_MAX,
    SALT_BYTES,
    Fact,
    FactGroup,
    ToldFacts,
    commitment,
    parse_hex,
)
from ledger.proof.merkle import HASH_BYTES
from ledger.proof.personal import PersonalDigests
from ledger.proof.shapes import Shapes

Disclosure: TypeAlias = list[Fact | bytes]
"""Facts that are shown, and digests of 32 bytes of those that are not, in order of name."""

_WHAT = "disclosure"


@dataclass(frozen=True, slots=True)
class ProvenEvent:
    """The ``extra`` of a tlog-proof: an entry's text, and what is shown of its facts."""

    entry: Entry
    disclosure: Disclosure

    def text(self) -> bytes:
        """Return JCS({"entry": text, "facts": [...]})."""
        entry = self.entry.text().decode("utf-8")
        return encode({"entry": entry, "facts": _as_value(self.disclosure)}, what=_WHAT)


def parse_proven_event(text: bytes) -> ProvenEvent:
    """Return what these bytes claim, still unproven: the inverse of `ProvenEvent.text`.

    Raises:
        MalformedError: The bytes are not one canonical ``extra``.
    """
    members = decode_object(text, "entry", "facts", what=_WHAT)
    entry = members["entry"]
    if not isinstance(entry, str):
        raise MalformedError(_WHAT, "the entry's text", type(entry).__name__)
    return ProvenEvent(parse_entry(entry.encode("utf-8")), _from_value(members["facts"]))


def disclosure_text(disclosure: Disclosure) -> bytes:
    """Return the JCS of a disclosure by itself."""
    return encode(_as_value(disclosure), what=_WHAT)


def parse_disclosure(text: bytes) -> Disclosure:
    """Return the disclosure of which these bytes are the text.

    Raises:
        MalformedError: The bytes are not one canonical disclosure.
    """
    return _from_value(decode(text, what=_WHAT))


def disclose(
    digests: Mapping[str, bytes], groups: Iterable[FactGroup], names: Collection[str] | None
) -> Disclosure:
    """Return a disclosure of the named facts (None: of all that the groups hold).

    ``digests`` are those of all facts of the event; a fact that no group holds is withheld.

    Raises:
        MalformedError: A name was asked for that the groups do not hold.
    """
    held = {fact.name: fact for group in groups for fact in group.disclosed()}
    wanted = held.keys() if names is None else set(names)
    unknown = wanted - held.keys()
    if unknown:
        raise MalformedError(_WHAT, f"names among {sorted(held)}", sorted(unknown))
    return [held[name] if name in wanted else digests[name] for name in sorted(digests)]


def plain_text(entry: bytes, plain: ToldFacts, personal: PersonalDigests) -> bytes:
    """Return `ProvenEvent.text` of an event that shows its plain facts and withholds the rest.

    ``entry`` is an entry's text. The same as by way of `disclose`, for many entries at once:
    what was hashed is shown as it is, without being read again.
    """
    shown = zip(plain.names, plain.texts, _hex(plain.salts, SALT_BYTES), strict=True)
    items = {name: b'%b,"%b"]' % (text[:-1], salt) for name, text, salt in shown}
    for digests in personal.values():
        withheld = zip(digests, _hex(digests.values(), HASH_BYTES), strict=True)
        items |= {name: b'"%b"' % digest for name, digest in withheld}
    facts = b",".join([items[name] for name in sorted(items)])
    text = b'{"entry":%b,"facts":[%b]}' % (dump_checked(entry.decode("utf-8")), facts)
    return bounded(text, what=_WHAT)


def _hex(parts: Iterable[bytes], width: int) -> list[bytes]:
    """Return the hex of each part; they are ``width`` bytes each."""
    joined = b"".join(parts)
    return joined.hex(",", width).encode("ascii").split(b",") if joined else []


def disclosed_facts(disclosure: Disclosure) -> dict[str, Value]:
    """Return the facts that are shown, by name."""
    return {item.name: item.value for item in disclosure if isinstance(item, Fact)}


def verify_disclosure(disclosure: Disclosure, *, facts: bytes, shapes: Shapes) -> str | None:
    """Return if the disclosure adds up to an entry's commitment and keeps to its shape.

    Returns:
        None, or, where the shape is not among those known, what could not be checked.

    Raises:
        ProofError: The commitment differs; ``type`` or ``shape`` is withheld; a fact does
            not stand where the published shape has it.
    """
    digests = [item.digest() if isinstance(item, Fact) else item for item in disclosure]
    got = commitment(digests)
    if got != facts:
        raise ProofError("commitment", facts.hex(), got.hex())
    shown = disclosed_facts(disclosure)
    if "type" not in shown or "shape" not in shown:
        raise ProofError("shape", "type and shape are disclosed", sorted(shown))
    shape = shapes.find(shown["type"], shown["shape"])
    if shape is None:
        return f"shape {shown['shape']} of {shown['type']} is not among the published ones"
    _verify_places(disclosure, shape.names)
    return None


def _verify_places(disclosure: Disclosure, names: Sequence[str]) -> None:
    if len(disclosure) != len(names):
        raise ProofError("shape", len(names), len(disclosure))
    for item, name in zip(disclosure, names, strict=True):
        if isinstance(item, Fact) and item.name != name:
            raise ProofError("shape", name, item.name)


def _as_value(disclosure: Disclosure) -> list[Value]:
    return [
        [item.name, item.value, item.salt.hex()] if isinstance(item, Fact) else item.hex()
        for item in disclosure
    ]


def _from_value(value: Value) -> Disclosure:
    if not isinstance(value, list) or len(value) > FACTS_MAX:
        raise MalformedError(
            _WHAT, f"an array of at most {FACTS_MAX} facts", type(value).__name__
        )
    disclosure = [_item(item) for item in value]
    names = [item.name for item in disclosure if isinstance(item, Fact)]
    if names != sorted(set(names)):
        raise MalformedError(_WHAT, "each name once, ascending", names)
    return disclosure


def _item(item: Value) -> Fact | bytes:
    if isinstance(item, str):
        return parse_hex(item, HASH_BYTES, what=f"{_WHAT}: digest")
    match item:
        case [str(name), value, salt]:
            check_name(name, what=f"{_WHAT}: name")
            return Fact(name, value, parse_hex(salt, SALT_BYTES, what=f"{_WHAT}: salt"))
        case _:
            raise MalformedError(_WHAT, "[name, value, salt] or a digest", type(item).__name__)

"""What is kept of an event must add up to what its entry commits to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.audit.finding import Code, Finding, Tally, Unchecked
from ledger.audit.key_history import KeyEvents
from ledger.audit.source import Columns, KeptEntry
from ledger.proof.box import Place, open_box
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.disclosure import disclosed_facts, parse_disclosure, verify_disclosure
from ledger.proof.entry import Entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import (
    check_actor,
    check_type,
    check_uuid,
    commitment,
    merge_digests,
    parse_group,
    parse_hex,
)
from ledger.proof.merkle import HASH_BYTES
from ledger.proof.note import parse_note
from ledger.proof.personal import PersonalDigests, parse_personal
from ledger.proof.shapes import FACTS_ERASED, FACTS_LOST, LEDGER_OPENED, OPAQUE, Shapes


@dataclass(slots=True)
class Declarations:
    """Which facts are gone, and which entries say that they may be.

    ``missing`` holds (seq, person), or (seq, "") where the plain facts are gone.
    """

    missing: list[tuple[int, str]] = field(default_factory=list)
    keys: KeyEvents = field(default_factory=KeyEvents)
    lost: dict[int, int] = field(default_factory=dict)
    erased: dict[tuple[int, str], int] = field(default_factory=dict)

    def declare(self, seq: int, facts: Mapping[str, Value]) -> None:
        """Take in an event that declares facts erased or lost, or names a key of the log."""
        self.keys.take(seq, facts)
        named = facts.get("entries")
        seqs = [each for each in named if type(each) is int] if isinstance(named, list) else []
        if facts.get("type") == FACTS_LOST:
            self.lost.update(dict.fromkeys(seqs, seq))
        elif facts.get("type") == FACTS_ERASED:
            person = str(facts.get("person"))
            self.erased.update(dict.fromkeys(((each, person) for each in seqs), seq))

    def absorb(self, other: "Declarations") -> None:
        """Take in what a later part of the log declares and misses."""
        self.missing += other.missing
        self.keys.absorb(other.keys)
        self.lost.update(other.lost)
        self.erased.update(other.erased)

    def undeclared(self, tally: Tally) -> list[Finding]:
        """Return a finding for each loss that no later entry declares; count the others."""
        findings = []
        for seq, person in self.missing:
            declared = max(self.lost.get(seq, -1), self.erased.get((seq, person), -1))
            if declared > seq:
                tally.leave(
                    Unchecked.PERSONAL_DECLARED_GONE
                    if person
                    else Unchecked.FACTS_DECLARED_LOST
                )
            else:
                code = Code.PERSONAL_MISSING if person else Code.FACTS_MISSING
                want = "the facts, or a later facts.erased or facts.lost that names the entry"
                findings.append(Finding(code, seq, "facts are gone", want, person or None))
        return findings


@dataclass(slots=True)
class FactsCheck:
    """Checks the facts of one entry after the other; remembers what is missing."""

    origin: str
    shapes: Shapes
    tally: Tally
    declarations: Declarations = field(default_factory=Declarations)

    def check(
        self,
        kept: KeptEntry,
        entry: Entry,
        data_keys: Mapping[str, bytes | None] | None,
    ) -> dict[str, Value] | None:
        """Check an event's facts against its entry; return those that are held up by it."""
        try:
            if kept.disclosure is not None:
                return self._check_disclosure(kept, entry)
            return self._check_groups(kept, entry, data_keys)
        except MalformedError as error:
            self._found(Code.FACTS_NOT_CANONICAL, kept.seq, error.what, error.want, None)
        except ProofError as error:
            code = Code.FACTS_SHAPE if error.step == "shape" else Code.FACTS_COMMITMENT
            self._found(code, kept.seq, error.step, error.want, error.got)
        return None

    def _check_disclosure(self, kept: KeptEntry, entry: Entry) -> dict[str, Value] | None:
        if kept.disclosure == b"null":
            self.declarations.missing.append((kept.seq, ""))
            return None
        disclosure = parse_disclosure(kept.disclosure or b"")
        unknown = verify_disclosure(disclosure, facts=entry.facts, shapes=self.shapes)
        if unknown is not None:
            self.tally.leave(Unchecked.SHAPE_UNKNOWN, unknown)
        facts = disclosed_facts(disclosure)
        if len(facts) < len(disclosure):
            self.tally.leave(Unchecked.PERSONAL_BOUND_NOT_OPENED)
        self._check_standard(facts)
        self.declarations.declare(kept.seq, facts)
        return facts

    def _check_groups(
        self, kept: KeptEntry, entry: Entry, data_keys: Mapping[str, bytes | None] | None
    ) -> dict[str, Value] | None:
        personal = parse_personal(kept.personal)
        if kept.plain is None:
            # Nothing but the commitment is left to bind what the boxes hold.
            self.declarations.missing.append((kept.seq, ""))
            return None
        plain = parse_group(kept.plain)
        digests = merge_digests([plain.digests(), *personal.values()])
        got = commitment(list(digests.values()))
        if got != entry.facts:
            raise ProofError("commitment", entry.facts.hex(), got.hex())
        facts = dict(plain.facts)
        self._check_shape(kept.seq, facts, list(digests))
        self._check_standard(facts)
        if kept.columns is not None:
            self._check_columns(kept.seq, kept.columns, facts)
        self.check_boxes(kept, facts, personal, data_keys)
        self.declarations.declare(kept.seq, facts)
        return facts

    def _check_shape(self, seq: int, facts: Mapping[str, Value], names: list[str]) -> None:
        shape = self.shapes.find(facts.get("type"), facts.get("shape"))
        if shape is None:
            detail = f"shape {facts.get('shape')} of {facts.get('type')} is not published"
            self._found(Code.FACTS_SHAPE, seq, detail, "a published shape", None)
        elif list(shape.names) != names:
            self._found(Code.FACTS_SHAPE, seq, "names of facts", list(shape.names), names)

    def _check_standard(self, facts: Mapping[str, Value]) -> None:
        """The six standard facts have the values that log format, section 2, allows."""
        if "stream" in facts:
            check_uuid(facts["stream"], what="stream")
        if "previous" in facts:
            parse_hex(facts["previous"], HASH_BYTES, what="previous")
        if "type" in facts:
            check_type(facts["type"])
        if "version" in facts and _number(facts["version"]) < 1:
            raise MalformedError("version", "an integer from 1", None)
        if "by" in facts:
            check_actor(facts["by"])
        if facts.get("type") == LEDGER_OPENED:
            _check_predecessor(facts.get("predecessor"))

    def _check_columns(self, seq: int, columns: Columns, facts: Mapping[str, Value]) -> None:
        opaque = facts.get("type") == OPAQUE
        want = [
            facts.get("stream"),
            facts.get("version"),
            facts.get("originator_version" if opaque else "version"),
            facts.get("topic" if opaque else "type"),
        ]
        got = [columns.stream, columns.version, columns.originator_version, columns.topic]
        if want != got:
            names = ["stream", "version", "originator_version", "topic"]
            wrong = [name for name, a, b in zip(names, want, got, strict=True) if a != b]
            self._found(Code.FACTS_COLUMNS, seq, "columns beside the facts", "the facts", wrong)

    def check_boxes(
        self,
        kept: KeptEntry,
        facts: Mapping[str, Value],
        personal: PersonalDigests,
        data_keys: Mapping[str, bytes | None] | None,
    ) -> None:
        """Check that each person's box holds what was committed to, at its place."""
        boxes = dict(kept.boxes)
        extra = sorted(boxes.keys() - personal.keys())
        if extra:
            self._found(Code.BOX_DIFFERS, kept.seq, "boxes of persons", sorted(personal), extra)
        for person, digests in personal.items():
            box = boxes.get(person)
            key = data_keys.get(person) if data_keys is not None else None
            if box is None or (data_keys is not None and key is None):
                self.declarations.missing.append((kept.seq, person))
            elif key is None:
                self.tally.leave(Unchecked.PERSONAL_BOUND_NOT_OPENED)
            else:
                stream, version = str(facts.get("stream")), _number(facts.get("version"))
                place = Place(self.origin, stream, version, person)
                self._check_box(kept.seq, box, key, place, digests)

    def _check_box(
        self, seq: int, box: bytes, key: bytes, place: Place, want: Mapping[str, bytes]
    ) -> None:
        try:
            got = open_box(box, data_key=key, place=place).digests()
        except (MalformedError, ProofError) as error:
            self._found(Code.BOX_DIFFERS, seq, str(error.want), place.person, None)
            return
        if got != dict(want):
            wrong = sorted(
                name for name in got.keys() | want.keys() if got.get(name) != want.get(name)
            )
            self._found(Code.BOX_DIFFERS, seq, "personal facts in the box", place.person, wrong)

    def _found(self, code: Code, seq: int, detail: str, want: object, got: object) -> None:
        self.tally.add(Finding(code, seq, detail, want, got))


def _check_predecessor(note: Value) -> None:
    """The log that this one succeeds is named by what it last signed, or there is none."""
    if isinstance(note, str):
        parse_checkpoint(parse_note(note.encode("utf-8")).text)
    elif note is not None:
        raise MalformedError("predecessor", "a signed note, or null", type(note).__name__)


def _number(value: Value) -> int:
    return value if type(value) is int else -1

"""Whom a verifier trusts (C2SP tlog-policy): logs, witnesses, and how many must agree.

    log ledger.example.gov.cn/log/110000+81a312bf+AUjgW0k/ifzcgyVjX9IWULGe+1D6pl4bRPrYer6K…
    witness university witness.example.edu.cn+…
    witness archive archive.example.org+… https://archive.example.org/witness
    group outside any university archive
    quorum outside

People write policies by hand, so this one parser also reads what its formatter does not
write: comments, empty lines, blanks and tabs in a row, lines in another order, and a
threshold as a number. The text of a policy parses to the same policy, and formatted text to
itself. Stricter than the specification, on the safe side: no field starts with ``#``, which
some readers take for a comment, and no key stands twice, be it as a log and as a witness.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, verify_lines
from ledger.proof.encoding64 import check_number, decode_decimal
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import (
    KeyType,
    SignedNote,
    VerifierKey,
    check_no_controls,
    parse_vkey,
)

POLICY_CHARACTERS_MAX = 1 << 20
DEFINITIONS_MAX = 256
"""Of logs, of witnesses and of groups each; the specification asks for at least 32."""
NO_QUORUM = "none"


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log, by a key whose name is its origin; the URL may lead to it.

    Raises:
        MalformedError: The URL is empty or more than a word.
    """

    key: VerifierKey
    url: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None:
            _check_word(self.url, "policy: URL")

    def text(self) -> str:
        """Return the line that defines the log, without a newline."""
        return " ".join(["log", self.key.text(), *_optional(self.url)])


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness, under a name that has a meaning in its policy only.

    Raises:
        MalformedError: The name or URL is not a word, or the key of a type that does not
            cosign.
    """

    name: str
    key: VerifierKey
    url: str | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.key.type is KeyType.ED25519:
            raise MalformedError("policy: witness", "a cosigning key", self.key.text())
        if self.url is not None:
            _check_word(self.url, "policy: URL")

    def text(self) -> str:
        """Return the line that defines the witness, without a newline."""
        return " ".join(["witness", self.name, self.key.text(), *_optional(self.url)])


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Witnesses and groups of which at least ``threshold`` must have cosigned.

    Raises:
        MalformedError: The name is no word, or more members must cosign than there are.
    """

    name: str
    threshold: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_number(self.threshold, "policy: threshold", smallest=1, largest=len(self.members))

    def text(self) -> str:
        """Return the line that defines the group, without a newline."""
        wanted = {len(self.members): "all", 1: "any"}
        threshold = wanted.get(self.threshold, str(self.threshold))
        return " ".join(["group", self.name, threshold, *self.members])


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness of the policy, by its name there, and the second when it cosigned."""

    witness: str
    timestamp: int


@dataclass(frozen=True, slots=True)
class WitnessedCheckpoint:
    """What a note is worth under a policy: who signed, in the order of the policy."""

    checkpoint: Checkpoint
    log_keys: tuple[VerifierKey, ...]
    cosignatures: tuple[Cosignature, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The logs and witnesses that a verifier knows, and the quorum it asks for.

    Raises:
        MalformedError: A name or key stands twice, a group or the quorum names what is not
            defined before it, a name is a member twice, or there is too much of something.
    """

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: tuple[PolicyGroup, ...]
    quorum: str

    def __post_init__(self) -> None:
        for defined in (self.logs, self.witnesses, self.groups):
            check_number(len(defined), "policy: definitions", largest=DEFINITIONS_MAX)
        names = [witness.name for witness in self.witnesses]
        keys = [log.key for log in self.logs] + [witness.key for witness in self.witnesses]
        members = [member for group in self.groups for member in group.members]
        _check_once([*names, *(group.name for group in self.groups)], "policy: name")
        _check_once([key.public for key in keys], "policy: key")
        _check_once(members, "policy: group member")
        known = set(names)
        for group in self.groups:
            _check_known(group.members, known)
            known.add(group.name)
        _check_known([self.quorum], known | {NO_QUORUM})
        characters = len(self.text())
        check_number(characters, "policy: characters", largest=POLICY_CHARACTERS_MAX)

    def text(self) -> str:
        """Return the policy in lines: logs, witnesses, groups, quorum."""
        lines = [log.text() for log in self.logs]
        lines += [witness.text() for witness in self.witnesses]
        lines += [group.text() for group in self.groups]
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])

    def verify(self, note: SignedNote) -> WitnessedCheckpoint:
        """Check a checkpoint against everything that this policy asks for.

        Raises:
            MalformedError: The text is no checkpoint, or has extension lines.
            ProofError: No key of the log of this origin signs it, or a line of any key in
                this policy fails, or the cosignatures make no quorum.
        """
        checkpoint = parse_checkpoint(note.text)
        signing = [log.key for log in self.logs if verify_lines(note, log.key)]
        log_keys = tuple(key for key in signing if key.name == checkpoint.origin)
        if not log_keys:
            got = [line.name for line in note.signatures]
            raise ProofError("log signature", f"a key of {checkpoint.origin}", got)
        cosignatures = tuple(self.cosignatures(note))
        cosigned = [each.witness for each in cosignatures]
        if not self.is_quorum(cosigned):
            raise ProofError("quorum", self.quorum, cosigned)
        return WitnessedCheckpoint(checkpoint, log_keys, cosignatures)

    def cosignatures(self, note: SignedNote) -> Iterator[Cosignature]:
        """Yield which witnesses cosigned a checkpoint, each with its latest time.

        Raises:
            ProofError: A line of a witness of this policy fails.
        """
        for witness in self.witnesses:
            times = [time for time in verify_lines(note, witness.key) if time is not None]
            if times:
                yield Cosignature(witness.name, max(times))

    def agreed_at(self, cosignatures: Iterable[Cosignature]) -> int | None:
        """Return the last second since which a quorum cosigned, None where there is none."""
        cosigned: list[str] = []
        for each in sorted(cosignatures, key=lambda each: each.timestamp, reverse=True):
            cosigned.append(each.witness)
            if self.is_quorum(cosigned):
                return each.timestamp
        return None

    def is_quorum(self, cosigned: Iterable[str]) -> bool:
        """Return whether these witnesses, by their names here, are as many as must agree."""
        # A name stands for one key, and no key has two names: so keys are counted. Groups
        # know only groups before them, so one pass is enough, however deep they nest.
        agreed = {NO_QUORUM, *cosigned}
        for group in self.groups:
            if sum(member in agreed for member in group.members) >= group.threshold:
                agreed.add(group.name)
        return self.quorum in agreed


def parse_policy(text: str) -> Policy:
    """Return the policy that a text describes (C2SP tlog-policy, syntax and structure).

    Raises:
        MalformedError: A line is none of the four kinds, uses a name before its line, or
            the policy as a whole is not valid.
    """
    if len(text) > POLICY_CHARACTERS_MAX:
        raise MalformedError("policy", f"at most {POLICY_CHARACTERS_MAX} characters", len(text))
    check_no_controls(text.replace("\n", " ").replace("\t", " "), "policy")
    if not text.endswith("\n"):
        raise MalformedError("policy", "a newline at the end", text[-1:])
    reading = _Reading()
    for line in text.split("\n"):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            reading.take(words)
    return reading.policy()


class _Reading:
    """The lines read so far: later ones may use only the names of these."""

    def __init__(self) -> None:
        self._logs: list[PolicyLog] = []
        self._witnesses: list[PolicyWitness] = []
        self._groups: list[PolicyGroup] = []
        self._quorums: list[str] = []
        self._known: set[str] = set()

    def take(self, words: list[str]) -> None:
        """Take in one line that is neither empty nor a comment."""
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._logs.append(PolicyLog(parse_vkey(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witnesses.append(PolicyWitness(name, parse_vkey(vkey), *url))
                self._known.add(name)
            case ["group", name, threshold, *members]:
                _check_known(members, self._known)
                count = _threshold(threshold, len(members))
                self._groups.append(PolicyGroup(name, count, tuple(members)))
                self._known.add(name)
            case ["quorum", name]:
                _check_known([name], self._known | {NO_QUORUM})
                self._quorums.append(name)
            case _:
                raise MalformedError("policy: line", "log, witness, group or quorum", words)

    def policy(self) -> Policy:
        """Return what all lines together say."""
        if len(self._quorums) != 1:
            raise MalformedError("policy: quorum", "exactly one line", self._quorums)
        return Policy(
            tuple(self._logs), tuple(self._witnesses), tuple(self._groups), self._quorums[0]
        )


def _threshold(word: str, members: int) -> int:
    if word == "all":
        return members
    return 1 if word == "any" else decode_decimal(word, "policy: threshold")


def _optional(url: str | None) -> list[str]:
    return [] if url is None else [url]


def _check_word(word: str, what: str) -> None:
    check_no_controls(word, what)
    if not word or word.startswith("#") or " " in word:
        raise MalformedError(what, "a word that is no comment", word)


def _check_name(name: str) -> None:
    _check_word(name, "policy: name")
    if name == NO_QUORUM:
        raise MalformedError("policy: name", f"another one than {NO_QUORUM}", name)


def _check_known(names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise MalformedError("policy: name", "one defined before", name)


def _check_once(values: Sequence[str | bytes], what: str) -> None:
    seen: set[str | bytes] = set()
    for value in values:
        if value in seen:
            raise MalformedError(what, "each once", value)
        seen.add(value)

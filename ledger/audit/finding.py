"""What an audit says: findings with stable codes, and what it could not check."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from ledger.proof.errors import shorten

FINDINGS_MAX = 10_000
"""Beyond so many, findings are counted by code and no longer listed one by one."""
TEXT_CHARACTERS_MAX = 4_096
EVIDENCE_CHARACTERS_MAX = 65_536
ITEMS_MAX = 256


class Code(StrEnum):
    """What was found; the words of `docs/audit.md`, never changed once published."""

    ENTRY_MISSING = "entry_missing"
    ENTRY_TWICE = "entry_twice"
    ENTRY_BEYOND_HEAD = "entry_beyond_head"
    ROW_BEYOND_HEAD = "row_beyond_head"
    ENTRY_NOT_CANONICAL = "entry_not_canonical"
    ENTRY_WRONG_LOG = "entry_wrong_log"
    ENTRY_WRONG_SEQ = "entry_wrong_seq"
    ENTRY_TIME_BACK = "entry_time_back"
    ENTRY_WRONG_PREV = "entry_wrong_prev"
    LEAF_DIFFERS = "leaf_differs"
    SUBTREE_DIFFERS = "subtree_differs"
    FACTS_NOT_CANONICAL = "facts_not_canonical"
    FACTS_COMMITMENT = "facts_commitment"
    FACTS_SHAPE = "facts_shape"
    FACTS_COLUMNS = "facts_columns"
    FACTS_MISSING = "facts_missing"
    PERSONAL_MISSING = "personal_missing"
    BOX_DIFFERS = "box_differs"
    ERASURE_UNDONE = "erasure_undone"
    STREAM_VERSION = "stream_version"
    STREAM_PREVIOUS = "stream_previous"
    STREAM_UNREAD = "stream_unread"
    HEAD_SEAL = "head_seal"
    HEAD_DIFFERS = "head_differs"
    CHECKPOINT_SIGNATURE = "checkpoint_signature"
    CHECKPOINT_KEY_NOT_IN_FORCE = "checkpoint_key_not_in_force"
    CHECKPOINT_QUORUM = "checkpoint_quorum"
    CHECKPOINT_INCONSISTENT = "checkpoint_inconsistent"
    COSIGNATURE_DIFFERS = "cosignature_differs"
    KEY_ROTATION_BROKEN = "key_rotation_broken"
    LEDGER_OPENED = "ledger_opened"
    CLOCK_IN_DOUBT = "clock_in_doubt"
    FILE_MALFORMED = "file_malformed"


class Unchecked(StrEnum):
    """What could not be checked, and therefore was not passed as sound."""

    FACTS_ABSENT = "facts_absent"
    PERSONAL_BOUND_NOT_OPENED = "personal_bound_not_opened"
    PERSONAL_DECLARED_GONE = "personal_declared_gone"
    FACTS_DECLARED_LOST = "facts_declared_lost"
    KEY_ROTATION = "key_rotation"
    SHAPE_UNKNOWN = "shape_unknown"
    STREAM_WITHOUT_FACTS = "stream_without_facts"
    HEAD_SEAL_WITHOUT_KEY = "head_seal_without_key"
    HEAD_ABSENT = "head_absent"
    REGISTER_ABSENT = "register_absent"
    CHECKPOINT_ABSENT = "checkpoint_absent"
    NOT_WITNESSED = "not_witnessed"
    KEY_NOT_TRUSTED = "key_not_trusted"
    SIGNATURE_KEY_UNKNOWN = "signature_key_unknown"
    NOT_READ_AGAIN = "not_read_again"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, what it should be and what it is.

    ``seq`` is the entry concerned, or None for the log as a whole. ``want`` and ``got``
    hold hashes, positions, names and checkpoints, never the value of a fact. What others
    have written comes in here unbounded; it is kept short, and as JSON can show it.
    ``evidence`` is the signed note that the log contradicts, where there is one: whoever
    holds it can show by it alone what was signed.
    """

    code: Code
    seq: int | None
    detail: str
    want: object = None
    got: object = None
    evidence: bytes | str | None = None

    def __post_init__(self) -> None:
        for name in ("seq", "detail", "want", "got"):
            object.__setattr__(self, name, _shown(getattr(self, name)))
        if isinstance(self.evidence, bytes):
            text = self.evidence[:EVIDENCE_CHARACTERS_MAX].decode("utf-8", "backslashreplace")
            object.__setattr__(self, "evidence", text)


def _shown(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case str() if len(value) <= TEXT_CHARACTERS_MAX:
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case list() | tuple():
            return [_shown(item) for item in value[:ITEMS_MAX]]
        case _:
            return shorten(value, characters_max=400)


@dataclass(slots=True)
class Tally:
    """Findings and unchecked things of one part of the log, bounded in memory."""

    findings: list[Finding] = field(default_factory=list)
    beyond: dict[Code, int] = field(default_factory=dict)
    unchecked: dict[tuple[Unchecked, str], int] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Keep a finding, or only count it once there are too many."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(finding)
        else:
            self.beyond[finding.code] = self.beyond.get(finding.code, 0) + 1

    def leave(self, what: Unchecked, detail: str = "", *, count: int = 1) -> None:
        """Note that something was not checked, so many times."""
        self.unchecked[what, detail] = self.unchecked.get((what, detail), 0) + count

    def absorb(self, others: Iterable["Tally"]) -> None:
        """Take in the tallies of other parts, in order."""
        for other in others:
            for finding in other.findings:
                self.add(finding)
            for code, count in other.beyond.items():
                self.beyond[code] = self.beyond.get(code, 0) + count
            for (what, detail), count in other.unchecked.items():
                self.leave(what, detail, count=count)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def decided(self) -> bool:
        """Whether it was established who may vouch for the log (log format, section 5)."""
        return all(what is not Unchecked.KEY_ROTATION for what, _ in self.unchecked)

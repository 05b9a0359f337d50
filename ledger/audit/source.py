"""The reader port: how an auditor is shown a log, whoever keeps it and in whatever form."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ledger.audit.finding import Finding, Unchecked
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.merkle import Edge


class Columns(NamedTuple):
    """Copies of facts that a database keeps to find a row by."""

    stream: str
    version: int
    originator_version: int
    topic: str


class KeptEntry(NamedTuple):
    """One entry as it is kept, in bytes, with whatever is kept beside it.

    Facts come as ``plain`` and ``personal`` from a database, or as ``disclosure`` from an
    export; ``leaf`` is None where none is kept.
    """

    seq: int
    entry: bytes
    leaf: bytes | None
    columns: Columns | None = None
    plain: bytes | None = None
    personal: bytes | None = None
    boxes: tuple[tuple[str, bytes], ...] = ()
    disclosure: bytes | None = None


class Link(NamedTuple):
    """What ties an event to the one before it in its stream; None where it is not shown."""

    stream: str
    version: int
    seq: int
    leaf: bytes
    previous: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A head that somebody was once shown: the log must still begin with it.

    ``head`` is a signed note as it is kept, or the checkpoint of a head register, which
    nobody signs; ``size`` is the one under which it is kept. The ``newest`` of an export
    must carry a policy's quorum.
    """

    keeper: str
    size: int
    head: bytes | Checkpoint
    newest: bool = False


@dataclass(frozen=True, slots=True)
class KeptHead:
    """The head as it is kept: ``sealed`` is None where the key of the seal is not at hand.

    ``edge`` is None where the head cannot be read, or is ``gone`` though there must be one.
    """

    edge: Edge | None
    leaf: bytes = b""
    time: str = ""
    sealed: bool | None = None
    gone: bool = False


def with_register(
    marks: Iterator[Mark], registered: Checkpoint | None, start: int, stop: int
) -> Iterator[Mark]:
    """Yield marks of sizes from ``start`` to ``stop``, the head register's in its place."""
    if registered is None or not start <= registered.size <= stop:
        yield from marks
        return
    own = Mark("head register", registered.size, registered)
    waiting = True
    for mark in marks:
        if waiting and registered.size <= mark.size:
            yield own
            waiting = False
        yield mark
    if waiting:
        yield own


class LogSource(Protocol):
    """One log, readable from any position as often as it takes."""

    origin: str
    keeps_facts: bool
    rehash_links: bool
    """Whether `links` hashes every entry again, as it may be told to.

    Otherwise it takes the leaf that is kept beside an entry, and the place of ``previous``,
    for what they should be. Of a log that is sound that makes no difference; of another one
    its links do not add up to those of the entries, and must be read again.
    """

    def size(self) -> int:
        """Return how many entries the log claims to have."""

    def held(self, size: int) -> int:
        """Return how many of ``size`` positions are worth a look: all but an absent tail.

        A size is only claimed, by anybody; what is kept bounds the work of an audit.
        """

    def unavailable(self) -> Sequence[Unchecked]:
        """Return which of the things to compare with are not there at all."""

    def head(self) -> KeptHead | None:
        """Return the kept head, or None where none is kept."""

    def entries(self, start: int, stop: int) -> Iterator[KeptEntry]:
        """Yield what is kept from ``start`` up to ``stop``, ascending by seq."""

    def beyond(self, size: int) -> Sequence[int]:
        """Return the seqs, at most a hundred, that are kept though the log ends before them."""

    def strays(self, size: int) -> Sequence[tuple[int | None, str]]:
        """Return rows, at most a hundred of a kind, that are kept for entries that are not.

        Each with the entry that it would belong to, and what it is. Those of entries below
        ``size`` are no strays: the entries are missing.
        """

    def stray_cosignatures(self) -> Sequence[str]:
        """Return where cosignatures, at most a hundred, are kept that cosign nothing."""

    def links(self, first: str, last: str, *, size: int) -> Iterator[Link]:
        """Yield the links of the streams from ``first`` to ``last``, stream by stream in order.

        Only those of the first ``size`` entries, that the log may grow meanwhile.
        """

    def kept_hashes(self, level: int, start: int, stop: int) -> Sequence[bytes | None]:
        """Return the kept roots of subtrees of 256^level leaves, None where one is absent.

        Those of level 0 are the leaves themselves.
        """

    def marks(self, start: int, stop: int) -> Iterator[Mark]:
        """Yield signed heads of sizes from ``start`` to ``stop``, both included, ascending."""

    def registered(self) -> Checkpoint | None:
        """Return the head of the head register as it was when this was first asked."""

    def largest_mark(self) -> int:
        """Return the largest size of which somebody was shown a head, 0 where nobody was."""

    def take_faults(self) -> Sequence[Finding]:
        """Return what could not be read at all since this was last asked."""

    def data_keys(self, persons: Collection[str], /) -> Mapping[str, bytes | None] | None:
        """Return persons' data keys, None for one destroyed; None where no key is at hand."""

"""A row is believed once its facts are its entry's, its entry that of the sealed head."""

from typing import NamedTuple, Protocol

from ledger.proof.entry import Entry, parse_entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import (
    FactGroup,
    ToldFacts,
    commitment,
    merge_digests,
    parse_group,
)
from ledger.proof.merkle import Subtree, leaf_hash, node_hash
from ledger.proof.personal import PersonalDigests, parse_personal
from ledger.store.head import Head


class Tree(Protocol):
    """A log's tree, whose nodes nobody has verified."""

    def subtree(self, *, tree_size: int) -> Subtree:
        """Return what proofs of a tree of some size are put together from."""


class FactsRow(Protocol):
    """What a row must hold to be believed: its place, its entry, its facts."""

    @property
    def seq(self) -> int: ...  # noqa: D102 - columns
    @property
    def entry(self) -> bytes: ...  # noqa: D102
    @property
    def plain(self) -> bytes | None: ...  # noqa: D102
    @property
    def personal(self) -> bytes | None: ...  # noqa: D102


def bound_facts(row: FactsRow) -> FactGroup:
    """Return the plain facts of a row, found to be what its entry commits to.

    Raises:
        As `bound_event`.
    """
    return bound_event(row)[1]


def bound_event(row: FactsRow) -> tuple[Entry, FactGroup]:
    """Return the entry of a row and its plain facts, found to be what it commits to.

    Raises:
        ProofError: They are not, or were lost: then nothing says what the entry is.
        MalformedError: The row cannot be read.
    """
    bound = bind(row)
    return bound.entry, bound.plain


class BoundRow(NamedTuple):
    """An entry with what it commits to: plain facts, as they are told too, and personal."""

    entry: Entry
    plain: FactGroup
    told: ToldFacts
    personal: PersonalDigests


def bind(row: FactsRow) -> BoundRow:
    """Return what a row says, found to be what its entry commits to.

    Raises:
        As `bound_event`.
    """
    if row.plain is None:
        raise ProofError("facts", "facts that were not lost", "lost")
    kinds = [type(row.entry), type(row.plain), type(row.personal)]
    if kinds not in ([bytes, bytes, bytes], [bytes, bytes, type(None)]):
        raise MalformedError("row", "bytes", "not")  # SQLite keeps text where bytes belong
    plain = parse_group(row.plain)
    told, personal = plain.told(), parse_personal(row.personal)
    digests = merge_digests([told.digests(), *personal.values()])
    entry, got = parse_entry(row.entry), commitment(list(digests.values()))
    if entry.facts != got:
        raise ProofError("commitment", entry.facts.hex(), got.hex())
    return BoundRow(entry, plain, told, personal)


def verify_under(row: FactsRow, head: Head, tree: Tree) -> None:
    """Return if the row's entry is the one at its place in the tree of a sealed head.

    Raises:
        ProofError: It is not, or lies beyond that head.
    """
    seq, edge = row.seq, head.edge
    try:
        height, peak = edge.peak_over(seq)
    except IndexError as error:
        raise ProofError("entry", f"one below {head.size}", seq) from error
    subtree, node = tree.subtree(tree_size=head.size), leaf_hash(row.entry)
    for level in range(height):
        index = seq >> level
        sibling = subtree(level, index ^ 1)
        node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
    if node != peak:
        raise ProofError("inclusion", peak.hex(), node.hex())

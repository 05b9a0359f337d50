"""Events proved: for each one a tlog-proof that a stranger can check offline."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ledger.audit.source import KeptEntry, LogSource
from ledger.proof.box import Place, open_box
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.disclosure import Disclosure, ProvenEvent, disclose, plain_text
from ledger.proof.entry import Entry, parse_entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import Fact, FactGroup, commitment, merge_digests, parse_group
from ledger.proof.merkle import Subtree, leaf_hash
from ledger.proof.neighbours import prove_neighbours, runs_of
from ledger.proof.note import parse_note
from ledger.proof.personal import parse_personal
from ledger.proof.tlog_proof import TlogProof

GAP_MAX = 8
"""A query costs more than so many entries that nobody asked for."""
ALWAYS_DISCLOSED = frozenset({"shape", "type"})


class EntryNotFound(Exception):
    """The log, as of its newest checkpoint, has no entry at this position."""


def prove_event(
    source: LogSource,
    subtree: Callable[[int], Subtree],
    *,
    note: bytes,
    seq: int,
    names: Collection[str] | None,
) -> TlogProof:
    """Return the proof of one event as of a signed checkpoint, showing the named facts.

    ``names`` None shows every plain fact; ``type`` and ``shape`` are always shown. Personal
    facts are shown only where they are named, and opened by the vault.

    A proof that does not hold is never returned: what is stored may have been changed.

    Raises:
        EntryNotFound: There is no such entry below the checkpoint's size.
        MalformedError: A name was asked for that the event does not have or that is erased,
            or what is stored cannot be read.
        ProofError: What is stored does not add up to the checkpoint; audit the log.
    """
    (proof,) = prove_events(source, subtree, note=note, asked={seq: names})
    return proof


def prove_events(
    source: LogSource,
    subtree: Callable[[int], Subtree],
    *,
    note: bytes,
    asked: Mapping[int, Collection[str] | None],
) -> Sequence[TlogProof]:
    """Return the proofs of events by their positions, each with the names that it shows.

    They are in the order of ``asked``; neighbours are read together, and each subtree once.

    Raises:
        As `prove_event`.
    """
    signed = parse_note(note)
    checkpoint = parse_checkpoint(signed.text)
    size = checkpoint.size
    found = {each.seq: each for each in _kept(source, sorted(asked), size)}
    missing = next((seq for seq in asked if seq not in found), None)
    if missing is not None:
        raise EntryNotFound(missing)
    extras = {seq: _extra(source, found[seq], names) for seq, names in asked.items()}
    known = _remembered(subtree(size))
    paths: dict[int, Sequence[bytes]] = {}
    for run in runs_of(sorted(asked)):
        leaves = [leaf_hash(found[seq].entry) for seq in run]
        proven = prove_neighbours(
            known, leaves=leaves, first=run[0], tree_size=size, root=checkpoint.root
        )
        paths |= zip(run, proven, strict=True)
    return [TlogProof(seq, tuple(paths[seq]), signed, extra) for seq, extra in extras.items()]


def _kept(source: LogSource, seqs: Sequence[int], size: int) -> Iterator[KeptEntry]:
    """Yield what is kept at positions, ascending; what lies close together is read at once."""
    start, asked = 0, set(seqs)
    for at in range(1, len(seqs) + 1):
        if at == len(seqs) or seqs[at] - seqs[at - 1] > GAP_MAX:
            if seqs[start] >= 0:
                run = source.entries(seqs[start], min(seqs[at - 1] + 1, size))
                yield from (each for each in run if each.seq in asked)
            start = at


def _remembered(subtree: Subtree) -> Subtree:
    known: dict[tuple[int, int], bytes] = {}

    def root(height: int, index: int) -> bytes:
        if (height, index) not in known:
            known[height, index] = subtree(height, index)
        return known[height, index]

    return root


def _extra(source: LogSource, kept: KeptEntry, names: Collection[str] | None) -> bytes:
    """Return an entry with what is shown of it, which adds up to its commitment."""
    if kept.plain is None:
        raise MalformedError("facts", "facts that were not lost", "lost")
    plain, personal = parse_group(kept.plain), parse_personal(kept.personal)
    told, entry = plain.told(), parse_entry(kept.entry)
    digests = merge_digests([told.digests(), *personal.values()])
    got = commitment(list(digests.values()))
    if got != entry.facts:
        raise ProofError("commitment", entry.facts.hex(), got.hex())
    if names is None:
        return plain_text(kept.entry, told, personal)
    wanted, groups = set(names) | ALWAYS_DISCLOSED, [plain]
    if not wanted <= plain.facts.keys():
        groups += _opened(source, kept, plain)
    return _shown(entry, disclose(digests, groups, wanted))


def _shown(entry: Entry, disclosure: Disclosure) -> bytes:
    """Return what is shown of an entry; what was opened adds up to it as well."""
    got = commitment([item.digest() if isinstance(item, Fact) else item for item in disclosure])
    if got != entry.facts:
        raise ProofError("commitment", entry.facts.hex(), got.hex())
    return ProvenEvent(entry, disclosure).text()


def _opened(source: LogSource, kept: KeptEntry, plain: FactGroup) -> list[FactGroup]:
    keys = source.data_keys([person for person, _ in kept.boxes]) or {}
    stream, version = plain.facts["stream"], plain.facts["version"]
    groups = []
    for person, box in kept.boxes:
        key = keys.get(person)
        if key is not None and isinstance(stream, str) and isinstance(version, int):
            place = Place(source.origin, stream, version, person)
            groups.append(open_box(box, data_key=key, place=place))
    return groups

"""Streams: versions 1, 2, 3 … in the order of the log, each naming the leaf before it.

Streams lie scattered over the log, so they are read a second time, sorted by stream. That
the second reading saw what the first had verified is shown by two sums over all links.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from ledger.audit.finding import Code, Finding
from ledger.audit.source import KeptEntry, Link
from ledger.proof.canonical import Value
from ledger.proof.disclosure import disclosed_facts, parse_disclosure
from ledger.proof.entry import NOTHING_BEFORE
from ledger.proof.errors import MalformedError
from ledger.proof.facts import parse_group

SUM_MODULUS = 2**256


def link_of(
    kept: KeptEntry, leaf: bytes, facts: Mapping[str, Value] | None = None
) -> Link | None:
    """Return the link that is kept with an entry, or None where its stream is not shown.

    ``facts`` spares reading them again; without them what is kept is taken as it stands.
    """
    shown = _shown(kept) if facts is None else facts
    previous = shown.get("previous")
    named = previous if isinstance(previous, str) else None
    if kept.columns is not None:
        return Link(kept.columns.stream, kept.columns.version, kept.seq, leaf, named)
    stream, version = shown.get("stream"), shown.get("version")
    if not isinstance(stream, str) or type(version) is not int:
        return None
    return Link(stream, version, kept.seq, leaf, named)


def _shown(kept: KeptEntry) -> Mapping[str, Value]:
    try:
        if kept.plain is not None:
            return parse_group(kept.plain).facts
        if kept.disclosure not in (None, b"null"):
            return disclosed_facts(parse_disclosure(kept.disclosure or b""))
    except MalformedError:
        return {}  # named where the facts are checked against the entry
    return {}


def link_number(link: Link) -> int:
    """Return a number for a link; equal sums of them mean equal sets of links."""
    text = f"{link.stream} {link.version} {link.seq} {link.leaf.hex()} {link.previous}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


class StreamCheck:
    """Takes in links stream by stream; holds one link at a time."""

    def __init__(self) -> None:
        self.sum = 0
        self.count = 0
        self._before: Link | None = None

    def check(self, links: Iterable[Link]) -> Iterator[Finding]:
        """Yield what is wrong with the streams, one after the other."""
        for link in links:
            self.sum = (self.sum + link_number(link)) % SUM_MODULUS
            self.count += 1
            before = self._before
            if before is not None and before.stream != link.stream:
                before = None
            yield from _compare(before, link)
            self._before = link


def _compare(before: Link | None, link: Link) -> Iterator[Finding]:
    version = 1 if before is None else before.version + 1
    previous = (NOTHING_BEFORE if before is None else before.leaf).hex()
    in_order = before is None or link.seq > before.seq
    if link.version != version or not in_order:
        yield Finding(
            Code.STREAM_VERSION, link.seq, f"stream {link.stream}", version, link.version
        )
    elif link.previous is not None and link.previous != previous:
        yield Finding(
            Code.STREAM_PREVIOUS, link.seq, f"stream {link.stream}", previous, link.previous
        )

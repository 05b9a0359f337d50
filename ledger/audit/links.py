"""Streams: versions 1, 2, 3 … in the order of the log, each naming the leaf before it.

Streams lie scattered over the log, so they are read a second time, sorted by stream. That
the second reading saw what the first had verified is shown by two sums over all links.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ledger.audit.finding import Code, Finding
from ledger.audit.source import KeptEntry, Link
from ledger.proof.canonical import Value
from ledger.proof.disclosure import disclosed_facts, parse_disclosure
from ledger.proof.entry import NOTHING_BEFORE
from ledger.proof.errors import MalformedError
from ledger.proof.facts import check_uuid, parse_group

SUM_MODULUS = 2**256


def link_of(
    kept: KeptEntry, leaf: bytes, facts: Mapping[str, Value] | None = None
) -> Link | None:
    """Return the link that is kept with an entry, or None where it has no place in a stream.

    ``facts`` spares reading them again; without them what is kept is taken as it stands.
    """
    shown = _shown(kept) if facts is None else facts
    previous = shown.get("previous")
    named = previous if isinstance(previous, str) else None
    stream: object = shown.get("stream")
    version: object = shown.get("version")
    if kept.columns is not None:
        stream, version = kept.columns.stream, kept.columns.version
    if type(version) is not int:
        return None
    try:
        return Link(check_uuid(stream, what="stream"), version, kept.seq, leaf, named)
    except MalformedError:
        return None  # named where the facts are checked


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
    return text_number(text.encode())


def text_number(text: bytes) -> int:
    """Return `link_number` of the link that has this text: its members, a space between."""
    return int.from_bytes(hashlib.sha256(text).digest(), "big")


@dataclass(frozen=True, slots=True)
class Gap:
    """A link that does not follow the one before it: the versions between are not shown."""

    link: Link
    want: int

    def finding(self) -> Finding:
        """Return what is to be said unless the gap is explained."""
        detail = f"stream {self.link.stream}"
        return Finding(Code.STREAM_VERSION, self.link.seq, detail, self.want, self.link.version)

    def is_hidden(self, hidden: Collection[str]) -> bool:
        """Return whether ``previous`` is the leaf, in hex, of an entry that shows no stream."""
        return self.link.version >= self.want and self.link.previous in hidden


class StreamCheck:
    """Takes in links stream by stream; holds one link at a time."""

    def __init__(self) -> None:
        self.sum = 0
        self.count = 0
        self._before: Link | None = None

    def check(self, links: Iterable[Link]) -> Iterator[Finding | Gap]:
        """Yield what is wrong with the streams, one after the other."""
        for link in links:
            self.sum += link_number(link)
            self.count += 1
            before, self._before = self._before, link
            if before is not None and before.stream != link.stream:
                before = None
            if before is None or not continues(link, before):
                yield from _compare(before, link)
        self.sum %= SUM_MODULUS


def continues(link: Link, before: Link) -> bool:
    """Return whether a link is the next of its stream in every respect."""
    return (
        link.version == before.version + 1
        and link.seq > before.seq
        and link.previous == before.leaf.hex()
    )


def _compare(before: Link | None, link: Link) -> Iterator[Finding | Gap]:
    version = 1 if before is None else before.version + 1
    previous = (NOTHING_BEFORE if before is None else before.leaf).hex()
    in_order = before is None or link.seq > before.seq
    if link.version != version or not in_order:
        yield Gap(link, version)
    elif link.previous is not None and link.previous != previous:
        yield Finding(
            Code.STREAM_PREVIOUS, link.seq, f"stream {link.stream}", previous, link.previous
        )

"""One entry: public, naming nobody, binding everything (log format, section 4).

{"facts":"60cc…","log":"ledger.example.gov.cn/log/110000","prev":"0000…","seq":0,
 "time":"2026-03-01T08:00:00.000000Z","v":1}                    (without the line break)
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from ledger.proof.canonical import INTEGER_MAX, check_value
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import HASH_BYTES, leaf_hash
from ledger.proof.note import check_key_name
from ledger.proof.suite import SUITE

ENTRY_BYTES_MAX = 65_535
"""An entry bundle counts the bytes of an entry in 16 bits (C2SP tlog-tiles)."""
ORIGIN_BYTES_MAX = 255
"""A cosignature counts the bytes of an origin in 8 bits (C2SP tlog-cosignature)."""
NOTHING_BEFORE = bytes(HASH_BYTES)
"""``prev`` of the first entry, and ``previous`` of the first event of a stream."""

_ENTRY = re.compile(
    rb'\{"facts":"([0-9a-f]{64})","log":("[^"\\]*"),"prev":"([0-9a-f]{64})",'
    rb'"seq":(0|[1-9][0-9]{0,15}),"time":"([^"\\]{27})","v":1\}'
)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One position of one log; ``prev`` and ``facts`` are hashes of 32 bytes.

    Raises:
        MalformedError: A member is not what log format, section 4, asks for.
    """

    log: str
    seq: int
    time: str
    prev: bytes
    facts: bytes

    def __post_init__(self) -> None:
        check_origin(self.log)
        if type(self.seq) is not int or not 0 <= self.seq <= INTEGER_MAX:
            raise MalformedError("entry: seq", "an integer from 0 to 2^53-1", self.seq)
        parse_time(self.time, what="entry: time")
        if len(self.prev) != HASH_BYTES or len(self.facts) != HASH_BYTES:
            raise MalformedError("entry", "hashes of 32 bytes", [self.prev, self.facts])

    def text(self) -> bytes:
        """Return the bytes of the entry: JCS, UTF-8, no newline."""
        return entry_text(self.log, self.seq, self.time, self.prev, self.facts)

    def leaf(self) -> bytes:
        """Return the leaf hash: ``prev`` of the next entry, and leaf of the tree."""
        return leaf_hash(self.text())


def entry_text(log: str, seq: int, time: str, prev: bytes, facts: bytes) -> bytes:
    """Return the bytes of an entry whose members are known to be those of an `Entry`."""
    # An origin needs no escape: `check_origin` has seen to that.
    return (
        f'{{"facts":"{facts.hex()}","log":"{log}","prev":"{prev.hex()}",'
        f'"seq":{seq},"time":"{time}","v":{SUITE.version}}}'
    ).encode()


def parse_entry(text: bytes) -> Entry:
    """Return the entry that has exactly these bytes: the inverse of `Entry.text`.

    Raises:
        MalformedError: The bytes are not one canonical entry of version 1.
    """
    if len(text) > ENTRY_BYTES_MAX:
        raise MalformedError("entry", f"at most {ENTRY_BYTES_MAX} bytes", f"{len(text)} bytes")
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise MalformedError("entry", "the canonical form of version 1", text)
    facts, log, prev, seq, time = match.groups()
    try:
        origin, civil = log[1:-1].decode("utf-8"), time.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedError("entry", "UTF-8", text) from error
    return Entry(
        log=origin,
        seq=int(seq),
        time=civil,
        prev=bytes.fromhex(prev.decode()),
        facts=bytes.fromhex(facts.decode()),
    )


@lru_cache(maxsize=64)
def check_origin(origin: str) -> None:
    """Raise MalformedError unless a log may be named so.

    An origin is a schema-less URL prefix that is also a key name of signed notes
    (C2SP tlog-checkpoint) and needs no escape in JSON.
    """
    check_key_name(origin, "origin")
    if any(character in origin for character in '"\\'):
        raise MalformedError("origin", "no quote and no backslash", origin)
    check_value(origin, what="origin")
    if len(origin.encode()) > ORIGIN_BYTES_MAX:
        raise MalformedError("origin", f"at most {ORIGIN_BYTES_MAX} bytes", len(origin))


def format_time(moment: datetime) -> str:
    """Return an instant as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``.

    Raises:
        MalformedError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise MalformedError("time", "an instant with its time zone", moment.isoformat())
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def parse_time(text: str, *, what: str = "time") -> datetime:
    """Return the instant of which this is the one spelling: the inverse of `format_time`.

    Raises:
        MalformedError: Another form, or no such date or time of day.
    """
    if _TIME.fullmatch(text) is None:
        raise MalformedError(what, "YYYY-MM-DDTHH:MM:SS.ffffffZ", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedError(what, "a date and time that exist", text) from error

"""The head row: size, last leaf and right edge under a seal that the database cannot make.

Who can write rows but does not hold the key of the seal cannot make the service extend or
sign them (log format, section 5).
"""

import hashlib
import hmac
from dataclasses import dataclass

from ledger.proof.canonical import encode
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.entry import NOTHING_BEFORE
from ledger.proof.errors import MalformedError
from ledger.proof.merkle import HASH_BYTES, Edge
from ledger.store.event import HeadTamperedError
from ledger.store.standing import Standing, standing_error

SEAL_KEY_BYTES = 32
BEFORE_ANY = "0001-01-01T00:00:00.000000Z"
"""``time`` of an empty log: earlier than every entry's."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log ends: ``leaf`` and ``time`` are those of its last entry."""

    origin: str
    edge: Edge
    leaf: bytes
    time: str

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return self.edge.size

    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint that a signature under this head would vouch for."""
        return Checkpoint(self.origin, self.size, self.edge.root())

    def seal(self, key: bytes, standing: Standing = Standing.OPEN) -> bytes:
        """Return HMAC-SHA-256 over JCS([standing, origin, size, leaf, time, edge])."""
        peaks = b"".join(self.edge.peaks).hex()
        text = encode(
            [standing.value, self.origin, self.size, self.leaf.hex(), self.time, peaks]
        )
        return hmac.new(key, text, hashlib.sha256).digest()


def empty_head(origin: str) -> Head:
    """Return the head of a log without entries."""
    return Head(origin, Edge(), NOTHING_BEFORE, BEFORE_ANY)


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The head as the database holds it, not yet believed."""

    log: str
    size: int
    leaf: bytes
    time: str
    edge: bytes
    mac: bytes

    def open(self, key: bytes) -> Head:
        """Return the head, once its seal is found to be the service's own.

        Raises:
            HeadTamperedError: The seal is wrong, or the row is no head at all.
            LedgerHeldError, LedgerMovedError, LedgerClosedError: It must not be extended.
        """
        head, standing = self.opened(key)
        if standing is not Standing.OPEN:
            raise standing_error(head.origin, standing)
        return head

    def opened(self, key: bytes) -> tuple[Head, Standing]:
        """Return the head and what it is sealed as: to read it, not to extend it.

        Raises:
            HeadTamperedError: The seal is none of the service's, or the row is no head.
        """
        try:
            head = self.unsealed()
            for standing in Standing:
                if hmac.compare_digest(head.seal(key, standing), self.mac):
                    return head, standing
        except MalformedError as error:
            raise HeadTamperedError from error
        raise HeadTamperedError

    def unsealed(self) -> Head:
        """Return the head that the row claims, without asking for its seal.

        Raises:
            MalformedError: The edge is not one for that size, or a column is of another type.
        """
        # SQLite keeps whatever type a row was given by hand.
        got = [type(value) for value in (self.size, self.leaf, self.time, self.edge, self.mac)]
        if got != [int, bytes, str, bytes, bytes]:
            raise MalformedError("head row", "columns of their types", got)
        starts = range(0, len(self.edge), HASH_BYTES)
        peaks = [self.edge[start : start + HASH_BYTES] for start in starts]
        return Head(self.log, Edge(self.size, peaks), self.leaf, self.time)


def sealed_row(head: Head, key: bytes, standing: Standing = Standing.OPEN) -> HeadRow:
    """Return the row to store for a head."""
    return HeadRow(
        log=head.origin,
        size=head.size,
        leaf=head.leaf,
        time=head.time,
        edge=b"".join(head.edge.peaks),
        mac=head.seal(key, standing),
    )

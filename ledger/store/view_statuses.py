"""What a status list says, read in one moment: who is not valid, and what may be missing.

Two columns of what is no longer valid, however many certificates are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.store.raw_rows import RawReader
from ledger.store.view_reader import AsOf, ViewReader

FROZEN_MAX = 200
"""So many certificates are asked for of the log itself, no more."""

_EXISTS = "SELECT 1 FROM view_status_lists WHERE log = ? AND status_list = ? AND until IS NULL"
# Of one standing, the index has them beside each other.
_STANDING = (
    "SELECT status_index FROM view_certificates WHERE log = ? AND until IS NULL"
    " AND status_list = ? AND standing = ? AND status_index >= 0"
)
# In this order, and by the issuer: SQLite would rather go through all that are valid.
_STOPPED = (
    "SELECT c.status_index FROM view_organizations o CROSS JOIN view_certificates c"
    " WHERE o.log = ? AND o.until IS NULL AND o.status IN ('suspended', 'revoked')"
    " AND c.log = o.log AND c.issuer = o.organization AND c.until IS NULL"
    " AND c.stage = 'issued' AND c.standing || '' = 'valid' AND +c.status_list = ?"
)
_FROZEN = (
    "SELECT DISTINCT c.certificate, c.status_index FROM view_failures f"
    " CROSS JOIN view_certificates c WHERE f.log = ? AND c.log = f.log"
    " AND c.certificate = f.stream AND c.until IS NULL AND +c.status_list = ? LIMIT ?"
)
_MISSED = (
    "SELECT min(f.seq), f.stream, f.type, EXISTS (SELECT 1 FROM view_certified_counts c"
    " WHERE c.log = f.log AND c.about = f.stream AND c.until IS NULL)"
    " FROM view_failures f WHERE f.log = ? GROUP BY f.log, f.stream, f.type"
)
_OF_ITS_THING = frozenset(
    {
        *("amendment.accepted", "record.voided"),
        *("organization.suspended", "organization.revoked"),
        *("organization.reinstated", "organization.authorized", "organization.succeeded"),
    }
)
"""Types that change certificates which their stream's thing is certified by."""
_OF_ANY = frozenset({"", "facts.erased"})
"""Types, and no type at all where an entry is missing, of which the stream does not tell whose
certificates they change; and all of accounts."""
_OF_ACCOUNTS = ("credit.", "account.")


@dataclass(frozen=True, slots=True)
class StatusRows:
    """Places of a list by standing; ``stopped`` are those of issuers that are not in force.

    ``frozen`` are places by certificates of which the views tell what is old. ``missed`` are
    entries that could not be folded and may concern any certificate.
    """

    exists: bool
    standing: Mapping[str, Sequence[int]]
    stopped: Sequence[int]
    frozen: Mapping[str, int]
    missed: Sequence[int]


def list_exists(reader: ViewReader, number: int) -> AsOf[bool]:
    """Return whether a status list has any place that is taken."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> bool:
        return raw.select(connection, _EXISTS, log, number).first() is not None

    return reader.at_once(read)


def status_rows(reader: ViewReader, number: int, standings: Sequence[str]) -> AsOf[StatusRows]:
    """Return what a status list is made of, of one moment."""

    def read(raw: RawReader, connection: sa.Connection, log: str) -> StatusRows:
        def places(query: str, *values: object) -> Sequence[int]:
            return [int(row[0]) for row in raw.select(connection, query, log, *values)]

        exists = raw.select(connection, _EXISTS, log, number).first() is not None
        frozen = raw.select(connection, _FROZEN, log, number, FROZEN_MAX + 1)
        found = {str(name): int(place) for name, place in frozen}
        missed = [
            int(seq)
            for seq, _, kind, is_certified in raw.select(connection, _MISSED, log)
            if _concerns(str(kind), is_certified=bool(is_certified))
        ]
        return StatusRows(
            exists,
            {each: places(_STANDING, number, each) for each in standings},
            places(_STOPPED, number),
            found,
            sorted(missed),
        )

    return reader.at_once(read)


def _concerns(kind: str, *, is_certified: bool) -> bool:
    if kind in _OF_ANY or kind.startswith(_OF_ACCOUNTS):
        return True
    return is_certified and kind in _OF_ITS_THING

"""The log as the folds take it in: entries below the sealed head, in order, as fast as it goes.

The head's seal is checked, so that nothing beyond what the service committed is folded. The
rows below it are taken as they lie there: who changes one changes views, and is found by the
audit of the log. What rests on a single row for good is proved where it is used.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa

from ledger.projections.taken import PERSONAL, Taken
from ledger.proof.box import Place, open_box
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.personal import parse_personal
from ledger.store.event import LedgerMissingError
from ledger.store.head import HeadRow
from ledger.store.raw_rows import RawReader, as_bytes, with_hyphens
from ledger.store.vault import Vault

_FURTHER = ("topic", "entry", "plain", "personal")
_WHERE = "WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq"
_LEAF = "SELECT leaf FROM entries WHERE log = ? AND seq = ?"
_HEAD = "SELECT size, leaf, time, edge, mac FROM heads WHERE log = ?"
_ENTRY_END = b'","v":1}'
_TIME = slice(-27 - len(_ENTRY_END), -len(_ENTRY_END))
_BOXES_MAX = 500
_Box: TypeAlias = tuple[int, str]


class EntryMissingError(Exception):
    """There is no row where the log has an entry."""


class FactsLostError(Exception):
    """The facts of an entry were lost."""


class BoxUnreadError(Exception):
    """A box of personal facts is not there, or does not open although there is a key."""


class RowDiffersError(Exception):
    """A row does not say what its own facts say, or is no row of the log."""


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that cannot be folded, by the name of what is wrong with its row."""

    seq: int
    stream: str
    type: str
    error: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries in order without a gap, and the data keys of those whom they name.

    ``leaf`` is the last one's in hex, empty where its row is missing.
    """

    entries: Sequence[Taken | Unread]
    keys: Mapping[str, bytes | None]
    leaf: str


class EntrySource:
    """Reads the entries of one log."""

    def __init__(
        self, engine: sa.Engine, vault: Vault, *, origin: str, seal_key: bytes
    ) -> None:
        self._raw = RawReader(engine)
        self._vault = vault
        self._origin = origin
        self._seal_key = seal_key

    def size(self) -> int:
        """Return how many entries the log has.

        Raises:
            HeadTamperedError: The head row is not the one that the service stored.
            LedgerMissingError: There is no such ledger.
        """
        with self._raw.reading() as connection:
            found = self._raw.select(connection, _HEAD, self._origin).one_or_none()
        if found is None:
            raise LedgerMissingError(self._origin)
        size, leaf, time, edge, mac = found
        row = HeadRow(self._origin, size, as_bytes(leaf), time, as_bytes(edge), as_bytes(mac))
        return row.opened(self._seal_key)[0].size

    def read(self, start: int, stop: int) -> Batch:
        """Return the entries from ``start`` up to ``stop``, which is not beyond the log.

        Raises:
            sqlalchemy.exc.DBAPIError: The database refused, or the vault's.
        """
        with self._raw.reading() as connection:
            values = (self._origin, start, stop)
            rows = list(self._raw.records(connection, _FURTHER, _WHERE, *values))
            found: dict[int, Taken | Unread] = {row[0]: _taken(row) for row in rows}
            sealed = {
                row[0]: row[8]
                for row in rows
                if row[8] is not None and _is_personal(found[row[0]])
            }
            boxes = self._boxes(connection, sorted(sealed))
        keys = self._keys({person for _, person in boxes})
        for seq, digests in sealed.items():
            found[seq] = self._opened(found[seq], as_bytes(digests), boxes, keys)
        entries = [found.get(seq) or _missing(seq) for seq in range(start, stop)]
        last = rows[-1][4] if rows and rows[-1][0] == stop - 1 else None
        return Batch(entries, keys, as_bytes(last).hex())

    def leaf(self, seq: int) -> str:
        """Return the leaf of an entry in hex; empty where there is no row of it.

        Raises:
            sqlalchemy.exc.DBAPIError: The database refused.
        """
        with self._raw.reading() as connection:
            values = (self._origin, seq)
            return as_bytes(self._raw.select(connection, _LEAF, *values).scalar()).hex()

    def _keys(self, persons: Collection[str]) -> dict[str, bytes | None]:
        """Return data keys; one that does not open is left out, and concerns nobody else."""
        keys: dict[str, bytes | None] = {}
        try:
            return dict(self._vault.keys_for_opening(persons)) if persons else keys
        except ProofError:
            for person in persons:
                with suppress(ProofError):
                    keys[person] = self._vault.key_for_opening(person)
            return keys

    def _boxes(self, connection: sa.Connection, seqs: Sequence[int]) -> dict[_Box, bytes]:
        boxes: dict[_Box, bytes] = {}
        for first in range(0, len(seqs), _BOXES_MAX):
            some = seqs[first : first + _BOXES_MAX]
            marks = ", ".join("?" for _ in some)
            query = (
                "SELECT seq, person, box FROM boxes"  # noqa: S608 - marks alone
                f" WHERE log = ? AND seq IN ({marks})"
            )
            for seq, person, box in self._raw.select(connection, query, self._origin, *some):
                boxes[seq, with_hyphens(person)] = as_bytes(box)
        return boxes

    def _opened(
        self,
        entry: Taken | Unread,
        digests: bytes,
        boxes: Mapping[_Box, bytes],
        keys: Mapping[str, bytes | None],
    ) -> Taken | Unread:
        """Return an entry with the personal facts that can be opened."""
        if isinstance(entry, Unread):
            return entry
        personal: dict[str, Any] = {}
        try:
            for person, committed in parse_personal(digests).items():
                if person not in keys:
                    raise BoxUnreadError
                key = keys[person]
                if key is None:
                    continue
                place = Place(self._origin, entry.stream, entry.version, person)
                group = open_box(boxes[entry.seq, person], data_key=key, place=place)
                if group.digests() != committed:
                    raise BoxUnreadError
                personal[person] = group.facts
        except (MalformedError, ProofError, BoxUnreadError):
            return Unread(entry.seq, entry.stream, entry.type, BoxUnreadError.__name__)
        return entry._replace(personal=personal)


def _is_personal(entry: Taken | Unread) -> bool:
    return isinstance(entry, Taken) and entry.type in PERSONAL


def _taken(row: Any) -> Taken | Unread:
    """Return what a row says; a row that contradicts itself says nothing."""
    seq, version, _, stream, _, topic, entry, plain, _ = row
    identifier = with_hyphens(stream)
    if plain is None:
        return Unread(seq, identifier, str(topic), FactsLostError.__name__)
    try:
        facts: dict[str, Any] = orjson.loads(as_bytes(plain))["facts"]
        text = as_bytes(entry)
        if (facts["stream"], facts["version"]) != (identifier, version):
            raise RowDiffersError
        if not text.endswith(_ENTRY_END):
            raise RowDiffersError
        return Taken(
            seq,
            text[_TIME].decode("ascii"),
            identifier,
            version,
            facts["type"],
            facts["shape"],
            facts["by"],
            facts,
        )
    except (ValueError, TypeError, KeyError, RowDiffersError) as error:
        return Unread(seq, identifier, str(topic), type(error).__name__)


def _missing(seq: int) -> Unread:
    return Unread(seq, "", "", EntryMissingError.__name__)

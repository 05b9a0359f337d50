"""The national export: a zip file of JSON lines, with the mapping and a manifest of all of it.

JSON lines and not CSV: skills and categories are lists, a line tells what was lost of it, and
no table program opens it to run or round anything. Every part is written while it is read.
The manifest comes last, because it has the digest of each part (SHA-256 of its bytes).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson

from ledger.application.callers import Caller
from ledger.application.exporting.lines import known, lines, shown_as
from ledger.application.exporting.packing import Part, packed
from ledger.application.exporting.selecting import Selected, select
from ledger.application.exporting.showing import write_down
from ledger.application.exporting.tables import Export, TableOrder
from ledger.application.national.mapping import mapping_rows
from ledger.application.national.things import (
    activity_line,
    organization_line,
    record_line,
    volunteer_line,
)
from ledger.application.office import Office
from ledger.application.states import ACTIVITY, ORGANIZATION, VOLUNTEER, Kind
from ledger.domain.civil_time import civil_date
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.sheets.inert import inert
from ledger.proof.encoding64 import encode_base64

S = TypeVar("S")

ZIP: Final = "application/zip"
BASIS: Final = (
    "field codes and tables of the public front end of 全国志愿服务信息系统 (2022): "
    "practice, not law; the standard MZ/T 061-2015 was not had"
)
_AT_ONCE = 200
_HEADER = ("字段 field", "国家系统字段 national field", "why", "说明")


def export_national(office: Office, caller: Caller, order: TableOrder) -> Export:
    """Return records, and what they are of, in the codes of the national system.

    Nothing of it is read before its content is. ``format`` and ``encoding`` do not count.

    Raises:
        As `export_table`.
    """
    selected = select(office, caller, order.wanted, rows_max=order.rows_max)
    in_clear = frozenset[UUID]()
    if order.purpose is not None and not selected.is_own:
        in_clear = write_down(office, caller, selected.volunteers, order.purpose)
    archive = _Archive(selected, in_clear, order.purpose)
    return Export(
        name=f"records-{selected.checkpoint.size}-national.zip",
        media_type=ZIP,
        count=selected.count,
        size=selected.checkpoint.size,
        content=packed(archive.parts()),
    )


class _Archive:
    """One national export while it is written."""

    def __init__(
        self,
        selected: Selected,
        in_clear: frozenset[UUID],
        purpose: DisclosurePurpose | None,
    ) -> None:
        self._selected = selected
        self._in_clear = in_clear
        self._purpose = purpose
        self._today = civil_date(selected.office.desk.now())
        self._activities: set[UUID] = set()
        self._organizations: set[UUID] = set()
        self._written: dict[str, dict[str, Any]] = {}

    def parts(self) -> Iterator[Part]:
        """Yield the parts in their order; which others there are, the records tell."""
        yield self._table("records.jsonl", self._records())
        yield self._table("volunteers.jsonl", self._volunteers())
        yield self._table("activities.jsonl", self._listed_activities())
        yield self._table("organizations.jsonl", self._listed_organizations())
        yield "mapping.csv", self._noted("mapping.csv", [_mapping()])
        yield "manifest.json", (self._manifest() for _ in range(1))

    def _records(self) -> Iterator[dict[str, Any]]:
        for line in lines(self._selected, self._in_clear):
            self._activities.add(line.record.activity)
            self._organizations |= {line.record.organization, line.first.organizer}
            yield record_line(line)

    def _volunteers(self) -> Iterator[dict[str, Any]]:
        for volunteer in self._all(VOLUNTEER, self._selected.volunteers):
            shown = shown_as(volunteer, self._selected, self._in_clear)
            yield volunteer_line(volunteer, shown)

    def _listed_activities(self) -> Iterator[dict[str, Any]]:
        for activity in self._all(ACTIVITY, self._activities):
            yield activity_line(activity, self._today)

    def _listed_organizations(self) -> Iterator[dict[str, Any]]:
        for organization in self._all(ORGANIZATION, self._organizations):
            yield organization_line(organization)

    def _all(self, kind: Kind[S], things: Iterable[UUID]) -> Iterator[S]:
        ordered = sorted(things)
        office, size = self._selected.office, self._selected.checkpoint.size
        for start in range(0, len(ordered), _AT_ONCE):
            some = ordered[start : start + _AT_ONCE]
            found = known(office, kind, some, size)
            yield from (found[each] for each in some)

    def _table(self, name: str, rows: Iterable[dict[str, Any]]) -> Part:
        return name, self._noted(name, (orjson.dumps(each) + b"\n" for each in rows))

    def _noted(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield a part, and keep its digest, bytes and lines for the manifest."""
        digest, size, count = sha256(), 0, 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            count += piece.count(b"\n")
            yield piece
        self._written[name] = {"sha256": digest.hexdigest(), "bytes": size, "lines": count}

    def _manifest(self) -> bytes:
        selected = self._selected
        said = {
            "basis": BASIS,
            "origin": selected.checkpoint.origin,
            "as_of": selected.checkpoint.size,
            "root": encode_base64(selected.checkpoint.root),
            "checkpoint": selected.note,
            "purpose": None if self._purpose is None else self._purpose.value,
            "in_clear": len(selected.volunteers if selected.is_own else self._in_clear),
            "files": self._written,
        }
        return orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n"


def _mapping() -> bytes:
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_HEADER)
    writer.writerows([inert(each) for each in row] for row in mapping_rows())
    return text.getvalue().encode()

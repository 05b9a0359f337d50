"""The change feed: which organizations an entry concerns.

Those whose own it is (their stream, their activities and records with all that is in them,
credits of their records, registrations that they made, what they submitted), and the one in
whose name somebody acted.
"""

from collections.abc import Callable, Iterator, Mapping

from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.tasks import division_of
from ledger.projections.view import Key, View
from ledger.projections.views import ACTIVITIES, CHANGES, RECORDS, VOLUNTEERS


def note_change(entry: Taken, rows: Rows) -> None:
    """Note an entry, once it is folded, for each organization that it concerns."""
    of = _OF.get(entry.type.partition(".")[0])
    if of is None:
        return
    named = entry.facts.get("on_behalf_of")
    for organization in dict.fromkeys([*of(entry, rows), named]):
        if organization:
            row = {
                "stream": entry.stream,
                "type": entry.type,
                "division": division_of(rows, organization),
            }
            rows.append(CHANGES, (organization, entry.seq), {**row})


def _own(entry: Taken, _: Rows) -> Iterator[str | None]:
    yield entry.stream


def _organization(view: View, column: str) -> Callable[[Taken, Rows], Iterator[str | None]]:
    def of(entry: Taken, rows: Rows) -> Iterator[str | None]:
        yield _of_row(rows, view, (entry.stream,), column)

    return of


def _of_row(rows: Rows, view: View, key: Key, column: str) -> str | None:
    row = rows.get(view, key)
    return None if row is None or row[column] is None else str(row[column])


def _credit(entry: Taken, rows: Rows) -> Iterator[str | None]:
    yield _of_row(rows, RECORDS, (entry.facts["record"],), "organization")


def _account(entry: Taken, _: Rows) -> Iterator[str | None]:
    for credit in entry.facts.get("credits", ()):
        yield credit["organization"]


def _submission(entry: Taken, _: Rows) -> Iterator[str | None]:
    yield entry.facts.get("organization")


def _disclosed(entry: Taken, rows: Rows) -> Iterator[str | None]:
    volunteer = entry.facts.get("volunteer")
    if volunteer is not None:
        yield _of_row(rows, VOLUNTEERS, (volunteer,), "registered_by")


_OF: Mapping[str, Callable[[Taken, Rows], Iterator[str | None]]] = {
    **dict.fromkeys(("organization", "organization_key", "staff", "entrustment"), _own),
    **dict.fromkeys(
        ("activity", "activity_amendment"), _organization(ACTIVITIES, "organization")
    ),
    **dict.fromkeys(
        ("record", "objection", "amendment", "voiding"),
        _organization(RECORDS, "organization"),
    ),
    **dict.fromkeys(
        ("volunteer", "correction", "guardian", "consent"),
        _organization(VOLUNTEERS, "registered_by"),
    ),
    "credit": _credit,
    "account": _account,
    "submission": _submission,
    "profile": _disclosed,
}
"""First word of a type → whose own an entry is."""

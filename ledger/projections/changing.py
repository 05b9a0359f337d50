"""The change feed: which organizations an entry concerns.

Those whose own it is (their stream, their activities and records with all that is in them,
credits of their records, registrations that they made, what they submitted, imported or
kept), and the one in whose name somebody acted.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from ledger.projections.certificate_views import CERTIFICATES
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.tasks import division_of
from ledger.projections.view import Values, View
from ledger.projections.views import ACTIVITIES, CHANGES, IMPORTS, RECORDS, VOLUNTEERS

Owners: TypeAlias = Callable[[Taken, Rows], Iterable[Any]]


def note_change(entry: Taken, rows: Rows) -> None:
    """Note an entry, once it is folded, for each organization that it concerns."""
    of = _owners_of(entry.type)
    if of is None:
        return
    concerned = {*of(entry, rows), entry.facts.get("on_behalf_of")}
    concerned.discard(None)
    for organization in sorted(concerned) if len(concerned) > 1 else concerned:
        row: Values = {
            "stream": entry.stream,
            "type": entry.type,
            "division": division_of(rows, organization),
        }
        rows.append(CHANGES, (organization, entry.seq), row)


@cache
def _owners_of(event_type: str) -> Owners | None:
    return _OWNERS.get(event_type.partition(".")[0])


def _own(entry: Taken, _: Rows) -> Iterable[Any]:
    return (entry.stream,)


def _in_stream(view: View, column: str) -> Owners:
    def owners(entry: Taken, rows: Rows) -> Iterable[Any]:
        row = rows.get(view, (entry.stream,))
        return () if row is None else (row[column],)

    return owners


def _credit(entry: Taken, rows: Rows) -> Iterable[Any]:
    row = rows.get(RECORDS, (entry.facts["record"],))
    return () if row is None else (row["organization"],)


def _account(entry: Taken, _: Rows) -> Iterable[Any]:
    return (credit["organization"] for credit in entry.facts.get("credits", ()))


def _submission(entry: Taken, _: Rows) -> Iterable[Any]:
    return (entry.facts.get("organization"),)


def _disclosed(entry: Taken, rows: Rows) -> Iterable[Any]:
    row = rows.get(VOLUNTEERS, (str(entry.facts.get("volunteer")),))
    return () if row is None else (row["registered_by"],)


def _of_activity(entry: Taken, rows: Rows) -> Iterable[Any]:
    row = rows.get(ACTIVITIES, (str(entry.facts.get("activity")),))
    return () if row is None else (row["organization"],)


_OWNERS: Mapping[str, Owners] = {
    **dict.fromkeys(("organization", "organization_key", "staff", "entrustment"), _own),
    **dict.fromkeys(("activity", "activity_amendment"), _in_stream(ACTIVITIES, "organization")),
    **dict.fromkeys(
        ("record", "objection", "amendment", "voiding"), _in_stream(RECORDS, "organization")
    ),
    **dict.fromkeys(
        ("volunteer", "correction", "guardian", "consent"),
        _in_stream(VOLUNTEERS, "registered_by"),
    ),
    "credit": _credit,
    "account": _account,
    "submission": _submission,
    "import": _in_stream(IMPORTS, "organization"),
    "certificate": _in_stream(CERTIFICATES, "issuer"),
    "profile": _disclosed,
    **dict.fromkeys(("evidence", "presence"), _of_activity),
}
"""First word of a type → whose own an entry is."""

"""Certificates as they stand: asked for, accepted, issued, and what became of them since.

What a certificate is about is kept the other way round as well (`CERTIFIED`), so that a record
that is amended costs what its own certificates cost, however many others there are.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ledger.projections.certificate_views import CERTIFICATES, CERTIFIED, CERTIFIED_COUNTS
from ledger.projections.rows import Rows
from ledger.projections.status_places import take_place
from ledger.projections.taken import Taken
from ledger.projections.tasks import TaskKind, close_task, division_of, open_task
from ledger.projections.view import Key, Values
from ledger.projections.views import ACCOUNTS, CREDITS

_OPEN = ("requested", "accepted")
_IN_FORCE = ("valid", "changed")
_AT_ONCE = 1_000
_TASKS = (TaskKind.ACCEPT_CERTIFICATE, TaskKind.ISSUE_CERTIFICATE)
_NOT_YET: Values = dict.fromkeys(
    (
        *("handler", "declined", "issued_at", "issued_on", "opens_on", "closes_on"),
        *("hours", "minutes", "status_list", "status_index", "issuer_place"),
    )
)


def requested(entry: Taken, rows: Rows) -> None:
    """Somebody asked for one."""
    facts = entry.facts
    row: Values = {
        **_NOT_YET,
        "volunteer": facts["volunteer"],
        "issuer": facts["issuer"],
        "division": division_of(rows, facts["issuer"]),
        "mode": facts["mode"],
        "language": facts["language"],
        "stage": "requested",
        "standing": "not_issued",
        "requested_by": entry.by,
        "requested_at": entry.time,
        "replaces": facts["replaces"],
        "changed": 0,
        "is_erased": False,
    }
    rows.put(CERTIFICATES, (entry.stream,), row, is_new=True)
    _note(rows, facts["volunteer"], entry.stream)
    # What is printed by oneself is issued at once, and waits for nobody.
    if facts["mode"] != "self_printed":
        _await(entry, rows, TaskKind.ACCEPT_CERTIFICATE, row)


def accepted(entry: Taken, rows: Rows) -> None:
    """Its handler checked the request."""
    row = _changed(entry, rows, stage="accepted", handler=entry.facts["handler"])
    close_task(rows, TaskKind.ACCEPT_CERTIFICATE, entry.stream)
    _await(entry, rows, TaskKind.ISSUE_CERTIFICATE, row)


def declined(entry: Taken, rows: Rows) -> None:
    """Nothing is issued on the request."""
    _changed(entry, rows, stage="declined", declined=entry.facts["ground"])
    for kind in _TASKS:
        close_task(rows, kind, entry.stream)


def issued(entry: Taken, rows: Rows) -> None:
    """It is there, and stays valid as long as its records stay as they are."""
    facts = entry.facts
    number, index = take_place(rows, entry.stream)
    issuer = str(rows.need(CERTIFICATES, (entry.stream,))["issuer"])
    _changed(
        entry,
        rows,
        stage="issued",
        handler=facts["handler"],
        issued_at=entry.time,
        issued_on=facts["issued_on"],
        opens_on=facts["publicity_opens_on"],
        closes_on=facts["publicity_closes_on"],
        hours=facts["hours"],
        minutes=facts["minutes"],
        status_list=number,
        status_index=index,
        issuer_place=_note(rows, issuer, entry.stream),
    )
    close_task(rows, TaskKind.ISSUE_CERTIFICATE, entry.stream)
    for record in facts["records"]:
        _note(rows, str(record), entry.stream)


def superseded(entry: Taken, rows: Rows) -> None:
    """Another one was issued in its place."""
    _changed(entry, rows, stage="superseded")


def revoked(entry: Taken, rows: Rows) -> None:
    """It was taken back."""
    _changed(entry, rows, stage="revoked")


def record_amended(rows: Rows, record: str) -> None:
    """A record is another one than certificates say that were issued on it."""
    for key, line in about(rows, record):
        if not line["is_amended"]:
            _mark(rows, key, line, is_amended=True)


def recount(rows: Rows, records: Iterable[str]) -> None:
    """Look again whether records still count for whoever has certificates of them."""
    asked = list(records)
    rows.prefetch((CERTIFIED_COUNTS, (each,)) for each in asked)
    for record in asked:
        owners: Any = None
        for key, line in about(rows, record):
            if owners is None:
                owners = _owners(rows, record)
            holder = rows.need(CERTIFICATES, (str(line["certificate"]),))["volunteer"]
            if line["is_counted"] != (holder in owners):
                _mark(rows, key, line, is_counted=holder in owners)


def holder_erased(rows: Rows, person: str) -> None:
    """A volunteer was erased: nothing of her is certified, and nothing waits for it."""
    for _, line in about(rows, person):
        certificate = (str(line["certificate"]),)
        row = rows.need(CERTIFICATES, certificate)
        _put(rows, certificate, row, is_erased=True)
        if row["stage"] in _OPEN:
            for kind in _TASKS:
                close_task(rows, kind, *certificate)


def about(rows: Rows, thing: str) -> Iterator[tuple[Key, Values]]:
    """Yield which certificates something is about, the oldest first."""
    known = rows.get(CERTIFIED_COUNTS, (thing,))
    if known is None:
        return
    keys: list[Key] = [(thing, place) for place in range(1, _number(known) + 1)]
    rows.prefetch((CERTIFIED, key) for key in keys)
    lines = [(key, rows.need(CERTIFIED, key)) for key in keys]
    rows.prefetch((CERTIFICATES, (str(line["certificate"]),)) for _, line in lines)
    yield from lines


def standing(rows: Rows, thing: str) -> Iterator[tuple[str, Values]]:
    """Yield the certificates something is about that are issued, and not taken back since."""
    for _, line in about(rows, thing):
        certificate = str(line["certificate"])
        row = rows.need(CERTIFICATES, (certificate,))
        if row["standing"] in _IN_FORCE:
            yield certificate, row


def in_force_of(rows: Rows, issuer: str) -> Iterator[tuple[str, Values]]:
    """Yield an issuer's certificates that are in force, the newest first."""
    known = rows.get(CERTIFIED_COUNTS, (issuer,))
    last = 0 if known is None else _number(known)
    for stop in range(last, 0, -_AT_ONCE):
        keys: list[Key] = [(issuer, each) for each in range(stop, max(stop - _AT_ONCE, 0), -1)]
        rows.prefetch((CERTIFIED, key) for key in keys)
        lines = [line for key in keys if (line := rows.get(CERTIFIED, key)) is not None]
        names = [str(line["certificate"]) for line in lines]
        rows.prefetch((CERTIFICATES, (name,)) for name in names)
        yield from ((name, rows.need(CERTIFICATES, (name,))) for name in names)


def leaving(
    rows: Rows, records: Iterable[str], owners: Collection[str]
) -> Iterator[tuple[str, str, Values]]:
    """Yield records with certificates in force, each of whose holder is not among ``owners``.

    Only where it counts for that holder as yet.
    """
    asked = list(records)
    rows.prefetch((CERTIFIED_COUNTS, (each,)) for each in asked)
    for record in asked:
        for _, line in about(rows, record):
            certificate = str(line["certificate"])
            row = rows.need(CERTIFICATES, (certificate,))
            is_hers = row["volunteer"] in owners
            if line["is_counted"] and not is_hers and row["standing"] in _IN_FORCE:
                yield record, certificate, row


def owners_of(rows: Rows, volunteer: str) -> frozenset[str]:
    """Return the registrations whose records an account has: those of one human."""
    account = rows.get(ACCOUNTS, (volunteer,))
    owners = "" if account is None else str(account["owners"])
    return frozenset((volunteer, *owners.split()))


def _owners(rows: Rows, record: str) -> frozenset[str]:
    """Return the registrations for which a record counts: those of one human."""
    credit = rows.get(CREDITS, (record,))
    return frozenset() if credit is None else owners_of(rows, str(credit["volunteer"]))


def _note(rows: Rows, thing: str, certificate: str) -> int:
    before = rows.get(CERTIFIED_COUNTS, (thing,))
    place = 1 if before is None else _number(before) + 1
    line: Values = {"certificate": certificate, "is_amended": False, "is_counted": True}
    rows.put(CERTIFIED, (thing, place), line, is_new=True)
    rows.put(CERTIFIED_COUNTS, (thing,), {"certificates": place})
    return place


def _mark(rows: Rows, key: Key, line: Values, **marks: bool) -> None:
    after: Values = {**line, **marks}
    rows.put(CERTIFIED, key, after)
    more = _is_bad(after) - _is_bad(line)
    if more:
        certificate = (str(line["certificate"]),)
        row = rows.need(CERTIFICATES, certificate)
        changed = row["changed"]
        _put(
            rows, certificate, row, changed=(changed if isinstance(changed, int) else 0) + more
        )


def _is_bad(line: Values) -> int:
    return int(bool(line["is_amended"]) or not line["is_counted"])


def _changed(entry: Taken, rows: Rows, **values: Any) -> Values:
    key = (entry.stream,)
    return _put(rows, key, rows.need(CERTIFICATES, key), **values)


def _put(rows: Rows, key: Key, row: Values, **values: Any) -> Values:
    after: Values = {**row, **values}
    after["standing"] = _standing(after)
    rows.put(CERTIFICATES, key, after)
    if row["standing"] in _IN_FORCE and after["standing"] not in _IN_FORCE:
        rows.drop(CERTIFIED, (str(row["issuer"]), _number(row, "issuer_place")))
    return after


def _standing(row: Values) -> str:
    """Return what became of it; whether its issuer is suspended is the issuer's to tell."""
    stage = str(row["stage"])
    if stage != "issued":
        return stage if stage in ("superseded", "revoked") else "not_issued"
    if row["is_erased"]:
        return "erased"
    return "changed" if row["changed"] else "valid"


def _await(entry: Taken, rows: Rows, kind: TaskKind, row: Values) -> None:
    is_accepted = kind is TaskKind.ISSUE_CERTIFICATE
    task: Values = {
        "organization": row["issuer"],
        "division": row["division"],
        "record": None,
        "activity": None,
        "volunteer": row["volunteer"],
        "since_day": entry.day,
        # Who accepted it, issues it never.
        "asked_by": entry.by if is_accepted else None,
        "asked_for": entry.facts["on_behalf_of"] if is_accepted else None,
    }
    open_task(rows, kind, entry.stream, task)


def _number(row: Values, name: str = "certificates") -> int:
    count = row[name]
    return count if isinstance(count, int) else 0

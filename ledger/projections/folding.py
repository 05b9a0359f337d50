"""Which fold takes in which entry, and which rows it will ask for.

What no fold knows changes no view. A known type in a shape that no fold knows is nothing to
be guessed at: it is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from ledger.projections import (
    accounts,
    activities,
    amendments,
    certificates,
    imports,
    inboxes,
    organizations,
    presences,
    records,
    volunteers,
)
from ledger.projections.certificate_views import CERTIFICATES, CERTIFIED_COUNTS
from ledger.projections.changing import note_change
from ledger.projections.notices import TELLS, note_notices
from ledger.projections.rows import Rows
from ledger.projections.taken import Secrets, Taken
from ledger.projections.tallying import retally
from ledger.projections.tasks import TaskKind, task
from ledger.projections.view import Key, View
from ledger.projections.views import (
    ACCOUNTS,
    ACTIVITIES,
    ATTENDANCE,
    CREDITS,
    EVIDENCE,
    IMPORT_ROWS,
    IMPORTS,
    NOTICES_SEEN,
    ORGANIZATIONS,
    RECORDS,
    SIGN_INS,
    TASKS,
    VOLUNTEERS,
)

Fold: TypeAlias = Callable[[Taken, Rows], None]
SecretFold: TypeAlias = Callable[[Taken, Rows, Secrets], None]
Wanted: TypeAlias = Sequence[tuple[View, Key]]
Want: TypeAlias = Callable[[Taken], Wanted]


class UnknownShapeError(Exception):
    """An event is of a shape that this release does not know."""


PLAIN: Mapping[str, Fold] = {
    "record.submitted": records.submitted,
    "record.resubmitted": records.resubmitted,
    "record.publicized": records.publicized,
    "objection.raised": records.objected,
    "objection.decided": records.objection_decided,
    "record.returned": records.returned,
    "record.confirmed": records.confirmed,
    "record.approved": records.approved,
    "amendment.proposed": amendments.proposed,
    "voiding.proposed": amendments.voiding_proposed,
    "amendment.replied": amendments.replied,
    "amendment.accepted": amendments.accepted,
    "amendment.rejected": amendments.rejected,
    "record.voided": amendments.voided,
    "certificate.requested": certificates.requested,
    "certificate.accepted": certificates.accepted,
    "certificate.declined": certificates.declined,
    "certificate.issued": certificates.issued,
    "certificate.superseded": certificates.superseded,
    "certificate.revoked": certificates.revoked,
    "import.begun": imports.begun,
    "import.finished": imports.finished,
    "import.scan_attached": imports.scan_attached,
    "import.checked": imports.checked,
    "row.kept": imports.row_kept,
    "activity.registered": activities.registered,
    "activity.changed": activities.changed,
    "activity_amendment.proposed": activities.proposed,
    "activity.amended": activities.amended,
    "activity_amendment.rejected": activities.rejected,
    "activity.cancelled": activities.cancelled,
    "presence.signed_in": presences.signed_in,
    "presence.signed_out": presences.signed_out,
    "presence.amended": presences.amended,
    "organization.registered": organizations.registered,
    "organization.amended": organizations.amended,
    **dict.fromkeys(organizations.STATUS, organizations.stood),
    "organization_key.added": organizations.key_added,
    "organization_key.revoked": organizations.key_revoked,
    "staff.released": organizations.released,
    "volunteer.confirmed": volunteers.confirmed,
    "correction.requested": volunteers.correction_requested,
    "correction.withdrawn": volunteers.correction_withdrawn,
    "volunteer.merged": volunteers.merged,
    "volunteer.separated": volunteers.separated,
    "facts.erased": volunteers.erased,
    "credit.entered": accounts.entered,
    "credit.withdrawn": accounts.withdrawn,
    "account.absorbed": accounts.absorbed,
    "account.transferred": accounts.transferred,
    "account.separated": accounts.separated,
    "account.restored": accounts.restored,
    "evidence.kept": inboxes.kept,
    "sign_in.invited": inboxes.invited,
    "sign_in.opened": inboxes.opened,
    "sign_in.joined": inboxes.joined,
    "notices.seen": inboxes.seen,
    "notice_address.given": inboxes.address_given,
    "notice_address.removed": inboxes.address_removed,
}
"""Type → its fold."""

SHAPES: Mapping[str, Sequence[int]] = {
    "activity.registered": (1, 2),
    "activity.changed": (1, 2),
    "activity_amendment.proposed": (1, 2),
    "import.begun": (1, 2),
}
"""Type → the shapes that its fold knows; of all others it is the first alone."""

SECRET: Mapping[str, SecretFold] = {
    "staff.appointed": organizations.appointed,
    "staff.amended": organizations.called,
    "volunteer.registered": volunteers.registered,
    "volunteer.amended": volunteers.amended,
}
"""Type → its fold, of events that name a person who is called so in a view."""


def fold(entry: Taken, rows: Rows, secrets: Secrets) -> None:
    """Let the views follow one entry; `Rows.undo` takes back what a failure leaves.

    Raises:
        UnknownShapeError: Its type is known, its shape is not.
        DanglingError: It rests on something of which no entry has told.
        KeyError: A fact is missing.
    """
    rows.begin(entry.seq)
    plain, secret = PLAIN.get(entry.type), SECRET.get(entry.type)
    if (plain or secret or entry.type in TELLS) and entry.shape not in SHAPES.get(
        entry.type, (1,)
    ):
        raise UnknownShapeError(entry.type)
    note_notices(entry, rows)
    if plain is not None:
        plain(entry, rows)
    elif secret is not None:
        secret(entry, rows, secrets)
    note_change(entry, rows)
    retally(rows)


def wanted(entries: Iterable[Taken]) -> Iterator[tuple[View, Key]]:
    """Yield the rows that entries will surely ask for, to load them all at once."""
    for entry in entries:
        want = _wanted_by(entry.type)
        if want is not None:
            yield from want(entry)


@cache
def _wanted_by(event_type: str) -> Want | None:
    return _WANTED.get(event_type.partition(".")[0])


_TASKS: Mapping[str, Sequence[TaskKind]] = {
    "record.publicized": (TaskKind.PUBLICIZE, TaskKind.REVIEW),
    "record.confirmed": (TaskKind.REVIEW,),
    "record.approved": (TaskKind.APPROVE,),
    "record.resubmitted": (TaskKind.RESUBMIT, TaskKind.PUBLICIZE),
}
"""Type → the tasks about its record that it closes or opens."""


_OF_BATCHES = ("record.resubmitted", "record.voided")
"""Types after which a batch has to be compared with its paper again."""


def _of_record(entry: Taken) -> Wanted:
    if entry.type == "record.submitted":
        activity, organization = _named(entry, "activity"), _named(entry, "on_behalf_of")
        attended = (*activity, *_named(entry, "volunteer"))
        return (ACTIVITIES, activity), (ATTENDANCE, attended), (ORGANIZATIONS, organization)
    tasks = (task(kind, entry.stream) for kind in _TASKS.get(entry.type, ()))
    rows = ((IMPORT_ROWS, (entry.stream,)),) if entry.type in _OF_BATCHES else ()
    return (RECORDS, (entry.stream,)), *rows, *((TASKS, key) for key in tasks)


def _in_stream(view: View) -> Want:
    def want(entry: Taken) -> Wanted:
        return ((view, (entry.stream,)),) if entry.version > 1 else ()

    return want


def _of_account(entry: Taken) -> Wanted:
    account = (ACCOUNTS, _named(entry, "volunteer"))
    if entry.type not in ("credit.entered", "credit.withdrawn"):
        return (account,)
    record = _named(entry, "record")
    return account, (CREDITS, record), (RECORDS, record), (CERTIFIED_COUNTS, record)


def _of_certificate(entry: Taken) -> Wanted:
    records = entry.facts.get("records", ())
    counts = ((CERTIFIED_COUNTS, (each,)) for each in records if isinstance(each, str))
    return (CERTIFICATES, (entry.stream,)), *counts


def _of_evidence(entry: Taken) -> Wanted:
    return ((EVIDENCE, _named(entry, "evidence")),)


def _of_sign_in(entry: Taken) -> Wanted:
    return ((SIGN_INS, (entry.stream,)),)


def _of_inbox(entry: Taken) -> Wanted:
    return ((NOTICES_SEEN, inboxes.seen_key(entry)),)


def _disclosed(entry: Taken) -> Wanted:
    return ((VOLUNTEERS, _named(entry, "volunteer")),)


def _named(entry: Taken, fact: str) -> Key:
    # A row that is none is found by no key; the fold says what is wrong with it.
    value = entry.facts.get(fact)
    return (value if isinstance(value, str) else "",)


_WANTED: Mapping[str, Want] = {
    **dict.fromkeys(("record", "objection", "amendment", "voiding"), _of_record),
    **dict.fromkeys(("activity", "activity_amendment"), _in_stream(ACTIVITIES)),
    **dict.fromkeys(("organization", "organization_key", "staff"), _in_stream(ORGANIZATIONS)),
    **dict.fromkeys(("volunteer", "correction", "guardian", "consent"), _in_stream(VOLUNTEERS)),
    **dict.fromkeys(("credit", "account"), _of_account),
    "profile": _disclosed,
    "evidence": _of_evidence,
    "sign_in": _of_sign_in,
    "notices": _of_inbox,
    "import": _in_stream(IMPORTS),
    "certificate": _of_certificate,
}

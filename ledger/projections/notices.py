"""Notices: whom an entry concerns, and how; noted before the entry changes what it concerns.

Only ids and kinds stand in these rows, no word of a person; texts are made when somebody reads.
What somebody did herself is no news to her, but for her own sign-in: another may have done it.
"""

from collections.abc import Iterator, Mapping

from ledger.projections import certificate_notices
from ledger.projections.notice_kinds import Notice, NoticeKind, Tell, To
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.tasks import TaskKind, task
from ledger.projections.view import Values
from ledger.projections.views import (
    ACTIVITIES,
    EVIDENCE,
    NOTICES,
    RECORDS,
    SIGN_INS,
    TASKS,
    VOLUNTEERS,
)

_NOTHING: Values = dict.fromkeys(
    ("record", "activity", "volunteer", "evidence", "about", "purpose", "certificate")
)
_OF_HERSELF = frozenset({NoticeKind.SIGN_IN_OPENED, NoticeKind.SIGN_IN_CLOSED})


def note_notices(entry: Taken, rows: Rows) -> None:
    """Note whom an entry concerns, each person once, as the things stand before it."""
    tell = TELLS.get(entry.type)
    if tell is None:
        return
    actor, told = entry.by.partition(":")[2], set()
    for notice in tell(entry, rows):
        for each in notice.to:
            is_own = each.recipient == actor and notice.kind not in _OF_HERSELF
            if is_own or each.recipient in told:
                continue
            told.add(each.recipient)
            row: Values = {
                **_NOTHING,
                **notice.about,
                "kind": notice.kind.value,
                "time": entry.time,
                "by": entry.by,
                "organization": each.organization,
                "on_behalf_of": entry.facts.get("on_behalf_of"),
            }
            rows.append(NOTICES, (each.recipient, entry.seq), row)


def _record(entry: Taken, rows: Rows) -> Values | None:
    """Return the record of an entry; where there is none, its own fold says so."""
    return rows.get(RECORDS, (entry.stream,))


def _of_record(entry: Taken, row: Values, about: str | None = None) -> Values:
    return {
        "record": entry.stream,
        "activity": row["activity"],
        "volunteer": row["volunteer"],
        "about": None if about is None else entry.facts[about],
    }


def _recorder(row: Values) -> To:
    return To(str(row["recorder"]), str(row["organization"]))


def _volunteer(row: Values) -> To:
    return To(str(row["volunteer"]))


def _asker(rows: Rows, kind: TaskKind, about: str) -> Iterator[To]:
    """Yield who asked for what is decided now; a system that did has no inbox."""
    row = rows.get(TASKS, task(kind, about))
    actor, _, asker = str(row["asked_by"] or "").partition(":") if row else ("", "", "")
    if row is not None and actor == "staff":
        yield To(asker, str(row["asked_for"] or ""))
    elif actor == "volunteer":
        yield To(asker)


def _returned(entry: Taken, rows: Rows) -> Iterator[Notice]:
    row = _record(entry, rows)
    if row is not None:
        about = _of_record(entry, row)
        yield Notice(NoticeKind.RECORD_RETURNED, about, (_recorder(row),))


def _objected(entry: Taken, rows: Rows) -> Iterator[Notice]:
    row = _record(entry, rows)
    if row is None:
        return
    to = [_recorder(row)]
    if entry.facts["objector"] != row["volunteer"]:
        to.append(_volunteer(row))
    yield Notice(NoticeKind.OBJECTION_RAISED, _of_record(entry, row, "objection"), to)


def _objection_decided(entry: Taken, rows: Rows) -> Iterator[Notice]:
    row, upheld = _record(entry, rows), entry.facts["upheld"]
    if row is None:
        return
    objection = entry.facts["objection"]
    asker = _asker(rows, TaskKind.DECIDE_OBJECTION, objection)
    kind = NoticeKind.OBJECTION_UPHELD if upheld else NoticeKind.OBJECTION_REJECTED
    to = (_recorder(row), _volunteer(row), *asker)
    yield Notice(kind, _of_record(entry, row, "objection"), to)


def _confirmed(entry: Taken, rows: Rows) -> Iterator[Notice]:
    row = _record(entry, rows)
    # What is held does not count yet: she is told when it does.
    if row is not None and not entry.facts.get("awaits"):
        yield Notice(NoticeKind.RECORD_CREDITED, _of_record(entry, row), (_volunteer(row),))


def _amending(kind: NoticeKind, *, recorder: bool, volunteer: bool, asker: bool) -> Tell:
    def tell(entry: Taken, rows: Rows) -> Iterator[Notice]:
        row = _record(entry, rows)
        if row is None:
            return
        to: list[To] = [_volunteer(row)] if volunteer else []
        if recorder:
            to.append(_recorder(row))
        if asker:
            to += _asker(rows, TaskKind.DECIDE_AMENDMENT, entry.facts["amendment"])
        about = _of_record(entry, row, "amendment")
        if kind in (NoticeKind.RECORD_AMENDED, NoticeKind.RECORD_VOIDED):
            # Who has a certificate of it is told that, which says as much and more.
            yield from certificate_notices.changed(entry, rows, about)
        yield Notice(kind, about, to)

    return tell


def _activity_decided(kind: NoticeKind) -> Tell:
    def tell(entry: Taken, rows: Rows) -> Iterator[Notice]:
        amendment = entry.facts["amendment"]
        about: Values = {"activity": entry.stream, "about": amendment}
        asker = _asker(rows, TaskKind.DECIDE_ACTIVITY_AMENDMENT, amendment)
        if rows.get(ACTIVITIES, (entry.stream,)) is not None:
            yield Notice(kind, about, asker)

    return tell


def _of_volunteer(kind: NoticeKind, about: str | None = None) -> Tell:
    def tell(entry: Taken, rows: Rows) -> Iterator[Notice]:
        volunteer, said = (
            entry.facts["volunteer"],
            None if about is None else entry.facts[about],
        )
        if rows.get(VOLUNTEERS, (volunteer,)) is not None:
            yield Notice(kind, {"volunteer": volunteer, "about": said}, (To(volunteer),))

    return tell


def _joined_or_parted(kind: NoticeKind, other: str) -> Tell:
    """Tell both: they may turn out to be two humans, or to have been."""

    def tell(entry: Taken, _: Rows) -> Iterator[Notice]:
        hers, others = entry.facts["volunteer"], entry.facts[other]
        about: Values = {"volunteer": hers, "about": others}
        yield Notice(kind, about, (To(hers), To(others)))

    return tell


def _particulars_shown(entry: Taken, rows: Rows) -> Iterator[Notice]:
    volunteer = entry.facts["volunteer"]
    if rows.get(VOLUNTEERS, (volunteer,)) is not None:
        about: Values = {"volunteer": volunteer, "purpose": entry.facts["purpose"]}
        yield Notice(NoticeKind.PARTICULARS_SHOWN, about, (To(volunteer),))


def _evidence_shown(entry: Taken, rows: Rows) -> Iterator[Notice]:
    """Tell all whom the file shows; none of them learns who else they are."""
    row = rows.get(EVIDENCE, (entry.facts["evidence"],))
    if row is None:
        return
    about: Values = {
        "evidence": entry.facts["evidence"],
        "activity": entry.facts["activity"],
        "purpose": entry.facts["purpose"],
    }
    to = [To(each) for each in str(row["persons"]).split()]
    yield Notice(NoticeKind.EVIDENCE_SHOWN, about, to)


def _sign_in(kind: NoticeKind) -> Tell:
    def tell(entry: Taken, rows: Rows) -> Iterator[Notice]:
        row = rows.get(SIGN_INS, (entry.stream,))
        if row is None:
            return
        is_taken = entry.facts.get("invitation") is not None
        names = ("invited_volunteer", "invited_staff") if is_taken else ("volunteer", "staff")
        # One human in two capacities is told once.
        whose = [str(row[name]) for name in names if row[name] is not None][:1]
        yield Notice(kind, {"about": entry.stream}, [To(each) for each in whose])

    return tell


TELLS: Mapping[str, Tell] = {
    "record.returned": _returned,
    "objection.raised": _objected,
    "objection.decided": _objection_decided,
    "record.confirmed": _confirmed,
    "record.approved": _confirmed,
    "amendment.proposed": _amending(
        NoticeKind.AMENDMENT_PROPOSED, recorder=False, volunteer=True, asker=False
    ),
    "voiding.proposed": _amending(
        NoticeKind.VOIDING_PROPOSED, recorder=False, volunteer=True, asker=False
    ),
    "amendment.replied": _amending(
        NoticeKind.AMENDMENT_REPLIED, recorder=False, volunteer=False, asker=True
    ),
    "amendment.accepted": _amending(
        NoticeKind.RECORD_AMENDED, recorder=True, volunteer=True, asker=True
    ),
    "amendment.rejected": _amending(
        NoticeKind.AMENDMENT_REJECTED, recorder=False, volunteer=True, asker=True
    ),
    "record.voided": _amending(
        NoticeKind.RECORD_VOIDED, recorder=True, volunteer=True, asker=True
    ),
    **certificate_notices.TELLS,
    "activity.amended": _activity_decided(NoticeKind.ACTIVITY_AMENDED),
    "activity_amendment.rejected": _activity_decided(NoticeKind.ACTIVITY_AMENDMENT_REJECTED),
    "volunteer.amended": _of_volunteer(NoticeKind.PARTICULARS_AMENDED, "answers"),
    "volunteer.confirmed": _of_volunteer(NoticeKind.IDENTITY_CONFIRMED),
    "correction.requested": _of_volunteer(NoticeKind.CORRECTION_REQUESTED, "correction"),
    "correction.withdrawn": _of_volunteer(NoticeKind.CORRECTION_WITHDRAWN, "correction"),
    "volunteer.merged": _joined_or_parted(NoticeKind.REGISTRATIONS_MERGED, "into"),
    "volunteer.separated": _joined_or_parted(NoticeKind.REGISTRATIONS_PARTED, "out_of"),
    "profile.disclosed": _particulars_shown,
    "evidence.disclosed": _evidence_shown,
    "sign_in.opened": _sign_in(NoticeKind.SIGN_IN_OPENED),
    "sign_in.closed": _sign_in(NoticeKind.SIGN_IN_CLOSED),
}
"""Type → whom an entry of it concerns."""

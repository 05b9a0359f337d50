"""What became of a certificate since it was issued 证明状态: told by the ledger, as of now.

Nothing has to be remembered for it: the certificate names the entries that each line rests on,
so whatever came after them is a change, and is seen whenever somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.application.office import Office
from ledger.application.states import ACCOUNT, ORGANIZATION, RECORD, fold
from ledger.application.streams import account_stream
from ledger.domain.certificate import Certificate, Line, RevocationGround, Stage
from ledger.domain.codes import Coded
from ledger.domain.event import Erased
from ledger.domain.organization.kinds import Status as Standing
from ledger.domain.record import AmendmentAccepted
from ledger.domain.record.service import changed


class Status(Coded):
    """How a certificate stands."""

    NOT_ISSUED = "not_issued", "not issued", "未出具"
    VALID = "valid", "valid", "有效"
    CHANGED = "changed", "a record was changed since", "出具后记录有变更"
    SUPERSEDED = "superseded", "superseded by another one", "已被新证明替代"
    REVOKED = "revoked", "revoked", "已撤销"
    ISSUER_SUSPENDED = "issuer_suspended", "its issuer is not in force", "出具单位已停权"
    ERASED = "erased", "its holder was erased", "持有人信息已删除"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """What became of one record: voided, or amended in these facts; minutes then and now.

    With neither, it was amended and amended back, or, at 0 minutes now, counts for somebody
    else: registrations were parted.
    """

    record: UUID
    voided: bool
    facts: tuple[str, ...]
    minutes: int
    minutes_now: int
    counts: bool = True
    """Whether it still counts for the holder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The status, with what explains it; ``minutes_now`` is what the records come to now."""

    status: Status
    changes: tuple[RecordChange, ...] = ()
    minutes_now: int | None = None
    is_issuer_out: bool = False
    superseded_by: UUID | None = None
    revoked: RevocationGround | None = None


def status_of(office: Office, state: Certificate) -> Told:
    """Return how a certificate stands now.

    Raises:
        As `States.get`.
    """
    face = state.issued
    if face is None:
        return Told(status=Status.NOT_ISSUED)
    if state.stage is Stage.REVOKED:
        return Told(status=Status.REVOKED, revoked=state.revoked)
    if state.stage is Stage.SUPERSEDED:
        return Told(status=Status.SUPERSEDED, superseded_by=state.superseded_by)
    if isinstance(face.lines, Erased):
        return Told(status=Status.ERASED)
    return _status_by_records(office, state, face.minutes, face.lines)


def _status_by_records(
    office: Office, state: Certificate, minutes: int, lines: Sequence[Line]
) -> Told:
    changes = tuple(_changes(office, lines, _counted(office, state.volunteer)))
    now = minutes + sum(each.minutes_now - each.minutes for each in changes)
    issuer = office.states.get(ORGANIZATION, state.issuer, fresh=True).state
    is_out = issuer is None or issuer.status in (Standing.SUSPENDED, Standing.REVOKED)
    if changes:
        return Told(
            status=Status.CHANGED, changes=changes, minutes_now=now, is_issuer_out=is_out
        )
    if is_out:
        return Told(status=Status.ISSUER_SUSPENDED, minutes_now=now, is_issuer_out=True)
    return Told(status=Status.VALID, minutes_now=now)


def _counted(office: Office, holder: UUID) -> frozenset[UUID]:
    """Return the records that count for the holder now, be it on an account that took hers."""
    known: UUID | None = holder
    account = None
    while known is not None:
        account = office.states.get(ACCOUNT, account_stream(known), fresh=True).state
        known = None if account is None else account.into
    return frozenset(() if account is None else (each.record for each in account.credits))


def _changes(
    office: Office, lines: Sequence[Line], counted: frozenset[UUID]
) -> list[RecordChange]:
    office.states.prefetch((RECORD, line.record) for line in lines)
    found = []
    for line in lines:
        known = office.states.get(RECORD, line.record, fresh=True)
        if line.record in counted and known.version == len(line.entries):
            continue
        change = _change(office, line, counts=line.record in counted)
        if change is not None:
            found.append(change)
    return found


def _change(office: Office, line: Line, *, counts: bool) -> RecordChange | None:
    events = office.states.events(RECORD, line.record)
    then = fold(RECORD, [each for each in events if each.seq <= line.entries[-1]]).state
    now = fold(RECORD, events).state
    if then is None or now is None:
        raise LookupError("a record that was certified is there")
    since = [each.event for each in events if each.seq > line.entries[-1]]
    if counts and not any(isinstance(each, AmendmentAccepted) for each in since):
        return None  # an amendment was proposed, or rejected: nothing has changed by it
    return RecordChange(
        record=line.record,
        voided=not now.is_credited,
        facts=changed(then.service, now.service),
        minutes=line.minutes,
        minutes_now=now.service.minutes if counts else 0,
        counts=counts or not now.is_credited,
    )

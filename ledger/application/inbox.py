"""A person's inbox 通知: what she was told under every id that she has, and what she has seen.

One human reads one inbox: as staff, as a volunteer, and of registrations that were merged into
hers. As staff she reads what concerns organizations where she has a role today, and no others.
Nobody reads another one's: whose it is follows from the sign-in alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from ledger.application.callers import Caller, as_volunteer
from ledger.application.desk import Done, Intent
from ledger.application.docket import Docket
from ledger.application.office import Office
from ledger.application.states import INBOX, VOLUNTEER
from ledger.application.streams import inbox_stream
from ledger.application.texts import Language, say
from ledger.domain.event import Actor, ActorKind, Erased
from ledger.domain.notices import give_address, remove_address, see
from ledger.domain.refusal import Refused, refuse
from ledger.projections.notice_kinds import NoticeKind
from ledger.store.view_notices import InboxAsked, InboxFound
from ledger.store.view_reader import AsOf

SEE, GIVE_ADDRESS, REMOVE_ADDRESS = (
    "notices.see",
    "notice_address.give",
    "notice_address.remove",
)

TEXT_OF = {
    NoticeKind.RECORD_RETURNED: "notice_record_returned",
    NoticeKind.OBJECTION_RAISED: "notice_objection_raised",
    NoticeKind.OBJECTION_UPHELD: "notice_objection_upheld",
    NoticeKind.OBJECTION_REJECTED: "notice_objection_rejected",
    NoticeKind.RECORD_CREDITED: "notice_record_credited",
    NoticeKind.AMENDMENT_PROPOSED: "notice_amendment_proposed",
    NoticeKind.VOIDING_PROPOSED: "notice_voiding_proposed",
    NoticeKind.AMENDMENT_REPLIED: "notice_amendment_replied",
    NoticeKind.RECORD_AMENDED: "notice_record_amended",
    NoticeKind.AMENDMENT_REJECTED: "notice_amendment_rejected",
    NoticeKind.RECORD_VOIDED: "notice_record_voided",
    NoticeKind.ACTIVITY_AMENDED: "notice_activity_amended",
    NoticeKind.ACTIVITY_AMENDMENT_REJECTED: "notice_activity_amendment_rejected",
    NoticeKind.PARTICULARS_AMENDED: "notice_particulars_amended",
    NoticeKind.IDENTITY_CONFIRMED: "notice_identity_confirmed",
    NoticeKind.CORRECTION_REQUESTED: "notice_correction_requested",
    NoticeKind.CORRECTION_WITHDRAWN: "notice_correction_withdrawn",
    NoticeKind.REGISTRATIONS_MERGED: "notice_registrations_merged",
    NoticeKind.REGISTRATIONS_PARTED: "notice_registrations_parted",
    NoticeKind.PARTICULARS_SHOWN: "notice_particulars_shown",
    NoticeKind.EVIDENCE_SHOWN: "notice_evidence_shown",
    NoticeKind.SIGN_IN_OPENED: "notice_sign_in_opened",
    NoticeKind.SIGN_IN_CLOSED: "notice_sign_in_closed",
    NoticeKind.CERTIFICATE_REQUESTED: "notice_certificate_requested",
    NoticeKind.CERTIFICATE_ACCEPTED: "notice_certificate_accepted",
    NoticeKind.CERTIFICATE_ISSUED: "notice_certificate_issued",
    NoticeKind.CERTIFICATE_DECLINED: "notice_certificate_declined",
    NoticeKind.CERTIFICATE_SUPERSEDED: "notice_certificate_superseded",
    NoticeKind.CERTIFICATE_REVOKED: "notice_certificate_revoked",
    NoticeKind.CERTIFICATE_CHANGED: "notice_certificate_changed",
    NoticeKind.CERTIFICATE_ISSUER_SUSPENDED: "notice_certificate_issuer_suspended",
    NoticeKind.CERTIFICATE_ISSUER_REINSTATED: "notice_certificate_issuer_reinstated",
}
"""What is said of each kind."""


class Signed(Protocol):
    """Who is signed in: a staff person, a volunteer, or one human who is both."""

    @property
    def staff(self) -> UUID | None: ...  # noqa: D102 - columns
    @property
    def volunteer(self) -> UUID | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Owner:
    """One human as an inbox knows her; ``volunteers`` are hers and those merged into it."""

    staff: UUID | None
    volunteers: tuple[UUID, ...]

    @property
    def chief(self) -> UUID:
        """The person under whose key her address is: the volunteer, or else the staff."""
        return self.persons[0]

    @property
    def persons(self) -> tuple[UUID, ...]:
        """Every id under which she is told something."""
        return (*self.volunteers, *([] if self.staff is None else [self.staff]))

    def actor(self, person: UUID) -> Caller:
        """Return who she is when she acts about one of her ids: she herself."""
        if person == self.staff:
            actor = Actor(ActorKind.STAFF, person)
            return Caller(
                actor=actor, staff=person, volunteer=next(iter(self.volunteers), None)
            )
        return as_volunteer(self.volunteers[0], staff=self.staff)


class _NothingNewError(Exception):
    """She had seen all of it by then."""


def owner_of(office: Office, signed: Signed) -> Owner:
    """Return whose inbox a sign-in opens.

    Raises:
        ValueError: It is nobody's: a programmer's mistake.
        As `States.get`.
    """
    volunteers: tuple[UUID, ...] = ()
    if signed.volunteer is not None:
        # Read afresh: another process may have parted the two again.
        known = office.states.get(VOLUNTEER, signed.volunteer, fresh=True).state
        volunteers = (signed.volunteer, *(() if known is None else known.absorbed))
    if signed.staff is None and not volunteers:
        raise ValueError("a sign-in is somebody's")
    return Owner(signed.staff, volunteers)


def asked_by(
    office: Office,
    owner: Owner,
    *,
    below: int | None = None,
    limit: int = 50,
    size: int | None = None,
    unread: bool = False,
) -> InboxAsked:
    """Return what is asked of the views for an inbox: no more than is for her today."""
    employers: Collection[UUID] = ()
    if owner.staff is not None:
        employers = office.views.employers(owner.staff)
    return InboxAsked(
        recipients=[str(each) for each in owner.persons],
        organizations=("", *sorted(str(each) for each in employers)),
        below=below,
        limit=limit,
        size=size,
        unread=unread,
    )


def read(office: Office, asked: InboxAsked) -> AsOf[InboxFound]:
    """Return a page of an inbox, newest first."""
    return office.views.inbox(asked)


def text_of(kind: str, language: Language) -> str:
    """Return what a notice of a kind says."""
    return say(TEXT_OF[NoticeKind(kind)], language)


def mark_seen(office: Office, owner: Owner, through: int) -> Sequence[Done[UUID]]:
    """Write down that she has seen her notices up to an entry; nothing where she had.

    Raises:
        ActRefused: There is no such entry yet.
        As `Desk.perform`.
    """
    asked = asked_by(office, owner, limit=1)
    found = read(office, asked)
    if through >= found.size:
        intent = Intent(act=SEE, target=owner.chief)
        office.desk.refuse(
            owner.actor(owner.chief), intent, refuse("notice_is_not_there", "through")
        )
    done: list[Done[UUID]] = []
    last = office.views.last_notices(asked, through)
    hers = [each for each in owner.volunteers if str(each) in last]
    for persons in (hers, [each for each in (owner.staff,) if each and str(each) in last]):
        if persons:
            try:
                done.append(_see(office, owner, {each: last[str(each)] for each in persons}))
            except _NothingNewError:
                continue
    return done


def _see(office: Office, owner: Owner, marks: dict[UUID, int]) -> Done[UUID]:
    first = next(iter(marks))

    def decided(docket: Docket) -> UUID:
        for person, through in marks.items():
            stream = inbox_stream(person)
            events = see(docket.read(INBOX, stream), person, through, by=docket.act.by.id)
            if events:
                docket.add(INBOX, stream, events)
        if docket.is_empty:
            raise _NothingNewError
        return first

    return office.desk.perform(owner.actor(first), Intent(act=SEE, target=first), decided)


def address_of(office: Office, owner: Owner) -> str | None:
    """Return where she wants mail; None where nowhere, or it was erased."""
    for person in owner.persons:
        state = office.states.get(INBOX, inbox_stream(person), fresh=True).state
        if state is not None and state.address is not None:
            return None if isinstance(state.address, Erased) else state.address
    return None


def set_address(office: Office, owner: Owner, address: str) -> Done[UUID]:
    """Take an address, under her own key; one of another id of hers is used no more.

    Raises:
        ActRefused: It is none, it is the one she gave, or she was erased.
        As `Desk.perform`.
    """

    def decided(docket: Docket) -> UUID | Refused:
        stream = inbox_stream(owner.chief)
        events = give_address(docket.read(INBOX, stream), owner.chief, address)
        if isinstance(events, Refused):
            return events
        docket.add(INBOX, stream, events)
        for other in owner.persons:
            if other != owner.chief:
                _remove(docket, other)
        return owner.chief

    intent = Intent(act=GIVE_ADDRESS, target=owner.chief)
    return office.desk.perform(owner.actor(owner.chief), intent, decided)


def drop_address(office: Office, owner: Owner) -> Done[UUID]:
    """Use her address no more, whichever of her ids it was given under.

    Raises:
        ActRefused: There is none.
        As `Desk.perform`.
    """

    def decided(docket: Docket) -> UUID | Refused:
        for each in owner.persons:
            _remove(docket, each)
        return refuse("notice_address_is_missing") if docket.is_empty else owner.chief

    intent = Intent(act=REMOVE_ADDRESS, target=owner.chief)
    return office.desk.perform(owner.actor(owner.chief), intent, decided)


def _remove(docket: Docket, person: UUID) -> None:
    stream = inbox_stream(person)
    events = remove_address(docket.read(INBOX, stream), person)
    if not isinstance(events, Refused):
        docket.add(INBOX, stream, events)

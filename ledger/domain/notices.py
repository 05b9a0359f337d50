"""Notices 通知: up to where a person has seen what she was told, and where mail reaches her.

That a volunteer was told of a proposed amendment, and saw it, is part of how her record came to
be (Order 67, Art. 13): so it is recorded. Where she wants mail she says herself; the address is
a personal fact, and nobody has one who gave none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, TypeAlias, assert_never
from uuid import UUID

from ledger.domain.event import About, Erased, Happened
from ledger.domain.refusal import Refusal, Refused, refuse

ADDRESS_MAX = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3, without the brackets)."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesSeen:
    """Her notices were shown to her up to the one of entry ``through``, and she said so.

    Where ``person`` was merged into another registration, it is that one who said so: what it
    has seen is ``person``'s as long as they are one human, and no longer.
    """

    TYPE: ClassVar[str] = "notices.seen"
    SHAPE: ClassVar[int] = 1

    person: UUID
    through: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAddressGiven:
    """She wants to be told by mail, at this address, that there are notices (PIPL 14)."""

    TYPE: ClassVar[str] = "notice_address.given"
    SHAPE: ClassVar[int] = 1

    person: UUID
    address: Annotated[str | Erased, About("person")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAddressRemoved:
    """She wants no more mail (PIPL 15): the address that she gave is used no more."""

    TYPE: ClassVar[str] = "notice_address.removed"
    SHAPE: ClassVar[int] = 1

    person: UUID


InboxEvent: TypeAlias = NoticesSeen | NoticeAddressGiven | NoticeAddressRemoved


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One person's inbox: ``seen_through`` is told of each who said so, by her id.

    ``address`` None wants no mail.
    """

    person: UUID
    seen_through: Mapping[UUID, int] = field(default_factory=dict)
    address: str | Erased | None = None


def evolve(state: Inbox | None, event: InboxEvent, happened: Happened) -> Inbox:
    """Return an inbox after an event; what was seen stays seen."""
    inbox = state or Inbox(person=event.person)
    match event:
        case NoticesSeen():
            by, seen = happened.by.id, inbox.seen_through
            through = max(seen.get(by, -1), event.through)
            return replace(inbox, seen_through={**seen, by: through})
        case NoticeAddressGiven():
            return replace(inbox, address=event.address)
        case NoticeAddressRemoved():
            return replace(inbox, address=None)
        case _:
            assert_never(event)


def see(
    state: Inbox | None, person: UUID, through: int, *, by: UUID
) -> tuple[NoticesSeen, ...]:
    """Return what is recorded when she has seen her notices up to one; nothing if she had.

    ``by`` is under which of her ids she acts.
    """
    if state is not None and through <= state.seen_through.get(by, -1):
        return ()
    return (NoticesSeen(person=person, through=through),)


def give_address(
    state: Inbox | None, person: UUID, address: str
) -> tuple[NoticeAddressGiven, ...] | Refused:
    """Take an address, in the place of one that she gave before."""
    refused = check_address(address, "address")
    if refused is not None:
        return Refused((refused,))
    if state is not None and state.address == address:
        return refuse("nothing_is_changed")
    return (NoticeAddressGiven(person=person, address=address),)


def remove_address(
    state: Inbox | None, person: UUID
) -> tuple[NoticeAddressRemoved, ...] | Refused:
    """Use an address no more."""
    if state is None or state.address is None:
        return refuse("notice_address_is_missing")
    return (NoticeAddressRemoved(person=person),)


def check_address(value: str, about: str) -> Refusal | None:
    """Return why an address is refused, or None: ASCII, one ``@``, its domain in lower case.

    No spaces, quotes, brackets or line ends: what goes into a header is nothing else than an
    address (RFC 5321, 4.1.2, Dot-string). A domain in Hanzi is given in its ASCII form.
    """
    fits = len(value) <= ADDRESS_MAX and _ADDRESS.fullmatch(value)
    return None if fits else Refusal("mail_address_is_malformed", about)

"""Events of inboxes, as they may stand in a log."""

from uuid import UUID

from ledger.domain.event import Event
from ledger.domain.notices import NoticeAddressGiven, NoticeAddressRemoved, NoticesSeen

PERSON = UUID(int=0x701)

SEEN = NoticesSeen(person=PERSON, through=4_096)
GIVEN = NoticeAddressGiven(person=PERSON, address="zhang.si@example.org")
REMOVED = NoticeAddressRemoved(person=PERSON)
SAMPLES: tuple[Event, ...] = (SEEN, GIVEN, REMOVED)

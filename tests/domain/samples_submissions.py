"""One of every event of signed submissions, as golden files keep them."""

from uuid import UUID

from ledger.domain.event import Event
from ledger.domain.submissions import StatementKept, SubmissionReceived

SUBMISSION = UUID(int=0xA00)

SAMPLES: tuple[Event, ...] = (
    SubmissionReceived(
        submission=SUBMISSION,
        organization=UUID(int=0x403),
        key=UUID(int=0x600),
        jti="2026-11-30-000017",
        digest="5d" * 32,
        jws='{"payload":"eyJ9","protected":"eyJ9","signature":"AA"}',
        items=2,
        refused=1,
        entries=3,
    ),
    StatementKept(
        submission=SUBMISSION,
        index=0,
        act="record.submit",
        thing=UUID(int=0x900),
        digest="0f" * 32,
        person=UUID(int=0x700),
        text='{"act":"record.submit","content":"陪伴老人𠮷"}',
    ),
)

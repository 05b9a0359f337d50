"""One event of each kind that an account knows."""

from datetime import UTC, datetime
from uuid import UUID

from ledger.domain.account import (
    AccountAbsorbed,
    AccountEvent,
    AccountRestored,
    AccountSeparated,
    AccountTransferred,
    Cause,
    Credit,
    CreditEntered,
    CreditWithdrawn,
)

KEPT = UUID(int=0xA1)
MERGED = UUID(int=0xA2)
RECORD = UUID(int=0xA3)
ORGANIZATION = UUID(int=0xA4)
START = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)
END = datetime(2026, 10, 10, 4, 0, tzinfo=UTC)

CREDIT = Credit(
    record=RECORD,
    recorded_for=MERGED,
    organization=ORGANIZATION,
    start=START,
    end=END,
    minutes=150,
)

SAMPLES: tuple[AccountEvent, ...] = (
    CreditEntered(
        volunteer=MERGED,
        record=RECORD,
        recorded_for=MERGED,
        organization=ORGANIZATION,
        start=START,
        end=END,
        minutes=150,
    ),
    CreditWithdrawn(volunteer=MERGED, record=RECORD, cause=Cause.AMENDED),
    AccountAbsorbed(volunteer=KEPT, source=MERGED, owners=(MERGED,), credits=(CREDIT,)),
    AccountTransferred(volunteer=MERGED, into=KEPT),
    AccountSeparated(volunteer=KEPT, source=MERGED, owners=(MERGED,)),
    AccountRestored(volunteer=MERGED, out_of=KEPT, credits=(CREDIT,)),
)

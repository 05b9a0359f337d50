"""One of every event of signing in and out on the spot, as golden files keep them."""

from datetime import UTC, datetime
from uuid import UUID

from ledger.domain.event import Event
from ledger.domain.presence import PresenceAmended, PresenceSignedIn, PresenceSignedOut

ACTIVITY = UUID(int=0x800)
VOLUNTEER = UUID(int=0x700)
CAME = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
WENT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

SIGNED_IN = PresenceSignedIn(
    activity=ACTIVITY,
    volunteer=VOLUNTEER,
    session=1,
    at=CAME,
    point=1,
    is_within=True,
    is_offline=False,
    on_behalf_of=None,
)
SIGNED_OUT = PresenceSignedOut(
    activity=ACTIVITY,
    volunteer=VOLUNTEER,
    session=1,
    at=WENT,
    point=None,
    is_within=None,
    is_offline=True,
    on_behalf_of=UUID(int=0x403),
)
AMENDED = PresenceAmended(
    activity=ACTIVITY,
    volunteer=VOLUNTEER,
    session=1,
    signed_in_at=CAME,
    signed_out_at=WENT,
    reason="忘记签退,已核对现场签到表。",
    on_behalf_of=UUID(int=0x403),
)
SAMPLES: tuple[Event, ...] = (SIGNED_IN, SIGNED_OUT, AMENDED)

"""Presence 签到签退: when a volunteer signed in and out on the spot, in one activity."""

from ledger.domain.presence.commands import AmendPresence, Command, SignIn, SignOut
from ledger.domain.presence.deciding import (
    OFFLINE_DAYS_MAX,
    SESSIONS_PER_DAY_MAX,
    Surroundings,
    decide,
)
from ledger.domain.presence.events import (
    PresenceAmended,
    PresenceEvent,
    PresenceSignedIn,
    PresenceSignedOut,
)
from ledger.domain.presence.nearness import is_within_radius
from ledger.domain.presence.state import Presence, Session, evolve

__all__ = [
    "OFFLINE_DAYS_MAX",
    "SESSIONS_PER_DAY_MAX",
    "AmendPresence",
    "Command",
    "Presence",
    "PresenceAmended",
    "PresenceEvent",
    "PresenceSignedIn",
    "PresenceSignedOut",
    "Session",
    "SignIn",
    "SignOut",
    "Surroundings",
    "decide",
    "evolve",
    "is_within_radius",
]

"""Events of sign-ins, and of acts that were refused, as they may stand in a log."""

from datetime import UTC, datetime
from uuid import UUID

from ledger.domain.access.events import (
    Ground,
    SignInClosed,
    SignInInvited,
    SignInJoined,
    SignInOpened,
)
from ledger.domain.event import Event
from ledger.domain.refused_acts import ActRefused

SIGN_IN = UUID(int=0x51)
OTHER_SIGN_IN = UUID(int=0x52)
STAFF = UUID(int=0x57)
VOLUNTEER = UUID(int=0x701)
ORGANIZATION = UUID(int=0x0B)
KEY = UUID(int=0x4E1)
INVITATION = "1a" * 32
CREDENTIAL = "c4" * 32

SAMPLES: tuple[Event, ...] = (
    SignInInvited(
        sign_in=SIGN_IN,
        staff=STAFF,
        volunteer=None,
        invitation=INVITATION,
        expires_at=datetime(2026, 11, 27, 2, 0, tzinfo=UTC),
        on_behalf_of=ORGANIZATION,
    ),
    SignInOpened(sign_in=SIGN_IN, credential=CREDENTIAL, invitation=INVITATION),
    SignInOpened(sign_in=SIGN_IN, credential="c5" * 32, invitation=None),
    SignInClosed(sign_in=SIGN_IN, reason=Ground.LEFT, on_behalf_of=ORGANIZATION),
    SignInJoined(sign_in=SIGN_IN, into=OTHER_SIGN_IN),
    ActRefused(
        act="record.confirm",
        target=UUID(int=0x5EC),
        codes=("reviewer_is_recorder", "publicity_is_open"),
        digest="d1" * 32,
        claimed=None,
        on_behalf_of=ORGANIZATION,
    ),
    ActRefused(
        act="submission.receive",
        target=None,
        codes=("signature_is_bad",),
        digest=None,
        claimed=KEY,
        on_behalf_of=None,
    ),
)

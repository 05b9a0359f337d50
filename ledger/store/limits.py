"""How far a log may run ahead of its witnesses, and its clock ahead of what is known.

Both are asked under the head's lock, before anything is linked: what is refused here has
left no trace. A clock that stands *behind* the log is no reason to refuse, for the log's
time never goes back; that it did is recorded (`clock.doubted`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.proof.entry import parse_time
from ledger.store.event import ClockInDoubtError, UnwitnessedError
from ledger.store.head import BEFORE_ANY, Head

CLOCK_BOUND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The newest checkpoint that a quorum of the policy has cosigned.

    ``time`` is the newest instant at which a quorum said so.
    """

    size: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What an extension of the log is held against.

    ``unwitnessed_max`` is how many entries may lie beyond the last quorum, None where the
    policy asks for no quorum. ``clock_ahead`` is how far the clock may stand after the
    newest of the head's time, the last quorum's and ``clock_checked``, the instant at which
    somebody last compared it. ``clock_bound`` is how far it may stand behind unrecorded.
    """

    unwitnessed_max: int | None
    clock_ahead: timedelta
    witnessed: Callable[[], Witnessed | None]
    clock_checked: datetime | None = None
    clock_bound: timedelta = CLOCK_BOUND

    def room(self, head: Head, *, now: datetime) -> "Room":
        """Return how far the head may be extended now.

        Raises:
            ClockInDoubtError: The clock stands too far ahead; nothing may be appended.
        """
        witnessed = self.witnessed()
        known = [self.clock_checked, witnessed.time if witnessed else None]
        if head.time != BEFORE_ANY:
            known.append(parse_time(head.time))
        references = [each for each in known if each is not None]
        # The first entry of a log that nobody has witnessed has nothing to be held against.
        if references and now > max(references) + self.clock_ahead:
            raise ClockInDoubtError(now, max(references))
        return Room(witnessed.size if witnessed else 0, self.unwitnessed_max)

    def is_behind(self, head: Head, *, now: datetime) -> bool:
        """Return whether the clock stands further behind the log than is tolerated."""
        return head.time != BEFORE_ANY and now < parse_time(head.time) - self.clock_bound


@dataclass(frozen=True, slots=True)
class Room:
    """Up to ``allowed`` entries may lie beyond ``witnessed``; any number where it is None."""

    witnessed: int = 0
    allowed: int | None = None

    def check(self, *, size: int, count: int) -> None:
        """Return if a log of ``size`` entries may take on ``count`` more.

        Raises:
            UnwitnessedError: It would run too far ahead of its witnesses.
        """
        if self.allowed is not None and count and size + count > self.witnessed + self.allowed:
            raise UnwitnessedError(size, self.witnessed, self.allowed)

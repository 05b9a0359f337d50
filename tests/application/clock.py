"""A clock that a test sets, by the days and hours of Beijing."""

from datetime import UTC, date, datetime, timedelta

from ledger.domain.civil_time import civil_date


def beijing(text: str) -> datetime:
    """Return the instant of a wall clock in Beijing, as `2026-11-24 10:00`."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


class Clock:
    """Stands still until a test sets it."""

    def __init__(self, text: str) -> None:
        self.now = beijing(text)

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        """Set it, as `2026-11-24 10:00`."""
        self.now = beijing(text)

    def advance(self, **by: int) -> None:
        """Let it go on, as `advance(days=1)`."""
        self.now += timedelta(**by)

    @property
    def today(self) -> date:
        """The civil date that it shows."""
        return civil_date(self.now)

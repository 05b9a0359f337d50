"""Civil time of Beijing: instants are kept in UTC, days and hours of the clock are +08:00.

The offset is fixed. China has had no summer time since 1991, no service of this ledger is
older, and a time zone database that differs between two machines would judge one record by
two days.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def civil_time(instant: datetime) -> datetime:
    """Return an instant as the clock on a wall in Beijing shows it.

    The last eight hours that can be written in UTC end with the year 9999 here, so that
    every instant that can be submitted has a civil date and can be refused by it.

    Raises:
        ValueError: The instant has no zone: a programmer's mistake.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant with a zone is wanted")
    try:
        return instant.astimezone(BEIJING)
    except OverflowError:
        return datetime.max.replace(tzinfo=BEIJING)


def civil_date(instant: datetime) -> date:
    """Return the civil date of an instant.

    Raises:
        ValueError: The instant has no zone: a programmer's mistake.
    """
    return civil_time(instant).date()


def instant(day: date, at: time) -> datetime:
    """Return the instant in UTC at which a clock in Beijing shows this day and time.

    The first eight hours of the year 1 begin with it in UTC.

    Raises:
        ValueError: ``at`` has a zone of its own: a programmer's mistake.
    """
    if at.tzinfo is not None:
        raise ValueError("a time of the clock without a zone is wanted")
    try:
        return datetime.combine(day, at, BEIJING).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)

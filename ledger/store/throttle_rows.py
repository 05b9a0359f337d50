"""How often something was tried in a stretch of time, counted once for all processes.

An attempt is counted before it is made, so that many at once do not slip past together; what
turns out well is taken back. What is counted stands here as a keyed digest alone: neither
names nor addresses.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from ledger.store.access_rows import writing_rows
from ledger.store.schema import throttles

_PURPOSE = b"ledger throttles\n"
_KEPT = timedelta(days=1)
_COUNT = """
INSERT INTO throttles (log, key_digest, window_start, failures)
VALUES (:log, :key, :now, 1)
ON CONFLICT (log, key_digest) DO UPDATE SET
    failures = CASE WHEN throttles.window_start > :now OR throttles.window_start <= :before
        THEN 1 ELSE throttles.failures + 1 END,
    window_start = CASE WHEN throttles.window_start > :now OR throttles.window_start <= :before
        THEN :now ELSE throttles.window_start END
RETURNING failures, window_start
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in a stretch of time, which begins with the first."""

    most: int
    window: timedelta


class ThrottleRows:
    """The counts of one ledger, from any thread and process."""

    def __init__(self, engine: sa.Engine, *, origin: str, secret: bytes) -> None:
        """Name what is counted by a key that is derived from a secret of the service."""
        self._engine = engine
        self._origin = origin
        self._key = hmac.digest(secret, _PURPOSE + origin.encode(), sha256)

    def count(self, what: str, limit: Limit, *, now: datetime) -> timedelta | None:
        """Count an attempt; return how long to wait where there were too many, else None."""
        second = int(now.timestamp())
        width = int(limit.window.total_seconds())
        values = {**self._place(what), "now": second, "before": second - width}
        old = second - int(_KEPT.total_seconds())
        with writing_rows(self._engine) as connection:
            failures, start = connection.execute(sa.text(_COUNT), values).one()
            # The first of a stretch sweeps: one that goes on costs a single statement.
            if failures == 1:
                ended = throttles.c.window_start < old
                connection.execute(
                    sa.delete(throttles).where(throttles.c.log == self._origin, ended)
                )
        if failures <= limit.most:
            return None
        return timedelta(seconds=max(1, start + width - second))

    def take_back(self, what: str) -> None:
        """Take one attempt back: it turned out well."""
        taken = sa.text(
            "UPDATE throttles SET failures = failures - 1"
            " WHERE log = :log AND key_digest = :key AND failures > 0"
        )
        with writing_rows(self._engine) as connection:
            connection.execute(taken, self._place(what))

    def forget(self, what: str) -> None:
        """Take all attempts back."""
        place = self._place(what)
        with writing_rows(self._engine) as connection:
            connection.execute(
                sa.delete(throttles).where(
                    throttles.c.log == place["log"], throttles.c.key_digest == place["key"]
                )
            )

    def _place(self, what: str) -> dict[str, object]:
        said = what.encode("utf-8", "surrogatepass")
        return {"log": self._origin, "key": hmac.digest(self._key, said, sha256)}

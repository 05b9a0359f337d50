"""Clocks that a test rules; an appender reads its clock under the lock, once a commit."""

import threading
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Ticking:
    """Goes on by a second each time it is read, so commits can be told apart."""

    def __init__(self) -> None:
        self.now = BEGINNING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Stopped:
    """Keeps whoever reads it waiting, with the lock and with the keys that were read."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.go = threading.Event()

    def __call__(self) -> datetime:
        self.entered.set()
        self.go.wait()
        return BEGINNING

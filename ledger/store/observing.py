"""Whoever watches appends: told of each commit and answer, and asked before each commit."""

from concurrent.futures import Future
from typing import Protocol

from ledger.store.event import Appended


class AppendObserver(Protocol):
    """Watches one process's appends, on the appender's own thread, so it must be quick."""

    def check(self) -> None:
        """Return while this process may write; what it raises, the submitters get."""

    def committed(self, *, entries: int, seconds: float) -> None:
        """Take note of one commit, of how many entries, and how long it took."""

    def answered(self, answer: "Future[Appended]") -> None:
        """Take note of what one submitter was told."""


class Unobserved:
    """`AppendObserver` that watches nothing."""

    def check(self) -> None:
        """Return."""

    def committed(self, *, entries: int, seconds: float) -> None:
        """Forget it."""

    def answered(self, answer: "Future[Appended]") -> None:
        """Forget it."""

"""What an operator watches: the log's sizes as they are now, and what happened since.

Sizes come from the database and the register at the moment of the scrape, so every worker
gives the same. What happened is counted in each process; with several workers the counts lie
in files of a folder that the starter has emptied, and whichever worker is asked adds them up.
No label has more values than there are codes, kinds of tiles and configured witnesses.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    Metric,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ledger.application.explaining import explain
from ledger.application.log_state import LogState
from ledger.store.event import ClockInDoubtError, RolledBackError

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one instance keep their counts; unset where there is one process."""
CONTENT_TYPE = CONTENT_TYPE_LATEST
_COMMIT_ENTRIES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000)
_COMMIT_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """What is counted in this process, and the sizes that are read when asked for."""

    def __init__(self, state: Callable[[], LogState]) -> None:
        """Ask ``state`` at each scrape; it may raise, and then no size is given."""
        self._folder = os.environ.get(FOLDER_VARIABLE)
        self._state = state
        self._registry = CollectorRegistry()
        self._tiles = Counter(
            "ledger_tile_requests",
            "Requests for tiles and entry bundles.",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._damaged = Counter(
            "ledger_tiles_damaged",
            "Tiles and bundles that did not add up to the log and were not handed out.",
            registry=self._registry,
        )
        self._appends = Counter(
            "ledger_appends",
            "Submissions answered, by `accepted` or the code of the refusal.",
            ["code"],
            registry=self._registry,
        )
        self._clock = Counter(
            "ledger_clock_anomalies",
            "Submissions refused because the clock is in doubt.",
            registry=self._registry,
        )
        self._commit_entries = Histogram(
            "ledger_commit_entries",
            "Entries of one commit.",
            buckets=_COMMIT_ENTRIES,
            registry=self._registry,
        )
        self._commit_seconds = Histogram(
            "ledger_commit_seconds",
            "From the lock of the head to the registered commit.",
            buckets=_COMMIT_SECONDS,
            registry=self._registry,
        )
        self._reserve()

    def count_tile(self, *, kind: str, outcome: str) -> None:
        """Count one request for a tile."""
        self._tiles.labels(kind, outcome).inc()
        if outcome == "damaged":
            self._damaged.inc()

    def committed(self, *, entries: int, seconds: float) -> None:
        """Count one commit."""
        self._commit_entries.observe(entries)
        self._commit_seconds.observe(seconds)

    def answered(self, refusal: BaseException | None) -> None:
        """Count one submission that got its answer."""
        self._appends.labels("accepted" if refusal is None else _code(refusal)).inc()
        if isinstance(refusal, ClockInDoubtError):
            self._clock.inc()

    def text(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        registry = CollectorRegistry()
        if self._folder is None:
            registry.register(_Kept(self._registry))
        else:
            MultiProcessCollector(registry, self._folder)  # type: ignore[no-untyped-call]
        registry.register(_Sizes(self._state))
        return generate_latest(registry)

    def _reserve(self) -> None:
        """Take up the counts' space now: a full disk kills who writes to a mapped file."""
        if self._folder is None:
            return
        for path in Path(self._folder).glob(f"*_{os.getpid()}.db"):
            with path.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


def _code(refusal: BaseException) -> str:
    explained = explain(refusal) if isinstance(refusal, Exception) else None
    if explained is not None:
        return explained[0]
    # As many as there are classes of refusals: StreamMovedOn is stream_moved_on.
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()


class _Kept(Collector):
    """What another registry has counted."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        return self._registry.collect()


class _Sizes(Collector):
    """The sizes of the log at the moment of the scrape."""

    def __init__(self, state: Callable[[], LogState]) -> None:
        self._state = state

    def describe(self) -> Iterable[Metric]:
        return ()  # otherwise registering it would already ask the database

    def collect(self) -> Iterator[Metric]:
        try:
            state = self._state()
        except Exception:  # noqa: BLE001 - a database that is away leaves the counts readable
            yield _gauge("readable", "1 if the log's database answers.", 0)
            return
        trouble = state.trouble
        yield _gauge("readable", "1 if the log's database answers.", 1)
        yield _gauge("entries", "Entries committed.", state.size)
        yield _gauge("signed_entries", "Size of the newest signed checkpoint.", state.signed)
        yield _gauge(
            "witnessed_entries",
            "Size of the newest checkpoint with a quorum; 0 where none is asked for.",
            state.witnessed or 0,
        )
        yield _gauge(
            "unwitnessed_entries",
            "Entries beyond the last quorum, where one is asked for.",
            state.unwitnessed,
        )
        yield _gauge(
            "register_behind_entries",
            "Committed entries that the head register did not know of.",
            state.register_behind,
        )
        yield _gauge("extendable", "1 if an append would be taken.", trouble is None)
        yield _gauge(
            "rolled_back",
            "1 if the database does not continue the head register.",
            isinstance(trouble, RolledBackError),
        )
        yield from _witnesses(state)
        yield from _views(state)
        yield from _mail(state)


def _views(state: LogState) -> Iterator[Metric]:
    views = state.views
    if views is None:
        return
    behind = max(0, state.size - views.position)
    yield _gauge("views_behind_entries", "Entries that lists do not show yet.", behind)
    yield _gauge("views_failures", "Entries that could not be folded.", views.failures)
    yield _gauge("views_stuck", "1 while nothing can be folded.", views.is_in_trouble)


def _mail(state: LogState) -> Iterator[Metric]:
    mail = state.mail
    if mail is None:
        return
    for name, text, value in (
        ("mails_sent", "Mails about notices that the mail server took.", mail.sent),
        ("mails_failed", "Mails about notices that were given up.", mail.failed),
    ):
        yield CounterMetricFamily(f"ledger_{name}", text, value=value)
    yield _gauge("mail_waiting", "People for whom mail about notices waits.", mail.waiting)
    yield _gauge("mail_stuck", "1 while the mail server takes none.", mail.is_stuck)


def _witnesses(state: LogState) -> Iterator[Metric]:
    sizes = GaugeMetricFamily(
        "ledger_witness_entries", "Size that a witness cosigned last.", labels=["witness"]
    )
    times = GaugeMetricFamily(
        "ledger_witness_time_seconds",
        "When a witness cosigned last, since 1970.",
        labels=["witness"],
    )
    away = GaugeMetricFamily(
        "ledger_witness_away",
        "1 while a witness does not cosign, and why.",
        labels=["witness", "code"],
    )
    for each in state.witnesses:
        sizes.add_metric([each.name], each.size)
        times.add_metric([each.name], each.time or 0)
        if each.trouble:
            away.add_metric([each.name, each.trouble], 1)
    yield from (sizes, times, away)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"ledger_{name}", text, value=float(value))

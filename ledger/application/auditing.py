"""The whole of an audit: stretches and streams shared out among processes, one verdict."""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from ledger.audit.chunk import ChunkReport, Question, check_chunk
from ledger.audit.finding import Finding, Tally
from ledger.audit.links import SUM_MODULUS
from ledger.audit.source import LogSource
from ledger.audit.verdict import StreamReport, Verdict, check_streams, chunks
from ledger.proof.checkpoint import Checkpoint

Share = tuple[StreamReport, Tally]
"""What one share of the streams adds to the whole, and what was found in it."""

PROCESSES = 2
AHEAD = 2
"""Stretches given out beyond those being read: enough to keep every process busy."""

STREAM_SHARES = (
    ("00000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff"),
    ("80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
)
SMALL = 2_000
"""Logs up to this size are checked in this process: starting others takes longer."""


class OpenSource(Protocol):
    """Opens a log for reading, in whatever process it is called; it is sent there pickled."""

    def __call__(self) -> LogSource:
        """Return a source of this process's own."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit says: sound, not sound, or that it cannot tell."""

    scope: str
    checkpoint: Checkpoint
    tally: Tally
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether nothing was found, and nothing is left that decides whether to rely on it."""
        return self.tally.sound and self.tally.decided

    def as_json(self) -> dict[str, object]:
        """Return the report of architecture section 5."""
        tally = self.tally
        return {
            "ok": self.ok,
            "scope": self.scope,
            "log": self.checkpoint.origin,
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.hex(),
            "findings": [_as_json(finding) for finding in tally.findings],
            "not_listed": {code.value: count for code, count in tally.beyond.items()},
            "unchecked": [
                {"code": what.value, "detail": detail, "count": count}
                for (what, detail), count in tally.unchecked.items()
            ],
            "seconds": round(self.seconds, 3),
        }


def audit(
    open_source: OpenSource,
    question: Question,
    *,
    scope: str,
    progress: Callable[[int, int], None],
    processes: int = PROCESSES,
) -> AuditReport:
    """Check a whole log; ``progress(done, size)`` is told as it goes.

    Memory does not grow with the log: at most a few stretches are held at a time.

    Raises:
        Whatever the source raises when it cannot be read at all.
    """
    began = time.monotonic()
    source = open_source()
    # Read once, before the head: a log that grows meanwhile would never meet it.
    question = replace(question, registered=source.registered())
    verdict = Verdict(source, question)
    if verdict.size <= SMALL or processes == 1:
        _alone(open_source, question, verdict, progress)
    else:
        _shared(open_source, question, verdict, progress, processes)
    checkpoint = verdict.conclude()
    return AuditReport(scope, checkpoint, verdict.tally, time.monotonic() - began)


def _alone(
    open_source: OpenSource,
    question: Question,
    verdict: Verdict,
    progress: Callable[[int, int], None],
) -> None:
    source, links = open_source(), 0
    for start, stop in chunks(verdict.size):
        report = check_chunk(source, question, start, stop)
        links += report.links
        verdict.take(report)
        progress(stop, verdict.size)
    shares = [_check_share(source, share, verdict.size) for share in STREAM_SHARES]
    if not source.rehash_links and not _add_up(shares, links):
        source.rehash_links = True
        shares = [_check_share(source, share, verdict.size) for share in STREAM_SHARES]
    verdict.take_streams(shares)


def _shared(
    open_source: OpenSource,
    question: Question,
    verdict: Verdict,
    progress: Callable[[int, int], None],
    processes: int,
) -> None:
    # Spawned, not forked: a forked process would share database connections.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:

        def given_out(*, rehash: bool) -> list[Future[Share]]:
            size = verdict.size
            return [
                pool.submit(_check_share_there, open_source, share, size, rehash=rehash)
                for share in STREAM_SHARES
            ]

        try:
            links, first = 0, given_out(rehash=False)
            for report in _in_order(pool, open_source, question, verdict.size, processes):
                links += report.links
                verdict.take(report)
                progress(report.stop, verdict.size)
            shares = [share.result() for share in first]
            if not _add_up(shares, links):
                shares = [share.result() for share in given_out(rehash=True)]
            verdict.take_streams(shares)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _add_up(shares: Iterable[Share], links: int) -> bool:
    """Return whether the streams have shown the very links that the stretches have."""
    return (sum(report.sum for report, _ in shares) - links) % SUM_MODULUS == 0


def _in_order(
    pool: ProcessPoolExecutor,
    open_source: OpenSource,
    question: Question,
    size: int,
    processes: int,
) -> Iterator[ChunkReport]:
    waiting: list[Future[ChunkReport]] = []
    for start, stop in chunks(size):
        waiting.append(pool.submit(_check_chunk, open_source, question, start, stop))
        if len(waiting) > processes + AHEAD:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


_opened: dict[OpenSource, LogSource] = {}


def _check_chunk(
    open_source: OpenSource, question: Question, start: int, stop: int
) -> ChunkReport:
    return check_chunk(_source_here(open_source), question, start, stop)


def _check_share_there(
    open_source: OpenSource, share: tuple[str, str], size: int, *, rehash: bool
) -> Share:
    source = _source_here(open_source)
    source.rehash_links = source.rehash_links or rehash
    return _check_share(source, share, size)


def _check_share(source: LogSource, share: tuple[str, str], size: int) -> Share:
    tally = Tally()
    report = check_streams(source.links(*share, size=size), tally)
    source.take_faults()  # named by the stretches, which read the same
    return report, tally


def _source_here(open_source: OpenSource) -> LogSource:
    """Return this process's own source, opened once."""
    if open_source not in _opened:
        _opened[open_source] = open_source()
    return _opened[open_source]


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code.value,
        "seq": finding.seq,
        "detail": finding.detail,
        "want": finding.want,
        "got": finding.got,
        **({} if finding.evidence is None else {"evidence": finding.evidence}),
    }

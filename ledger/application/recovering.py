"""Recovery: the identical entries put back from other copies, proved by what was signed.

How large the log was is said by the register, by the sealed head and by checkpoints that
the log signed; all of them must be true of the tree that is put back. Then everything is
audited, and only then may the log go on. Its first word is which entries were restored.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.application.auditing import AuditReport, OpenSource, audit
from ledger.application.evidence import Receipt, Shown, Verifier
from ledger.application.keeping import Kept, Progress, check_sound
from ledger.application.recording_repair import RepairRecord
from ledger.application.restoring import Outside, ask_outside, is_signed, reapply_declared
from ledger.audit.finding import Code
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.merkle import SIZE_MAX
from ledger.store.backing_up import newest_note
from ledger.store.contradiction import Contradiction
from ledger.store.copying import snapshot
from ledger.store.event import (
    HeadTamperedError,
    LedgerMissingError,
    RolledBackError,
)
from ledger.store.head import Head
from ledger.store.mending import RecoveryDiffersError, StrayEntriesError, mend
from ledger.store.reading import DatabaseSource
from ledger.store.recovering import Plan, last_leaves, plan_recovery
from ledger.store.restoring import change_standing, read_standing
from ledger.store.standing import Standing, standing_error


@dataclass(frozen=True, slots=True)
class RowSource:
    """A copy of the log with whole rows; ``digest`` names it in the log, SHA-256 in hex."""

    name: str
    engine: sa.Engine
    digest: str


@dataclass(eq=False)
class EntriesMissingError(Exception):
    """No source has these entries as they were; nothing was changed.

    ``ranges`` holds (first, last), ascending; ``want`` is the head that has them.
    """

    ranges: list[tuple[int, int]]
    want: Shown
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A log that is whole again; ``ranges`` holds (first, last) of what was put back.

    ``report`` may name what rows cannot heal: a clock in doubt, keys that the vault lost.
    """

    size: int
    ranges: list[tuple[int, int]]
    report: AuditReport


@dataclass(frozen=True, slots=True)
class Recovery:
    """The recovery of one ledger's own database."""

    kept: Kept
    verifier: Verifier
    record: RepairRecord
    submission: uuid.UUID
    discard: bool = False

    def run(
        self,
        sources: Sequence[RowSource],
        outside: Outside,
        *,
        open_own: OpenSource,
        progress: Progress,
    ) -> Recovered:
        """Put back what is missing or damaged; audit it; let the log go on and record it.

        A recovery that was cut off is taken up by the next one: the head is held meanwhile.

        Raises:
            EntriesMissingError: No source has what is missing; nothing was changed.
            RolledBackError: What is there contradicts what was signed; nothing was changed.
            StrayEntriesError: Rows lie beyond the log's end; nothing was changed.
            UnsoundError: The audit afterwards has findings: the head stays held.
            WitnessesSilentError: There is no head register, and no quorum answered.
            LedgerClosedError, LedgerMovedError: This log is not to be extended.
        """
        shown = self._shown(sources, outside)
        target = max(shown, key=lambda each: each.checkpoint.size)
        if not target.checkpoint.size:
            raise LedgerMissingError(self.kept.origin)
        plan = self._plan(sources, target, shown, outside)
        self._mend(plan, sources)
        report = self._set_free(plan, open_own, progress)
        return Recovered(plan.size, self.record.write(), report)

    def _is_signed(self, note: bytes) -> bool:
        return is_signed(self.verifier, note)

    def _shown(self, sources: Sequence[RowSource], outside: Outside) -> list[Shown]:
        """Return all heads that the log must have, whoever keeps them."""
        origin, seal_key = self.kept.origin, self.kept.seal_key
        shown: list[Shown] = []
        try:
            head, standing = read_standing(self.kept.engine, origin=origin, seal_key=seal_key)
        except (LedgerMissingError, HeadTamperedError):
            pass  # then others say how large the log was
        else:
            if standing in (Standing.MOVED, Standing.CLOSED):
                raise standing_error(origin, standing)
            shown.append(Shown("sealed head", head.checkpoint()))
        for engine in (self.kept.engine, *(each.engine for each in sources)):
            with snapshot(engine, origin) as rows:
                note = newest_note(rows, SIZE_MAX, is_signed=self._is_signed)
            if note is not None:
                shown.append(self.verifier.open("stored checkpoint", note))
        size = max((each.checkpoint.size for each in shown), default=0)
        signed = [each.note for each in shown if each.note is not None]
        shown += ask_outside(self.kept, outside, size=size, note=signed[0] if signed else None)
        if not shown:
            raise LedgerMissingError(origin)
        return shown

    def _plan(
        self,
        sources: Sequence[RowSource],
        target: Shown,
        shown: Sequence[Shown],
        outside: Outside,
    ) -> Plan:
        kept, size = self.kept, target.checkpoint.size
        engines = (kept.engine, *(each.engine for each in sources))
        readers = [
            DatabaseSource(engine, origin=kept.origin, vault=kept.vault) for engine in engines
        ]
        marks = {each.checkpoint.size for each in shown}
        ends: Sequence[bytes | None] = last_leaves(readers, size)
        plans = (
            plan_recovery(
                readers, shapes=kept.question.shapes, size=size, marks=marks, last=last
            )
            for last in ends or (None,)
        )
        best: Plan | None = None
        for plan in plans:
            if best is None or _gone(plan) < _gone(best):
                best = plan
            if not plan.missing and plan.edge.root() == target.checkpoint.root:
                best = plan
                break
        assert best is not None  # noqa: S101 - there is at least one last leaf
        if best.missing:
            ranges = [(start, stop - 1) for start, stop in best.missing]
            known = [each for each in outside.receipts if _within(each.seq, ranges)]
            known.sort(key=lambda each: each.seq)
            raise EntriesMissingError(ranges, target, tuple(known))
        for each in shown:
            want = each.checkpoint
            got = Checkpoint(want.origin, want.size, best.roots[want.size])
            if got != want:
                raise RolledBackError(want=want.text(), got=got.text())
        return best

    def _mend(self, plan: Plan, sources: Sequence[RowSource]) -> None:
        note = self.record.note
        before = note.begun()
        if plan.picks:
            # Before the rows change, so that whoever takes this up knows what was changed.
            digests = {sources[pick.source - 1].digest for pick in plan.picks}
            ranges = [(pick.start, pick.stop - 1) for pick in plan.picks]
            note.begin(ranges, digests, submission=self.submission)
        try:
            mend(
                [self.kept.engine, *(each.engine for each in sources)],
                plan,
                origin=self.kept.origin,
                seal_key=self.kept.seal_key,
                is_signed=self._is_signed,
                discard=self.discard,
            )
        except (StrayEntriesError, RecoveryDiffersError, RolledBackError):
            note.take_back(before)
            raise

    def _set_free(self, plan: Plan, open_own: OpenSource, progress: Progress) -> AuditReport:
        """Register what was put back, audit all of it, and let it be extended again."""
        kept = self.kept
        registered = kept.register.read()
        if registered != plan.edge:
            kept.register.advance(expected=registered, new=plan.edge)
        reapply_declared(kept)
        report = audit(open_own, kept.question, scope="database", progress=progress)
        # Data keys that the vault has lost are not brought back by rows.
        check_sound(report, Code.PERSONAL_MISSING, code="recovered_unsound")
        self.record.note.confirm()
        head = Head(kept.origin, plan.edge, plan.leaf, plan.time)
        change_standing(
            kept.engine,
            head,
            seal_key=kept.seal_key,
            before=Standing.HELD,
            after=Standing.OPEN,
        )
        Contradiction(kept.register.path).forget()
        return report


def _gone(plan: Plan) -> int:
    return sum(stop - start for start, stop in plan.missing)


def _within(seq: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= seq <= last for first, last in ranges)

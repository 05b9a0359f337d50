"""The log says what a recovery put back: once, and before it says anything else.

A recovery that lets the log go on may end before its entry is written. Whoever extends the
log next, be it the service or a rotation of a key, writes it first.
"""

import uuid
from dataclasses import dataclass

from ledger.proof.canonical import Value
from ledger.proof.shapes import ENTRIES_RESTORED
from ledger.store.appender import Appender
from ledger.store.event import NewEvent, Submission
from ledger.store.publishing import Publisher
from ledger.store.repair_note import Repair, RepairNote, merged


@dataclass(frozen=True, slots=True)
class RepairRecord:
    """What records repairs of one log.

    The ``appender`` does not count entries that no witness has seen: one more of them must
    not keep secret what was changed.
    """

    note: RepairNote
    appender: Appender
    publisher: Publisher
    origin: str
    actor: str

    def write(self) -> list[tuple[int, int]]:
        """Append which entries were put back, where the log does not say it yet; return them.

        Raises:
            As `Appender.append`.
        """
        repairs = self.note.done()
        for repair in repairs:
            if self.appender.find(repair.submission) is None:
                self.appender.append(Submission(repair.submission, [self._event(repair)]))
            self.note.forget(repair)
        return merged(each for repair in repairs for each in repair.ranges)

    def _event(self, repair: Repair) -> NewEvent:
        entries: list[Value] = [[first, last] for first, last in repair.ranges]
        stream = uuid.uuid5(uuid.NAMESPACE_URL, f"https://{self.origin}/restored")
        return NewEvent(
            stream=str(stream),
            type=ENTRIES_RESTORED,
            shape=1,
            by=self.actor,
            facts={"entries": entries, "source": [*repair.sources]},
        )


def finish_recovery(record: RepairRecord) -> list[tuple[int, int]]:
    """End a recovery that let the log go on and was cut off; return what it had put back.

    One that never changed anything is forgotten.

    Raises:
        LedgerHeldError: It did not let the log go on: only another one ends it.
        As `Publisher.check` and `Appender.append`.
    """
    note = record.note
    if note.begun() is None and not note.done():
        return []
    record.publisher.check()
    note.take_back(None)
    return record.write()

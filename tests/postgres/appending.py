"""Several submitters in a process of its own: it says what it begins and what is acknowledged.

One line each: `begun ID COUNT`, then `acknowledged ID FIRST_SEQ COUNT`, or `failed ID ERROR`,
after which that submitter ends. The ledger is the one that the environment names.
"""

import itertools
import os
import sys
import threading
import uuid
from dataclasses import dataclass, field

from ledger.settings import Settings
from ledger.store.chance import random_uuid
from ledger.store.event import Appended, NewEvent, Submission, system_actor
from ledger.wiring.parts import Wiring, open_ledger


@dataclass
class Account:
    """What a process has said: the acknowledged submissions, and those without an answer."""

    acknowledged: dict[uuid.UUID, Appended] = field(default_factory=dict)
    begun: dict[uuid.UUID, int] = field(default_factory=dict)
    failed: dict[uuid.UUID, str] = field(default_factory=dict)

    def read(self, line: str) -> None:
        match line.split():
            case ["begun", name, count]:
                self.begun[uuid.UUID(name)] = int(count)
            case ["acknowledged", name, first_seq, count]:
                self.acknowledged[uuid.UUID(name)] = Appended(int(first_seq), int(count))
            case ["failed", name, error]:
                self.failed[uuid.UUID(name)] = error
            case _:
                raise ValueError(line)

    @property
    def unanswered(self) -> dict[uuid.UUID, int]:
        """Return how many events each of them has."""
        unanswered = self.begun.keys() - self.acknowledged.keys()
        return {name: self.begun[name] for name in unanswered}


def events(actor: str, count: int) -> list[NewEvent]:
    """Return events of new streams; each second one has facts about a person."""
    return [
        NewEvent(
            str(random_uuid()),
            "opaque.recorded",
            1,
            actor,
            {"topic": "other:Event", "originator_version": 0, "state": "e30="}
            if number % 2 == 0
            else {"topic": "other:Event", "originator_version": 0},
            {} if number % 2 == 0 else {str(random_uuid()): {"state": "张示例"}},
        )
        for number in range(count)
    ]


def _submit(ledger: Wiring, actor: str) -> None:
    for number in itertools.count():
        submission = Submission(random_uuid(), events(actor, 1 + number % 3))
        _say("begun", submission.id, len(submission.events))
        try:
            appended = ledger.appender.append(submission)
        except Exception as error:  # noqa: BLE001 - the parent is told
            _say("failed", submission.id, type(error).__name__)
            return
        _say("acknowledged", submission.id, appended.first_seq, appended.count)


def _say(*words: object) -> None:
    # A short line is written whole, whoever else writes.
    os.write(sys.stdout.fileno(), (" ".join(map(str, words)) + "\n").encode())


def main(submitters: int) -> None:
    ledger = open_ledger(Settings())
    actor = system_actor(ledger.origin)
    threads = [
        threading.Thread(target=_submit, args=(ledger, actor)) for _ in range(submitters)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))

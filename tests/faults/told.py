"""What was told to the clients of a ledger, and what its rows say."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What a row says of itself, and the time in its entry."""

    seq: int
    submission: uuid.UUID
    topic: str
    time: str


@dataclass
class Told:
    """What the clients' journals say: ``got`` are the receipts of those who asked again."""

    tried: dict[uuid.UUID, int] = field(default_factory=dict)
    acknowledged: dict[uuid.UUID, range] = field(default_factory=dict)
    refused: dict[uuid.UUID, str] = field(default_factory=dict)
    got: dict[uuid.UUID, range] = field(default_factory=dict)

    def take(self, word: str, id_: uuid.UUID, *more: str) -> None:
        """Take in one line of a journal."""
        if word == "try":
            self.tried[id_] = int(more[0])
        elif word == "no":
            self.refused[id_] = more[0]
        else:
            first, count = map(int, more)
            receipts = self.acknowledged if word == "ack" else self.got
            receipts[id_] = range(first, first + count)


def read_journals(folder: Path) -> Told:
    """Return what all clients noted; a line that was cut off counts for nothing."""
    told = Told()
    journals = folder.glob("journal-*")
    for journal in sorted(journals, key=lambda path: int(path.name.split("-")[1])):
        for line in journal.read_text().splitlines(keepends=True):
            if line.endswith("\n"):
                word, id_, *more = line.split()
                told.take(word, uuid.UUID(id_), *more)
    return told

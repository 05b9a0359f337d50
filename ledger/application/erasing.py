"""Erasing a person: her data key is destroyed, and the log says which facts went with it.

Four steps, each durable before the next, each harmless to repeat. A crash after any of them
leaves the person's key closed; erasing her again takes up where it ended.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from ledger.proof.canonical import Value
from ledger.proof.entry import format_time
from ledger.proof.facts import check_actor, check_uuid
from ledger.proof.shapes import FACTS_ERASED
from ledger.store.appender import Appender
from ledger.store.erasures import Erasures
from ledger.store.event import NewEvent, StreamMovedOn, Submission
from ledger.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whom to erase, on whose word, and when the last backup of her key will be gone.

    Raises:
        MalformedError: The person is no UUID, the actor none, or the instant has no zone.
    """

    person: str
    by: str
    backups_gone: datetime
    submission: uuid.UUID

    def __post_init__(self) -> None:
        check_uuid(self.person, what="person")
        check_actor(self.by)
        format_time(self.backups_gone)


@dataclass(eq=False)
class UnprovenErasuresError(Exception):
    """Rows say that facts were erased, but are no entries of the log; audit it.

    All erasures that the log does hold were applied. No key was destroyed for these rows.
    """

    seqs: list[int]


def erase_person(
    erasure: Erasure, *, erasures: Erasures, vault: Vault, appender: Appender
) -> tuple[int, ...]:
    """Erase a person's facts for good; return the entries that they were part of, ascending.

    When it returns, `facts.erased` is in the log and the key is gone. Who is erased already
    is not declared again, unless a restored vault has let new facts come in meanwhile.

    Raises:
        OutcomeUnknownError: The connection broke while it was declared: repeat it.
        KeyRemainsError: The key may still lie in the vault's files: repeat it.
        ProofError: A row in the place of an earlier declaration is no entry of the log.
        StreamMovedOn: Something else than erasures stands in their stream.
        As `Appender.append` and `Publisher.check`.
    """
    vault.close(erasure.person)
    # Whoever read the key while it was open holds the head's lock until the box is stored.
    erasures.wait_for_appends()
    affected = _declare(erasure, erasures, appender)
    # Last: a key destroyed before would leave facts missing that nothing declares.
    vault.destroy(erasure.person)
    return affected


def reapply_erasures(*, erasures: Erasures, vault: Vault) -> tuple[str, ...]:
    """Destroy the keys that a restored backup of the vault has brought back; return whose.

    Call it before the service starts on that vault. Harmless to repeat.

    Raises:
        UnprovenErasuresError: Somebody planted declarations; the true ones were applied.
        As `Vault.destroy` and `Publisher.check`.
    """
    declared, unproven = erasures.all()
    persons = tuple(sorted({each.person for each in declared}))
    for person in persons:
        vault.destroy(person)
    if unproven:
        raise UnprovenErasuresError(unproven)
    return persons


def _declare(erasure: Erasure, erasures: Erasures, appender: Appender) -> tuple[int, ...]:
    """Record which entries are affected, unless the log says so already."""
    while True:
        declared = erasures.of(erasure.person)
        known = {seq for each in declared for seq in each.entries}
        remaining = [seq for seq in erasures.boxed(erasure.person) if seq not in known]
        if declared and not remaining:
            return tuple(sorted(known))
        event = NewEvent(
            stream=erasures.stream(erasure.person),
            type=FACTS_ERASED,
            shape=1,
            by=erasure.by,
            facts=_facts(erasure, remaining),
            # The version decided upon: of two processes that erase at once, one declares.
            version=len(declared) + 1,
        )
        try:
            appender.append(Submission(erasure.submission, [event]))
        except StreamMovedOn:
            if erasures.of(erasure.person) == declared:
                raise  # the stream holds something else; to decide anew is no use
            continue
        return tuple(sorted(known.union(remaining)))


def _facts(erasure: Erasure, remaining: list[int]) -> dict[str, Value]:
    return {
        "backups_gone": format_time(erasure.backups_gone),
        "entries": [*remaining],
        "person": erasure.person,
    }

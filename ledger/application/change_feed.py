"""The change feed: what concerns an organization, in the order of the log, from a position on.

For systems that follow: they remember ``next`` and ask again. Plain facts alone are handed
out; personal ones are read where they belong, by who may, and each such read can be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.office import Office
from ledger.application.record_lists import list_changes
from ledger.proof.facts import STANDARD_FACTS
from ledger.store.entry_rows import BoundEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One entry, with its plain facts beside the standard ones."""

    seq: int
    time: str
    type: str
    stream: UUID
    version: int
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """Some changes; ``next`` is from where to ask again, ``size`` of which log they are."""

    changes: Sequence[Change]
    next: int
    size: int


class Entries(Protocol):
    """Reads entries by their positions."""

    def __call__(self, seqs: Sequence[int]) -> Sequence[BoundEntry]:
        """Return entries in the order of their positions."""


class ChangeFeed:
    """The change feed of one ledger."""

    def __init__(self, office: Office, entries: Entries) -> None:
        self._office = office
        self._entries = entries

    def read(
        self, caller: Caller, *, organization: UUID | None, after: int, limit: int
    ) -> Feed:
        """Return changes from a position on.

        Raises:
            HiddenError: The caller's organization does not answer for the one that is named.
            StreamDamagedError: A row is not what its entry commits to.
        """
        found = list_changes(
            self._office, caller, organization=organization, after=after, limit=limit
        )
        seqs = [row["seq"] for row in found.value.rows]
        whose = str(organization or caller.organization)
        changes = [_change(each, whose) for each in self._entries(seqs)] if seqs else []
        # Where there is no more, everything up to the views' size has been looked at.
        more = found.value.after is not None
        return Feed(changes, seqs[-1] + 1 if more else max(after, found.size), found.size)


def _change(entry: BoundEntry, whose: str) -> Change:
    facts: dict[str, Any] = dict(entry.facts)
    if "credits" in facts:
        # Accounts that are joined or parted hold what every organization recorded of a person.
        facts["credits"] = [each for each in facts["credits"] if each["organization"] == whose]
    standard = {name: facts.pop(name) for name in STANDARD_FACTS}
    version = standard["version"]
    return Change(
        seq=entry.seq,
        time=entry.time,
        type=str(standard["type"]),
        stream=UUID(str(standard["stream"])),
        version=version if isinstance(version, int) else 0,
        by=str(standard["by"]),
        facts=facts,
    )

"""Personal facts of proved streams: opened where there is a key, found to be committed to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import orjson

from ledger.proof.box import Place, open_box
from ledger.proof.canonical import Value
from ledger.proof.entry import parse_time
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import STANDARD_FACTS
from ledger.store.event import StreamDamagedError
from ledger.store.stream_memory import ProvenRow
from ledger.store.vault import Vault

DAMAGE = (MalformedError, ProofError, IndexError, KeyError)
"""What reading a row that was changed can come to."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as the log has it; ``time`` is when it was sequenced, in UTC.

    ``facts`` are its own plain facts, without the six standard ones. ``personal`` are those
    about natural persons, by person; who was erased is absent.
    """

    seq: int
    time: datetime
    stream: str
    version: int
    type: str
    shape: int
    by: str
    facts: Mapping[str, Value] = field(repr=False)
    personal: Mapping[str, Mapping[str, Value]] = field(repr=False)


Answer: TypeAlias = Sequence[StoredEvent] | Exception
"""The events of a stream, or why there are none to be believed."""


class StreamBoxes:
    """Opens the boxes of one ledger's streams, from any thread."""

    def __init__(self, vault: Vault, *, origin: str) -> None:
        self._vault = vault
        self._origin = origin

    def keys(
        self, proven: Iterable[Sequence[ProvenRow] | Exception]
    ) -> Mapping[str, bytes | ProofError | None]:
        """Return the data keys of all persons; one that does not open concerns nobody else."""
        persons = {
            person
            for each in proven
            if not isinstance(each, Exception)
            for row in each
            for person in row.personal
        }
        if not persons:
            return {}
        try:
            return self._vault.keys_for_opening(persons)
        except ProofError:
            return {person: self._key(person) for person in persons}

    def _key(self, person: str) -> bytes | ProofError | None:
        try:
            return self._vault.key_for_opening(person)
        except ProofError as error:
            return error

    def opened(
        self,
        proven: Sequence[ProvenRow] | Exception,
        keys: Mapping[str, bytes | ProofError | None],
    ) -> Answer:
        """Return the events of a stream, or why there are none to be believed."""
        if isinstance(proven, Exception):
            return proven
        try:
            return [_event(each, self._personal(each, keys)) for each in proven]
        except (StreamDamagedError, ProofError) as error:
            return error

    def _personal(
        self, proven: ProvenRow, keys: Mapping[str, bytes | ProofError | None]
    ) -> dict[str, Mapping[str, Value]]:
        """Return the personal facts that can be opened, found to be those committed to."""
        opened: dict[str, Mapping[str, Value]] = {}
        stream, version, seq, *_ = proven.link
        for person, digests in proven.personal.items():
            key = keys[person]
            if isinstance(key, ProofError):
                raise key
            if key is None:
                continue
            place = Place(self._origin, stream, version, person)
            try:
                group = open_box(proven.boxes[person], data_key=key, place=place)
                if group.digests() != digests:
                    raise ProofError("box", "what the entry commits to", "not")
            except DAMAGE as error:
                raise StreamDamagedError(stream, seq) from error
            opened[person] = group.facts
        return opened


def _event(proven: ProvenRow, personal: Mapping[str, Mapping[str, Value]]) -> StoredEvent:
    # Read anew each time: whoever got the values before may have changed them.
    facts: dict[str, Any] = orjson.loads(proven.plain)["facts"]
    standard = {name: facts.pop(name) for name in STANDARD_FACTS}
    return StoredEvent(
        seq=proven.link.seq,
        time=parse_time(proven.time),
        stream=standard["stream"],
        version=standard["version"],
        type=standard["type"],
        shape=standard["shape"],
        by=standard["by"],
        facts=facts,
        personal=personal,
    )

"""Entries as this process has written them: nothing of them need be read back."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ledger.proof.canonical import Value
from ledger.proof.facts import ToldFacts
from ledger.proof.personal import PersonalDigests


class HashedEvent(Protocol):
    """An event with what its entry's commitment was made of."""

    @property
    def plain(self) -> Mapping[str, Value]: ...  # noqa: D102 - its plain facts
    @property
    def personal_digests(self) -> PersonalDigests: ...  # noqa: D102
    def told(self) -> ToldFacts: ...  # noqa: D102


class Written(NamedTuple):
    """One entry as this process has written it: nothing of it need be read back."""

    seq: int
    entry: bytes
    leaf: bytes
    event: HashedEvent

"""Signed submissions: who sent what, kept so that an auditor can prove it later.

The signature covers digests alone. What was signed item by item is kept under the key of the
person whom it is about, so that erasing one breaks nobody else's proof.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias, assert_never
from uuid import UUID

from ledger.domain.event import About, Erased, Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReceived:
    """An organization's system submitted something under its key's signature.

    ``jws`` is the signature with what it covers (RFC 7515, flattened, JCS), ``digest`` its
    SHA-256. ``items`` were sent, ``refused`` of them refused one by one; ``entries`` came into
    the log with this one, itself among them.
    """

    TYPE: ClassVar[str] = "submission.received"
    SHAPE: ClassVar[int] = 1

    submission: UUID
    organization: UUID
    key: UUID
    jti: str
    digest: str
    jws: str
    items: int
    refused: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementKept:
    """One item of a submission as it was sent; its ``digest`` is what was signed.

    ``index`` is its place among the items, from 0, ``act`` what it asked for, ``thing`` what
    it has led to, ``person`` whom it is about.
    """

    TYPE: ClassVar[str] = "statement.kept"
    SHAPE: ClassVar[int] = 1

    submission: UUID
    index: int
    act: str
    thing: UUID
    digest: str
    person: UUID
    text: Annotated[str | Erased, About("person")]


SubmissionEvent: TypeAlias = SubmissionReceived | StatementKept


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A submission that was received: under which signature, and how many entries it made."""

    id: UUID
    organization: UUID
    digest: str
    entries: int
    items: int
    refused: int
    things: tuple[tuple[int, UUID], ...] = ()


def evolve(state: Received | None, event: SubmissionEvent, _: Happened) -> Received:
    """Return the submission after an event.

    Raises:
        ValueError: A history begins with something else than its receipt.
    """
    match event:
        case SubmissionReceived():
            return Received(
                id=event.submission,
                organization=event.organization,
                digest=event.digest,
                entries=event.entries,
                items=event.items,
                refused=event.refused,
            )
        case StatementKept():
            if state is None:
                raise ValueError("a history of a submission begins with its receipt")
            led_to = (event.index, event.thing)
            return Received(
                id=state.id,
                organization=state.organization,
                digest=state.digest,
                entries=state.entries,
                items=state.items,
                refused=state.refused,
                things=(*state.things, led_to),
            )
        case _:
            assert_never(event)

"""What witnesses have seen of this log, and what it means when they saw more than there is.

A witness's word alone proves nothing: it may lie. A head that our own key signed proves
everything: if the log does not continue it, the log was rolled back or forked, and nothing
is appended or signed until the entries are back.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from ledger.proof.add_checkpoint import (
    SIZE_CONTENT_TYPE,
    AddCheckpoint,
    origin_hash,
    parse_size,
)
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, verify_lines
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import VerifierKey, parse_note
from ledger.proof.policy import PolicyWitness
from ledger.store.contradiction import Contradiction, check_continues, keep_evidence
from ledger.store.event import RolledBackError
from ledger.store.witness_answer import Answer, Trouble, WitnessAway

PARALLEL_MAX = 32
OK, CONFLICT = 200, 409


class WitnessPort(Protocol):
    """How witnesses are asked; each call raises WitnessAway where nothing came back."""

    def add_checkpoint(self, url: str, body: bytes) -> Answer:
        """Return the answer to a new checkpoint."""

    def latest(self, url: str, origin_hash: str) -> Answer:
        """Return the answer to which checkpoint was cosigned last."""


@dataclass(eq=False)
class WitnessAheadError(RolledBackError):
    """A witness says that the log was larger, but shows nothing that this log signed.

    ``want`` is the size that it says, ``got`` the size that there is. Either the log was
    rolled back together with its register, or the witness lies. Nothing was appended or
    signed since.
    """

    witness: str


@dataclass(frozen=True, slots=True)
class WitnessWord:
    """What one witness has seen of a log; nothing of it is proved but by ``note``.

    ``size`` is 0 where it never saw the log, None where it gave no answer; then ``trouble``
    says why. ``note`` is the checkpoint that it cosigned, ``root`` the root in it.
    """

    witness: str
    size: int | None = None
    root: bytes | None = None
    note: bytes | None = None
    trouble: Trouble | None = None


def ask_witnesses(
    witnesses: Sequence[PolicyWitness],
    port: WitnessPort,
    *,
    origin: str,
    signed: bytes | None = None,
) -> list[WitnessWord]:
    """Return what each witness that has an address knows of a log, all asked at once.

    A witness that does not show checkpoints is offered ``signed``, a checkpoint of this log
    that was published before, so as to be told its size. No answer is an answer too: this
    never raises for a witness that is away.
    """
    asked = [witness for witness in witnesses if witness.url is not None]
    if not asked:
        return []
    with ThreadPoolExecutor(min(PARALLEL_MAX, len(asked))) as pool:
        return list(pool.map(lambda each: _ask(each, port, origin, signed), asked))


def _ask(
    witness: PolicyWitness, port: WitnessPort, origin: str, signed: bytes | None
) -> WitnessWord:
    url = witness.url or ""
    try:
        answer = port.latest(url, origin_hash(origin))
        if answer.status == OK:
            checkpoint = parse_checkpoint(parse_note(answer.body).text)
            if checkpoint.origin != origin:
                raise WitnessAway(Trouble.GARBAGE, "another log's checkpoint")
            return WitnessWord(witness.name, checkpoint.size, checkpoint.root, answer.body)
        size = 0 if signed is None else _size_held(port, url, signed)
        return WitnessWord(witness.name, size)
    except MalformedError:
        return WitnessWord(witness.name, trouble=Trouble.GARBAGE)
    except WitnessAway as error:
        return WitnessWord(witness.name, trouble=error.trouble)


def _size_held(port: WitnessPort, url: str, signed: bytes) -> int:
    note = parse_note(signed)
    answer = port.add_checkpoint(url, AddCheckpoint(0, (), note).encode())
    if answer.status == OK:
        return 0
    return held_size(answer)


def held_size(answer: Answer) -> int:
    """Return the size that a witness names by status 409.

    Raises:
        WitnessAway: The answer is another one, or none of the specification.
    """
    if answer.status != CONFLICT:
        raise refusal(answer)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind != SIZE_CONTENT_TYPE:
        raise WitnessAway(Trouble.GARBAGE, f"409 without {SIZE_CONTENT_TYPE}")
    try:
        return parse_size(answer.body)
    except MalformedError as error:
        raise WitnessAway(Trouble.GARBAGE, "409 without a size") from error


def refusal(answer: Answer) -> WitnessAway:
    """Return what a status other than 200 and 409 means."""
    return WitnessAway(_TROUBLES.get(answer.status, Trouble.STATUS), answer.status)


_TROUBLES = {
    400: Trouble.BAD_REQUEST,
    403: Trouble.UNKNOWN_KEY,
    404: Trouble.UNKNOWN_LOG,
    422: Trouble.REFUSED,
}


class Testimony:
    """Weighs what witnesses hold against the log as it is."""

    def __init__(
        self,
        engine: sa.Engine,
        contradiction: Contradiction,
        *,
        origin: str,
        log_keys: Callable[[int], Sequence[VerifierKey]],
        publish: Callable[[], bytes],
        evidence: Path,
    ) -> None:
        """Believe heads that one of ``log_keys(size)`` signs; keep evidence in a folder.

        A key that was retired before that size is none of them: in whose hands it is by
        now, nobody knows.
        """
        self._engine = engine
        self._contradiction = contradiction
        self.origin = origin
        self._log_keys = log_keys
        self._publish = publish
        self._evidence = evidence

    def hear(self, note: bytes) -> Checkpoint | None:
        """Return the head in a note that this log signed, None where it did not sign it.

        Raises:
            RolledBackError: It did, and the log does not continue it. Both signed heads are
                kept as evidence, and from now on nothing is appended or signed.
            As ``log_keys``: which keys the log has is open, so nothing was concluded.
        """
        seen = self._signed_by_us(note)
        if seen is None:
            return None
        # Signed after the note came in, so a log that has grown meanwhile is no liar.
        ours = self._publish()
        try:
            check_continues(self._engine, seen, parse_checkpoint(parse_note(ours).text))
        except RolledBackError:
            keep_evidence(self._evidence, ours)
            keep_evidence(self._evidence, note)
            self._contradiction.remember(note)
            raise
        return seen

    def weigh(self, words: Sequence[WitnessWord]) -> None:
        """Return if no witness has seen more than there is.

        Raises:
            RolledBackError: As `hear`.
            WitnessAheadError: One says so, and has nothing to show for it.
        """
        for word in words:
            proved = None if word.note is None else self.hear(word.note)
            size = parse_checkpoint(parse_note(self._publish()).text).size
            if proved is None and word.size is not None and word.size > size:
                raise WitnessAheadError(str(word.size), str(size), word.witness)

    def _signed_by_us(self, data: bytes) -> Checkpoint | None:
        try:
            note = parse_note(data)
            checkpoint = parse_checkpoint(note.text)
        except MalformedError:
            return None
        if checkpoint.origin != self.origin:
            return None
        keys = self._log_keys(checkpoint.size)
        try:
            signed = [key for key in keys if verify_lines(note, key)]
        except ProofError:
            return None
        return checkpoint if signed else None

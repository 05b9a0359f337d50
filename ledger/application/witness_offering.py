"""One checkpoint offered to one witness: what it answers is checked before it is kept.

Only a cosignature by its key, over this checkpoint, at a time that can be true, counts. A
witness that holds less than it cosigned has lost its memory and is retired; one that holds
more is asked to show it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ledger.application.witness_testimony import (
    CONFLICT,
    OK,
    Testimony,
    WitnessPort,
    held_size,
    refusal,
)
from ledger.proof.add_checkpoint import AddCheckpoint, origin_hash
from ledger.proof.checkpoint import parse_checkpoint, verify_lines
from ledger.proof.encoding64 import decode_utf8
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import SignatureLine, SignedNote, parse_signature_lines
from ledger.proof.policy import PolicyWitness
from ledger.store.cosignatures import Cosignatures
from ledger.store.witness_answer import Answer, Trouble, WitnessAway

Prover = Callable[[int, int], Sequence[bytes]]
"""``prove(old size, new size)``: the consistency proof between two sizes of the log."""


class Offering:
    """Speaks with witnesses about one log; may be used by many threads at once."""

    def __init__(
        self,
        port: WitnessPort,
        cosignatures: Cosignatures,
        testimony: Testimony,
        *,
        prove: Prover,
        clock: Callable[[], datetime],
        clock_bound: timedelta,
    ) -> None:
        """Accept times that lie no further than ``clock_bound`` from the clock."""
        self._port = port
        self._cosignatures = cosignatures
        self._testimony = testimony
        self._prove = prove
        self._clock = clock
        self._clock_bound = clock_bound

    def offer(self, witness: PolicyWitness, note: SignedNote) -> None:
        """Have a witness cosign a checkpoint; its line is durable when this returns.

        Raises:
            WitnessAway: It gave none that counts; nothing was stored but, where it lost its
                memory, that it did.
            RolledBackError: It holds a head that this log signed and does not continue.
        """
        size = parse_checkpoint(note.text).size
        last = self._cosignatures.last_word(witness.key)
        known = last.size if last is not None else 0
        answer = self._post(witness, note, old=known, new=size)
        if answer.status == CONFLICT:
            held = held_size(answer)
            self._check_held(witness, held, known=known, size=size)
            answer = self._post(witness, note, old=held, new=size)
            if answer.status == CONFLICT:
                raise WitnessAway(Trouble.MOVING, held)
        if answer.status != OK:
            away = refusal(answer)
            if away.trouble is Trouble.REFUSED:
                self._look_at_what_it_holds(witness)
            raise away
        self._cosignatures.add(size, self._line(witness, answer, note))

    def _post(self, witness: PolicyWitness, note: SignedNote, *, old: int, new: int) -> Answer:
        proof = tuple(self._prove(old, new))
        body = AddCheckpoint(old, proof, note).encode()
        return self._port.add_checkpoint(witness.url or "", body)

    def _check_held(self, witness: PolicyWitness, held: int, *, known: int, size: int) -> None:
        """Return if a witness that holds another size than was thought can be caught up with.

        Raises:
            WitnessAway: It forgot what it had cosigned, and is retired for good; or it is
                ahead; or it holds another root at the size that it was offered.
            RolledBackError: It has our signature to show for what it holds.
        """
        if held < known:
            now = self._clock()
            self._cosignatures.lose(witness.key, cosigned=known, claimed=held, now=now)
            raise WitnessAway(Trouble.LOST_STATE, f"{held} < {known}")
        if held > size:
            self._look_at_what_it_holds(witness)
            raise WitnessAway(Trouble.AHEAD, f"{held} > {size}")
        if held == known:
            # Before v1.1.0 of the specification this meant: the same size, another root.
            self._look_at_what_it_holds(witness)
            raise WitnessAway(Trouble.REFUSED, CONFLICT)

    def _look_at_what_it_holds(self, witness: PolicyWitness) -> None:
        """Return if the witness has nothing to show for its word.

        Raises:
            RolledBackError: It shows a head that this log signed and does not continue.
            WitnessAway: It shows one that the log continues by now: somebody offered it.
        """
        try:
            answer = self._port.latest(witness.url or "", origin_hash(self._testimony.origin))
        except WitnessAway:
            return
        if answer.status == OK and self._testimony.hear(answer.body) is not None:
            raise WitnessAway(Trouble.MOVING)

    def _line(self, witness: PolicyWitness, answer: Answer, note: SignedNote) -> SignatureLine:
        """Return the latest line of the witness in its answer, all of its lines checked.

        Raises:
            WitnessAway: There is none, or one that is wrong.
        """
        try:
            lines = parse_signature_lines(decode_utf8(answer.body, "cosignature"))
        except MalformedError as error:
            raise WitnessAway(Trouble.GARBAGE, error.want) from error
        label = witness.key.label
        own = tuple(each for each in lines if f"{each.name}+{each.key_id.hex()}" == label)
        if not own:
            raise WitnessAway(Trouble.NO_LINE, label)
        try:
            times = verify_lines(SignedNote(note.text, own), witness.key)
        except (MalformedError, ProofError) as error:
            raise WitnessAway(Trouble.BAD_SIGNATURE, label) from error
        moment, at = max((moment or 0, at) for at, moment in enumerate(times))
        if abs(self._clock().timestamp() - moment) > self._clock_bound.total_seconds():
            raise WitnessAway(Trouble.BAD_TIME, f"{moment} s after 1970")
        return own[at]

"""Offering each new checkpoint to the witnesses, round after round.

Nobody waits for a witness: one thread of the instance asks all that are due at once, each
within its own time, and appends and reads go on. A witness that fails is left alone for a
growing number of rounds; why, is told to the operator once and to `/metrics` all the time.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.application.explaining import explain
from ledger.application.texts import Language, say
from ledger.application.witness_offering import Offering
from ledger.application.witness_testimony import PARALLEL_MAX
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import SignedNote, parse_note
from ledger.proof.policy import Policy, PolicyWitness
from ledger.store.cosignatures import Cosignatures
from ledger.store.witness_answer import Trouble, WitnessAway
from ledger.store.witness_state import WitnessBoard

REFRESH = timedelta(days=1)
"""A checkpoint that stands longer is cosigned again: the clock's limit rests on that time."""
ROUNDS_SKIPPED_MAX = 60

log = logging.getLogger("uvicorn.error")
"""Where the service tells the operator everything else too."""


@dataclass(frozen=True, slots=True)
class WitnessState:
    """How a witness fares: its largest cosigned size (0 if none) and latest time in seconds.

    ``key`` is the name and ID of its key, ``trouble`` why it is away, empty while it is not.
    """

    name: str
    key: str
    size: int
    time: int | None
    trouble: str


@dataclass(slots=True)
class _Waiting:
    """How many rounds a witness that failed is left alone."""

    failures: int = 0
    rounds: int = 0

    def fail(self) -> None:
        self.rounds = min(1 << min(self.failures, 16), ROUNDS_SKIPPED_MAX)
        self.failures += 1


class Witnessing:
    """The witnesses of one log: asked in rounds, by whichever process has the turn."""

    def __init__(
        self,
        policy: Policy,
        offering: Offering,
        cosignatures: Cosignatures,
        board: WitnessBoard,
        *,
        publish: Callable[[], bytes],
        clock: Callable[[], datetime],
    ) -> None:
        """Offer what ``publish()`` signs."""
        self._witnesses = policy.witnesses
        self._offering = offering
        self._cosignatures = cosignatures
        self._board = board
        self._publish = publish
        self._clock = clock
        self._waiting = {witness.name: _Waiting() for witness in policy.witnesses}
        self._troubles: dict[str, Trouble] = {}

    def run(
        self,
        stop: threading.Event,
        *,
        interval_s: float,
        language: Language,
        observe: Callable[[Exception], None],
    ) -> None:
        """Ask round after round until told to stop; what goes wrong is logged, not raised.

        ``observe`` is shown each error, for one may be about more than witnesses.
        """
        told = ""
        while not stop.wait(interval_s):
            before = dict(self._troubles)
            try:
                self.round()
                told = ""
            except Exception as error:  # noqa: BLE001 - or nobody would ask any more
                observe(error)
                told = _tell_error(error, told, language)
            self._tell_changes(before, language)
        self.leave()

    def leave(self) -> None:
        """Let another process of the instance ask from now on."""
        self._board.leave()

    def round(self) -> None:
        """Offer the newest checkpoint to every witness that is due, if it is our turn.

        Raises:
            RolledBackError: A witness holds a head that this log signed and does not
                continue, or the database does not continue its register.
            As `Publisher.publish`.
        """
        if not self._witnesses or not self._board.take_turn():
            return
        note = parse_note(self._publish())
        size = parse_checkpoint(note.text).size
        due = [each for each in self._witnesses if self._is_due(each, size)]
        try:
            if due:
                with ThreadPoolExecutor(min(PARALLEL_MAX, len(due))) as pool:
                    list(pool.map(lambda each: self._try(each, note), due))
        finally:
            self._board.write({key: str(code) for key, code in self._troubles.items()})

    def states(self) -> tuple[WitnessState, ...]:
        """Return how every witness of the policy fares, in any process of the instance."""
        troubles = self._board.read()
        return tuple(self._state(each, troubles) for each in self._witnesses)

    def _state(self, witness: PolicyWitness, troubles: Mapping[str, str]) -> WitnessState:
        key = witness.key
        last = self._cosignatures.last_word(key)
        trouble = troubles.get(key.label, "")
        if self._cosignatures.has_lost(key):
            trouble = str(Trouble.LOST_STATE)
        size, moment = (last.size, last.time) if last is not None else (0, None)
        return WitnessState(witness.name, key.label, size, moment, trouble)

    def _is_due(self, witness: PolicyWitness, size: int) -> bool:
        if witness.url is None or self._cosignatures.has_lost(witness.key):
            return False
        waiting = self._waiting[witness.name]
        if waiting.rounds:
            waiting.rounds -= 1
            return False
        last = self._cosignatures.last_word(witness.key)
        if last is None or last.size < size:
            return True
        age = self._clock().timestamp() - last.time
        return last.size == size and age >= REFRESH.total_seconds()

    def _try(self, witness: PolicyWitness, note: SignedNote) -> None:
        label = witness.key.label
        try:
            self._offering.offer(witness, note)
        except WitnessAway as error:
            self._waiting[witness.name].fail()
            self._troubles[label] = error.trouble
        else:
            self._waiting[witness.name] = _Waiting()
            self._troubles.pop(label, None)

    def _tell_changes(self, before: Mapping[str, Trouble], language: Language) -> None:
        for witness in self._witnesses:
            was = before.get(witness.key.label)
            trouble = self._troubles.get(witness.key.label)
            if trouble == was:
                continue
            if trouble is None:
                log.warning(say("witness_back", language, witness=witness.name))
            else:
                facts = {"witness": witness.name, "trouble": trouble}
                log.warning(say("witness_away", language, **facts))


def _tell_error(error: Exception, told: str, language: Language) -> str:
    """Log what stopped a round, unless it was logged after the round before."""
    code, facts = explain(error) or ("unexpected", {})
    if code != told:
        known = code != "unexpected"
        log.error(say(code, language, **facts), exc_info=None if known else error)
    return code

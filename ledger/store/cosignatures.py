"""What witnesses said of the log: lines that are checked, kept for good, and served.

A line is verified before it is stored and once more before it is served, because one wrong
line of a key that readers know makes the whole note worthless to them (C2SP signed-note).
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ledger.proof.checkpoint import add_signatures, parse_checkpoint, verify_lines
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import (
    SignatureLine,
    SignedNote,
    VerifierKey,
    parse_note,
    parse_signature_lines,
)
from ledger.proof.policy import NO_QUORUM, Policy
from ledger.store.limits import Witnessed
from ledger.store.log_keys import UNPROVEN
from ledger.store.schema import checkpoints, cosignatures, witness_losses

FRESH_S = 0.5
"""For how long an answer about the newest quorum is given again without asking the database."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """The largest size that a witness cosigned, and when it last did."""

    size: int
    time: int


@dataclass(frozen=True, slots=True)
class Quorum:
    """A checkpoint that as many witnesses cosigned as the policy asks for, and since when."""

    note: SignedNote
    size: int
    time: int


class Cosignatures:
    """The cosignatures of one log, as one policy counts them."""

    def __init__(
        self,
        engine: sa.Engine,
        *,
        origin: str,
        policy: Policy,
        log_keys: Callable[[int], Sequence[VerifierKey]] | None = None,
    ) -> None:
        """Serve notes that ``log_keys(size)`` sign; by default the policy's of this log."""
        self._engine = engine
        self._origin = origin
        self._policy = policy
        named = [log.key for log in policy.logs if log.key.name == origin]
        self._log_keys = log_keys or (lambda _size: named)
        self._names = {witness.key.label: witness.name for witness in policy.witnesses}
        self._quorum: Quorum | None = None
        self._asked_at: float | None = None

    def add(self, size: int, line: SignatureLine) -> None:
        """Keep one line of a witness of the policy; durable when it returns.

        The same line a second time changes nothing.

        Raises:
            ProofError: No checkpoint of this size was signed, the line is of no witness of
                the policy, or does not cosign this checkpoint. Nothing was stored.
        """
        label = f"{line.name}+{line.key_id.hex()}"
        key = next((w.key for w in self._policy.witnesses if w.key.label == label), None)
        if key is None:
            raise ProofError("cosignature", "a witness of the policy", label)
        note = self._signed(size)
        if note is None:
            raise ProofError("cosignature", "a signed checkpoint of this size", size)
        [moment] = verify_lines(SignedNote(note.text, (line,)), key)
        row = {
            "log": self._origin,
            "size": size,
            "witness": label,
            "time": moment,
            "line": line.text(),
        }
        self._insert(cosignatures, row)
        self._asked_at = None

    def last_word(self, key: VerifierKey) -> LastWord | None:
        """Return what a witness cosigned last, None where it never did.

        A row is believed once its line holds over what the log signed. What somebody else
        put there neither silences an honest witness nor makes it look forgetful.
        """
        table = cosignatures
        signed = sa.and_(checkpoints.c.log == table.c.log, checkpoints.c.size == table.c.size)
        query = (
            sa.select(table.c.size, table.c.time, table.c.line)
            .join(checkpoints, signed)
            .where(table.c.log == self._origin, table.c.witness == key.label)
            .order_by(table.c.size.desc(), table.c.time.desc())
        )
        with self._engine.connect() as connection:
            found = connection.execution_options(yield_per=100).execute(query)
            for size, rows in itertools.groupby(found, key=lambda row: row.size):
                note = self._signed(size)
                if note is None:
                    continue
                for row in rows:
                    if _moment(note, row.line, key) == row.time:
                        return LastWord(size, row.time)
        return None

    def lose(self, key: VerifierKey, *, cosigned: int, claimed: int, now: datetime) -> None:
        """Note for good that a witness forgot what it had cosigned; durable on return."""
        row = {
            "log": self._origin,
            "witness": key.label,
            "cosigned": cosigned,
            "claimed": claimed,
            "time": int(now.timestamp()),
        }
        self._insert(witness_losses, row)

    def has_lost(self, key: VerifierKey) -> bool:
        """Return whether this key is retired because its witness lost its memory."""
        table = witness_losses
        query = sa.select(table.c.cosigned).where(
            table.c.log == self._origin, table.c.witness == key.label
        )
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def newest(self) -> bytes | None:
        """Return the newest checkpoint with the policy's quorum, the lines appended.

        None where there is none yet, or where the policy asks for no quorum.
        """
        quorum = self._newest_quorum()
        return None if quorum is None else quorum.note.encode()

    def witnessed(self) -> Witnessed | None:
        """Return the size of `newest` and since when a quorum vouches for it.

        What it returns may be half a second old; it only ever grows.
        """
        quorum = self._newest_quorum()
        if quorum is None:
            return None
        return Witnessed(quorum.size, datetime.fromtimestamp(quorum.time, UTC))

    def note(self, size: int) -> bytes | None:
        """Return the signed checkpoint of a size with every good line of the policy's keys.

        None where none was signed by a key of this log.
        """
        note = self._cosigned(size, [line for _, line in self._lines(size, largest=size)])
        return None if note is None else note.encode()

    def _newest_quorum(self) -> Quorum | None:
        if self._policy.quorum == NO_QUORUM:
            return None
        now = time.monotonic()
        if self._asked_at is None or now >= self._asked_at + FRESH_S:
            self._quorum = self._find_quorum() or self._quorum
            self._asked_at = now
        return self._quorum

    def _find_quorum(self) -> Quorum | None:
        known = 0 if self._quorum is None else self._quorum.size
        for size, rows in itertools.groupby(self._lines(known), key=lambda row: row[0]):
            lines = [line for _, line in rows]
            if not self._policy.is_quorum({self._name(line) for line in lines}):
                continue
            note = self._cosigned(size, lines)
            if note is None:
                continue
            moment = self._policy.agreed_at(self._policy.cosignatures(note))
            if moment is not None:
                return Quorum(note, size, moment)
        return None

    def _name(self, line: SignatureLine) -> str:
        return self._names.get(f"{line.name}+{line.key_id.hex()}", "")

    def _lines(
        self, smallest: int, *, largest: int | None = None
    ) -> Iterator[tuple[int, SignatureLine]]:
        """Yield lines of the policy's witnesses, the largest size first, then the latest."""
        table = cosignatures
        query = (
            sa.select(table.c.size, table.c.line)
            .where(table.c.log == self._origin, table.c.size >= smallest)
            .order_by(table.c.size.desc(), table.c.time.desc())
        )
        if largest is not None:
            query = query.where(table.c.size <= largest)
        with self._engine.connect() as connection:
            for size, text in connection.execution_options(yield_per=500).execute(query):
                line = _line_in(text)
                if line is not None and self._name(line):
                    yield size, line

    def _cosigned(self, size: int, lines: Sequence[SignatureLine]) -> SignedNote | None:
        """Return the signed note with the latest good line of each witness."""
        note = self._signed(size)
        if note is None:
            return None
        good: dict[str, SignatureLine] = {}
        for line in lines:
            name = self._name(line)
            if name not in good and self._holds(note, line):
                good[name] = line
        return add_signatures(note, good.values())

    def _holds(self, note: SignedNote, line: SignatureLine) -> bool:
        witness = next(w for w in self._policy.witnesses if w.name == self._name(line))
        try:
            verify_lines(SignedNote(note.text, (line,)), witness.key)
        except ProofError:
            return False
        return True

    def _signed(self, size: int) -> SignedNote | None:
        """Return the stored checkpoint of a size, if a key of this log signs it."""
        query = sa.select(checkpoints.c.note).where(
            checkpoints.c.log == self._origin, checkpoints.c.size == size
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            return None
        try:
            note = parse_note(bytes(found))
            checkpoint = parse_checkpoint(note.text)
            if (checkpoint.origin, checkpoint.size) != (self._origin, size):
                return None
            signed = [key for key in self._log_keys(size) if verify_lines(note, key)]
        except (*UNPROVEN, TypeError):
            return None  # the audit names it
        return note if signed else None

    def _insert(self, table: sa.Table, row: dict[str, object]) -> None:
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                statement = sa.insert(table).prefix_with("OR IGNORE")
            else:
                statement = postgresql.insert(table).on_conflict_do_nothing()
            connection.execute(statement, row)


def _line_in(text: object) -> SignatureLine | None:
    """Return the one line in a row; None where somebody else put something there."""
    try:
        [line] = parse_signature_lines(text)  # type: ignore[arg-type] # whatever it holds
    except (MalformedError, ValueError, TypeError):
        return None  # the audit names it
    return line


def _moment(note: SignedNote, text: object, key: VerifierKey) -> int | None:
    """Return when the line in a row cosigned a note; None where it did not, by this key."""
    line = _line_in(text)
    if line is None or (line.name, line.key_id) != (key.name, key.id):
        return None
    try:
        [moment] = verify_lines(SignedNote(note.text, (line,)), key)
    except (MalformedError, ProofError):
        return None
    return moment

"""A witness cosigns the largest consistent tree it has seen of each log (C2SP tlog-witness).

The checks stand in the order of the specification: form, origin, signature, old size,
consistency. The comparison with what was cosigned last and its replacement are one step
under a lock, and the replacement is durable before the cosignature leaves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from ledger.proof.add_checkpoint import (
    SIZE_CONTENT_TYPE,
    AddCheckpoint,
    encode_size,
    origin_hash,
    parse_add_checkpoint,
)
from ledger.proof.checkpoint import (
    Checkpoint,
    EmptyRootError,
    add_signatures,
    parse_checkpoint,
    sign_checkpoint,
    verify_lines,
)
from ledger.proof.consistency import verify_consistency
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import EMPTY_ROOT
from ledger.proof.note import KeyType, SignatureLine, SignedNote, VerifierKey, parse_note
from ledger.proof.signers import SigningKey
from ledger.witness.evidence import keep_fork, keep_unproven
from ledger.witness.memory import LogMemory, MemoryLostError

TEXT = "text/plain; charset=utf-8"
_EMPTY_LINE = b"\n\n"

Latest = tuple[SignedNote, int]


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to whoever asked."""

    status: int
    body: bytes
    content_type: str = TEXT


class _Refused(Exception):
    """A request that is not cosigned, and the answer that says so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Witness:
    """Cosigns for the logs that it knows; may be asked by many threads at once."""

    def __init__(
        self,
        keys: Sequence[SigningKey],
        logs: Mapping[str, Sequence[VerifierKey]],
        memories: Mapping[str, LogMemory],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        """Know logs by origin, each with its public keys and what was cosigned for it."""
        self._keys = keys
        self._logs = logs
        self._memories = memories
        self._clock = clock
        self._origins = {origin_hash(origin): origin for origin in logs}

    def add_checkpoint(self, body: bytes) -> Reply:
        """Return cosignature lines, durable by then, or why there are none.

        Raises:
            OSError: The disk refused; nothing was cosigned.
        """
        try:
            return self._cosign(self._read(body))
        except _Refused as refused:
            return refused.reply
        except MemoryLostError:
            return _refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "this witness lost what it cosigned for this log; enrol it under a new key",
            )

    def latest(self, origin_hash: str) -> Reply:
        """Return the checkpoint cosigned last for a log, by the hash of its origin."""
        origin = self._origins.get(origin_hash)
        try:
            latest = None if origin is None else self._memories[origin].latest()
        except MemoryLostError:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, "what was cosigned is lost")
        if latest is None:
            return _refusal(HTTPStatus.NOT_FOUND, "nothing was cosigned for this log")
        return Reply(HTTPStatus.OK, latest[0].encode())

    def _read(self, body: bytes) -> AddCheckpoint:
        try:
            request = parse_add_checkpoint(body)
        except EmptyRootError as error:
            # Malformed to everybody else; here it has an answer after origin and signature.
            note = parse_note(body.partition(_EMPTY_LINE)[2])
            self._authentic(note.text.partition("\n")[0], note)
            raise _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "an empty tree's root") from error
        except MalformedError as error:
            raise _refused(HTTPStatus.BAD_REQUEST, f"want {error.want}") from error
        return request

    def _authentic(self, origin: str, note: SignedNote) -> tuple[SignatureLine, ...]:
        """Return the lines by which the log's own keys sign a note."""
        keys = self._logs.get(origin)
        if keys is None:
            raise _refused(HTTPStatus.NOT_FOUND, "this witness does not know the log")
        try:
            signing = [key.label for key in keys if verify_lines(note, key)]
        except ProofError as error:
            raise _refused(HTTPStatus.FORBIDDEN, "a signature of the log fails") from error
        if not signing:
            raise _refused(HTTPStatus.FORBIDDEN, "no key of the log signs")
        return tuple(
            line for line in note.signatures if f"{line.name}+{line.key_id.hex()}" in signing
        )

    def _cosign(self, request: AddCheckpoint) -> Reply:
        checkpoint = request.checkpoint
        lines = self._authentic(checkpoint.origin, request.note)
        if request.old_size > checkpoint.size:
            raise _refused(HTTPStatus.BAD_REQUEST, "an old size up to the checkpoint's")
        memory = self._memories[checkpoint.origin]
        with memory.held():
            latest = memory.latest()
            self._check_extends(request, checkpoint, latest, memory)
            cosignatures = self._sign(checkpoint, latest)
            signed = SignedNote(request.note.text, lines)
            memory.remember(add_signatures(signed, cosignatures))
        body = "".join(line.text() for line in cosignatures)
        return Reply(HTTPStatus.OK, body.encode())

    def _check_extends(
        self,
        request: AddCheckpoint,
        checkpoint: Checkpoint,
        latest: Latest | None,
        memory: LogMemory,
    ) -> None:
        """Return if the checkpoint is proved to extend what was cosigned last."""
        held = Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)
        if latest is not None:
            held = parse_checkpoint(latest[0].text, extensions_allowed=True)
            if held.size == checkpoint.size and held.root != checkpoint.root:
                keep_fork(memory.evidence, refused=request.note, cosigned=latest[0])
        if request.old_size != held.size:
            body = encode_size(held.size)
            raise _Refused(Reply(HTTPStatus.CONFLICT, body, SIZE_CONTENT_TYPE))
        try:
            verify_consistency(
                old_size=held.size,
                new_size=checkpoint.size,
                proof=request.proof,
                old_root=held.root,
                new_root=checkpoint.root,
            )
        except ProofError as error:
            if latest is not None and held.size != checkpoint.size:
                keep_unproven(memory.evidence, refused=request.note, cosigned=latest[0])
            reason = "a proof that the checkpoint extends the one cosigned last"
            raise _refused(HTTPStatus.UNPROCESSABLE_ENTITY, reason) from error

    def _sign(self, checkpoint: Checkpoint, latest: Latest | None) -> list[SignatureLine]:
        now = int(self._clock().timestamp())
        if latest is not None and now < latest[1]:
            # A cosignature never says an earlier time than the one before it.
            raise _refused(HTTPStatus.SERVICE_UNAVAILABLE, "this witness's clock went back")
        # ML-DSA-44 would leave extension lines unsigned.
        keys = [
            key
            for key in self._keys
            if key.type is not KeyType.MLDSA44 or not checkpoint.extensions
        ]
        return [sign_checkpoint(checkpoint, key, timestamp=now) for key in keys]


def _refusal(status: HTTPStatus, reason: str) -> Reply:
    return Reply(status, f"{reason}\n".encode())


def _refused(status: HTTPStatus, reason: str) -> _Refused:
    return _Refused(_refusal(status, reason))

"""Another key for the log: one truth at each step, and each step finished or taken back.

1. the next key is durable beside the current one; from here on nobody signs
2. `key.rotated` is in the log at seq N, acknowledged and registered
3. the checkpoint of size N + 1 is signed by both keys and stored
4. the log's own policy names both
5. the old key is kept under its ID, the next one takes its place

A crash before 2 takes the next key back: it signed nothing, and every entry is there to show
that the log does not name it. After 2 the log has spoken, and
`finish_rotation` goes on, each step being harmless to repeat. Until 5 every other process
refuses to sign, so the old key alone never signs beyond N + 1, nor the new one below it.
"""

import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.proof.note import KeyType, VerifierKey
from ledger.proof.policy import PolicyLog, parse_policy
from ledger.proof.shapes import KEY_ROTATED
from ledger.proof.signers import SigningKey
from ledger.store.appender import Appender
from ledger.store.durable_file import PUBLIC, replace_file
from ledger.store.event import NewEvent, Submission
from ledger.store.key_rows import KeyRows, KeysUnreadError
from ledger.store.keyfiles import read_signing_key
from ledger.store.publishing import Publisher
from ledger.store.signing_keys import KINDS, KeyFiles, KeyNotInForceError


@dataclass(frozen=True, slots=True)
class KeyParts:
    """What a rotation works with; ``actor`` is who does it, ``own_policy`` the log's word."""

    files: KeyFiles
    rows: KeyRows
    appender: Appender
    publisher: Publisher
    origin: str
    actor: str
    own_policy: Path


@dataclass(frozen=True, slots=True)
class Rotated:
    """At ``seq`` the log put ``key`` in the place of ``previous``, None where none was."""

    seq: int
    key: VerifierKey
    previous: VerifierKey | None


def rotate_key(parts: KeyParts, kind: KeyType) -> Rotated:
    """Give the log a fresh key of a kind; return what the log says of it.

    Call it while no service runs. An interrupted rotation is finished or taken back first.

    Raises:
        KeyNotInForceError: The key at hand is not the one that the log has in force; nothing
            was changed.
        OutcomeUnknownError: The connection broke; `finish_rotation` learns what became of it.
        As `Appender.append` and `Publisher.publish`.
    """
    finish_rotation(parts)
    # Before anything is changed: what is signed until here, and that it can be.
    parts.publisher.publish()
    old = parts.files.read(kind)
    new = parts.files.prepare(kind, name=parts.origin)
    event = NewEvent(
        stream=parts.actor.removeprefix("system:"),
        type=KEY_ROTATED,
        shape=1,
        by=parts.actor,
        facts={
            "key": new.verifier_key.text(),
            "previous_key": None if old is None else old.verifier_key.text(),
        },
    )
    appended = parts.appender.append(Submission(_submission(new), [event]))
    return _complete(parts, new, seq=appended.first_seq)


def finish_rotation(parts: KeyParts) -> Rotated | None:
    """End a rotation that was interrupted; return it, or None where the log knows none.

    Raises:
        KeyFileError: The next key cannot be read; it may be the one that the log names.
        KeyNotInForceError: It is one that the log had in force before.
        KeysUnreadError: Entries that may name it cannot be read; it is kept, as it may be
            the only copy of the key in force.
        As `Appender.find` and `Publisher.publish`.
    """
    for kind in KINDS:
        path = parts.files.next(kind)
        if not path.exists():
            continue
        new = read_signing_key(path)
        # Behind every append that is under way, so that none can still come.
        appended = parts.appender.find(_submission(new))
        if appended is not None:
            return _complete(parts, new, seq=appended.first_seq)
        if _is_named(parts, new.verifier_key):
            got = new.verifier_key.label
            raise KeyNotInForceError(str(path), "a key that was never in force", got)
        parts.files.take_back(kind)
    return None


def _is_named(parts: KeyParts, key: VerifierKey) -> bool:
    """Return whether the log names a key, with every entry there to tell."""
    head = parts.publisher.check()
    absent = parts.rows.absent(under=head)
    if absent:
        raise KeysUnreadError(absent)
    return parts.rows.history_to_act_on(head).find(key) is not None


def _submission(new: SigningKey) -> uuid.UUID:
    """Return the id under which this key's rotation is appended, the same when asked again."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://{new.verifier_key.text()}")


def _complete(parts: KeyParts, new: SigningKey, *, seq: int) -> Rotated:
    kind = new.type
    chain = parts.rows.history_to_act_on(parts.publisher.check()).chains[kind]
    last = chain[-1] if chain else None
    path = str(parts.files.next(kind))
    if last is None or (last.key, last.since) != (new.verifier_key, seq + 1):
        # Somebody rotated since, or planted this key: to go on would bring back a retired one.
        want = "nothing" if last is None else last.key.label
        raise KeyNotInForceError(path, want, new.verifier_key.label)
    old = parts.files.read(kind)
    previous = chain[-2].key if len(chain) > 1 else None
    got = None if old is None else old.verifier_key
    if got != previous:
        want = "nothing" if previous is None else previous.label
        raise KeyNotInForceError(str(parts.files.current(kind)), want, str(got and got.label))
    others = [parts.files.read(each) for each in KINDS if each is not kind]
    keys = [key for key in (*others, old, new) if key is not None]
    keys.sort(key=lambda key: key.type)
    parts.publisher.publish_earlier(seq + 1, keys)
    _name_both(parts.own_policy, [key.verifier_key for key in keys])
    parts.files.switch(kind, old)
    return Rotated(seq, new.verifier_key, previous)


def _name_both(path: Path, keys: list[VerifierKey]) -> None:
    policy = parse_policy(path.read_text("utf-8"))
    known = {log.key for log in policy.logs}
    more = tuple(PolicyLog(key) for key in keys if key not in known)
    if more:
        text = replace(policy, logs=policy.logs + more).text()
        replace_file(path, text.encode(), mode=PUBLIC)

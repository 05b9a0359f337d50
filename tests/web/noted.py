"""Notes under policies, true ones and spoiled ones, with what the ledger concludes of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import KeyType, SignatureLine, parse_note
from ledger.proof.policy import parse_policy
from ledger.proof.signers import SigningKey

ORIGIN = "log.example/1"
LOG = SigningKey(ORIGIN, KeyType.ED25519, b"L" * 32)
LOG_Q = SigningKey(ORIGIN, KeyType.MLDSA44, b"Q" * 32)
IMPOSTOR = SigningKey(ORIGIN, KeyType.ED25519, b"I" * 32)
OTHER = SigningKey("log.example/2", KeyType.ED25519, b"O" * 32)
W1, W2 = (SigningKey(f"w{n}.example", KeyType.COSIGNATURE, bytes([n]) * 32) for n in (1, 2))
W3 = SigningKey("w3.example", KeyType.MLDSA44, b"3" * 32)
POINT = Checkpoint(ORIGIN, 7, sha256(b"root").digest())
TIME = 1_790_000_000
KNOWN = "".join(
    f"witness {name} {key.verifier_key.text()}\n"
    for name, key in (("one", W1), ("two", W2), ("three", W3))
)
GROUPS = "group pair any one two\ngroup\tall 2 pair  three\n"
LOG_LINE = f"log {LOG.verifier_key.text()}\n"
POLICIES = {
    "nobody": f"{LOG_LINE}quorum none\n",
    "one": f"# a remark\n\n{LOG_LINE}{KNOWN}quorum one\n",
    "quantum": f"{LOG_LINE}log {LOG_Q.verifier_key.text()} https://a\n{KNOWN}quorum three\n",
    "groups": f"{LOG_LINE}{KNOWN}{GROUPS}quorum all\n",
    "another log": f"log {OTHER.verifier_key.text()}\nquorum none\n",
    "unknown name": f"{LOG_LINE}quorum one\n",
    "two quorums": f"{LOG_LINE}quorum none\nquorum none\n",
    "key twice": f"{LOG_LINE}{LOG_LINE}quorum none\n",
    "log as witness": f"{LOG_LINE}witness one {OTHER.verifier_key.text()}\nquorum one\n",
    "threshold too high": f"{LOG_LINE}{KNOWN}group all 3 one two\nquorum all\n",
    "wrong key ID": f"{LOG_LINE.replace('+', '+0', 1)}quorum none\n",
}


@dataclass(frozen=True)
class Case:
    """A note under a policy, and whether it is worth what the policy asks for."""

    name: str
    policy: str
    note: bytes
    holds: bool


def cases() -> Sequence[Case]:
    """Return every note under every policy."""
    return [
        Case(f"{note}, {policy}", text, content, _holds(text, content))
        for policy, text in POLICIES.items()
        for note, content in notes().items()
    ]


def notes() -> dict[str, bytes]:
    """Return notes by what is special about each."""
    found = {
        "log": signed(LOG),
        "log and impostor": signed(LOG, IMPOSTOR),
        "impostor": signed(IMPOSTOR),
        "one witness": signed(LOG, W1),
        "two witnesses": signed(LOG, W2, W3),
        "all": signed(LOG, LOG_Q, W1, W2, W3),
        "witnesses alone": signed(W1, W3),
        "a witness twice": signed(LOG, W1) + signed(W1, time=TIME + 9).partition(b"\n\n")[2],
        "spoiled witness": _spoiled(signed(LOG, W1), W1),
        "spoiled stranger": _spoiled(signed(LOG, IMPOSTOR), IMPOSTOR),
        "spoiled quantum": _spoiled(signed(LOG, W3), W3),
    }
    return found | dict(_misspelled(found["all"]))


def signed(*keys: SigningKey, time: int = TIME) -> bytes:
    """Return a checkpoint signed by some keys."""
    lines = [
        sign_checkpoint(POINT, key, timestamp=None if key.type is KeyType.ED25519 else time)
        for key in keys
    ]
    return add_signatures(POINT, lines).encode()


def _spoiled(note: bytes, key: SigningKey) -> bytes:
    parsed = parse_note(note)
    lines = [
        SignatureLine(line.name, line.key_id, line.blob[:-1] + bytes([line.blob[-1] ^ 1]))
        if (line.name, line.key_id) == (key.name, key.verifier_key.id)
        else line
        for line in parsed.signatures
    ]
    return type(parsed)(parsed.text, tuple(lines)).encode()


def _misspelled(note: bytes) -> Iterator[tuple[str, bytes]]:
    yield "cut", note[:-1]
    yield "a line more", note + b"\n"
    yield "another dash", note.replace("— ".encode(), b"- ", 1)
    yield "carriage returns", note.replace(b"\n", b"\r\n")
    yield "another size", note.replace(b"\n7\n", b"\n8\n")
    yield "a zero before", note.replace(b"\n7\n", b"\n07\n")
    yield "an extension", note.replace(b"\n\n", b"\nmore\n\n", 1)
    yield "base64 bits beside", note.replace(b"=\n", b"\n", 1)
    yield "not UTF-8", note.replace(b"7", b"\xff", 1)
    yield "a control character", note.replace(b"\n7", b"\x01\n7", 1)


def _holds(policy: str, note: bytes) -> bool:
    try:
        parse_policy(policy).verify(parse_note(note))
    except (MalformedError, ProofError):
        return False
    return True

"""A log made for witnesses: leaves, checkpoints and proofs by the definitions of RFC 9162."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.proof.add_checkpoint import AddCheckpoint
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.consistency import prove_consistency
from ledger.proof.merkle import root_of
from ledger.proof.note import KeyType, SignedNote, VerifierKey
from ledger.proof.signers import SigningKey

LOG = "log.example.org/other"


@dataclass
class OtherLog:
    """Somebody else's log, of as many entries as it is asked for."""

    origin: str = LOG
    seed: bytes = b"a log of others".ljust(32, b".")
    entries: str = "entry"
    extensions: tuple[str, ...] = ()
    key: SigningKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = SigningKey(self.origin, KeyType.ED25519, self.seed)

    @property
    def verifier_key(self) -> VerifierKey:
        return self.key.verifier_key

    def leaves(self, size: int) -> list[bytes]:
        return [sha256(f"\0{self.entries} {n}".encode()).digest() for n in range(size)]

    def note(self, size: int, *, keys: Sequence[SigningKey] | None = None) -> SignedNote:
        checkpoint = Checkpoint(self.origin, size, root_of(self.leaves(size)), self.extensions)
        signing = [self.key] if keys is None else keys
        return add_signatures(
            checkpoint, [sign_checkpoint(checkpoint, key, timestamp=None) for key in signing]
        )

    def proof(self, old: int, new: int) -> list[bytes]:
        leaves = self.leaves(new)

        def subtree(height: int, index: int) -> bytes:
            return root_of(leaves[index << height : (index + 1) << height])

        return prove_consistency(subtree, old_size=old, new_size=new)

    def request(self, old: int, new: int) -> bytes:
        return AddCheckpoint(old, tuple(self.proof(old, new)), self.note(new)).encode()

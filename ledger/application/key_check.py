"""The keys that are configured must be this ledger's own, found before it is served.

A test key that signs for a real log, or a real key in a copy for training, makes signatures
that can never be taken back.
"""

from collections.abc import Callable, Sequence

from ledger.audit.key_history import KeyHistory
from ledger.proof.errors import ProofError
from ledger.proof.note import KeyType
from ledger.proof.signers import SigningKey
from ledger.store.head import Head
from ledger.store.publishing import Publisher
from ledger.store.vault import Vault


class WrongKeyError(Exception):
    """A configured key is not the ledger's; ``what`` is the setting that names its file."""

    def __init__(self, what: str, *, want: str, got: str) -> None:
        super().__init__(f"{what}: want {want}, got {got}")
        self.what = what
        self.want = want
        self.got = got


def check_keys(
    publisher: Publisher,
    vault: Vault,
    *,
    origin: str,
    keys: Sequence[SigningKey],
    history: Callable[[Head], KeyHistory],
) -> None:
    """Return if signing keys, the seal's key and the vault's are those of this ledger.

    A signing key must be the one that the log names last, in entry 0 or in its newest
    rotation, as ``history`` proves it under the head. Nothing is signed.

    Raises:
        WrongKeyError: One of them is not.
        HeadTamperedError: The seal's key does not open the head, or the head was changed.
        ProofError: What names the log's keys does not add up; audit the log.
        As `Publisher.check`.
    """
    for key in keys:
        if key.name != origin:
            raise WrongKeyError(_setting(key), want=origin, got=key.name)
    chains = history(publisher.check()).chains
    for key in keys:
        named, held = chains[key.type], key.verifier_key
        if named and named[-1].key != held:
            raise WrongKeyError(_setting(key), want=named[-1].key.text(), got=held.text())
    try:
        vault.check_key()
    except ProofError as error:
        raise WrongKeyError(
            "LEDGER_VAULT_KEY_FILE", want="the key of this vault", got="another"
        ) from error


def _setting(key: SigningKey) -> str:
    return "LEDGER_KEY_FILE" if key.type is KeyType.ED25519 else "LEDGER_MLDSA_KEY_FILE"

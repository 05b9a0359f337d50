"""A restore put together: what lies beside the rows of a backup counts once they prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.application.published_shapes import SHAPES
from ledger.audit.chunk import Question
from ledger.audit.key_history import KeyHistory
from ledger.audit.marks import Trust
from ledger.proof.errors import MalformedError
from ledger.proof.note import VerifierKey
from ledger.proof.policy import NO_QUORUM, Policy, PolicyLog, parse_policy
from ledger.settings import Settings, paths_of
from ledger.store.backing_up import POLICY, TRUSTED_POLICY
from ledger.store.closure import CLOSED
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.keyfiles import read_signing_key
from ledger.store.manifest import NoBackupError, read_backup
from ledger.store.signing_keys import KINDS
from ledger.wiring.parts import Wiring


def ledger_to_restore(settings: Settings, folder: Path) -> Wiring:
    """Return the ledger whose rows a backup holds: the data folder's, else the backup's.

    Raises:
        NoBackupError: The folder is no finished backup.
        MalformedError: The settings name another ledger than the backup holds.
    """
    manifest = read_backup(folder, "log")
    paths, origin = paths_of(settings), manifest.checkpoint.origin
    if paths.origin.exists():
        origin = paths.origin.read_text("utf-8").removesuffix("\n")
    if settings.origin not in (None, origin):
        raise MalformedError("LEDGER_ORIGIN", origin, settings.origin)
    paths.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Wiring(paths, origin)


def question_of_backup(ledger: Wiring, folder: Path, *, clock_bound_s: int) -> Question:
    """Return what a backup is audited against: our policy, else the one that lies in it."""
    path = ledger.paths.policy
    if path is None:
        trusted = folder / TRUSTED_POLICY
        path = trusted if trusted.exists() else folder / POLICY
    policy = parse_policy(path.read_text("utf-8"))
    keys = tuple(_keys_of_backup(ledger, folder))
    return Question(SHAPES, Trust(keys, policy), clock_bound_s)


def _keys_of_backup(ledger: Wiring, folder: Path) -> list[VerifierKey]:
    """Return every public key that may have signed the log: ours, and those in a backup.

    Anybody may have written these: `BesideRows.check` finds whether the rows prove them.
    """
    named = [log.key for log in _own_logs(ledger, folder)]
    return list(dict.fromkeys([*_held(ledger), *named]))


@dataclass(frozen=True, slots=True)
class BesideRows:
    """The files of a backup beside its rows, on their way into the data folder."""

    ledger: Wiring
    folder: Path

    def check(self, history: KeyHistory) -> None:
        """Return if every public key in the backup is one of the log.

        Raises:
            NoBackupError: One is neither named by its rows nor in a key file.
        """
        held = _held(self.ledger)
        for log in _own_logs(self.ledger, self.folder):
            if log.key not in held and history.find(log.key) is None:
                rule = f"names a key in {POLICY}, {log.key.label}, that its rows do not name"
                raise NoBackupError(str(self.folder), f"{rule} and no file in keys holds")

    def settle(self) -> None:
        """Put what is absent into the data folder; harmless to repeat."""
        paths = self.ledger.paths
        policy = Policy(tuple(_own_logs(self.ledger, self.folder)), (), (), NO_QUORUM)
        contents = {
            paths.own_policy: policy.text().encode(),
            paths.origin: f"{self.ledger.origin}\n".encode(),
        }
        if (self.folder / CLOSED).exists():
            closed = (self.folder / CLOSED).read_bytes()
            contents = {paths.data_dir / CLOSED: closed, **contents}
        for path, content in contents.items():
            if not path.exists():
                create_file(path, content, mode=PUBLIC)


def _own_logs(ledger: Wiring, folder: Path) -> Sequence[PolicyLog]:
    policy = parse_policy((folder / POLICY).read_text("utf-8"))
    return [log for log in policy.logs if log.key.name == ledger.origin]


def _held(ledger: Wiring) -> list[VerifierKey]:
    """Return the public halves of all keys that lie in files here, retired ones too."""
    keys = [*ledger.signing_keys]
    for kind in KINDS:
        keys += [read_signing_key(path) for path in ledger.key_files.retired(kind)]
    return [key.verifier_key for key in keys]

"""A head that our own key signed and the log does not continue: kept, and not forgotten.

A witness may hold such a head after a database and its register were both rewound, or after
somebody signed with a stolen key. The signed note is put beside the head register; while it
lies there, every process of the instance compares the log with it before each extension and
each signature. So what stops the service is the evidence itself, and what lets it go on is
a log that continues it.
"""

from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.consistency import prove_consistency, verify_consistency
from ledger.proof.errors import ProofError
from ledger.proof.note import NOTE_BYTES_MAX, parse_note
from ledger.store.durable_file import PUBLIC, create_file, replace_file, sync_folder
from ledger.store.event import RolledBackError
from ledger.store.tree import StoredTree


class Contradiction:
    """The one signed head that a log is known not to have continued, if there is one."""

    def __init__(self, register: Path) -> None:
        self._path = register.with_name(register.name + ".contradicted")

    def remember(self, note: bytes) -> None:
        """Keep a signed head as what the log must continue; durable when it returns.

        Of two, the larger one stays: a log that continues it has what was missing.
        """
        seen = self.seen()
        if seen is None or seen.size < parse_checkpoint(parse_note(note).text).size:
            replace_file(self._path, note)

    def forget(self) -> None:
        """Take away a head that the log was found to continue; durable when it returns."""
        if self._path.exists():
            self._path.unlink()
            sync_folder(self._path.parent)

    def seen(self) -> Checkpoint | None:
        """Return the head that the log must continue.

        Raises:
            MalformedError: The file is damaged; nobody may go on without it.
        """
        try:
            with self._path.open("rb") as file:
                note = file.read(NOTE_BYTES_MAX + 1)
        except FileNotFoundError:
            return None
        return parse_checkpoint(parse_note(note).text)

    def check(self, engine: sa.Engine, head: Checkpoint) -> None:
        """Return if the head continues what was seen, or nothing was.

        Raises:
            RolledBackError: It does not.
            MalformedError: The file is damaged.
        """
        seen = self.seen()
        if seen is not None:
            check_continues(engine, seen, head)


def check_continues(engine: sa.Engine, seen: Checkpoint, head: Checkpoint) -> None:
    """Return if the stored tree proves that a head continues another one of the same log.

    Raises:
        RolledBackError: It does not; ``want`` is what was seen, ``got`` the head.
    """
    try:
        if seen.size > head.size:
            raise ProofError("size", head.size, seen.size)
        with engine.connect() as connection:
            tree = StoredTree(connection, origin=head.origin).subtree(tree_size=head.size)
            proof = prove_consistency(tree, old_size=seen.size, new_size=head.size)
        verify_consistency(
            old_size=seen.size,
            new_size=head.size,
            proof=proof,
            old_root=seen.root,
            new_root=head.root,
        )
    except ProofError as error:
        raise RolledBackError(want=seen.text(), got=head.text()) from error


def keep_evidence(folder: Path, note: bytes) -> Path:
    """Write a signed note where nothing overwrites it; durable when it returns.

    The name is the checkpoint's size and the start of its root in hex, so the same evidence
    is kept once.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    checkpoint = parse_checkpoint(parse_note(note).text, extensions_allowed=True)
    path = folder / f"{checkpoint.size}-{checkpoint.root.hex()[:16]}.note"
    with suppress(FileExistsError):
        create_file(path, note, mode=PUBLIC)
    return path

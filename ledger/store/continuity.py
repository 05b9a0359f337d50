"""The database must continue the head register: checked before each extension, kept after it.

Under the head's lock the head is compared with what was registered, so a database that was
rewound is not extended. After the commit the new head is registered, and only then is the
append acknowledged, so a tail that somebody was told of cannot be cut off unseen.
"""

from collections.abc import Callable

import sqlalchemy as sa

from ledger.proof.checkpoint import Checkpoint
from ledger.proof.errors import ProofError
from ledger.proof.merkle import Edge
from ledger.store.contradiction import Contradiction
from ledger.store.event import RolledBackError
from ledger.store.head import Head
from ledger.store.register import HeadRegister, RegisterMovedOn
from ledger.store.tree import StoredTree


class Continuity:
    """Holds one log's database against its register."""

    def __init__(self, engine: sa.Engine, register: HeadRegister, *, origin: str) -> None:
        self._engine = engine
        self._register = register
        self._origin = origin

    def check(self, read_head: Callable[[], Head]) -> tuple[Head, Edge | None]:
        """Return the committed head, found to continue the registered edge, and that edge.

        Raises:
            RolledBackError: It does not, or there is no register, or somebody outside holds
                a head that this log signed and does not continue.
            MalformedError: The register is damaged.
        """
        # In this order: a head that is committed and registered in between is no rollback.
        registered = self._register.read()
        head = read_head()
        self._compare(registered, head)
        Contradiction(self._register.path).check(self._engine, head.checkpoint())
        return head, registered

    def advance(self, head: Head, *, checked: Edge | None = None) -> None:
        """Register a committed head, or find a later one registered; durable on return.

        ``checked`` is a registered edge that this head is known to continue.

        Raises:
            RolledBackError: The head does not continue what is registered.
            MalformedError: The register is damaged.
            OSError: The register's disk refused.
        """
        while True:
            registered = self._register.read()
            if registered is not None and registered.size > head.size:
                return  # registered by whoever extended this head since
            if registered != checked:
                self._compare(registered, head)
            if registered == head.edge:
                return
            try:
                self._register.advance(expected=registered, new=head.edge)
            except RegisterMovedOn:
                continue
            return

    def _compare(self, registered: Edge | None, head: Head) -> None:
        got = head.checkpoint().text()
        if registered is None:
            raise RolledBackError(want="a head register", got=got)
        want = Checkpoint(self._origin, registered.size, registered.root()).text()
        if registered.size > head.size:
            raise RolledBackError(want=want, got=got)
        if registered == head.edge:
            return
        try:
            with self._engine.connect() as connection:
                tree = StoredTree(connection, origin=self._origin)
                grown = tree.leaves_after(registered, tree_size=head.size)
        except ProofError as error:
            raise RolledBackError(want=want, got=str(error)) from error
        if grown != head.edge:
            raise RolledBackError(want=want, got=got)

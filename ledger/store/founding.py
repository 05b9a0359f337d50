"""A ledger's first rows: an empty head, and nothing that was there before is touched."""

import sqlalchemy as sa

from ledger.proof.merkle import Edge
from ledger.store.event import LedgerExistsError
from ledger.store.head import empty_head, sealed_row
from ledger.store.register import HeadRegister
from ledger.store.schema import heads


def found_ledger(
    engine: sa.Engine, register: HeadRegister, *, origin: str, seal_key: bytes
) -> None:
    """Store and register the head of a log without entries; durable when it returns.

    Raises:
        LedgerExistsError: There is one of this origin; nothing was changed.
    """
    row = sealed_row(empty_head(origin), seal_key)
    values = {
        "log": row.log,
        "size": row.size,
        "leaf": row.leaf,
        "time": row.time,
        "edge": row.edge,
        "mac": row.mac,
    }
    with engine.begin() as connection:
        query = sa.select(heads.c.size).where(heads.c.log == origin)
        if connection.execute(query).first() is not None:
            raise LedgerExistsError(origin)
        connection.execute(sa.insert(heads), values)
        # Registered before the commit: a register of an empty log vouches for nothing,
        # and one that an interrupted founding has left is as good as a new one.
        if register.read() != Edge():
            register.advance(expected=None, new=Edge())

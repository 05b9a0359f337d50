"""The first checkpoint that covers an entry, as it was signed: what receipts rest on."""

from collections.abc import Callable

import sqlalchemy as sa

from ledger.store.schema import checkpoints

IsSigned = Callable[[bytes], bool]
"""Returns whether a stored note is a checkpoint of this log that its own keys signed."""

_COVERING = (
    sa.select(checkpoints.c.note)
    .where(checkpoints.c.log == sa.bindparam("log"))
    .where(checkpoints.c.size >= sa.bindparam("size"))
    .order_by(checkpoints.c.size)
    .limit(16)
)


def first_covering(
    connection: sa.Connection, *, origin: str, size: int, is_signed: IsSigned
) -> bytes | None:
    """Return the stored note of the smallest size that is at least ``size``, or None.

    Notes that nobody signed, planted by whoever writes rows, are passed over.
    """
    values = {"log": origin, "size": size}
    found = (bytes(note) for note in connection.execute(_COVERING, values).scalars())
    return next((note for note in found if is_signed(note)), None)

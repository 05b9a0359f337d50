"""Leaves by themselves: a proof reads tiles of them, and no facts that stand beside them."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the index; no row changes."""
    op.create_index("entries_leaves", "entries", ["log", "seq", "leaf"])

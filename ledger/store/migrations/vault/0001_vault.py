"""The vault: one row a person."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table of data keys."""
    op.create_table(
        "data_keys",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()),
    )

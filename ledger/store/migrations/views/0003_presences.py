"""Who signed in and out on the spot; the folds of this release fill the view from the log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "view_presences",
        sa.Column("log", _TEXT, primary_key=True),
        sa.Column("activity", _TEXT, primary_key=True),
        sa.Column("volunteer", _TEXT, primary_key=True),
        sa.Column("session", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "since", sa.BigInteger, primary_key=True, nullable=False, autoincrement=False
        ),
        sa.Column("until", sa.BigInteger),
        sa.Column("signed_in_at", _TEXT, nullable=False),
        sa.Column("signed_out_at", _TEXT),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("is_offline", sa.Boolean, nullable=False),
        sa.Column("is_amended", sa.Boolean, nullable=False),
        sa.Column("is_outside", sa.Boolean, nullable=False),
    )
    current = sa.text("until IS NULL")
    op.create_index(
        "view_presences_by_activity",
        "view_presences",
        ["log", "activity", "signed_in_at", "volunteer", "session"],
        sqlite_where=current,
        postgresql_where=current,
    )

"""Who signs in: names, stored passwords, sessions, and how often somebody has guessed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables. Their rows change and go: what has to last stands in the log."""
    op.create_table(
        "sign_in_names",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("name_key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sign_in", sa.Uuid, nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
    )
    op.create_index("sign_in_names_by_sign_in", "sign_in_names", ["log", "sign_in"])
    op.create_table(
        "credentials",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("sign_in", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("encoded", sa.Text, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("token_digest", sa.LargeBinary, primary_key=True),
        sa.Column("sign_in", sa.Uuid, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
    )
    op.create_index("sessions_by_sign_in", "sessions", ["log", "sign_in"])
    op.create_index("sessions_by_end", "sessions", ["log", "expires_at"])
    op.create_table(
        "throttles",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("key_digest", sa.LargeBinary, primary_key=True),
        sa.Column("window_start", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
    )
    op.create_index("throttles_by_start", "throttles", ["log", "window_start"])

"""The log: what witnesses said of it, and which of them lost their memory of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_IMMUTABLE = ("cosignatures", "witness_losses")


def upgrade() -> None:
    """Create the tables, and the triggers as for the tables before them."""
    op.create_table(
        "cosignatures",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("witness", sa.Text, primary_key=True),
        sa.Column("time", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
    )
    op.create_index("cosignatures_by_witness", "cosignatures", ["log", "witness", "size"])
    op.create_table(
        "witness_losses",
        sa.Column("log", sa.Text, primary_key=True),
        sa.Column("witness", sa.Text, primary_key=True),
        sa.Column("cosigned", sa.BigInteger, nullable=False),
        sa.Column("claimed", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
    )
    for table in _IMMUTABLE:
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION never_changed()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION never_changed()"
    )

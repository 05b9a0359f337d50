"""Who has seen notices stands with each mark; the folds of this release fill the view anew."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INTEGER = sa.BigInteger()


def upgrade() -> None:
    """Create the table anew: what stood in it comes from the log."""
    op.drop_table("view_notices_seen")
    op.create_table(
        "view_notices_seen",
        *(sa.Column(each, _TEXT, primary_key=True) for each in ("log", "recipient", "seen_by")),
        sa.Column("since", _INTEGER, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("until", _INTEGER),
        sa.Column("seen_at", _TEXT, nullable=False),
        sa.Column("through", _INTEGER, nullable=False),
    )

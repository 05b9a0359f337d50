"""Notices, who has seen hers and who wants mail; the folds of this release fill the views."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables, and the columns that say who asked for what waits to be decided."""
    op.add_column("view_tasks", sa.Column("asked_by", _TEXT))
    op.add_column("view_tasks", sa.Column("asked_for", _TEXT))
    _kept("view_evidence", ["evidence"], "persons", "activity", "record?")
    said = ("staff?", "volunteer?", "invited_staff?", "invited_volunteer?", "into?")
    _kept("view_sign_ins", ["sign_in"], *said)
    op.create_table(
        "view_notices",
        sa.Column("log", _TEXT, primary_key=True),
        sa.Column("recipient", _TEXT, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("until", sa.BigInteger),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("kind", "time", "by")),
        sa.Column("organization", _TEXT, nullable=False),
        sa.Column("on_behalf_of", _TEXT),
        sa.Column("record", _TEXT),
        sa.Column("activity", _TEXT),
        sa.Column("volunteer", _TEXT),
        sa.Column("evidence", _TEXT),
        sa.Column("about", _TEXT),
        sa.Column("purpose", _TEXT),
    )
    op.create_index("view_notices_by_seq", "view_notices", ["log", "seq", "recipient"])
    seen = sa.Column("through", sa.BigInteger, nullable=False)
    _kept("view_notices_seen", ["recipient"], "seen_at", further=[seen])
    _kept("view_mailing", ["person"], "asked_at")


def _kept(
    name: str, key: list[str], *texts: str, further: "list[sa.Column[int]] | None" = None
) -> None:
    """Create a table whose rows are closed; a text with a question mark may be missing."""
    op.create_table(
        name,
        sa.Column("log", _TEXT, primary_key=True),
        *(sa.Column(each, _TEXT, primary_key=True) for each in key),
        sa.Column(
            "since", sa.BigInteger, primary_key=True, nullable=False, autoincrement=False
        ),
        sa.Column("until", sa.BigInteger),
        *(sa.Column(each.rstrip("?"), _TEXT, nullable=each.endswith("?")) for each in texts),
        *(further or []),
    )

"""Activities with their number, admission and recruiting, and who is recorded in them.

Nothing is carried over: the folds of this release fill the views anew from the log.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEY: dict[str, Any] = {"primary_key": True, "autoincrement": False}

# In the order of the view: rows are written without the names of their columns.
_TEXTS = (
    "organization organizer division name starts_on ends_on status person_in_charge categories"
    " amendment? proposed? project_no? admission_mode? recruits_from? recruits_until?"
    " head_count_standing"
)
_INDEXES = {
    "view_activities_by_organization": "organization ends_on activity",
    "view_activities_by_division": "division ends_on activity",
    "view_activities_by_day": "ends_on activity",
}


def upgrade() -> None:
    """Create the tables anew."""
    op.drop_table("view_activities")
    op.create_table(
        "view_activities",
        *_versioned("activity"),
        *(
            sa.Column(name.rstrip("?"), _TEXT, nullable=name.endswith("?"))
            for name in _TEXTS.split()
        ),
        sa.Column("head_count", sa.BigInteger, nullable=False),
        sa.Column("recorded", sa.BigInteger, nullable=False),
        sa.Column("back_entry", sa.Boolean, nullable=False),
    )
    current = sa.text("until IS NULL")
    for name, columns in _INDEXES.items():
        op.create_index(
            name,
            "view_activities",
            ["log", *columns.split()],
            sqlite_where=current,
            postgresql_where=current,
        )
    op.create_table(
        "view_attendance",
        *_versioned("activity", "volunteer"),
        sa.Column("records", sa.BigInteger, nullable=False),
    )


def _versioned(*key: str) -> "list[sa.Column[Any]]":
    return [
        sa.Column("log", _TEXT, primary_key=True),
        *(sa.Column(name, _TEXT, primary_key=True) for name in key),
        sa.Column("since", sa.BigInteger, nullable=False, **_KEY),
        sa.Column("until", sa.BigInteger),
    ]

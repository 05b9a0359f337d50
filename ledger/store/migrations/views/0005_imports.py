"""Imported files and their rows; the folds of this release fill both views from the log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TABLES = {
    "view_imports": (
        "import_id",
        "organization:t activity:t? sha256:t format:t carrier:t keyed_by:t begun_by:t"
        " begun_at:t standing:t checked_by:t? checked_at:t? rows:i accepted:i refused:i"
        " scans:i differing:i rows_on_paper:i persons_on_paper:i is_open:b",
    ),
    "view_import_rows": ("record", "import_id:t volunteer:t sheet:i row:i"),
}
_TYPES: dict[str, Any] = {"t": _TEXT, "i": sa.BigInteger(), "b": sa.Boolean()}
_INDEXES = (
    ("view_imports_by_organization", "view_imports", "organization begun_at import_id"),
    ("view_import_rows_by_import", "view_import_rows", "import_id sheet row record"),
)


def upgrade() -> None:
    """Create the tables."""
    for table, (key, columns) in _TABLES.items():
        op.create_table(table, *_versions(key), *map(_column, columns.split()))
    current = sa.text("until IS NULL")
    for name, table, indexed in _INDEXES:
        op.create_index(
            name,
            table,
            ["log", *indexed.split()],
            sqlite_where=current,
            postgresql_where=current,
        )


def _versions(key: str) -> "list[sa.Column[Any]]":
    return [
        sa.Column("log", _TEXT, primary_key=True),
        sa.Column(key, _TEXT, primary_key=True),
        sa.Column(
            "since", sa.BigInteger, primary_key=True, nullable=False, autoincrement=False
        ),
        sa.Column("until", sa.BigInteger),
    ]


def _column(said: str) -> "sa.Column[Any]":
    name, _, kind = said.partition(":")
    return sa.Column(name, _TYPES[kind.rstrip("?")], nullable=kind.endswith("?"))

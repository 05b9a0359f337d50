"""Certificates, what they rest on and their places; the folds fill the views."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TYPES: dict[str, Any] = {"t": _TEXT, "i": sa.BigInteger(), "b": sa.Boolean()}
_TABLES = {
    "view_certificates": (
        "certificate:t",
        "volunteer:t issuer:t division:t mode:t language:t stage:t standing:t requested_by:t"
        " requested_at:t replaces:t? handler:t? declined:t? issued_at:t? issued_on:t?"
        " opens_on:t? closes_on:t? hours:t? minutes:i? changed:i status_list:i?"
        " status_index:i? issuer_place:i? is_erased:b",
    ),
    "view_certified": ("about:t place:i", "certificate:t is_amended:b is_counted:b"),
    "view_certified_counts": ("about:t", "certificates:i"),
    "view_status_places": ("status_list:i status_index:i", "certificate:t"),
    "view_status_lists": ("status_list:i", "certificates:i"),
    "view_signers": ("organization:t role:t", "persons:t"),
}
_CURRENT = "until IS NULL"
_ISSUED = f"{_CURRENT} AND stage = 'issued'"
_INDEXES = (
    ("by_volunteer", "volunteer requested_at certificate", _CURRENT),
    ("by_issuer", "issuer requested_at certificate", _CURRENT),
    ("in_publicity", "issuer closes_on certificate", _ISSUED),
    ("in_publicity_by_day", "closes_on certificate division", _ISSUED),
    ("by_standing", "status_list standing status_index certificate", _CURRENT),
)


def upgrade() -> None:
    """Create the tables, and the column of notices that says of which certificate they are."""
    for table, (key, columns) in _TABLES.items():
        op.create_table(table, *_versions(key), *map(_column, columns.split()))
    for name, indexed, where in _INDEXES:
        op.create_index(
            f"view_certificates_{name}",
            "view_certificates",
            ["log", *indexed.split()],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.add_column("view_notices", sa.Column("certificate", _TEXT))


def _versions(key: str) -> "list[sa.Column[Any]]":
    names = [each.partition(":") for each in key.split()]
    return [
        sa.Column("log", _TEXT, primary_key=True),
        *(
            sa.Column(name, _TYPES[kind], primary_key=True, autoincrement=False)
            for name, _, kind in names
        ),
        sa.Column(
            "since", sa.BigInteger, primary_key=True, nullable=False, autoincrement=False
        ),
        sa.Column("until", sa.BigInteger),
    ]


def _column(said: str) -> "sa.Column[Any]":
    name, _, kind = said.partition(":")
    return sa.Column(name, _TYPES[kind.rstrip("?")], nullable=kind.endswith("?"))

"""The views: every table of them, and of how far they follow the log."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TYPES: dict[str, Any] = {
    "t": _TEXT,
    "i": sa.BigInteger(),
    "b": sa.Boolean(),
    "x": sa.LargeBinary(),
}

# Table: its key, its other columns; a question mark says that one may hold nothing.
_TABLES = {
    "view_organizations": (
        "organization:t",
        "kind:t division:t parent:t? name:t status:t credit_code:t? form:t",
    ),
    "view_organization_keys": (
        "key:t",
        "organization:t public_key:t label:t valid_to:t? is_revoked:b",
    ),
    "view_staff": (
        "organization:t person:t role:t",
        "from_day:t until_day:t? terms:t",
    ),
    "view_persons": (
        "person:t",
        "is_erased:b box:x?",
    ),
    "view_volunteers": (
        "volunteer:t",
        "registered_by:t? status:t into:t? registered_on:t identified_by:t "
        "corrections:t is_confirmed:b is_erased:b box:x?",
    ),
    "view_volunteer_tokens": (
        "volunteer:t kind:t",
        "token:t",
    ),
    "view_activities": (
        "activity:t",
        "organization:t organizer:t division:t name:t starts_on:t ends_on:t status:t "
        "person_in_charge:t categories:t amendment:t? proposed:t? head_count:i "
        "back_entry:b",
    ),
    "view_records": (
        "record:t",
        "volunteer:t activity:t organization:t division:t day:t start:t end:t stage:t "
        "channel:t recorder:t submitted_by:t submitted_at:t signals:t awaits:t "
        "reviewer:t? approver:t? opens_on:t? closes_on:t? open_objections:t "
        "amendment:t? proposed:t? minutes:i rules:i objections:i objected:i amended:i "
        "is_late:b is_back_entry:b provisional:b amendment_is_voiding:b",
    ),
    "view_credits": (
        "record:t",
        "volunteer:t recorded_for:t organization:t start:t end:t minutes:i",
    ),
    "view_accounts": (
        "volunteer:t",
        "into:t? owners:t minutes:i credits:i own_minutes:i own_credits:i",
    ),
    "view_tasks": (
        "kind:t about:t",
        "organization:t? division:t record:t? activity:t? volunteer:t? since_day:t",
    ),
    "view_tallies": (
        "organization:t month:t measure:t",
        "division:t value:i",
    ),
    "view_changes": (
        "organization:t seq:i",
        "stream:t type:t division:t",
    ),
    "view_failures": (
        "seq:i",
        "stream:t type:t error:t",
    ),
}
_WITHOUT_VERSIONS = {"view_tallies", "view_changes", "view_failures"}
# Name, table, columns after the log, condition, whether it is unique.
_INDEXES = (
    (
        "view_organizations_by_division",
        "view_organizations",
        "division organization",
        "until IS NULL",
        False,
    ),
    (
        "view_organizations_by_parent",
        "view_organizations",
        "parent organization",
        "until IS NULL",
        False,
    ),
    (
        "view_organization_keys_by_organization",
        "view_organization_keys",
        "organization key",
        "until IS NULL",
        False,
    ),
    (
        "view_staff_by_person",
        "view_staff",
        "person organization role",
        "until IS NULL",
        False,
    ),
    (
        "view_volunteers_by_organization",
        "view_volunteers",
        "registered_by registered_on volunteer",
        "until IS NULL",
        False,
    ),
    (
        "view_volunteers_by_day",
        "view_volunteers",
        "registered_on volunteer",
        "until IS NULL",
        False,
    ),
    (
        "view_volunteer_tokens_by_token",
        "view_volunteer_tokens",
        "token volunteer",
        "until IS NULL",
        False,
    ),
    (
        "view_activities_by_organization",
        "view_activities",
        "organization ends_on activity",
        "until IS NULL",
        False,
    ),
    (
        "view_activities_by_division",
        "view_activities",
        "division ends_on activity",
        "until IS NULL",
        False,
    ),
    (
        "view_activities_by_day",
        "view_activities",
        "ends_on activity",
        "until IS NULL",
        False,
    ),
    (
        "view_records_by_volunteer",
        "view_records",
        "volunteer day record",
        "until IS NULL",
        False,
    ),
    (
        "view_records_by_organization",
        "view_records",
        "organization day record",
        "until IS NULL",
        False,
    ),
    (
        "view_records_by_activity",
        "view_records",
        "activity day record volunteer stage until",
        "until IS NULL",
        False,
    ),
    (
        "view_records_in_publicity",
        "view_records",
        "organization closes_on record",
        "until IS NULL AND stage = 'publicized'",
        False,
    ),
    (
        "view_records_in_publicity_by_division",
        "view_records",
        "division closes_on record",
        "until IS NULL AND stage = 'publicized'",
        False,
    ),
    (
        "view_records_by_entry",
        "view_records",
        "submitted_by submitted_at minutes",
        "stage = 'submitted'",
        False,
    ),
    (
        "view_accounts_current",
        "view_accounts",
        "volunteer",
        "until IS NULL",
        True,
    ),
    (
        "view_tasks_by_organization",
        "view_tasks",
        "organization since_day kind about",
        "until IS NULL",
        False,
    ),
    (
        "view_tasks_by_division",
        "view_tasks",
        "kind division since_day about",
        "until IS NULL",
        False,
    ),
    (
        "view_tasks_by_volunteer",
        "view_tasks",
        "volunteer since_day kind about",
        "until IS NULL",
        False,
    ),
    (
        "view_changes_by_seq",
        "view_changes",
        "seq organization",
        "",
        False,
    ),
    (
        "view_failures_by_stream",
        "view_failures",
        "stream seq",
        "",
        False,
    ),
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "view_positions",
        sa.Column("log", _TEXT, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("folds", sa.BigInteger, nullable=False),
        sa.Column("goal", sa.BigInteger),
        sa.Column("leaf", sa.Text, nullable=False, server_default=""),
    )
    for table, (key, columns) in _TABLES.items():
        op.create_table(
            table,
            sa.Column("log", _TEXT, primary_key=True),
            *(_column(each, is_key=True) for each in key.split()),
            sa.Column(
                "since",
                sa.BigInteger,
                primary_key=table not in _WITHOUT_VERSIONS,
                nullable=False,
                autoincrement=False,
            ),
            sa.Column("until", sa.BigInteger),
            *(_column(each, is_key=False) for each in columns.split()),
        )
    for name, table, columns, where, unique in _INDEXES:
        held = sa.text(where) if where else None
        op.create_index(
            name,
            table,
            ["log", *columns.split()],
            unique=unique,
            sqlite_where=held,
            postgresql_where=held,
        )


def _column(said: str, *, is_key: bool) -> "sa.Column[Any]":
    name, _, kind = said.partition(":")
    return sa.Column(
        name,
        _TYPES[kind.rstrip("?")],
        primary_key=is_key,
        nullable=kind.endswith("?"),
        autoincrement=False,
    )

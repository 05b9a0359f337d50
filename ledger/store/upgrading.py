"""Alembic, which brings tables to the newest revision inside the caller's transaction."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def upgrade(connection: sa.Connection, versions: Path, *, version_table: str) -> None:
    """Run the migrations of a folder that a database has not seen; they are all or nothing.

    ``versions`` lies anywhere; what runs them lies in `migrations/env.py`.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    command.upgrade(config, "heads")

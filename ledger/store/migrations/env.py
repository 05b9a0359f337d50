"""Run by Alembic: every step of a migration stands in the caller's one transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,  # SQLite can, once the driver leaves BEGIN to us
    version_table=context.config.attributes["version_table"],
)
context.run_migrations()

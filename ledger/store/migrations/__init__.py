"""Alembic's scripts: the steps by which the tables came to be as they are."""

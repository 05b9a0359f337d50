"""The house of the audit's tests, for the use cases."""

from tests.audit.conftest import postgres_base, postgres_house, sqlite_base, sqlite_house

__all__ = ["postgres_base", "postgres_house", "sqlite_base", "sqlite_house"]

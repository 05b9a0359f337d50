"""The house of the use cases, for exports."""

from tests.application.homes import home, house, office, postgres_town, sqlite_town, town
from tests.audit.conftest import postgres_base, postgres_house, sqlite_base, sqlite_house

__all__ = [
    "home",
    "house",
    "office",
    "postgres_base",
    "postgres_house",
    "postgres_town",
    "sqlite_base",
    "sqlite_house",
    "sqlite_town",
    "town",
]

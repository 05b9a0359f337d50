"""A test's database that the next test gets too: put back as it was made, or else given up.

To make a database the server writes three hundred files, to put one back it deletes a few
rows. What cannot be put back shows in the catalogs; such a database is never used again.
"""

import io
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from sqlalchemy import make_url

EMPTY = "template0"

# What of these is not as PostgreSQL ships it, but for columns that change by themselves.
_CATALOGS = {
    "pg_class": "oid >= 16384",
    "pg_attribute": "attrelid >= 16384",
    "pg_attrdef": "true",
    "pg_constraint": "oid >= 16384",
    "pg_database": "datname = current_database()",
    "pg_db_role_setting": "setdatabase IN (0, (SELECT oid FROM pg_database"
    " WHERE datname = current_database()))",
    "pg_default_acl": "true",
    "pg_event_trigger": "true",
    "pg_extension": "true",
    "pg_foreign_server": "true",
    "pg_index": "indexrelid >= 16384",
    "pg_inherits": "true",
    "pg_largeobject_metadata": "true",
    "pg_namespace": r"nspname !~ '^pg_(toast_)?temp_'",
    "pg_operator": "oid >= 16384",
    "pg_policy": "true",
    "pg_proc": "oid >= 16384",
    "pg_publication": "true",
    "pg_rewrite": "oid >= 16384",
    "pg_sequence": "true",
    "pg_statistic_ext": "true",
    "pg_trigger": "oid >= 16384",
    "pg_type": "oid >= 16384",
}
_COLUMNS = {
    "pg_class": "(oid, relname, relnamespace, relowner, relam, reltablespace, reltoastrelid,"
    " relpersistence, relkind, relnatts, relchecks, relrowsecurity, relforcerowsecurity,"
    " relreplident, relispartition, relacl, reloptions)",
    "pg_database": "(datallowconn, datconnlimit, datacl)",
}
_SHAPE = " UNION ALL ".join(
    f"SELECT '{name}', count(*), sum(hashtextextended({_COLUMNS.get(name, 'each')}::text, 0))"
    f" FROM {name} AS each WHERE {which}"
    for name, which in _CATALOGS.items()
)
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_END_S, _LOOK_S = 60, 0.005
"""How long the connections that are cut may take to end, and how often that is looked at."""
_TABLES = (
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)
_ROUTINES = (
    "SELECT oid::regprocedure::text FROM pg_proc"
    " WHERE oid >= 16384 AND pronamespace = 'public'::regnamespace"
)


@dataclass(frozen=True)
class Original:
    """What a database is when it is new."""

    shape: Any
    content: dict[str, bytes]

    def put_back(self, cursor: Any) -> bool:
        """Make a database that was used into a new one; return whether it is."""
        _cut_others(cursor)
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        if tables and not self.content:
            cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
        if not self.content:
            cursor.execute(_ROUTINES)
            for (routine,) in cursor.fetchall():
                cursor.execute(f"DROP ROUTINE IF EXISTS {routine} CASCADE")
        elif tables == list(self.content):
            self._refill(cursor)
        return bool(_shape(cursor) == self.shape)

    def _refill(self, cursor: Any) -> None:
        # No trigger and no foreign key hinders this session.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE oid >= 16384 AND tgenabled = 'D'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        cursor.execute(";".join(f"DELETE FROM {table}" for table in self.content))
        for table, rows in self.content.items():
            if rows:
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(rows))


@dataclass
class Shelf:
    """Databases that wait for the next test, by the template that they are like."""

    _originals: dict[str, Original] = field(default_factory=dict)
    _waiting: dict[str, list[str]] = field(default_factory=dict)

    def take(self, template: str) -> str | None:
        """Return the name of one that waits, if one does."""
        waiting = self._waiting.get(template)
        return waiting.pop() if waiting else None

    def measure(self, url: str) -> None:
        """Look at a new database, before anybody has changed it."""
        with _cursor(url) as cursor:
            cursor.execute(_TABLES)
            content = {name: _rows(cursor, name) for (name,) in cursor.fetchall()}
            self._originals[url] = Original(_shape(cursor), content)

    def give_back(self, template: str, name: str, url: str) -> bool:
        """Keep a database for the next test; return False if it has to be dropped."""
        original = self._originals[url]
        try:
            with _cursor(url) as cursor:
                as_new = original.put_back(cursor)
        except psycopg2.Error:
            as_new = False
        if as_new:
            self._waiting.setdefault(template, []).append(name)
        else:
            del self._originals[url]
        return as_new

    def clear(self) -> list[str]:
        """Return the names of all that wait; none of them is given out again."""
        names = [name for waiting in self._waiting.values() for name in waiting]
        self._waiting.clear()
        return names


@contextmanager
def _cursor(url: str) -> Iterator[Any]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    # One transaction, and no wait for the disk: it goes with the tests.
    options = "-c synchronous_commit=off"
    with (
        closing(psycopg2.connect(plain, options=options)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        yield cursor


def _cut_others(cursor: Any) -> None:
    """End all other connections, and wait until they have."""
    # Told to wait by itself, the server looks every tenth of a second, for one after the other.
    cursor.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
    deadline = time.monotonic() + _END_S
    while True:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(f"SELECT count(*) {_OTHERS}")
        if cursor.fetchone()[0] == 0 or time.monotonic() > deadline:
            return
        time.sleep(_LOOK_S)


def _rows(cursor: Any, table: str) -> bytes:
    held = io.BytesIO()
    cursor.copy_expert(f"COPY {table} TO STDOUT", held)
    return held.getvalue()


def _shape(cursor: Any) -> Any:
    cursor.execute(_SHAPE)
    return cursor.fetchall()

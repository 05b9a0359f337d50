"""Somebody with rights on the database and none of the service's keys or code."""

import atexit
import pickle
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import psycopg2
import sqlalchemy as sa

IMMUTABLE = (
    *("entries", "boxes", "subtrees", "checkpoints"),
    *("cosignatures", "witness_losses"),
)
SILENT = [
    (f"DROP TRIGGER IF EXISTS {table}_no_{act}", ())
    for table in IMMUTABLE
    for act in ("update", "delete")
]

Statement = tuple[str, Sequence[object]]


class Refused(Exception):
    """The database did not do it."""


class Outsider:
    """Runs SQL through another driver than the service's.

    Statements are written with ``?``. Past the triggers: on SQLite they are dropped, on
    PostgreSQL silenced, as an owner can.
    """

    def __init__(self, database_url: str) -> None:
        self._url = sa.make_url(database_url)

    @property
    def on_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @property
    def file(self) -> str:
        """The SQLite file."""
        return self._url.database or ""

    @property
    def uri(self) -> str:
        """What ``psql`` takes."""
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    def uuid(self, identifier: str) -> str:
        """Return a UUID as the database keeps it."""
        return identifier.replace("-", "") if self.on_sqlite else identifier

    def run(self, statement: str, *values: object) -> None:
        """Run one statement past the triggers."""
        self.run_all([(statement, values)])

    def run_all(self, statements: Iterable[Statement], *, past_triggers: bool = True) -> None:
        """Run statements in one transaction."""
        if self.on_sqlite:
            before = SILENT if past_triggers else []
            _by_sqlite(self.file, [*before, *statements])
            return
        with closing(psycopg2.connect(self.uri)) as connection:
            cursor = connection.cursor()
            if past_triggers:
                cursor.execute("SET session_replication_role = replica")
            try:
                for statement, values in statements:
                    cursor.execute(statement.replace("?", "%s"), tuple(values))
                connection.commit()
            except psycopg2.Error as error:
                raise Refused(str(error)) from error


@cache
def _hand() -> "subprocess.Popen[bytes]":
    script = Path(__file__).with_name("sqlite_hand.py")
    hand = subprocess.Popen(
        [sys.executable, "-S", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(_let_go, hand)
    return hand


def _let_go(hand: "subprocess.Popen[bytes]") -> None:
    hand.communicate()


def _by_sqlite(file: str, statements: list[Statement]) -> None:
    hand = _hand()
    assert hand.stdin is not None
    assert hand.stdout is not None
    hand.stdin.write(
        pickle.dumps((file, [(text, tuple(values)) for text, values in statements]))
    )
    hand.stdin.flush()
    answer = pickle.load(hand.stdout)
    if answer is not None:
        raise Refused(answer)

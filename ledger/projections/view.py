"""What a view is: rows under a key, each version of them with the entries that it stands for.

A row says ``since`` which entry it is as it is, and ``until`` which entry replaced it; the
current one has no ``until``. So a view as of the log's first ``size`` entries is a condition:

    since < size AND (until IS NULL OR until >= size)

Which columns there are is said here, for the folds; how they are stored is the store's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

Cell: TypeAlias = str | int | bool | bytes | None
Key: TypeAlias = tuple[str | int, ...]
Values: TypeAlias = dict[str, Cell]
"""A row without its key, by column."""


class Kind(Enum):
    """What a column holds; days and instants are texts that sort as they follow each other."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    BYTES = "bytes"


class History(Enum):
    """What becomes of a row that is replaced."""

    KEPT = "kept"
    """It is closed, and the next one stands beside it."""
    NONE = "none"
    """The next one takes its place."""
    APPENDED = "appended"
    """Rows are never replaced."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is no part of the key."""

    kind: Kind
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An order in which rows are read: an index, ``log`` first.

    ``current`` says that it holds current rows alone; ``where`` that it holds those alone
    whose column has a value.
    """

    name: str
    columns: tuple[str, ...]
    current: bool = True
    where: tuple[str, str] | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One view; two are never the same.

    ``lasting`` are columns that stay what they are as long as there is the row, which in such
    a view never goes: past rows of one such value are found by the current ones.
    """

    name: str
    key: Mapping[str, Kind]
    columns: Mapping[str, Column]
    orders: tuple[Order, ...] = ()
    history: History = History.KEPT
    lasting: frozenset[str] = frozenset()
    names: tuple[str, ...] = field(init=False)
    """The key's columns, then the others."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", (*self.key, *self.columns))

    @property
    def identifying(self) -> tuple[str, ...]:
        """The columns by which a stored row is told from every other of its log."""
        return (*self.key, "since") if self.history is History.KEPT else tuple(self.key)

    def kind(self, name: str) -> Kind:
        """Return what a column holds.

        Raises:
            KeyError: There is no such column: a programmer's mistake.
        """
        if name in ("since", "until"):
            return Kind.INTEGER
        return self.key[name] if name in self.key else self.columns[name].kind

    def is_optional(self, name: str) -> bool:
        """Return whether a column may hold nothing."""
        return name == "until" or (name in self.columns and self.columns[name].optional)


def columns(kind: Kind, names: str) -> dict[str, Column]:
    """Return columns of one kind; a name that ends in a question mark may hold nothing."""
    return {
        name.rstrip("?"): Column(kind, optional=name.endswith("?")) for name in names.split()
    }


def texts(names: str) -> dict[str, Column]:
    """Return columns of texts, as `columns` has them."""
    return columns(Kind.TEXT, names)


def key(names: str) -> dict[str, Kind]:
    """Return a key of texts."""
    return dict.fromkeys(names.split(), Kind.TEXT)


def words(values: Sequence[str]) -> str:
    """Return values without spaces as one text."""
    return " ".join(values)

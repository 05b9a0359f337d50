"""Imports of files: who brought which file, what became of its rows, and each row as it stood.

A file is known by its digest. It may be imported again, by whomever: what is a record already
is entered no second time. Each run leaves its beginning and its end; one that has no end was
cut off, and the next run goes on where it stopped.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias, assert_never
from uuid import UUID

from ledger.domain.event import About, Erased, Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBegun:
    """A file is being imported: its SHA-256, its size in bytes, and what kind it is.

    ``activity`` is the one activity that was named for all rows, None where rows name theirs.
    """

    TYPE: ClassVar[str] = "import.begun"
    SHAPE: ClassVar[int] = 1

    id: UUID
    organization: UUID
    activity: UUID | None
    digest: str
    bytes: int
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished:
    """A run is through: of ``rows``, so many were accepted, known already, and refused.

    ``codes`` are those for which rows were refused, each once, ascending.
    """

    TYPE: ClassVar[str] = "import.finished"
    SHAPE: ClassVar[int] = 1

    id: UUID
    digest: str
    rows: int
    accepted: int
    duplicates: int
    refused: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKept:
    """The row of a file that a record was made from, as it stood there.

    ``sheet`` counts from 1, ``row`` is its number in it. ``digest`` is that of what the row
    says, keyed: nobody who guesses a row learns from it that he is right. ``text`` is a JSON
    object of the cells that are read, as text by their columns.
    """

    TYPE: ClassVar[str] = "row.kept"
    SHAPE: ClassVar[int] = 1

    record: UUID
    import_id: UUID
    file_digest: str
    sheet: int
    row: int
    digest: str
    person: UUID
    text: Annotated[str | Erased, About("person")]


ImportEvent: TypeAlias = ImportBegun | ImportFinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file that is or was imported; ``is_open`` says that its last run has no end yet."""

    id: UUID
    organization: UUID
    digest: str
    runs: int
    is_open: bool


def evolve(state: Import | None, event: ImportEvent, _: Happened) -> Import:
    """Return the import after an event.

    Raises:
        ValueError: A history begins with something else than a beginning.
    """
    match event:
        case ImportBegun():
            return Import(
                id=event.id,
                organization=event.organization,
                digest=event.digest,
                runs=1 if state is None else state.runs + 1,
                is_open=True,
            )
        case ImportFinished():
            if state is None:
                raise ValueError("a history of an import begins with its beginning")
            return Import(
                id=state.id,
                organization=state.organization,
                digest=state.digest,
                runs=state.runs,
                is_open=False,
            )
        case _:
            assert_never(event)


def evolve_row(state: RowKept | None, event: RowKept, _: Happened) -> RowKept:  # noqa: ARG001
    """Return the row of a record: there is one."""
    return event

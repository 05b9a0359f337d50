"""What happens to an imported file: begun, finished, its scans attached, compared with them.

A file is known by its digest. It may be imported again, by whomever: what is a record already
is entered no second time. Each run leaves its beginning and its end; one that has no end was
cut off, and the next run goes on where it stopped.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from ledger.domain.codes import Carrier, EvidenceKind
from ledger.domain.event import About, Erased
from ledger.domain.imports.codes import RowDifference
from ledger.domain.imports.first_shapes import FirstImportBegun


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBegun:
    """A file is being imported: its SHA-256, its size in bytes, and what kind it is.

    ``activity`` is the one activity that was named for all rows, None where rows name theirs.
    ``carrier`` is on what they were kept before (340号), ``keyed_by`` the person who typed them
    into the file; whoever imports it is the actor.
    """

    TYPE: ClassVar[str] = "import.begun"
    SHAPE: ClassVar[int] = 2

    id: UUID
    organization: UUID
    activity: UUID | None
    digest: str
    bytes: int
    format: str
    carrier: Carrier
    keyed_by: UUID


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
class ImportScanAttached:
    """A scan of the paper is there: a file that is kept as evidence, by its id and SHA-256.

    ``pages`` is how many sheets it shows, None where nobody said.
    """

    TYPE: ClassVar[str] = "import.scan_attached"
    SHAPE: ClassVar[int] = 1

    id: UUID
    organization: UUID
    evidence: UUID
    sha256: str
    kind: EvidenceKind
    pages: int | None
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One record that is not as its paper says."""

    record: UUID
    difference: RowDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChecked:
    """Somebody who had not keyed it compared the records with the paper 核对.

    ``records`` are those in force that were made from the file, ``rows`` with the rows that
    were known before or stand there twice. ``rows_on_paper`` and ``persons_on_paper`` are what
    she counted on the scans, ``scans`` the SHA-256 of those that she had looked at. Every
    record that is not among ``differing`` she found to be as the paper says. ``agrees`` says
    that nothing differs, and that the paper shows neither fewer rows than there are records
    nor more than the file has. ``as_of`` is the size of the log as of which she had read the
    records: what was entered later she has not compared.
    """

    TYPE: ClassVar[str] = "import.checked"
    SHAPE: ClassVar[int] = 1

    id: UUID
    organization: UUID
    agrees: bool
    records: int
    rows: int
    rows_on_paper: int
    persons_on_paper: int
    differing: tuple[Differing, ...]
    scans: tuple[str, ...]
    as_of: int
    on_behalf_of: UUID


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


ImportEvent: TypeAlias = (
    FirstImportBegun | ImportBegun | ImportFinished | ImportScanAttached | ImportChecked
)

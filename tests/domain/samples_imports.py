"""One of every event of imports, as golden files keep them."""

from uuid import UUID

from ledger.domain.codes import Carrier, EvidenceKind
from ledger.domain.event import Event
from ledger.domain.imports import (
    Differing,
    FirstImportBegun,
    ImportBegun,
    ImportChecked,
    ImportFinished,
    ImportScanAttached,
    RowDifference,
    RowKept,
)

IMPORT = UUID(int=0xB00)
ORGANIZATION = UUID(int=0x403)
SCAN = UUID(int=0xE00)

BEGUN = ImportBegun(
    id=IMPORT,
    organization=ORGANIZATION,
    activity=UUID(int=0x800),
    digest="5d" * 32,
    bytes=20_480,
    format="xlsx",
    carrier=Carrier.PAPER,
    keyed_by=UUID(int=0x502),
)
FINISHED = ImportFinished(
    id=IMPORT,
    digest="5d" * 32,
    rows=40,
    accepted=37,
    duplicates=1,
    refused=2,
    codes=("cell_is_blank", "id_number_was_ruined"),
)
ATTACHED = ImportScanAttached(
    id=IMPORT,
    organization=ORGANIZATION,
    evidence=SCAN,
    sha256="5e" * 32,
    kind=EvidenceKind.SIGN_IN_SHEET,
    pages=2,
    on_behalf_of=ORGANIZATION,
)
CHECKED = ImportChecked(
    id=IMPORT,
    organization=ORGANIZATION,
    agrees=False,
    records=37,
    rows=38,
    rows_on_paper=40,
    persons_on_paper=39,
    differing=(
        Differing(record=UUID(int=0x900), difference=RowDifference.ANOTHER_TIME),
        Differing(record=UUID(int=0x901), difference=RowDifference.NOT_ON_PAPER),
    ),
    scans=("5e" * 32,),
    as_of=1204,
    on_behalf_of=ORGANIZATION,
)
ROW = RowKept(
    record=UUID(int=0x900),
    import_id=IMPORT,
    file_digest="5d" * 32,
    sheet=1,
    row=3,
    digest="0f" * 32,
    person=UUID(int=0x700),
    text='{"content":"陪伴老人𠮷","name":"王示例"}',
)
FIRST_BEGUN = FirstImportBegun(
    id=IMPORT,
    organization=ORGANIZATION,
    activity=UUID(int=0x800),
    digest="5d" * 32,
    bytes=20_480,
    format="xlsx",
)

SAMPLES: tuple[Event, ...] = (FIRST_BEGUN, BEGUN, FINISHED, ATTACHED, CHECKED, ROW)

"""One of every event of imports, as golden files keep them."""

from uuid import UUID

from ledger.domain.event import Event
from ledger.domain.imports import ImportBegun, ImportFinished, RowKept

IMPORT = UUID(int=0xB00)

SAMPLES: tuple[Event, ...] = (
    ImportBegun(
        id=IMPORT,
        organization=UUID(int=0x403),
        activity=UUID(int=0x800),
        digest="5d" * 32,
        bytes=20_480,
        format="xlsx",
    ),
    ImportFinished(
        id=IMPORT,
        digest="5d" * 32,
        rows=40,
        accepted=37,
        duplicates=1,
        refused=2,
        codes=("cell_is_blank", "id_number_was_ruined"),
    ),
    RowKept(
        record=UUID(int=0x900),
        import_id=IMPORT,
        file_digest="5d" * 32,
        sheet=1,
        row=3,
        digest="0f" * 32,
        person=UUID(int=0x700),
        text='{"content":"陪伴老人𠮷","name":"王示例"}',
    ),
)

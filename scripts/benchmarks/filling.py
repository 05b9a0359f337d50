"""A workbook of service records as a station keeps it, and its import in a process of its own.

python -m benchmarks.filling < what `Errand.text` says
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self
from uuid import UUID

from openpyxl import Workbook

from benchmarks.child import memory_kib
from benchmarks.town import SPAN, Town
from ledger.application.callers import as_staff
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import RowOutcome
from ledger.application.importing.whole_files import import_file
from ledger.domain.sheets.columns import Column
from ledger.settings import Settings
from ledger.wiring.collecting import spare_the_collector
from ledger.wiring.office import open_office
from ledger.wiring.parts import open_ledger
from ledger.wiring.reading_apart import READING

SESSIONS = ("8:30", "10:00", "11:30", "13:00")
"""When each volunteer begins on each day; an hour each, so that none overlap."""
COLUMNS = (
    Column.VOLUNTEER,
    Column.DAY,
    Column.START,
    Column.DURATION,
    Column.CONTENT,
    Column.RATING,
    Column.EVALUATED_ON,
)
PERIOD = SPAN.days


@dataclass(frozen=True, slots=True)
class Errand:
    """What is imported, where, by whom; as text for the process that does it."""

    data_dir: str
    database_url: str | None
    file: str
    organization: str
    recorder: str
    activity: str

    @classmethod
    def of(cls, town: Town, file: Path) -> Self:
        """Return the import of a file into a town, by the entrusted organization."""
        return cls(
            str(town.settings.data_dir),
            town.settings.database_url,
            str(file),
            str(town.entrusted.organization),
            str(town.entrusted.recorder.actor.id),
            str(town.activities[0]),
        )

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))


def volunteers_for(rows: int) -> int:
    """Return how many volunteers so many rows are about."""
    return -(-rows // (PERIOD * len(SESSIONS)))


def write_workbook(path: Path, town: Town, rows: int) -> None:
    """Write so many rows, of the town's volunteers one after the other on each day."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("服务记录")
    sheet.append([column.label for column in COLUMNS])
    people = [str(each) for each in town.volunteers[: volunteers_for(rows)]]
    places = (
        (person, day, start)
        for day in range(PERIOD, 0, -1)
        for start in SESSIONS
        for person in people
    )
    for _, (person, day, start) in zip(range(rows), places, strict=False):
        served = _written(town.today - timedelta(days=day))
        evaluated = _written(town.today)
        sheet.append([person, served, start, "1小时", "陪伴老人,打扫居室。", "5", evaluated])
    book.save(path)


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def main() -> None:
    """Import a file; print how long it took, what became of the rows, and the memory."""
    errand = Errand(**json.load(sys.stdin))
    settings = Settings(
        data_dir=Path(errand.data_dir),
        database_url=errand.database_url,
        _env_file=None,  # type: ignore[call-arg]
    )
    ledger = open_ledger(settings)
    opened = open_office(ledger)
    opened.views.projector.catch_up()
    # As `ledger import` does.
    opened.views.projector.start()
    spare_the_collector()
    caller = as_staff(UUID(errand.recorder), UUID(errand.organization))
    order = Order(activity=UUID(errand.activity), back_entry_reason="补录")
    refused: set[str] = set()

    def tell(row: RowOutcome) -> None:
        refused.update(reason.code for reason in row.reasons)

    with Path(errand.file).open("rb") as file:
        began = time.perf_counter()
        summary = import_file(
            opened.office, caller, file, order, tell=tell, reading=READING.read
        )
        seconds = time.perf_counter() - began
    opened.close()
    ledger.close()
    said = {"seconds": seconds, "accepted": summary.accepted, "kib": memory_kib()}
    print(json.dumps(said | {"refused": sorted(refused)}))


if __name__ == "__main__":
    main()

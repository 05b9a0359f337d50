"""The demonstration ledger: built once, told again whenever it is asked for."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ledger.application.demo.agenda import Chance, DemoClock
from ledger.application.demo.building import SMALL, SPAN_DAYS, Builder, Demonstration, Scale
from ledger.application.demo.entries import Entries
from ledger.application.demo.telling import told
from ledger.application.importing.scanning import ScanAttaching
from ledger.application.texts import say
from ledger.certificates.demonstration_keys import make_signing_folder
from ledger.commands.console import explained, language, out, progress_bar, stop
from ledger.domain.civil_time import civil_date, instant
from ledger.settings import Settings, paths_of
from ledger.store import chance
from ledger.store.durable_file import create_file
from ledger.wiring.creating import create_ledger
from ledger.wiring.office import open_office

ORIGIN = "demo.ledger.invalid/log/110000"
TOLD_FILE = "demonstration.md"
UNFINISHED_FILE = "demonstration.unfinished"
SEED = 20_130_904
"""Whatever looks like chance in it is the same each time."""

START_OF_WORK, END_OF_WORK = time(9, 0), time(18, 0)

app = typer.Typer()


@app.command()
def demo(
    small: Annotated[
        bool, typer.Option("--small", help="One district alone 仅一个区,数秒完成")
    ] = False,
    until: Annotated[
        datetime | None,
        typer.Option(help="Last day; left out, today 截止日期", formats=["%Y-%m-%d"]),
    ] = None,
) -> None:
    """Create the demonstration ledger, under its own name and keys 建立演示账本."""
    with explained() as settings:
        paths = paths_of(settings)
        text, unfinished = paths.data_dir / TOLD_FILE, paths.data_dir / UNFINISHED_FILE
        if unfinished.exists():
            stop("demo_unfinished", what=paths.data_dir)
        if not paths.origin.exists():
            now = chance.now()
            day = civil_date(now) if until is None else until.date()
            end = min(now, instant(day, END_OF_WORK))
            _make(settings, SMALL if small else Scale(), end, (text, unfinished))
        elif paths.origin.read_text("utf-8") != f"{ORIGIN}\n":
            stop("ledger_exists", what=paths.origin)
        out.print(say("demo_ready", language(), origin=ORIGIN, folder=paths.data_dir))
        if text.exists():
            out.print(text.read_text("utf-8"), markup=False)


def _make(settings: Settings, scale: Scale, end: datetime, files: tuple[Path, Path]) -> None:
    """Build it; until all of it is there, a file says that it is not."""
    text, unfinished = files
    unfinished.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    first = civil_date(end) - timedelta(days=SPAN_DAYS)
    clock, luck = DemoClock(instant(first, START_OF_WORK)), Chance(SEED)
    create_file(unfinished, b"")
    try:
        ledger = create_ledger(settings, origin=ORIGIN, mldsa=False, clock=clock)
    except Exception:
        unfinished.unlink()  # nothing was begun
        raise
    ledger.random_uuid = luck.uuid
    opened = open_office(ledger)
    try:
        opened.views.projector.start()
        entries = Entries(opened.office, opened.submissions, opened.keeping, luck.uuid)
        scanning = ScanAttaching(opened.office, opened.keeping, opened.looking)
        papers = scanning, opened.looking
        builder = Builder(opened.office, opened.access.parts, entries, papers, clock, luck)
        with progress_bar() as progress:
            built: Demonstration = builder.build(end, scale, progress)
        opened.views.projector.catch_up()
    finally:
        opened.close()
        ledger.publisher.publish()
        ledger.close()
    if ledger.paths.signing is None:  # an operator's own is hers
        make_signing_folder(ledger.paths.data_dir / "signing", built.recording, chance.now())
    create_file(text, told(built).encode())
    unfinished.unlink()

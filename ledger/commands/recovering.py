"""Put identical entries back, close a log for good, bring tables up to date, move a log."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ledger.application.moving import move_rows
from ledger.application.recovering import Recovered
from ledger.application.texts import say
from ledger.commands.console import FOUND, explained, language, out, progress_bar, stop
from ledger.commands.findings import (
    Checkpoints,
    Receipts,
    Silent,
    found,
    spelled,
    tell_report,
)
from ledger.settings import Settings
from ledger.store.migration import migrate as migrate_tables
from ledger.wiring import keeping, succeeding
from ledger.wiring.keeping import Given
from ledger.wiring.parts import Wiring, open_ledger

app = typer.Typer()


@app.command()
def recover(  # noqa: PLR0913 - each is an option
    source: Annotated[
        list[str] | None,
        typer.Option("--from", help="Backup folder, or URL of a database 备份或数据库 URL"),
    ] = None,
    receipts: Receipts = None,
    checkpoint: Checkpoints = None,
    without_witnesses: Silent = False,
    discard: Annotated[
        bool,
        typer.Option("--discard-beyond", help="Drop what nothing vouches for 丢弃无凭条目"),
    ] = False,
    new_origin: Annotated[
        str | None, typer.Option(help="Close this log, go on under this name 新日志名称")
    ] = None,
    into: Annotated[Path | None, typer.Option(help="Its data folder 新数据文件夹")] = None,
    database_url: Annotated[str | None, typer.Option(help="Its database 新数据库")] = None,
    vault_url: Annotated[str | None, typer.Option(help="Its vault 新保险库")] = None,
) -> None:
    """Put identical entries back, or close the log and open a new one 恢复原条目."""
    given = Given([*(receipts or ()), *(checkpoint or ())], without_witnesses)
    with explained() as settings, found():
        ledger = open_ledger(settings)
        if new_origin is None:
            succeeding.check_not_closed(ledger)
            with ledger.exclusive():
                ledger.migrate()
                recovered = _recover(ledger, settings, source or [], given, discard=discard)
            ledger.close()
            _tell_recovered(recovered)
            return
        if into is None:
            stop("name_a_folder", what="--new-origin ORIGIN --into DIR")
        new = succeeding.settings_elsewhere(
            settings, into, database_url=database_url, vault_url=vault_url
        )
        with ledger.exclusive():
            _succeed(ledger, settings, new, new_origin, given)
        ledger.close()


@app.command()
def migrate(
    to: Annotated[
        str | None, typer.Option(help="URL of another, empty database 另一空数据库的 URL")
    ] = None,
) -> None:
    """Bring tables up to date, or move the log to another database 升级或迁移数据库."""
    with explained() as settings, found():
        ledger = open_ledger(settings)
        succeeding.check_not_closed(ledger)
        with ledger.exclusive():
            ledger.migrate()
            if to is None:
                size = ledger.publisher.check().size
                out.print(say("migrated", language(), size=size))
            else:
                _move(ledger, settings, to)
        ledger.close()


def _recover(
    ledger: Wiring,
    settings: Settings,
    names: Sequence[str],
    given: Given,
    *,
    discard: bool,
) -> Recovered:
    question = ledger.question(clock_bound_s=settings.clock_bound_s)
    with (
        keeping.opened_sources(ledger, names) as sources,
        keeping.recovery_of(ledger, sources, question, discard=discard) as recovery,
        progress_bar() as progress,
    ):
        outside = keeping.outside_of(recovery.verifier, question, given)
        return recovery.run(sources, outside, open_own=ledger.opener(), progress=progress)


def _succeed(
    ledger: Wiring, settings: Settings, new: Settings, origin: str, given: Given
) -> None:
    question = ledger.question(clock_bound_s=settings.clock_bound_s)
    outside = keeping.outside_of(keeping.verifier_of(ledger), question, given)
    successor = succeeding.open_successor(
        ledger, new, origin=origin, question=question, outside=outside
    )
    facts = {
        "what": ledger.origin,
        "successor": origin,
        "folder": successor.paths.data_dir,
        "key": successor.signing_keys[0].verifier_key.text(),
    }
    successor.close()
    out.print(say("successor_created", language(), **facts))


def _move(ledger: Wiring, settings: Settings, database_url: str) -> None:
    there = keeping.moved(ledger, database_url)
    question = ledger.question(clock_bound_s=settings.clock_bound_s)
    with keeping.held_database(there), progress_bar() as progress:
        migrate_tables(there.engine, "log")
        size = move_rows(
            keeping.kept_parts(ledger, question),
            there.engine,
            open_here=ledger.opener(),
            open_there=there.opener(),
            progress=progress,
        )
    out.print(say("moved", language(), size=size, what=there.engine.url.render_as_string()))
    there.close()


def _tell_recovered(recovered: Recovered) -> None:
    ranges = spelled(recovered.ranges) or "-"
    out.print(say("recovered", language(), size=recovered.size, what=ranges))
    if not recovered.report.ok:
        tell_report(recovered.report)
        raise typer.Exit(FOUND)

"""The keeper's commands: back up, restore, recover, migrate; nothing is lost on the way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ledger import wiring
from ledger.application.auditing import AuditReport
from ledger.application.erasing import reapply_erasures
from ledger.application.evidence import Receipt
from ledger.application.keeping import (
    Restored,
    UnsoundError,
    back_up,
    back_up_vault,
    restore,
    restore_vault,
)
from ledger.application.moving import move_rows
from ledger.application.recovering import EntriesMissingError, Recovered
from ledger.application.telling import report_lines
from ledger.application.texts import say
from ledger.commands.console import FOUND, err, explained, language, out, progress_bar, stop
from ledger.proof.entry import format_time
from ledger.settings import Settings
from ledger.store import chance
from ledger.store.engine import connect
from ledger.store.mending import StrayEntriesError
from ledger.store.migration import migrate as migrate_tables
from ledger.wiring import keeping, succeeding

app = typer.Typer()

Silent = Annotated[
    bool,
    typer.Option(
        "--without-witnesses", help="Go on although nobody outside confirms 不询问见证方"
    ),
]
Receipts = Annotated[
    list[Path] | None,
    typer.Option("--receipts", help="Receipts (.tlog-proof) that others hold 他人持有的回执"),
]
Checkpoints = Annotated[
    list[Path] | None,
    typer.Option("--checkpoint", help="Signed checkpoint that others hold 他人持有的检查点"),
]


@dataclass(frozen=True, slots=True)
class _Given:
    """What the operator brought along: files, and whether witnesses are to be left out."""

    files: list[Path]
    without_witnesses: bool


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="New folder 新文件夹")],
    vault: Annotated[
        bool, typer.Option("--vault", help="The data keys, and nothing else 只备份数据密钥")
    ] = False,
) -> None:
    """Write an audited backup beside the running service 备份并审计."""
    with explained() as settings, _found():
        ledger = wiring.open_ledger(settings)
        question = ledger.question(clock_bound_s=settings.clock_bound_s)
        kept = keeping.kept_parts(ledger, question)
        made = format_time(chance.now())
        if vault:
            engine = connect(ledger.paths.vault_url)
            manifest = back_up_vault(kept, engine, folder, made=made)
            engine.dispose()
            count = manifest.tables[0].rows
            err.print(say("vault_backup_written", language(), count=count, folder=folder))
        else:
            with progress_bar() as progress:
                manifest = back_up(
                    kept,
                    folder,
                    keeping.backup_texts(ledger),
                    made=made,
                    open_source=lambda where: keeping.CopyOpener(
                        ledger.paths, ledger.origin, where.resolve(), with_vault=True
                    ),
                    progress=progress,
                )
            size = manifest.checkpoint.size
            err.print(say("backup_written", language(), size=size, folder=folder))
        ledger.close()


@app.command(name="restore")
def restore_command(
    folder: Annotated[Path | None, typer.Argument(help="Folder of a backup 备份文件夹")] = None,
    vault: Annotated[
        Path | None, typer.Option(help="Folder of a backup of the vault 保险库备份文件夹")
    ] = None,
    receipts: Receipts = None,
    checkpoint: Checkpoints = None,
    without_witnesses: Silent = False,
) -> None:
    """Put a backup back where there is none of it, and compare it with everybody 恢复备份."""
    with explained() as settings, _found():
        if folder is None and vault is None:
            stop("name_a_folder", what="ledger restore DIR [--vault DIR]")
        given = _Given([*(receipts or ()), *(checkpoint or ())], without_witnesses)
        if folder is None:
            ledger = wiring.open_ledger(settings)
        else:
            ledger = keeping.ledger_to_restore(settings, folder)
        succeeding.check_not_closed(ledger)
        with ledger.exclusive():
            ledger.migrate()
            if vault is not None:
                _restore_vault(ledger, vault)
                if folder is None:
                    reapply_erasures(erasures=ledger.erasures, vault=ledger.vault)
            restored = None
            if folder is not None:
                restored = _restore(ledger, settings, folder, given)
        ledger.close()
        if restored is not None:
            _tell_restored(restored)


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
    given = _Given([*(receipts or ()), *(checkpoint or ())], without_witnesses)
    with explained() as settings, _found():
        ledger = wiring.open_ledger(settings)
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
    with explained() as settings, _found():
        ledger = wiring.open_ledger(settings)
        succeeding.check_not_closed(ledger)
        with ledger.exclusive():
            ledger.migrate()
            if to is None:
                size = ledger.publisher.check().size
                out.print(say("migrated", language(), size=size))
            else:
                _move(ledger, settings, to)
        ledger.close()


def _restore(
    ledger: wiring.Wiring, settings: Settings, folder: Path, given: _Given
) -> Restored:
    bound = settings.clock_bound_s
    question = keeping.question_of_backup(ledger, folder, clock_bound_s=bound)
    keys = keeping.keys_of_backup(ledger, folder)
    outside = keeping.outside_of(
        *(ledger, question, keys),
        files=given.files,
        without_witnesses=given.without_witnesses,
    )
    with progress_bar() as progress:
        return restore(
            keeping.kept_parts(ledger, question),
            folder,
            outside,
            open_source=lambda where: keeping.CopyOpener(
                ledger.paths, ledger.origin, where.resolve(), with_vault=False
            ),
            settle=lambda: keeping.settle(ledger, folder),
            progress=progress,
        )


def _restore_vault(ledger: wiring.Wiring, folder: Path) -> None:
    engine = connect(ledger.paths.vault_url)
    count = restore_vault(engine, folder, origin=ledger.origin, scratch=ledger.paths.data_dir)
    engine.dispose()
    err.print(say("vault_restored", language(), count=count))


def _recover(
    ledger: wiring.Wiring,
    settings: Settings,
    names: Sequence[str],
    given: _Given,
    *,
    discard: bool,
) -> Recovered:
    question = ledger.question(clock_bound_s=settings.clock_bound_s)
    outside = keeping.outside_of(
        *(ledger, question, ledger.log_keys()),
        files=given.files,
        without_witnesses=given.without_witnesses,
    )
    with keeping.opened_sources(ledger, names) as sources, progress_bar() as progress:
        recovery = keeping.recovery_of(ledger, question, discard=discard)
        return recovery.run(sources, outside, open_own=ledger.opener(), progress=progress)


def _succeed(
    ledger: wiring.Wiring, settings: Settings, new: Settings, origin: str, given: _Given
) -> None:
    question = ledger.question(clock_bound_s=settings.clock_bound_s)
    outside = keeping.outside_of(
        *(ledger, question, ledger.log_keys()),
        files=given.files,
        without_witnesses=given.without_witnesses,
    )
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


def _move(ledger: wiring.Wiring, settings: Settings, database_url: str) -> None:
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


@contextmanager
def _found() -> Iterator[None]:
    """Tell what was found and ends the command with 1: it ran, and the answer is no."""
    try:
        yield
    except UnsoundError as error:
        err.print(say(error.code, language()))
        _tell_report(error.report)
        raise typer.Exit(FOUND) from error
    except EntriesMissingError as error:
        facts = {
            "what": _spelled(error.ranges),
            "keeper": error.want.keeper,
            "want": error.want.checkpoint.text(),
        }
        err.print(say("entries_missing", language(), **facts), markup=False)
        _tell_receipts(error.receipts)
        raise typer.Exit(FOUND) from error
    except StrayEntriesError as error:
        stop("stray_entries", FOUND, what=_spelled([(each, each) for each in error.seqs]))


def _tell_restored(restored: Restored) -> None:
    missing = restored.missing
    if missing is None:
        count = len(restored.erased)
        out.print(say("restored", language(), size=restored.size, count=count))
        return
    facts = {
        "count": missing.count,
        "first": missing.first,
        "last": missing.last,
        "what": missing.shown.keeper,
        "want": missing.shown.checkpoint.text(),
    }
    err.print(say("restored_behind", language(), **facts), markup=False)
    _tell_receipts(missing.receipts)
    raise typer.Exit(FOUND)


def _tell_recovered(recovered: Recovered) -> None:
    ranges = _spelled(recovered.ranges) or "-"
    out.print(say("recovered", language(), size=recovered.size, what=ranges))
    if not recovered.report.ok:
        _tell_report(recovered.report)
        raise typer.Exit(FOUND)


def _tell_receipts(receipts: Sequence[Receipt]) -> None:
    if not receipts:
        err.print(say("no_receipts", language()), markup=False)
    for each in receipts:
        facts = {
            "seq": each.seq,
            "type": each.type,
            "time": each.time,
            "what": each.shown.keeper,
        }
        err.print(say("known_missing", language(), **facts), markup=False)


def _tell_report(report: AuditReport) -> None:
    for line in report_lines(report, language()):
        err.print(line, markup=False)


def _spelled(ranges: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges)

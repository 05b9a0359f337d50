"""The keeper's commands: back up and restore; nothing is lost on the way."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.application.erasing import reapply_erasures
from ledger.application.evidence import Verifier
from ledger.application.keeping import back_up, back_up_vault
from ledger.application.restoring import Restored, restore, restore_vault
from ledger.application.texts import say
from ledger.commands.console import FOUND, err, explained, language, out, progress_bar, stop
from ledger.commands.findings import Checkpoints, Receipts, Silent, found, tell_receipts
from ledger.proof.entry import format_time
from ledger.settings import Settings
from ledger.store import chance
from ledger.store.engine import connect
from ledger.store.evidence_files import EVIDENCE_FOLDER
from ledger.wiring import keeping, restoring, succeeding
from ledger.wiring.evidence import evidence_files
from ledger.wiring.keeping import Given
from ledger.wiring.parts import Wiring, open_ledger

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="New folder 新文件夹")],
    vault: Annotated[
        bool,
        typer.Option(
            "--vault", help="The data keys, and the evidence under them 数据密钥和佐证文件"
        ),
    ] = False,
) -> None:
    """Write an audited backup beside the running service 备份并审计."""
    with explained() as settings, found():
        ledger = open_ledger(settings)
        question = ledger.question(clock_bound_s=settings.clock_bound_s)
        kept = keeping.kept_parts(ledger, question)
        made = format_time(chance.now())
        if vault:
            engine = connect(ledger.paths.vault_url)
            files = evidence_files(ledger)
            manifest, copied = back_up_vault(kept, engine, folder, made=made, files=files)
            engine.dispose()
            count = manifest.tables[0].rows
            err.print(say("vault_backup_written", language(), count=count, folder=folder))
            err.print(say("evidence_copied", language(), count=copied))
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
    with explained() as settings, found():
        if folder is None and vault is None:
            stop("name_a_folder", what="ledger restore DIR [--vault DIR]")
        given = Given([*(receipts or ()), *(checkpoint or ())], without_witnesses)
        if folder is None:
            ledger = open_ledger(settings)
        else:
            ledger = restoring.ledger_to_restore(settings, folder)
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


def _restore(ledger: Wiring, settings: Settings, folder: Path, given: Given) -> Restored:
    bound = settings.clock_bound_s
    question = restoring.question_of_backup(ledger, folder, clock_bound_s=bound)
    verifier = Verifier(ledger.origin, question.trust.log_keys, question.shapes)
    outside = keeping.outside_of(verifier, question, given)
    with progress_bar() as progress:
        return restore(
            keeping.kept_parts(ledger, question),
            folder,
            outside,
            open_source=lambda where: keeping.CopyOpener(
                ledger.paths, ledger.origin, where.resolve(), with_vault=False
            ),
            beside=restoring.BesideRows(ledger, folder),
            progress=progress,
        )


def _restore_vault(ledger: Wiring, folder: Path) -> None:
    engine = connect(ledger.paths.vault_url)
    count = restore_vault(engine, folder, origin=ledger.origin, scratch=ledger.paths.data_dir)
    engine.dispose()
    files = evidence_files(ledger).take_from(folder / EVIDENCE_FOLDER)
    err.print(say("vault_restored", language(), count=count))
    err.print(say("evidence_copied", language(), count=files))


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
    tell_receipts(missing.receipts)
    raise typer.Exit(FOUND)

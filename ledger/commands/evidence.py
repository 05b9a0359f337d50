"""The keeper's command for files of evidence: each against the log, and what no entry names."""

from typing import Annotated

import typer

from ledger.application.evidence_checking import check_evidence_files
from ledger.application.texts import say
from ledger.commands.console import FOUND, err, explained, language, out
from ledger.wiring.evidence import evidence_files, evidence_named
from ledger.wiring.parts import open_ledger

app = typer.Typer(help="Files of evidence 佐证文件", no_args_is_help=True)


@app.callback()
def _name() -> None:
    """Keep `check` a command of its own, alone as it is."""


@app.command()
def check(
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove what no entry names 删除未被记载的文件")
    ] = False,
) -> None:
    """Open every file of evidence; tell what no entry names. Stop the service 核对佐证文件."""
    with explained() as settings:
        ledger = open_ledger(settings)
        # Nobody keeps a file meanwhile; and a log that was rolled back names too few.
        with ledger.exclusive():
            ledger.publisher.check()
            found = check_evidence_files(
                evidence_named(ledger), evidence_files(ledger), remove=remove
            )
        ledger.close()
    for each in found.damaged:
        facts = {"what": each.file, "rule": each.rule}
        err.print(say("evidence_damaged", language(), **facts), markup=False)
    if remove:
        out.print(say("evidence_removed", language(), count=found.removed))
    for orphan in found.orphans:
        err.print(say("evidence_orphan", language(), what=orphan))
    counts = {"count": found.named, "whole": found.whole, "erased": found.erased}
    out.print(say("evidence_checked", language(), **counts))
    if found.damaged or found.orphans:
        raise typer.Exit(FOUND)

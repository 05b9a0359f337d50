"""What a keeper's command was given, and how it says that it found something: exit 1."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ledger.application.auditing import AuditReport
from ledger.application.evidence import Receipt
from ledger.application.keeping import UnsoundError
from ledger.application.recovering import EntriesMissingError
from ledger.application.telling import report_lines
from ledger.application.texts import say
from ledger.commands.console import FOUND, err, language, stop
from ledger.store.mending import StrayEntriesError

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


@contextmanager
def found() -> Iterator[None]:
    """Tell what was found and ends the command with 1: it ran, and the answer is no."""
    try:
        yield
    except UnsoundError as error:
        err.print(say(error.code, language()))
        tell_report(error.report)
        raise typer.Exit(FOUND) from error
    except EntriesMissingError as error:
        facts = {
            "what": spelled(error.ranges),
            "keeper": error.want.keeper,
            "want": error.want.checkpoint.text(),
        }
        err.print(say("entries_missing", language(), **facts), markup=False)
        tell_receipts(error.receipts)
        raise typer.Exit(FOUND) from error
    except StrayEntriesError as error:
        stop("stray_entries", FOUND, what=spelled([(each, each) for each in error.seqs]))


def tell_receipts(receipts: Sequence[Receipt]) -> None:
    """Say which of the missing entries somebody can prove."""
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


def tell_report(report: AuditReport) -> None:
    """Say what an audit found, beside the command's own answer."""
    for line in report_lines(report, language()):
        err.print(line, markup=False)


def spelled(ranges: Sequence[tuple[int, int]]) -> str:
    """Return ranges of entries, first and last, as a person reads them."""
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges)

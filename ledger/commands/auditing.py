"""The auditor's commands: check the log, write it out, prove an entry."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ledger.application.auditing import AuditReport, audit
from ledger.application.proving import prove_event
from ledger.application.published_shapes import SHAPES
from ledger.application.telling import report_lines
from ledger.application.texts import say
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.commands.console import (
    CANNOT,
    FOUND,
    decoded,
    err,
    explained,
    language,
    out,
    progress_bar,
    small_file,
)
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.proof.policy import Policy, parse_policy
from ledger.proof.shapes import parse_shapes
from ledger.store.export_reading import ExportOpener, ExportSource
from ledger.store.exporting import Export
from ledger.wiring import keeping
from ledger.wiring.parts import Wiring, open_ledger

app = typer.Typer(help="Check the log 核验日志", no_args_is_help=True)


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON 输出 JSON")] = False,
    from_seq: Annotated[
        int, typer.Option("--from", help="First entry to read again 起始序号", min=0)
    ] = 0,
) -> None:
    """Check the whole log in the database 核验数据库中的全部日志."""
    with explained() as settings:
        ledger = open_ledger(settings)
        question = ledger.question(clock_bound_s=settings.clock_bound_s, from_seq=from_seq)
        with progress_bar() as progress:
            report = audit(ledger.opener(), question, scope="database", progress=progress)
        ledger.close()
        _tell(report, as_json=as_json)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Folder of an export 导出文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON 输出 JSON")] = False,
    trust: Annotated[
        Path | None, typer.Option(help="tlog-policy file with the log's key 信任策略文件")
    ] = None,
    shapes: Annotated[
        Path | None,
        typer.Option(help="Published shapes, else those built in 已公布的形状"),
    ] = None,
) -> None:
    """Check an export, needing no database 核验导出文件,无需数据库."""
    with explained() as settings:
        opener = ExportOpener(path.resolve())
        source = opener()
        question = _question(source, trust, shapes, settings.clock_bound_s)
        with progress_bar() as progress:
            report = audit(opener, question, scope="export", progress=progress)
        _tell(report, as_json=as_json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="New folder 新文件夹")],
    facts: Annotated[
        bool, typer.Option("--facts", help="Also disclose plain facts 同时披露非个人事实")
    ] = False,
) -> None:
    """Write the log as files that anyone can check 导出可供任何人核验的文件."""
    with explained() as settings:
        ledger = open_ledger(settings)
        note = _newest_signed(ledger)
        with progress_bar() as progress:
            size = ledger.source.size()
            exporter = Export(ledger.source, folder, progress=lambda done: progress(done, size))
            size = exporter.write(
                note,
                verifier_key=ledger.signing_keys[0].verifier_key.text(),
                policy=ledger.policy.text(),
                shapes=SHAPES,
                facts=facts,
            )
        ledger.close()
        err.print(say("export_written", language(), size=size, folder=folder))


@app.command()
def prove(
    seq: Annotated[int, typer.Argument(help="Position in the log, from 0 序号", min=0)],
    disclose: Annotated[
        list[str] | None, typer.Option(help="Fact to show; all plain ones if none 披露的事实")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--out", help="File to write, else standard output 输出文件")
    ] = None,
) -> None:
    """Write a tlog-proof of one entry 输出一条条目的证明."""
    with explained() as settings:
        ledger = open_ledger(settings)
        with ledger.subtrees() as subtree:
            proof = prove_event(
                ledger.source,
                subtree,
                note=_newest_signed(ledger),
                seq=seq,
                names=disclose or None,
            )
        ledger.close()
        if file is None:
            sys.stdout.buffer.write(proof.encode())
        else:
            file.write_bytes(proof.encode())


def _question(
    source: ExportSource, trust: Path | None, shapes: Path | None, clock_bound_s: int
) -> Question:
    text = source.text("policy") if trust is None else small_file(trust)
    policy: Policy = parse_policy(decoded(text))
    keys = tuple(log.key for log in policy.logs if log.key.name == source.origin)
    published = SHAPES if shapes is None else parse_shapes(small_file(shapes))
    return Question(published, Trust(keys, policy, own_word=trust is None), clock_bound_s)


def _tell(report: AuditReport, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))  # noqa: T201, TID251
    else:
        for line in report_lines(report, language()):
            out.print(line, markup=False)
    doubtful = CANNOT if report.tally.sound else FOUND
    raise typer.Exit(0 if report.ok else doubtful)


def _newest_signed(ledger: Wiring) -> bytes:
    """Return the newest signed checkpoint; say so where damage keeps it behind the log."""
    newest = keeping.newest_signed(ledger)
    if newest.damage is not None:
        size = parse_checkpoint(parse_note(newest.note).text).size
        err.print(say("signed_before", language(), size=size))
    return newest.note

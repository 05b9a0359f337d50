"""Import a file of service records, as one of its organization's recorders who signs in."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import Became, RowOutcome, Summary
from ledger.application.importing.template import template as template_bytes
from ledger.application.importing.whole_files import import_file
from ledger.application.texts import say
from ledger.commands.console import FOUND, explained, language, out, progress_bar
from ledger.commands.signing_in import (
    id_of,
    opened_office,
    password_of,
    signed_in_staff,
    stop_at,
)
from ledger.domain.codes import Carrier, EvidenceKind
from ledger.store.durable_file import create_file
from ledger.wiring.collecting import spare_the_collector
from ledger.wiring.office import OpenOffice
from ledger.wiring.reading_apart import READING

app = typer.Typer()

_TOLD = {
    Became.ACCEPTED: "import_row_accepted",
    Became.DUPLICATE: "import_row_duplicate",
}


@app.command("import")
def import_records(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or CSV 工作簿或 CSV 文件")],
    organization: Annotated[
        str, typer.Option(help="Credit code or id of the organization 统一社会信用代码或编号")
    ],
    recorder: Annotated[
        str, typer.Option(help="Name by which a recorder of it signs in 记录人登录名")
    ],
    password_file: Annotated[
        Path | None, typer.Option(help="Her password; asked for if left out 密码文件")
    ] = None,
    activity: Annotated[
        str | None, typer.Option(help="Activity of all rows, by its id 活动编号")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is entered late 补录原因")] = None,
    evidence: Annotated[
        EvidenceKind, typer.Option(help="What kind of evidence the file is 佐证类型")
    ] = EvidenceKind.OTHER,
    paper: Annotated[
        bool, typer.Option("--paper", help="The rows were copied from paper 由纸质材料录入")
    ] = False,
    keyed_by: Annotated[
        str | None, typer.Option(help="Who typed them, by her id, if not you 录入人编号")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Record nothing 试运行,不录入")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line 每行一个 JSON 对象")
    ] = False,
) -> None:
    """Import records row by row, while the service is stopped 导入服务记录."""
    with explained() as settings:
        order = Order(
            activity=None if activity is None else id_of(activity, "activity_is_missing"),
            back_entry_reason=reason,
            evidence=evidence,
            carrier=Carrier.PAPER if paper else Carrier.ELECTRONIC,
            keyed_by=(
                None if keyed_by is None else id_of(keyed_by, "person_is_not_of_the_staff")
            ),
            is_dry_run=dry_run,
        )
        with file.open("rb") as content, opened_office(settings) as opened:
            password = password_of(password_file)
            with signed_in_staff(opened, recorder, password, organization) as caller:
                summary = _imported(opened, caller, content, order, as_json=as_json)
        _tell_summary(summary, as_json=as_json)
    if summary.refused:
        raise typer.Exit(FOUND)


@app.command("import-template")
def write_template(
    file: Annotated[Path, typer.Argument(help="Where to write it 写入位置")],
) -> None:
    """Write the workbook to be filled in; refuse to overwrite 生成导入模板."""
    with explained():
        create_file(file, template_bytes())


def _imported(
    opened: OpenOffice, caller: Caller, content: BinaryIO, order: Order, *, as_json: bool
) -> Summary:
    # What is appended is folded while the next rows are read and decided.
    opened.views.projector.start()
    spare_the_collector()
    try:
        with progress_bar() as progress:
            return import_file(
                opened.office,
                caller,
                content,
                order,
                tell=_teller(as_json=as_json),
                progress=progress,
                reading=READING.read,
            )
    except ActRefused as error:
        stop_at(error)


def _teller(*, as_json: bool) -> Callable[[RowOutcome], None]:
    return _tell_json if as_json else _tell


def _tell(outcome: RowOutcome) -> None:
    place = {"sheet": outcome.sheet, "row": outcome.row}
    if outcome.became is not Became.REFUSED:
        typer.echo(say(_TOLD[outcome.became], language(), record=outcome.record, **place))
    for reason in outcome.reasons:
        text = say(reason.code, language(), **reason.details)
        facts = {"cell": reason.details.get("cell", "–"), "text": text, "reason": reason.code}
        typer.echo(say("import_row_refused", language(), **place, **facts))


def _tell_json(outcome: RowOutcome) -> None:
    write_json(
        {
            "sheet": outcome.sheet,
            "row": outcome.row,
            "status": outcome.became.value,
            "record": outcome.record,
            "reasons": [
                {"code": each.code, "field": each.about, "details": dict(each.details)}
                for each in outcome.reasons
            ],
        }
    )


def _tell_summary(summary: Summary, *, as_json: bool) -> None:
    if as_json:
        write_json({"summary": summary})
        return
    code = "import_was_dry" if summary.is_dry_run else "import_is_done"
    for each in summary.head_counts:
        facts = {
            "activity": each.activity,
            "head_count": each.head_count,
            "recorded": each.recorded,
            "in_file": each.in_file,
        }
        out.print(say("import_head_count", language(), **facts), markup=False)
    left_out = (*summary.unread_columns, *summary.unread_sheets)
    if left_out:
        what = ", ".join(left_out)
        out.print(say("import_left_out", language(), what=what), markup=False)
    facts = {
        "rows": summary.rows,
        "accepted": summary.accepted,
        "duplicates": summary.duplicates,
        "refused": summary.refused,
    }
    out.print(say(code, language(), **facts), markup=False)
    if summary.carrier is Carrier.PAPER and not summary.is_dry_run:
        out.print(say("import_of_paper_waits", language(), id=summary.id), markup=False)


def write_json(value: object) -> None:
    """Write a value as one line of JSON."""
    sys.stdout.write(orjson.dumps(value).decode() + "\n")

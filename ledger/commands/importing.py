"""Import a file of service records, as one of its organization's recorders who signs in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer

from ledger.application.callers import Caller, as_staff
from ledger.application.desk import ActRefused
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import Became, RowOutcome, Summary
from ledger.application.importing.template import template as template_bytes
from ledger.application.importing.whole_files import import_file
from ledger.application.texts import say
from ledger.commands.console import FOUND, explained, language, out, progress_bar, stop
from ledger.commands.signing_in import (
    id_of,
    opened_office,
    organization_of,
    password_of,
    signed_in,
    stop_at,
)
from ledger.domain.codes import EvidenceKind
from ledger.store.durable_file import create_file
from ledger.wiring.office import OpenOffice

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
            is_dry_run=dry_run,
        )
        with file.open("rb") as content, opened_office(settings) as opened:
            password = password_of(password_file)
            with _as_recorder(opened, recorder, password, organization) as caller:
                try:
                    with progress_bar() as progress:
                        summary = import_file(
                            opened.office,
                            caller,
                            content,
                            order,
                            tell=_teller(as_json=as_json),
                            progress=progress,
                        )
                except ActRefused as error:
                    stop_at(error)
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


@contextmanager
def _as_recorder(
    opened: OpenOffice, name: str, password: str, organization: str
) -> Iterator[Caller]:
    """Yield the recorder; who keeps the machine can no more speak for her than anybody."""
    with signed_in(opened, name, password) as session:
        staff = session.signed.staff
        if staff is None:
            stop("import_is_not_by_staff", what=name)
        acting = organization_of(opened.office, organization)
        yield as_staff(staff, acting, volunteer=session.signed.volunteer)


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
    _write(
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
        _write({"summary": summary})
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


def _write(value: object) -> None:
    sys.stdout.write(orjson.dumps(value).decode() + "\n")

"""Tell a person of its organization how an import stands to its paper and head counts."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.application.importing.reconciling import Reconciled, reconciled
from ledger.application.reading import HiddenError
from ledger.application.texts import say
from ledger.commands.console import FOUND, explained, language, out, stop
from ledger.commands.importing import write_json
from ledger.commands.signing_in import id_of, opened_office, password_of, signed_in_staff

app = typer.Typer()


@app.command("import-reconcile")
def reconcile_import(
    import_id: Annotated[str, typer.Argument(help="Id of the import 导入批次编号")],
    organization: Annotated[
        str, typer.Option(help="Credit code or id of the organization 统一社会信用代码或编号")
    ],
    person: Annotated[
        str, typer.Option(help="Name by which a person of it signs in 工作人员登录名")
    ],
    password_file: Annotated[
        Path | None, typer.Option(help="Her password; asked for if left out 密码文件")
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object 一个 JSON 对象")
    ] = False,
) -> None:
    """Tell rows, records, paper and head counts of an import 核对导入批次."""
    with explained() as settings, opened_office(settings) as opened:
        wanted = id_of(import_id, "import_is_missing")
        password = password_of(password_file)
        with signed_in_staff(opened, person, password, organization) as caller:
            try:
                found = reconciled(opened.office, caller, wanted)
            except HiddenError:
                stop("import_is_missing", what=import_id)
        if as_json:
            write_json({"standing": found.standing, "numbers": found.numbers})
        else:
            _tell(found)
    if found.numbers.discrepancies:
        raise typer.Exit(FOUND)


def _tell(found: Reconciled) -> None:
    numbers, check = found.numbers, found.numbers.check
    is_zh = language() == "zh"
    facts = {
        "standing": found.standing.chinese if is_zh else found.standing.english,
        "rows": numbers.rows,
        "rows_in_force": numbers.rows_in_force,
        "confirmed": numbers.counts.confirmed,
        "voided": numbers.counts.voided,
        "scans": len(found.state.scans),
        "rows_on_paper": "–" if check is None else check.rows_on_paper,
        "persons_on_paper": "–" if check is None else check.persons_on_paper,
    }
    out.print(say("import_reconciled", language(), **facts), markup=False)
    for each in numbers.heads:
        heads = {
            "activity": each.activity,
            "head_count": each.head_count,
            "recorded": each.recorded,
            "in_file": each.from_file,
        }
        out.print(say("import_head_count", language(), **heads), markup=False)
    for reason in numbers.discrepancies:
        what = reason.chinese if is_zh else reason.english
        told = say("import_discrepancy", language(), what=what, reason=reason.value)
        out.print(told, markup=False)

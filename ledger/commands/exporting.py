"""Export records to a file, as somebody who signs in and may read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.desk import ActRefused
from ledger.application.exporting.csv_file import Encoding
from ledger.application.exporting.tables import Export, TableOrder, export_table
from ledger.application.national.archive import export_national
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.record_lists import RecordFilter
from ledger.application.signing_in import Session
from ledger.application.texts import say
from ledger.commands.console import err, explained, language, stop
from ledger.commands.signing_in import (
    id_of,
    opened_office,
    organization_of,
    password_of,
    signed_in,
    stop_at,
)
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.record import Stage
from ledger.store.whole_file import create_whole_file

app = typer.Typer()


class Format(StrEnum):
    """Kinds of files; the log itself is exported by `ledger audit export`."""

    XLSX = "xlsx"
    CSV = "csv"
    NATIONAL = "national"


class CsvEncoding(StrEnum):
    """How CSV is written."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"


_ENCODINGS: Mapping[CsvEncoding, Encoding] = {
    CsvEncoding.UTF_8: "utf-8",
    CsvEncoding.GB18030: "gb18030",
}
_MAKE: Mapping[Format, Callable[[Office, Caller, TableOrder], Export]] = {
    Format.XLSX: export_table,
    Format.CSV: export_table,
    Format.NATIONAL: export_national,
}


@app.command("export")
def export_records(  # noqa: PLR0913 - each is an option of the command
    file: Annotated[Path, typer.Option("--out", help="New file 新文件")],
    format_: Annotated[
        Format, typer.Option("--format", help="xlsx, csv, or national field codes 文件格式")
    ],
    sign_in: Annotated[str, typer.Option(help="Name by which you sign in 登录名")],
    password_file: Annotated[
        Path | None, typer.Option(help="Your password; asked for if left out 密码文件")
    ] = None,
    organization: Annotated[
        str | None,
        typer.Option(help="Whose records, by credit code or id; left out, your own 记录单位"),
    ] = None,
    on_behalf_of: Annotated[
        str | None,
        typer.Option(help="In whose name, if you work for several 代表哪个组织"),
    ] = None,
    activity: Annotated[
        str | None, typer.Option(help="Of it alone, by its id 活动编号")
    ] = None,
    state: Annotated[Stage | None, typer.Option(help="How far they have come 状态")] = None,
    first_day: Annotated[
        str | None, typer.Option("--from", help="First day of service 起始日期")
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--to", help="Last day of service 截止日期")
    ] = None,
    purpose: Annotated[
        DisclosurePurpose | None,
        typer.Option(help="What volunteers are needed in clear for; written down 明文用途"),
    ] = None,
    encoding: Annotated[CsvEncoding, typer.Option(help="Of CSV 编码")] = CsvEncoding.UTF_8,
) -> None:
    """Write records to a new file, while the service is stopped 导出服务记录."""
    with explained() as settings:
        order = TableOrder(
            wanted=RecordFilter(
                activity=None if activity is None else id_of(activity, "activity_is_missing"),
                stage=None if state is None else str(state),
                first_day=_day(first_day),
                last_day=_day(last_day),
            ),
            format="xlsx" if format_ is Format.XLSX else "csv",
            purpose=purpose,
            encoding=_ENCODINGS[encoding],
        )
        if file.exists():
            raise FileExistsError(17, "File exists", str(file))
        password = password_of(password_file)
        with (
            opened_office(settings) as opened,
            signed_in(opened, sign_in, password) as session,
        ):
            asker = _Asker(opened.office, session, sign_in)
            made, size = asker.export(file, _MAKE[format_], order, organization, on_behalf_of)
        facts = {"count": made.count, "size": made.size, "file": file, "bytes": size}
        err.print(say("export_is_written", language(), **facts), markup=False)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who has signed in to export, by the name that she typed."""

    office: Office
    session: Session
    name: str

    def export(
        self,
        file: Path,
        make: Callable[[Office, Caller, TableOrder], Export],
        order: TableOrder,
        organization: str | None,
        on_behalf_of: str | None,
    ) -> tuple[Export, int]:
        """Write a file; return what it is, and its bytes."""
        office = self.office
        whose = None if organization is None else organization_of(office, organization)
        caller = _caller(office, self.session, self.name, whose=whose, named=on_behalf_of)
        wanted = replace(order.wanted, organization=whose)
        try:
            made = make(office, caller, replace(order, wanted=wanted))
            return made, create_whole_file(file, made.content)
        except ActRefused as error:
            stop_at(error)
        except HiddenError:
            stop("export_is_hidden")


def _caller(
    office: Office, session: Session, name: str, *, whose: UUID | None, named: str | None
) -> Caller:
    """Return in which capacity somebody exports: where nothing is named, for herself."""
    signed = session.signed
    if whose is None and named is None and signed.volunteer is not None:
        return as_volunteer(signed.volunteer, staff=signed.staff)
    if signed.staff is None:
        stop("import_is_not_by_staff", what=name)
    employers = office.views.employers(signed.staff)
    if named is not None:
        acting = organization_of(office, named)
    elif len(employers) == 1:
        (acting,) = employers
    elif whose is not None and whose in employers:
        acting = whose
    else:
        stop("export_is_for_nobody")
    return as_staff(signed.staff, acting, volunteer=signed.volunteer)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        stop("not_a_day")

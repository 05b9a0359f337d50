"""Imports over HTTP: a file is sent as it is and answered row by row; with a template."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from ledger.api.languages import language_of
from ledger.api.v1.answers import etag, settle_at
from ledger.api.v1.bodies import Room, StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.paper_out import CheckOut, ScanOut, check_out, scan_out
from ledger.api.v1.problems import told
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import RowOutcome, Summary
from ledger.application.importing.reading import ReadRun, read_import, read_kept_row
from ledger.application.importing.template import template
from ledger.application.importing.whole_files import check_digest, import_file
from ledger.application.office import Office
from ledger.application.texts import Language
from ledger.domain.codes import Carrier, EvidenceKind

UPLOAD_BYTES_MAX = 4 * 1024 * 1024
UPLOAD_ROWS_MAX = 5_000
"""One answer tells what became of each; larger files are for `ledger import`."""
UPLOADS_BYTES_MAX = 16 * 1024 * 1024
"""What a process holds at once of files; whoever comes then is sent away."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY = {"content": dict.fromkeys((XLSX, "text/csv"), _BINARY), "required": True}
_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"


class RowOut(BaseModel):
    """What became of one row 单行结果: the record that it led to or is already, or why not."""

    sheet: int
    row: int = Field(description="Its number in the sheet 行号", examples=[3])
    status: str = Field(description="accepted, duplicate, refused", examples=["duplicate"])
    record: UUID | None = Field(examples=[_ID])
    reasons: list[dict[str, Any]] = Field(description="Which cell, why, what to do 原因")


class HeadCountOut(BaseModel):
    """An activity's head count 总人数, beside who is recorded and whom the file names."""

    activity: UUID
    head_count: int
    recorded: int
    in_file: int
    standing: str = Field(examples=["agrees"])


class ImportedOut(BaseModel):
    """What became of a file 导入结果."""

    id: UUID
    sha256: str
    format: str
    dry_run: bool
    rows: int
    accepted: int
    duplicates: int
    refused: int
    first_seq: int | None = Field(description="First entry of the log that it made 首个条目")
    last_seq: int | None
    head_counts: list[HeadCountOut]
    unread_columns: list[str]
    unread_sheets: list[str]
    carrier: Carrier = Field(description="On what it was kept 载体", examples=["electronic"])
    results: list[RowOut]


class RunOut(BaseModel):
    """One run over a file; without an end it was cut off, and the file is to be sent again."""

    by: str
    keyed_by: UUID = Field(description="Who typed it into the file 录入人")
    begun_at: datetime
    activity: UUID | None
    finished_at: datetime | None
    rows: int | None
    accepted: int | None
    duplicates: int | None
    refused: int | None
    codes: list[str]


class ImportOut(BaseModel):
    """A file that was imported 导入批次, with all its runs, scans and checks."""

    id: UUID
    organization: UUID
    sha256: str
    bytes: int
    format: str
    version: int
    carrier: Carrier
    runs: list[RunOut]
    scans: list[ScanOut]
    checks: list[CheckOut] = Field(description="The last one counts 以最后一次为准")


class KeptRowOut(BaseModel):
    """The row that a record was made from 原始行; ``cells`` null is erased."""

    import_id: UUID
    sha256: str
    sheet: int
    row: int
    cells: dict[str, str] | None


class Asked(BaseModel):
    """What is asked for beside the file."""

    model_config = ConfigDict(extra="forbid")

    activity: UUID | None = Field(
        None, description="The activity of all rows; left out, rows name theirs 活动"
    )
    dry_run: bool = Field(
        default=False, description="Say what would happen, and record nothing 试运行"
    )
    back_entry_reason: str | None = Field(
        None, description="Of rows that have none of their own 补录原因", max_length=500
    )
    evidence: EvidenceKind = Field(
        EvidenceKind.OTHER, description="What kind of evidence the file is 佐证类型"
    )
    carrier: Carrier = Field(
        Carrier.ELECTRONIC,
        description="`paper` if the rows were copied from paper: then a scan is attached, and "
        "another person compares the two 载体",
    )
    keyed_by: UUID | None = Field(
        None, description="Who typed it into the file, if not you 录入人"
    )
    sha256: str | None = Field(
        None, description="Of the file, to be compared 文件摘要", pattern="^[0-9a-f]{64}$"
    )

    def order(self) -> Order:
        """Return it as the use case has it."""
        return Order(
            activity=self.activity,
            back_entry_reason=self.back_entry_reason,
            evidence=self.evidence,
            carrier=self.carrier,
            keyed_by=self.keyed_by,
            is_dry_run=self.dry_run,
            rows_max=UPLOAD_ROWS_MAX,
        )


def import_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of imports."""
    router = APIRouter(
        prefix="/api/v1/imports",
        tags=["imports 导入"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who, room = calling(office, sessions), Room(UPLOADS_BYTES_MAX)

    @router.post("", response_model=ImportedOut, openapi_extra={"requestBody": _BODY})
    async def upload(
        request: Request,
        caller: Annotated[Caller, Depends(who)],
        asked: Annotated[Asked, Query()],
    ) -> Response:
        """Import a workbook (.xlsx) or CSV, whichever its content is 导入服务记录."""
        async with room.body(request, UPLOAD_BYTES_MAX) as content:
            return await run_in_threadpool(
                _imported, office, caller, content, asked, language_of(request)
            )

    @router.get(
        "/template.xlsx",
        response_class=Response,
        responses={200: {"content": {XLSX: _BINARY}}},
    )
    def read_template(_: Annotated[Caller, Depends(who)]) -> Response:
        """Return a workbook to be filled in 下载模板."""
        headers = {"content-disposition": 'attachment; filename="template.xlsx"'}
        return Response(template(), headers=headers, media_type=XLSX)

    _reading_routes(router, office, who)
    return router


def _reading_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/{import_id}")
    def read(
        import_id: UUID, caller: Annotated[Caller, Depends(who)], response: Response
    ) -> ImportOut:
        """Return who imported a file, what became of it, its scans and checks 查询导入."""
        found = read_import(office, caller, import_id)
        response.headers["etag"] = etag(found.version)
        return ImportOut(
            id=found.id,
            organization=found.organization,
            sha256=found.digest,
            bytes=found.bytes,
            format=found.format,
            version=found.version,
            carrier=found.carrier,
            runs=[_run(each) for each in found.runs],
            scans=[scan_out(each) for each in found.scans],
            checks=[check_out(each) for each in found.checks],
        )

    @router.get("/rows/{record}")
    def read_row(record: UUID, caller: Annotated[Caller, Depends(who)]) -> KeptRowOut:
        """Return the row of a file that a record was made from 查看原始行."""
        kept = read_kept_row(office, caller, record)
        return KeptRowOut(
            import_id=kept.import_id,
            sha256=kept.file_digest,
            sheet=kept.sheet,
            row=kept.row,
            cells=None if kept.cells is None else dict(kept.cells),
        )


def _imported(
    office: Office, caller: Caller, content: bytes, asked: Asked, language: Language
) -> Response:
    file, rows = BytesIO(content), list[RowOutcome]()
    check_digest(office, caller, file, asked.sha256)
    summary = import_file(office, caller, file, asked.order(), tell=rows.append)
    body = _out(summary, rows, language).model_dump(mode="json")
    response = JSONResponse(body, headers={"cache-control": "no-store"})
    if summary.last_seq is not None:
        settle_at(office, response, summary.last_seq)
        response.headers["location"] = f"/api/v1/imports/{summary.id}"
    return response


def _out(summary: Summary, rows: list[RowOutcome], language: Language) -> ImportedOut:
    return ImportedOut(
        id=summary.id,
        sha256=summary.digest,
        format=summary.format,
        dry_run=summary.is_dry_run,
        rows=summary.rows,
        accepted=summary.accepted,
        duplicates=summary.duplicates,
        refused=summary.refused,
        first_seq=summary.first_seq,
        last_seq=summary.last_seq,
        head_counts=[
            HeadCountOut(
                activity=each.activity,
                head_count=each.head_count,
                recorded=each.recorded,
                in_file=each.in_file,
                standing=each.standing.value,
            )
            for each in summary.head_counts
        ],
        unread_columns=list(summary.unread_columns),
        unread_sheets=list(summary.unread_sheets),
        carrier=summary.carrier,
        results=[_row(each, language) for each in rows],
    )


def _row(outcome: RowOutcome, language: Language) -> RowOut:
    return RowOut(
        sheet=outcome.sheet,
        row=outcome.row,
        status=outcome.became.value,
        record=outcome.record,
        reasons=[told(each, language) for each in outcome.reasons],
    )


def _run(run: ReadRun) -> RunOut:
    return RunOut(
        by=run.by,
        keyed_by=run.keyed_by,
        begun_at=run.begun_at,
        activity=run.activity,
        finished_at=run.finished_at,
        rows=run.rows,
        accepted=run.accepted,
        duplicates=run.duplicates,
        refused=run.refused,
        codes=list(run.codes),
    )

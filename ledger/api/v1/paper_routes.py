"""Batches and their paper over HTTP: listed, scans attached, compared, reconciled."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import IfMatch, Written, expected, written
from ledger.api.v1.bodies import Room, StrictRoute
from ledger.api.v1.documented import REFUSALS, STORAGE_FULL
from ledger.api.v1.evidence_routes import FILES, Content, declared, file_body
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.paper_out import CheckOut, check_out
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.forms.fields import Id
from ledger.application.forms.paper import CheckForm
from ledger.application.importing.checking import PaperChecking
from ledger.application.importing.listing import list_imports
from ledger.application.importing.reconciling import Reconciled, reconciled
from ledger.application.importing.scanning import ScanAttaching, SentScan
from ledger.application.office import Office
from ledger.application.record_lists import Paging
from ledger.application.states import IMPORT
from ledger.domain.codes import Carrier, EvidenceKind
from ledger.domain.evidence_files import PERSONS_MAX
from ledger.domain.imports import AttachScan, Discrepancy, Standing
from ledger.store.view_imports import FileRows

_ROW = Query(ge=1, le=1_048_576, description="Of the file, as its answers number them 行号")
_PAGES = Query(description="How many sheets it shows 页数", examples=[2])
_ID = "00000000-0000-4000-8000-0000000000f1"


class ImportRow(BaseModel):
    """An import in a list 导入批次."""

    id: UUID
    organization: UUID
    activity: UUID | None
    sha256: str
    format: str
    carrier: Carrier
    keyed_by: UUID
    begun_by: str
    begun_at: str
    standing: Standing = Field(description="How it stands to its paper 核对状态")
    checked_by: str | None
    checked_at: str | None
    rows: int
    accepted: int
    refused: int
    scans: int
    differing: int
    rows_on_paper: int
    persons_on_paper: int
    is_open: bool = Field(description="Cut off: import the file again 导入未完成")
    since: int = Field(description="The entry by which it is so 依据的条目")


class Attached(Written):
    """What an act has led to: the import, and the scan that is attached to it."""

    evidence: UUID = Field(description="The file of evidence 佐证文件")


class HeadsOut(BaseModel):
    """An activity's head count 总人数, beside who is recorded there, and from this file."""

    activity: UUID
    head_count: int
    recorded: int
    from_file: int
    standing: str = Field(examples=["agrees"])


class ReconciliationOut(BaseModel):
    """All numbers of an import next to each other 核对情况; each difference is named."""

    id: UUID
    carrier: Carrier
    standing: Standing
    rows: int = Field(description="Rows of the file 文件行数")
    rows_refused: int
    rows_in_force: int = Field(description="Rows that are records and count 有效记录行数")
    records: int = Field(description="Records that were made from it 由本文件形成的记录")
    voided: int
    confirmed: int
    volunteers: int
    entered_later: int = Field(description="Entered after the last check 核对后录入")
    scans: int
    check: CheckOut | None
    heads: list[HeadsOut]
    discrepancies: list[Discrepancy] = Field(description="差异")
    as_of: int


def paper_routes(
    office: Office,
    sessions: Sessions,
    attaching: ScanAttaching,
    checking: PaperChecking,
    room: Room,
) -> APIRouter:
    """Return the routes of batches and their paper; ``room`` is for all files that come."""
    router = APIRouter(
        prefix="/api/v1/imports",
        tags=["imports 导入"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)
    _list_route(router, office, who)
    _scan_routes(router, office, who, attaching, file_body(room, who))
    _check_routes(router, office, who, checking)
    return router


def _list_route(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("")
    def imports(
        caller: Annotated[Caller, Depends(who)],
        organization: UUID | None = None,
        standing: Standing | None = None,
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[ImportRow]:
        """List the imports of an organization, the newest first 导入列表."""
        asked = {"organization": organization, "standing": standing}
        listing = Listing(office.index_key, caller, "imports", **asked)
        place = listing.place(cursor, as_of)
        found = list_imports(
            office,
            caller,
            organization=organization,
            standing=standing,
            paging=Paging(after=place.after, limit=limit, size=place.size),
        )
        return listing.page(found, _row)


def _scan_routes(
    router: APIRouter,
    office: Office,
    who: Callable[..., Caller],
    attaching: ScanAttaching,
    content: Content,
) -> None:
    @router.post(
        "/{import_id}/scans",
        status_code=201,
        responses=STORAGE_FULL,
        openapi_extra={"requestBody": {"required": True, "content": FILES}},
    )
    def keep_scan(
        import_id: UUID,
        request: Request,
        response: Response,
        caller: Annotated[Caller, Depends(who)],
        body: Annotated[bytes, Depends(content)],
        said: Annotated[dict[str, Any], Depends(_said)],
    ) -> Attached:
        """Keep a scan of the paper and attach it; the file is the body 上传扫描件."""
        sent = SentScan(content=body, media_type=declared(request), **said)
        done = attaching.keep(caller, import_id, sent)
        told = written(office, response, done, IMPORT, import_id)
        return Attached(**told.model_dump(), evidence=done.value)

    @router.post("/{import_id}/scans/{evidence}", status_code=201)
    def attach_scan(
        import_id: UUID,
        evidence: UUID,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        pages: Annotated[int | None, _PAGES] = None,
        if_match: IfMatch = None,
    ) -> Attached:
        """Attach a file of evidence that is kept already 关联已保存的扫描件."""
        command = AttachScan(evidence=evidence, pages=pages)
        on = expected(if_match, IMPORT, import_id)
        done = attaching.attach(caller, import_id, command, expected=on)
        told = written(office, response, done, IMPORT, import_id)
        return Attached(**told.model_dump(), evidence=evidence)


def _check_routes(
    router: APIRouter, office: Office, who: Callable[..., Caller], checking: PaperChecking
) -> None:
    @router.post("/{import_id}/checks", status_code=201)
    def check(
        import_id: UUID,
        form: CheckForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Say, as another person than who keyed it, how it stands to its paper 核对."""
        on = expected(if_match, IMPORT, import_id)
        done = checking.check(caller, import_id, form.command(), expected=on)
        return written(office, response, done, IMPORT, import_id)

    @router.get("/{import_id}/reconciliation")
    def read_reconciliation(
        import_id: UUID, caller: Annotated[Caller, Depends(who)]
    ) -> ReconciliationOut:
        """Return rows, records, paper and head counts next to each other 核对情况."""
        return reconciliation_out(reconciled(office, caller, import_id))


def _said(  # noqa: PLR0913 - each is a parameter of the address
    kind: Annotated[EvidenceKind, Query(description="佐证种类", examples=["sign_in_sheet"])],
    pages: Annotated[int | None, _PAGES] = None,
    activity: Annotated[
        Id | None, Query(description="If the import names none for all rows 所属活动")
    ] = None,
    volunteer: Annotated[
        list[Id] | None,
        Query(
            description="Whom it shows beside those of the rows 所涉其他志愿者,可重复",
            max_length=PERSONS_MAX,
            examples=[[_ID]],
        ),
    ] = None,
    sheet: Annotated[int | None, _ROW] = None,
    first_row: Annotated[int | None, _ROW] = None,
    last_row: Annotated[int | None, _ROW] = None,
    *,
    covered: Annotated[
        bool, Query(description="Who was erased since is covered in it 已遮盖被删除人员")
    ] = False,
) -> dict[str, Any]:
    """Return what is said of a scan; rows left out, it shows all of them."""
    return {
        "kind": kind,
        "pages": pages,
        "activity": activity,
        "volunteers": tuple(volunteer or ()),
        "rows": FileRows(sheet, first_row, last_row),
        "are_covered": covered,
    }


def _row(row: Mapping[str, Any]) -> ImportRow:
    said = {name: row[name] for name in ImportRow.model_fields if name != "id"}
    return ImportRow(id=row["import_id"], **said)


def reconciliation_out(found: Reconciled) -> ReconciliationOut:
    """Return how an import stands as it is handed out."""
    state, numbers = found.state, found.numbers
    counts = numbers.counts
    return ReconciliationOut(
        id=state.id,
        carrier=state.carrier,
        standing=found.standing,
        rows=numbers.rows,
        rows_refused=numbers.rows_refused,
        rows_in_force=numbers.rows_in_force,
        records=counts.records,
        voided=counts.voided,
        confirmed=counts.confirmed,
        volunteers=counts.volunteers,
        entered_later=counts.entered_later,
        scans=len(state.scans),
        check=None if numbers.check is None else check_out(numbers.check),
        heads=[
            HeadsOut(
                activity=each.activity,
                head_count=each.head_count,
                recorded=each.recorded,
                from_file=each.from_file,
                standing=each.standing.value,
            )
            for each in numbers.heads
        ],
        discrepancies=list(numbers.discrepancies),
        as_of=found.size,
    )

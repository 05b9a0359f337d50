"""Exports over HTTP: records as a workbook or CSV, sent while they are read, never cached."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.exporting.csv_file import CSV, Encoding
from ledger.application.exporting.tables import XLSX, Format, TableOrder, export_table
from ledger.application.forms.fields import Day
from ledger.application.office import Office
from ledger.application.record_lists import RecordFilter
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.record import Stage

DOWNLOAD_ROWS_MAX = 5_000
"""Records of one answer; more are for `ledger export`."""
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ROWS = '"项目名称","活动编号","服务日期"\r\n"重阳助老","110101-2026-0001","2026-11-20"\r\n'
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file 文件",
        "content": {XLSX: _BINARY, CSV: {**_BINARY, "example": _ROWS}},
    }
}


class Wanted(BaseModel):
    """Which records are exported, and how."""

    model_config = ConfigDict(extra="forbid")

    format: Format = Field("xlsx", description="Kind of file 文件格式", examples=["xlsx"])
    organization: UUID | None = Field(
        None, description="Who recorded them; left out, one's own 记录单位"
    )
    volunteer: UUID | None = Field(None, description="Of her alone 志愿者")
    activity: UUID | None = Field(None, description="Of it alone 活动")
    state: Stage | None = Field(None, description="How far they have come 状态")
    first_day: Day | None = Field(
        None, alias="from", description="First day of service 起始日期", examples=["2026-11-01"]
    )
    last_day: Day | None = Field(
        None, alias="to", description="Last day of service 截止日期", examples=["2026-11-30"]
    )
    purpose: DisclosurePurpose | None = Field(
        None,
        description="What names and numbers are needed in clear for; it is written down for "
        "each volunteer before the file is sent. Left out, they are masked 明文用途(留痕)",
    )
    encoding: Encoding = Field("utf-8", description="Of CSV: with its mark, or GB 18030 编码")

    def order(self) -> TableOrder:
        """Return it as the use case has it."""
        return TableOrder(
            wanted=RecordFilter(
                organization=self.organization,
                volunteer=self.volunteer,
                activity=self.activity,
                stage=None if self.state is None else str(self.state),
                first_day=self.first_day,
                last_day=self.last_day,
            ),
            format=self.format,
            purpose=self.purpose,
            encoding=self.encoding,
            rows_max=DOWNLOAD_ROWS_MAX,
        )


def export_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the route of exports; it goes before that of one record."""
    router = APIRouter(
        prefix="/api/v1/records",
        tags=["records 服务记录"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who: Callable[..., Caller] = calling(office, sessions)

    @router.get("/export", response_class=StreamingResponse, responses=_FILE)
    def export(
        caller: Annotated[Caller, Depends(who)], wanted: Annotated[Wanted, Query()]
    ) -> StreamingResponse:
        """Return records as a table that can be imported again 导出服务记录."""
        made = export_table(office, caller, wanted.order())
        return StreamingResponse(
            made.content,
            media_type=made.media_type,
            headers={
                "cache-control": "no-store",
                "content-disposition": f'attachment; filename="{made.name}"',
                "x-content-type-options": "nosniff",
            },
        )

    return router

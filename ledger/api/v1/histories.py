"""Histories over HTTP: every change of a thing, with who, what, when, why, before and after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ledger.projections.history import Item


class ChangeOut(BaseModel):
    """One part of a thing as it was and as it is 变更前后."""

    field: str
    before: Any
    after: Any


class HistoryItem(BaseModel):
    """One entry of a history 变更记录."""

    seq: int = Field(description="Its place in the log 条目序号")
    version: int
    time: datetime
    by: str = Field(description="Who did it 操作者", examples=["staff:…"])
    on_behalf_of: UUID | None = Field(description="In whose name 代表组织")
    type: str
    reason: Any = Field(description="Why 理由")
    facts: dict[str, Any]
    changes: list[ChangeOut]


def history_items(items: Sequence[Item]) -> list[HistoryItem]:
    """Return a history as it is handed out."""
    return [
        HistoryItem(
            seq=each.seq,
            version=each.version,
            time=each.time,
            by=each.by.text(),
            on_behalf_of=each.on_behalf_of,
            type=each.type,
            reason=each.reason,
            facts=dict(each.facts),
            changes=[
                ChangeOut(field=one.field, before=one.before, after=one.after)
                for one in each.changes
            ],
        )
        for each in items
    ]

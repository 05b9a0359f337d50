"""What the OpenAPI document says of every act: the problems that may come back."""

from typing import Any

from pydantic import BaseModel, Field

from ledger.api.problems import PROBLEM_TYPE
from ledger.application.texts import say


class Reason(BaseModel):
    """One reason 原因: its code, the field it is about, and what to do next."""

    code: str
    field: str | None
    text: str
    details: dict[str, Any]


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457); ``title`` says what to do next."""

    type: str = Field(examples=["urn:ledger:problem:reviewer_is_recorder"])
    title: str
    status: int
    code: str
    reasons: list[Reason] = []


def _response(status: int, code: str, meaning: str) -> dict[int | str, dict[str, Any]]:
    example = {
        "type": f"urn:ledger:problem:{code}",
        "title": say(code, "en"),
        "status": status,
        "code": code,
    }
    content = {PROBLEM_TYPE: {"schema": Problem.model_json_schema(), "example": example}}
    return {status: {"description": meaning, "content": content}}


REFUSALS: dict[int | str, dict[str, Any]] = {
    **_response(400, "etag_is_malformed", "The request is not one that can be read 请求有误"),
    **_response(401, "sign_in_is_needed", "Nobody is signed in 未登录"),
    **_response(403, "reviewer_is_recorder", "She who acts may not 无权操作"),
    **_response(404, "nothing_to_see", "There is nothing, or not for you 不存在或无权查看"),
    **_response(408, "request_too_slow", "The body did not come in time 请求超时"),
    **_response(409, "objection_is_open", "Things stand otherwise 状态不符"),
    **_response(412, "changed_meanwhile", "It has changed since you read it 已被他人更改"),
    **_response(413, "body_is_too_large", "The body is too large 内容过大"),
    **_response(415, "body_is_no_json", "The body is of another kind 内容类型不符"),
    **_response(422, "form_is_malformed", "A value is not one that may be recorded 内容有误"),
    **_response(429, "sign_in_is_slowed_down", "Too many attempts 尝试过多"),
    **_response(431, "head_too_large", "Address and headers are too long 请求头过大"),
    **_response(503, "contended", "Try again later 请稍后再试"),
}
"""Status → what it means, with an example."""

GONE = _response(410, "evidence_is_erased", "Nobody can open it any more 已无法打开")
"""Of what can be erased."""

STORAGE_FULL = _response(507, "disk_full", "The disk is full; nothing was kept 存储空间已满")
"""Of what writes files."""

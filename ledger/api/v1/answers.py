"""What the API answers: what was appended with its receipt, versions as ETags, pages."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ledger.application.desk import Done, Expected
from ledger.application.office import Office
from ledger.application.states import Kind
from ledger.application.view_answers import WAIT_S

_ETAG = re.compile(r'"v(0|[1-9][0-9]{0,8})"')

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag under which the thing was read; the act is refused if it has "
        'changed since. 读取时的 ETag,例如 `"v3"`。',
        examples=['"v3"'],
    ),
]


class BadEtagError(HTTPException):
    """If-Match names something that was never an ETag of ours."""

    code = "etag_is_malformed"
    name = "If-Match"

    def __init__(self) -> None:
        super().__init__(400)


class Written(BaseModel):
    """What an act has led to: ``id`` is the thing, ``version`` its new version."""

    id: UUID
    version: int
    receipt: dict[str, Any] = Field(description="The entries with their proofs 回执")


def etag(version: int) -> str:
    """Return the ETag of a version of a thing."""
    return f'"v{version}"'


def expected(if_match: str | None, kind: Kind[Any], stream: UUID) -> Expected | None:
    """Return upon which version of a thing the caller decided to act, if she says so.

    Raises:
        BadEtagError: It is no ETag of ours.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise BadEtagError
    return Expected(kind, stream, int(found[1]))


def written(
    office: Office, response: Response, done: Done[Any], kind: Kind[Any], thing: UUID
) -> Written:
    """Return the answer to an act on a thing, once its views have caught up.

    202 and a header say that they have not; the entries are durable all the same.
    """
    settle(office, response, done)
    receipt = office.receipts.of(done.appended, done.submission)
    # By now somebody else may have changed it: the caller has seen what she did herself.
    own = [each.version for each in receipt.entries if each.stream == str(thing)]
    version = max(own) if own else office.states.get(kind, thing).version
    response.headers["etag"] = etag(version)
    return Written(id=thing, version=version, receipt=receipt.as_json())


def settle(office: Office, response: Response, done: Done[Any]) -> None:
    """Wait until what was appended can be read; where it cannot yet, say so with 202."""
    settle_at(office, response, done.appended.first_seq + done.appended.count - 1)


def settle_at(office: Office, response: Response, last: int, timeout_s: float = WAIT_S) -> None:
    """Wait until an entry can be read; where it cannot yet, say so with 202."""
    if not office.views.wait_until(last, timeout_s):
        response.status_code = 202
        response.headers["ledger-awaited"] = str(last)

"""Pages of lists: opaque cursors, each good for the one list that it was given for.

A cursor says after which row the next page begins, and as of which size of the log the list
is: all pages of a list are of one moment. It is sealed with a key of this ledger (AES-SIV, RFC
5297), bound to what was asked and by whom: nobody reads in it after which row it is, which she
may not see, and whatever else somebody sends is refused before anything is read.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Query
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ledger.application.callers import Caller
from ledger.projections.history import Item
from ledger.store.view_query import Cursor
from ledger.store.view_reader import AsOf as Answer
from ledger.store.view_reader import Page

T = TypeVar("T")

LIMIT_MAX = 200
SIZE_MAX = 2**53 - 1
_TAG_BYTES = 16
_TEXT_MAX = 4_096

Limit = Annotated[
    int, Query(ge=1, le=LIMIT_MAX, description="How many at most 每页条数", examples=[50])
]
AsOf = Annotated[
    int | None,
    Query(
        ge=0,
        le=SIZE_MAX,
        description="As it was when the log had so many entries 截至条目数",
        examples=[120],
    ),
]
CursorText = Annotated[
    str | None,
    Query(
        alias="cursor",
        max_length=_TEXT_MAX,
        description="`next` of the page before, with the same filters 上一页返回的游标",
    ),
]


class BadCursorError(HTTPException):
    """A cursor was not given for this list, or is none."""

    code = "cursor_is_unusable"
    name = "cursor"

    def __init__(self) -> None:
        super().__init__(400)


class Paged(BaseModel, Generic[T]):
    """One page of a list 列表."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page, if there is one 下一页游标")
    as_of: int = Field(description="Size of the log that the list is as of 截至条目数")
    rebuilding: bool = Field(
        description="The list is being made anew and may lack something 正在重建"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after which row, and in the list of which moment.

    ``is_further`` says that nobody asked for the size: it is that of the page before.
    """

    after: Cursor | None = None
    size: int | None = None
    is_further: bool = False


class Listing:
    """One list as somebody asked for it: reads its cursors, and writes them."""

    def __init__(self, index_key: bytes, caller: Caller, name: str, /, **asked: object) -> None:
        """``asked`` are the filters, texts and numbers and None; the limit is none of them.

        Cursors are sealed with a key that is derived from the ledger's own.
        """
        question = {
            "list": name,
            "by": caller.actor.text(),
            "for": caller.organization,
            **asked,
        }
        self._question = orjson.dumps(question, option=orjson.OPT_SORT_KEYS)
        # The same for the same row and question: it needs no chance, and tells nothing more.
        self._seal = AESSIV(hmac.digest(index_key, b"cursors", sha256))
        self._asked: int | None = None

    def place(self, cursor: str | None, size: int | None) -> Place:
        """Return where a page begins; ``size`` is what was asked for, if anything was.

        Raises:
            BadCursorError: The cursor was not given for this list.
        """
        if cursor is None:
            self._asked = size
            return Place(size=size)
        after, pinned, asked = orjson.loads(self._opened(cursor))
        if size not in (None, pinned, asked):
            raise BadCursorError
        self._asked = asked
        return Place(tuple(after), pinned, is_further=asked is None)

    def cursor(self, after: Cursor | None, size: int) -> str | None:
        """Return the cursor of the page after a row; None where there is none.

        ``size`` is as of which the list is, be it less than what was asked for.
        """
        if after is None:
            return None
        said = orjson.dumps([list(after), size, self._asked])
        return _encoded(self._seal.encrypt(said, [self._question]))

    def page(self, found: Answer[Page], make: Callable[[Mapping[str, Any]], T]) -> Paged[T]:
        """Return a page that views answered, with each row as it is handed out."""
        return Paged(
            items=[make(row) for row in found.value.rows],
            next=self.cursor(found.value.after, found.size),
            as_of=found.size,
            rebuilding=found.is_rebuilding,
        )

    def history_page(
        self,
        items: Sequence[Item],
        place: Place,
        limit: int,
        make: Callable[[Sequence[Item]], list[T]],
    ) -> Paged[T]:
        """Return a page of a history, the oldest change first.

        Where no size was asked for, it is as of its last entry, which says as much.
        """
        size = items[-1].seq + 1 if place.size is None and items else place.size or 0
        begin = 0 if place.after is None else int(place.after[0] or 0)
        shown, more = items[begin : begin + limit], len(items) > begin + limit
        after = (begin + limit,) if more else None
        return Paged(
            items=make(shown), next=self.cursor(after, size), as_of=size, rebuilding=False
        )

    def _opened(self, cursor: str) -> bytes:
        given = _decoded(cursor)
        if len(given) <= _TAG_BYTES:
            raise BadCursorError
        try:
            return self._seal.decrypt(given, [self._question])
        except InvalidTag:
            raise BadCursorError from None


def _encoded(said: bytes) -> str:
    return urlsafe_b64encode(said).decode().rstrip("=")


def _decoded(cursor: str) -> bytes:
    try:
        said = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise BadCursorError from error
    if _encoded(said) != cursor:
        raise BadCursorError
    return said

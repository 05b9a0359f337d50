"""Cursors: each good for the list that it was given for, and for nothing else."""

import base64
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.api.v1.pages import BadCursorError, Listing, Place
from ledger.application.callers import as_staff, as_volunteer
from tests.api.v1.client import Client
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import DISTRICT, Town

ORGANIZATIONS = "/api/v1/organizations"
KEY = b"k" * 32


def first_page(client: Client, town: Town, **asked: Any) -> dict[str, Any]:
    page: dict[str, Any] = client.get(
        ORGANIZATIONS, town.city_head, params={"limit": 2, **asked}
    ).json()
    return page


@ON_SQLITE
def test_pages_put_together_are_the_list(client: Client, town: Town) -> None:
    whole = client.get(ORGANIZATIONS, town.city_head).json()
    seen, cursor = [], None
    while True:
        asked = {"limit": 1} if cursor is None else {"limit": 1, "cursor": cursor}
        page = client.get(ORGANIZATIONS, town.city_head, params=asked).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == whole["items"]
    assert whole["next"] is None


@ON_SQLITE
def test_a_cursor_is_good_for_no_other_question(client: Client, town: Town) -> None:
    cursor = first_page(client, town)["next"]
    for asked in (
        {"kind": "station"},
        {"division": DISTRICT},
        {"as_of": 3},
        {"name": "东"},
    ):
        answer = client.get(ORGANIZATIONS, town.city_head, params=asked | {"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_is_unusable")
    # Another limit is the same question.
    answer = client.get(ORGANIZATIONS, town.city_head, params={"cursor": cursor, "limit": 7})
    assert answer.status_code == 200
    # Another list, and another reader, are not.
    other = client.get("/api/v1/activities", town.city_head, params={"cursor": cursor})
    assert other.status_code == 400
    assert (
        client.get(ORGANIZATIONS, town.district_head, params={"cursor": cursor}).status_code
        == 400
    )


@ON_SQLITE
def test_every_bit_of_a_cursor_counts(client: Client, house: House, town: Town) -> None:
    cursor = first_page(client, town)["next"]
    listing = Listing(
        house.office.index_key,
        town.city_head,
        "organizations",
        kind=None,
        division=None,
        parent=None,
        status=None,
        name=None,
    )
    place = listing.place(cursor, None)
    assert place.size == 39
    said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for position in range(len(said)):
        forged = bytearray(said)
        forged[position] ^= 1
        text = base64.urlsafe_b64encode(forged).decode().rstrip("=")
        with pytest.raises(BadCursorError):
            listing.place(text, None)
    for text in (cursor[:-1], cursor + "A", cursor + "=", " " + cursor, cursor + "\n", "", "é"):
        with pytest.raises(BadCursorError):
            listing.place(text, None)


@ON_SQLITE
def test_nobody_reads_in_a_cursor_after_which_row_it_is(client: Client, town: Town) -> None:
    page = first_page(client, town)
    said = base64.urlsafe_b64decode(page["next"] + "=" * (-len(page["next"]) % 4))
    last = page["items"][-1]
    for told in (last["id"], last["division"]):
        assert told.encode() not in said


@given(text=st.text(max_size=200))
def test_whatever_is_sent_is_a_cursor_or_none(text: str) -> None:
    listing = Listing(KEY, as_volunteer(UUID(int=1)), "organizations")
    with pytest.raises(BadCursorError):
        listing.place(text, None)


@given(
    after=st.tuples(st.text(max_size=20), st.integers(0, 2**53 - 1), st.none() | st.booleans()),
    size=st.integers(0, 2**53 - 1),
)
def test_a_cursor_leads_back_to_its_place(after: Any, size: int) -> None:
    reader = as_staff(UUID(int=1), UUID(int=2))
    listing = Listing(KEY, reader, "organizations", name="东", limit=None)
    cursor = listing.cursor(after, size)
    there = Place(after, size, is_further=True)
    assert listing.place(cursor, None) == listing.place(cursor, size) == there
    assert listing.cursor(None, size) is None
    assert listing.place(None, size) == Place(None, size)


def test_whoever_asks_for_more_than_there_is_goes_on_asking_for_it() -> None:
    def listing() -> Listing:
        return Listing(KEY, as_volunteer(UUID(int=1)), "organizations")

    first = listing()
    assert first.place(None, 1000) == Place(size=1000)
    second = listing()
    assert second.place(first.cursor(("a",), 39), 1000) == Place(("a",), 39)
    third = listing()
    assert third.place(second.cursor(("b",), 39), 1000) == Place(("b",), 39)
    with pytest.raises(BadCursorError):
        listing().place(second.cursor(("b",), 39), 1001)

"""Who is erased is in no version of any row, and nothing finds her; in time or afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.projections.tasks import TaskKind
from ledger.projections.views import PERSONS, TASKS, VOLUNTEER_TOKENS, VOLUNTEERS
from ledger.proof.errors import ProofError
from ledger.store.view_comparing import Kept, differences, reading_kept
from ledger.store.view_query import Query
from ledger.store.view_secrets import search_token
from tests.domain.samples_organization import APPOINTED, STAFF_AMENDED
from tests.domain.samples_volunteer import AMENDED, CORRECTION_REQUESTED
from tests.domain.town import HERSELF, NEIGHBOUR, STATION
from tests.projections.histories import History, prelude
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place, secret
from tests.store.test_erasing import erase

SHE, CLERK = str(HERSELF.id), str(APPOINTED.person)


def told() -> History:
    """Return a history in which two persons are known by two names each."""
    history = prelude()
    history.tell(STATION.id, APPOINTED)
    history.tell(STATION.id, STAFF_AMENDED)
    history.tell(HERSELF.id, replace(CORRECTION_REQUESTED, volunteer=HERSELF.id))
    named = replace(AMENDED, volunteer=HERSELF.id, name="王示例", answers=None)
    history.tell(HERSELF.id, named)
    return history


@pytest.fixture
def house(place: Place) -> Iterator[Viewed]:
    """Return a ledger with these persons, folded."""
    with viewed(place) as opened:
        opened.append(told().told)
        opened.projector().catch_up()
        yield opened


def boxes(house: Viewed, view: str, key: str) -> list[Any]:
    """Return the boxes in all versions of a row."""
    table = sa.table(f"view_{view}", sa.column("box"), sa.column("since"))
    query = sa.select(table.c.box).where(sa.column(key).is_not(None)).order_by(table.c.since)
    with house.engine.connect() as connection:
        named = query.where(sa.column(key) == (SHE if view == "volunteers" else CLERK))
        return list(connection.execute(named).scalars())


def found(house: Viewed, kind: str, value: str) -> list[str]:
    """Return who is found by a value."""
    token = search_token(secret("index"), kind, value)
    page = house.reader.rows(VOLUNTEER_TOKENS, Query(equal={"token": token})).value
    return [row["volunteer"] for row in page.rows]


def differing(house: Viewed, made: Viewed) -> list[str]:
    """Return in which columns a view differs from a second filling."""
    raw, again = reading_kept(house.engine), reading_kept(made.engine)
    with raw.reading() as ours, again.reading() as theirs:
        stored = Kept(ours, raw, origin=house.ledger.origin)
        filled = Kept(theirs, again, origin=house.ledger.origin)
        return [f"{each.view}.{each.column}" for each in differences(stored, filled)]


def test_a_person_is_found_by_what_she_is_called_now(house: Viewed) -> None:
    assert found(house, "name", "王示例") == [SHE]
    assert sorted(found(house, "name", "王𠮷祥")) == [str(NEIGHBOUR.id)]
    assert found(house, "telephone", "王示例") == []
    assert sorted(found(house, "telephone", "13800000001")) == [SHE, str(NEIGHBOUR.id)]
    assert found(house, "id_number", "110116180006300059") == [SHE]
    row = house.reader.row(PERSONS, (CLERK,)).value
    assert row is not None
    assert house.boxes.open(PERSONS, [(CLERK, row["box"])]) == [
        {"name": "张𠮷祥", "telephone": None}
    ]


def test_erasing_clears_every_version_and_every_token(house: Viewed) -> None:
    before = house.reader.rows(VOLUNTEER_TOKENS, Query(equal={"volunteer": NEIGHBOUR_ID}))
    assert len([box for box in boxes(house, "volunteers", "volunteer") if box]) > 1
    for person in (SHE, CLERK):
        erase(house.ledger, person)
    house.projector().catch_up()
    for view, key in (("volunteers", "volunteer"), ("persons", "person")):
        assert set(boxes(house, view, key)) == {None}
    tokens = house.reader.rows(VOLUNTEER_TOKENS, Query()).value.rows
    assert {row["volunteer"] for row in tokens} == {str(NEIGHBOUR.id)}
    assert len(tokens) == len(before.value.rows) == 3
    assert found(house, "name", "王示例") == []
    row = house.reader.row(VOLUNTEERS, (SHE,)).value
    assert row is not None
    assert row["is_erased"]
    assert house.boxes.open(VOLUNTEERS, [(SHE, row["box"])]) == [None]
    waiting = house.reader.rows(TASKS, Query(equal={"volunteer": SHE})).value
    assert list(waiting.rows) == []


NEIGHBOUR_ID = str(NEIGHBOUR.id)


def test_views_filled_after_an_erasure_are_those_that_lived_through_it(house: Viewed) -> None:
    for person in (SHE, CLERK):
        erase(house.ledger, person)
    house.projector().catch_up()
    lived = house.dump()
    for batch_max in (1, 3, 1_000):
        house.folding().empty()
        house.projector(batch_max).catch_up()
        assert house.dump() == lived


def test_whose_key_is_gone_before_it_is_declared_is_no_difference(
    house: Viewed, place: Place
) -> None:
    house.ledger.vault.destroy(SHE)
    house.ledger.vault.destroy(CLERK)
    made = Viewed(house.ledger, f"sqlite:///{place.folder / 'again.sqlite'}")
    made.projector().catch_up()
    assert set(boxes(made, "volunteers", "volunteer")) == {None}
    assert differing(house, made) == []
    # That a box was taken away from somebody else is one.
    house.run("UPDATE view_volunteers SET box = NULL WHERE volunteer = ?", NEIGHBOUR_ID)
    assert differing(house, made) == ["volunteers.box"]
    made.close()


def test_an_erasure_ends_what_waits_for_her(house: Viewed) -> None:
    waiting = house.reader.rows(TASKS, Query(equal={"volunteer": SHE})).value.rows
    kinds = {TaskKind.CONFIRM_IDENTITY.value, TaskKind.ANSWER_CORRECTION.value}
    assert {row["kind"] for row in waiting} == kinds
    erase(house.ledger, SHE)
    house.projector().catch_up()
    assert not house.reader.rows(TASKS, Query(equal={"volunteer": SHE})).value.rows


def kept_of_neighbour(house: Viewed) -> set[str]:
    """Return which districts the rows of what waits for the neighbour tell, old ones too."""
    table = sa.table("view_tasks", sa.column("division"), sa.column("about"))
    query = sa.select(table.c.division).where(table.c.about == NEIGHBOUR_ID)
    with house.engine.connect() as connection:
        return set(connection.execute(query).scalars())


def amended_neighbour(house: Viewed) -> None:
    """Let the neighbour, who came by herself, live in another district."""
    history = told()
    size = len(history.told)
    moved = replace(AMENDED, volunteer=NEIGHBOUR.id, residence_area="110116", answers=None)
    history.tell(NEIGHBOUR.id, moved)
    house.append(history.told[size:])
    house.projector().catch_up()


def test_an_erasure_leaves_no_row_that_tells_where_she_lived(house: Viewed) -> None:
    amended_neighbour(house)
    assert kept_of_neighbour(house) == {"110101", "110116"}
    erase(house.ledger, NEIGHBOUR_ID)
    house.projector().catch_up()
    assert kept_of_neighbour(house) == set()
    lived = house.dump()
    for batch_max in (1, 1_000):
        house.folding().empty()
        house.projector(batch_max).catch_up()
        assert house.dump() == lived


def test_where_somebody_lived_whose_key_is_gone_is_no_difference(
    house: Viewed, place: Place
) -> None:
    amended_neighbour(house)
    house.ledger.vault.destroy(NEIGHBOUR_ID)
    made = Viewed(house.ledger, f"sqlite:///{place.folder / 'again.sqlite'}")
    made.projector().catch_up()
    assert kept_of_neighbour(made) == {""}
    assert differing(house, made) == []
    house.run("UPDATE view_tasks SET division = 'x' WHERE about = ?", SHE)
    assert differing(house, made) == ["tasks.division"]
    made.close()


def test_a_box_of_another_person_or_view_opens_nothing(house: Viewed) -> None:
    row = house.reader.row(VOLUNTEERS, (SHE,)).value
    assert row is not None
    with pytest.raises(ProofError):
        house.boxes.open(PERSONS, [(SHE, row["box"])])
    with pytest.raises(ProofError):
        house.boxes.open(VOLUNTEERS, [(NEIGHBOUR_ID, row["box"])])
    assert house.boxes.open(VOLUNTEERS, [(SHE, None)]) == [None]

"""Statistics: counters as they are, and the same sums over the rows of any size."""

from collections.abc import Iterator
from typing import Any

import pytest

from ledger.projections.tallying import COUNTING, counts_of
from ledger.store.view_statistics import Asked, statistics
from tests.domain.town import (
    BUREAU,
)
from tests.projections.histories import lives
from tests.projections.viewed import Viewed, viewed
from tests.store.ledgers import Place
from tests.store.test_view_reader import RECORDS_TOLD, STATION_ID, TOLD


@pytest.fixture
def house(place: Place) -> Iterator[Viewed]:
    """Return a ledger with these records, folded."""
    with viewed(place) as opened:
        opened.append(TOLD)
        opened.projector().catch_up()
        yield opened


@pytest.mark.parametrize("seed", [8, 22, 382])
def test_statistics_of_any_size_are_the_sums_over_its_rows(place: Place, seed: int) -> None:
    lived = lives(seed, 300).history.told
    with viewed(place) as house:
        house.append(lived)
        projector = house.projector()
        projector.catch_up()
        size = len(lived)
        now = statistics(house.reader, Asked())
        assert now.size == size
        assert statistics(house.reader, Asked(size=size)).value == now.value
        for past in (0, 5, size // 3, size // 2, size - 1):
            want: dict[Any, int] = {}
            for view in COUNTING:
                for row in house.rows(view, past).values():
                    for counted, amount in counts_of(view, row).items():
                        want[counted] = want.get(counted, 0) + amount
            got = statistics(house.reader, Asked(size=past))
            assert got.value == {key: value for key, value in want.items() if value}
            assert got.size == past


def test_counters_of_a_shorter_log_are_the_statistics_of_that_size(place: Place) -> None:
    lived = lives(22, 300).history.told
    with viewed(place) as house:
        past = len(lived) // 2
        house.append(lived[:past])
        house.projector().catch_up()
        then = statistics(house.reader, Asked()).value
        house.append(lived[past:])
        house.projector().catch_up()
        assert statistics(house.reader, Asked(size=past)).value == then
        assert statistics(house.reader, Asked()).value != then


def test_statistics_are_asked_by_organization_division_and_month(house: Viewed) -> None:
    size = len(TOLD)
    for as_of in (None, size):
        own = statistics(house.reader, Asked(organization=STATION_ID, size=as_of)).value
        assert {key[0] for key in own} == {STATION_ID}
        assert own[STATION_ID, "2026-11", "records"] == RECORDS_TOLD
        district = Asked(division=BUREAU.division, size=as_of)
        assert statistics(house.reader, district).value == own
        assert statistics(house.reader, Asked(division="11", size=as_of)).value == own
        assert not statistics(house.reader, Asked(division="110101", size=as_of)).value
        october = Asked(first_month="2026-10", last_month="2026-10", size=as_of)
        assert not statistics(house.reader, october).value
        nobody = statistics(house.reader, Asked(organization="", size=as_of)).value
        assert nobody == {("", "2026-11", "volunteers"): 1}

"""A log that nobody touched: nothing is found, and what was not checked is said."""

from tests.audit.house import House, unchecked
from tests.audit.plan import CHECKPOINTS, SIZE


def test_a_log_that_nobody_touched_is_sound(house: House) -> None:
    report = house.audit()
    assert report.ok
    assert report.tally.findings == []
    assert report.checkpoint.size == SIZE
    assert unchecked(report) == {"not_witnessed": len(CHECKPOINTS)}

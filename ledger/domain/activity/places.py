"""Where something is: coordinates in whole millionths of a degree, by a named system.

116.407413° east is `116407413`: facts know no fractions, and a millionth is about a decimetre.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.domain.codes import Datum, WithoutCoordinates
from ledger.domain.refusal import Refusal

LONGITUDE_MAX = 180_000_000
LATITUDE_MAX = 90_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinates:
    """One point 经纬度: degrees × 1,000,000, east and north of zero above it.

    ``datum`` names the system, which is not guessed: WGS-84 and GCJ-02 differ by up to 700 m.
    """

    longitude_microdegrees: int
    latitude_microdegrees: int
    datum: Datum


def check_coordinates(said: Coordinates | None, about: str) -> Iterator[Refusal]:
    """Yield why coordinates are no point of the earth; longitude and latitude told apart."""
    if said is None:
        return
    if abs(said.longitude_microdegrees) > LONGITUDE_MAX:
        yield Refusal(
            "longitude_is_out_of_bounds", f"{about}.longitude_microdegrees", {"max": 180}
        )
    if abs(said.latitude_microdegrees) > LATITUDE_MAX:
        yield Refusal(
            "latitude_is_out_of_bounds", f"{about}.latitude_microdegrees", {"max": 90}
        )


def check_place(
    said: Coordinates | None, without: WithoutCoordinates | None, *, is_back_entry: bool
) -> Iterator[Refusal]:
    """Yield why it is not clear where an activity is.

    It has coordinates, or it is said why it has none; that nobody knows them any more is for
    what is entered from old papers: who plans an activity can look them up (our rule [P]).
    """
    if said is None and without is None:
        yield Refusal("coordinates_are_missing", "coordinates")
    if said is not None and without is not None:
        yield Refusal("coordinates_are_there", "without_coordinates")
    if without is WithoutCoordinates.UNKNOWN and not is_back_entry:
        yield Refusal("coordinates_can_be_known", "without_coordinates")
    yield from check_coordinates(said, "coordinates")

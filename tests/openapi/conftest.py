"""A town of its own: what is tried here changes much of it."""

from collections.abc import Iterator

import pytest
import schemathesis

from tests.api.v1.running import RunningTown, TownBase, running
from tests.api.v1.settling import REVIEWED
from tests.api.v1.towns import town_base

__all__ = ["town_base"]


@pytest.fixture(scope="module")
def town(
    town_base: TownBase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningTown]:
    """Return a town that only the tests of one file change."""
    with running(town_base, tmp_path_factory.mktemp("openapi"), at=REVIEWED) as made:
        yield made


@pytest.fixture(scope="module")
def document(town: RunningTown) -> schemathesis.BaseSchema:
    """Return what the service says of itself."""
    return schemathesis.openapi.from_url(f"{town.service.address}/api/v1/openapi.json")

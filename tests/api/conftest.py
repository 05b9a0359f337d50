"""The house of the audit's tests behind HTTP."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from ledger.api.app import make_app
from ledger.api.metrics import Metrics
from ledger.application.health import Health
from ledger.settings import Settings
from ledger.wiring.log_state import log_state_reader
from ledger.wiring.witnesses import make_witnessing
from tests.audit.conftest import postgres_base, postgres_house, sqlite_base, sqlite_house
from tests.audit.house import House

__all__ = ["postgres_base", "postgres_house", "sqlite_base", "sqlite_house"]


class Client:
    """Asks the application over a house, put together as wiring does, without a socket."""

    def __init__(self, house: House) -> None:
        wiring = house.wiring
        self.ended: list[None] = []
        self.health = Health(lambda: self.ended.append(None))
        settings = Settings(data_dir=house.paths.data_dir, _env_file=None)  # type: ignore[call-arg]
        witnessing = make_witnessing(wiring, settings)
        state = log_state_reader(wiring, witnessing, self.health).read
        self.metrics = Metrics(state)
        self._app = make_app(
            wiring.files,
            division="110000",
            state=state,
            health=self.health,
            metrics=self.metrics,
        )

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.request("GET", path, headers=headers)

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return asyncio.run(self._request(method, path, headers))

    def sample(self, name: str) -> float:
        """Return the value of one sample of the metrics, named with its labels."""
        for line in self.get("/metrics").text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        raise AssertionError(name)

    async def _request(
        self, method: str, path: str, headers: Mapping[str, str] | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as client:
            return await client.request(method, path, headers=headers)


@pytest.fixture(params=["sqlite_house", "postgres_house"])
def house(request: pytest.FixtureRequest) -> House:
    made: House = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def client(house: House) -> Client:
    return Client(house)


@pytest.fixture
def sqlite_client(sqlite_house: House) -> Client:
    """Return a client for what has nothing to do with the database."""
    return Client(sqlite_house)

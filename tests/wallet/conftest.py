"""A station that certifies, its credentials over HTTP, and the other implementation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from ledger.api.v1.credential_routes import credential_routes
from ledger.application.callers import Caller
from ledger.application.certifying.credentials import Credentials, KeyMissingError
from ledger.certificates.credential import Site
from ledger.certificates.es256 import CredentialKey
from ledger.certificates.status_list import TTL
from tests.api.v1.client import Client, TownSessions
from tests.application.certifying import Bureau, handing_out_of, open_bureau
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House
from tests.application.town import Town
from tests.store.ledgers import secret
from tests.wallet.other import Verdict, Wallet, wallet_process

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]


@pytest.fixture(scope="session")
def wallet() -> Iterator[Wallet]:
    """Return the other implementation."""
    with wallet_process() as opened:
        yield opened


@dataclass
class Office:
    """A bureau with its credentials, as somebody with a wallet meets it."""

    bureau: Bureau
    client: Client
    wallet: Wallet
    keys: list[CredentialKey]

    @property
    def site(self) -> Site:
        return Site(self.bureau.house.ledger.origin)

    @property
    def jwks(self) -> Any:
        host, _, path = self.site.issuer.removeprefix("https://").partition("/")
        assert host
        found = self.client.get(f"/.well-known/jwt-vc-issuer/{path}")
        assert found.status_code == 200, found.text
        assert found.json()["issuer"] == self.site.issuer
        return found.json()["jwks"]

    @property
    def lists(self) -> dict[str, str]:
        """The status list, as it is once the one that was served before is too old."""
        self.bureau.house.clock.advance(seconds=TTL.seconds // 2)
        found = self.client.get("/api/v1/status-lists/1")
        assert found.headers["content-type"] == "application/statuslist+jwt"
        return {self.site.status_list(1): found.text}

    @property
    def list(self) -> bytes:
        return next(iter(self.lists.values())).encode()

    @property
    def now(self) -> int:
        return int(self.bureau.house.clock.now.timestamp())

    def credential(self, certificate: UUID, by: Caller | None = None) -> str:
        by = by or self.bureau.session.herself
        found = self.client.get(f"/api/v1/certificates/{certificate}/credential", by)
        assert found.status_code == 200, found.text
        assert found.headers["content-type"] == "application/dc+sd-jwt"
        assert found.headers["cache-control"] == "no-store"
        return found.text

    def verify(self, credential: str, **changes: Any) -> Verdict:
        """Return what the other implementation makes of a credential, by what is published."""
        asked = {"jwks": self.jwks, "lists": self.lists, "now": self.now, **changes}
        return self.wallet.verify(credential, **asked)


def _there(keys: list[CredentialKey]) -> list[CredentialKey]:
    if not keys:
        raise KeyMissingError
    return keys


@pytest.fixture
def office(house: House, town: Town, wallet: Wallet) -> Office:
    """Return the station's credentials."""
    bureau, sessions = open_bureau(house, town), TownSessions()
    keys = [CredentialKey(secret("credential"))]
    credentials = Credentials(handing_out_of(house), lambda: _there(keys))
    return Office(
        bureau, Client(sessions, [credential_routes(sessions, credentials)]), wallet, keys
    )

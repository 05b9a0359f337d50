"""A client over the application, without a socket; its tokens stand for people of the town."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import APIRouter, FastAPI

from ledger.api.problems import answer_with_problems
from ledger.api.v1.problems import answer_acts_with_problems
from ledger.api.v1.signed_in import ORGANIZATION_HEADER
from ledger.application.callers import Caller
from ledger.application.health import Health
from ledger.store import chance


@dataclass(frozen=True)
class SignedIn:
    """One sign-in of the town."""

    sign_in: UUID
    staff: UUID | None
    volunteer: UUID | None


@dataclass
class TownSessions:
    """Whose token is whose; a token is a secret, so it is drawn anew for every sign-in."""

    signed: dict[str, SignedIn] = field(default_factory=dict)

    def find(self, token: str) -> SignedIn | None:
        return self.signed.get(token)

    def sign_in(self, caller: Caller) -> str:
        """Return a token of somebody."""
        token = f"token-{chance.random_uuid()}"
        self.signed[token] = SignedIn(chance.random_uuid(), caller.staff, caller.volunteer)
        return token


class Standing:
    """Stands for what a test has of its own: routes are made once, at half a second a time."""

    def __init__(self, **same: Any) -> None:
        """``same`` is the same in every test; routes look at it while they are made."""
        self._present: Any = None
        self.__dict__.update(same)

    def for_(self, present: Any) -> None:
        """Stand for something from now on."""
        self._present = present

    def __getattr__(self, name: str) -> Any:
        return getattr(self._present, name)


class Client:
    """Sends requests as somebody; what the service lets fall is raised here."""

    def __init__(self, sessions: TownSessions, routers: Sequence[APIRouter]) -> None:
        self.sessions = sessions
        self.app = FastAPI(redirect_slashes=False)
        answer_with_problems(self.app, Health(lambda: None))
        answer_acts_with_problems(self.app)
        for router in routers:
            self.app.include_router(router)

    def send(
        self, method: str, path: str, by: Caller | None = None, **options: Any
    ) -> httpx.Response:
        """Send a request as somebody who has just signed in, or as nobody."""
        headers: dict[str, str] = dict(options.pop("headers", {}))
        if by is not None:
            headers["authorization"] = f"Bearer {self.sessions.sign_in(by)}"
            if by.organization is not None:
                headers.setdefault(ORGANIZATION_HEADER, str(by.organization))
        return asyncio.run(self._send(method, path, headers=headers, **options))

    def get(self, path: str, by: Caller | None = None, **options: Any) -> httpx.Response:
        return self.send("GET", path, by, **options)

    def post(self, path: str, by: Caller | None, body: Any, **options: Any) -> httpx.Response:
        return self.send("POST", path, by, json=body, **options)

    def put(self, path: str, by: Caller | None, body: Any, **options: Any) -> httpx.Response:
        return self.send("PUT", path, by, json=body, **options)

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as client:
            return await client.request(method, path, **options)


def reasons(response: httpx.Response) -> set[str]:
    """Return the codes of all reasons of a problem."""
    return {each["code"] for each in response.json()["reasons"]}

"""A town behind a real `ledger serve`, as it is seen over HTTP: people sign in, a key signs.

Its clock stands in November 2026, whatever the day of the test is (libfaketime). A town is
founded once (`tests.api.v1.settling`) and only ever copied: `running(base, folder, at=…)`.
"""

import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from ledger.proof.facts import parse_group
from ledger.store.engine import connect
from ledger.store.schema import entries
from tests.api.service import Service, serving
from tests.application.clock import beijing
from tests.application.serving import EVALUATION, SERVICE, activity_said
from tests.application.signing import as_bytes, manifest_of, signed, submission
from tests.application.town import STREET, private_key
from tests.faults.shims import clock
from tests.shell import ORIGIN, Shell

API = "/api/v1"
JSON = {"content-type": "application/json"}
JOSE = {"content-type": "application/jose+json"}
PASSWORD = "四个-随便-想到的-词语-够长了"
KEY = "entrusted organization"
"""The name of the private key of the entrusted organization's system."""


@dataclass(frozen=True)
class Person:
    """Somebody who signs in: her id, and in whose name she acts, if not as herself."""

    id: str
    organization: str | None


@dataclass(frozen=True)
class Places:
    """What there is in a town, by its name: ids of organizations and things, and people."""

    ids: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    """Records in publicity since the founding: of a volunteer, or entered by `station.both`."""


@dataclass(frozen=True)
class TownBase:
    """A town that is only ever copied."""

    shell: Shell
    places: Places


@dataclass(frozen=True)
class Entry:
    """One entry of the log with its plain facts."""

    seq: int
    type: str
    by: str
    facts: Mapping[str, Any]


class RunningTown:
    """A town whose service runs; who asks is named by her name in `Places.people`."""

    def __init__(self, shell: Shell, service: Service, places: Places, ahead_s: int) -> None:
        self.shell = shell
        self.service = service
        self.places = places
        self._ahead_s = ahead_s
        self._tokens: dict[str, str] = {}

    def id(self, name: str) -> str:
        """Return the id of an organization, a thing or a person."""
        person = self.places.people.get(name)
        return self.places.ids[name] if person is None else person.id

    def now(self) -> int:
        """Return what the service's clock shows, in seconds since 1970."""
        return int(time.time()) + self._ahead_s

    def sign_in(self, name: str) -> str:
        """Return a token of somebody, signing her in where she is not yet."""
        if name not in self._tokens:
            said = {"name": name, "password": PASSWORD}
            answer = self.service.client.post(f"{API}/sessions", json=said)
            assert answer.status_code == 201, answer.text
            self._tokens[name] = answer.json()["token"]
        return self._tokens[name]

    def headers(self, by: str | None) -> dict[str, str]:
        """Return what tells who asks, and in whose name."""
        if by is None:
            return {}
        named = self.places.people[by].organization
        capacity = {} if named is None else {"ledger-organization": named}
        return {"authorization": f"Bearer {self.sign_in(by)}", **capacity}

    def send(
        self, method: str, path: str, by: str | None = None, **options: Any
    ) -> httpx.Response:
        """Send a request below /api/v1."""
        headers = self.headers(by) | dict(options.pop("headers", {}))
        return self.service.client.request(method, API + path, headers=headers, **options)

    def get(self, path: str, by: str | None = None, **params: Any) -> httpx.Response:
        return self.send("GET", path, by, params=params)

    def post(self, path: str, by: str | None, said: Any = None, **headers: str) -> Any:
        """Post, and return the answer to what must succeed."""
        answer = self.send("POST", path, by, json=said, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refused(
        self, path: str, by: str | None, said: Any = None, **headers: str
    ) -> tuple[int, set[str]]:
        """Post what must be refused; return the status and the codes of the reasons."""
        return told(self.send("POST", path, by, json=said, headers=headers))

    def read(self, path: str, by: str, **params: Any) -> Any:
        """Get what must be there."""
        answer = self.get(path, by, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def signed_texts(self, *texts: str, **members: Any) -> bytes:
        """Return a submission of items as texts, whatever they are."""
        said: dict[str, Any] = {"iat": self.now(), "aud": ORIGIN} | members
        payload = json.dumps(manifest_of(texts, **said)).encode()
        header = {"alg": "Ed25519", "kid": self.id("key")}
        return as_bytes(signed(private_key(KEY), header, payload, texts))

    def signed(
        self, *items: Mapping[str, Any], key: str = KEY, kid: str | None = None, **members: Any
    ) -> bytes:
        """Return a submission as the entrusted organization's system signs it."""
        said: dict[str, Any] = {"iat": self.now(), "aud": ORIGIN} | members
        return submission(private_key(key), kid or self.id("key"), items, **said)

    def submit(self, content: bytes, path: str = "/submissions") -> httpx.Response:
        """Send a signed submission."""
        return self.service.client.post(API + path, content=content, headers=JOSE)

    def stage(self, record: str, by: str = "station.reviewer") -> str:
        """Return how far a record has come."""
        stage: str = self.read(f"/records/{record}", by)["stage"]
        return stage

    def minutes(self, volunteer: str, by: str = "station.reviewer") -> int:
        """Return the minutes that a volunteer is credited with."""
        credited = self.read(f"/volunteers/{self.id(volunteer)}/account", by, limit=200)
        return sum(each["minutes"] for each in credited["items"])

    def enter(self, by: str = "station.recorder", **changes: Any) -> str:
        """Enter a record of the station's activity; return its id."""
        said = record_said_of(self, "activity", changes.pop("volunteer", "wang"), **changes)
        record: str = self.post("/records", by, said)["id"]
        return record

    def publicized(self, by: str = "station.recorder", **changes: Any) -> str:
        """Enter a record, and show it."""
        record = self.enter(by, **changes)
        self.post(f"/records/{record}/publicity", by)
        return record

    def take(self, whose: str) -> str:
        """Return a record that is in publicity since the founding, to no other test."""
        return self.places.shown[whose].pop()

    def confirmed(self, whose: str) -> str:
        """Return such a record, confirmed."""
        record = self.take(whose)
        self.post(f"/records/{record}/confirmation", "station.reviewer")
        return record

    def activity_said(self, **changes: Any) -> dict[str, Any]:
        """Return an activity that the entrusted organization may register."""
        return activity_said(division=STREET, **changes)

    def security_lines(self) -> list[dict[str, Any]]:
        """Return the security log."""
        text = (self.shell.data_dir / "security" / "security.log").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def entries(self, *types: str, after: int = -1) -> list[Entry]:
        """Return what the log has of some types, or of all, behind a position."""
        rows = entries_of(self.shell, after)
        return [each for each in rows if not types or each.type in types]

    def size(self) -> int:
        """Return the number of entries."""
        with reading(self.shell) as connection:
            size: int = connection.scalar(sa.select(sa.func.count()).select_from(entries)) or 0
        return size

    def attempts(self, after: int) -> list[tuple[str, str, set[str]]]:
        """Return who was refused what and why, behind a position."""
        found = self.entries("act.refused", after=after)
        return [(each.by, each.facts["act"], set(each.facts["codes"])) for each in found]


@contextmanager
def running(
    base: TownBase, folder: Path, *, at: str, options: Sequence[str] = ()
) -> Iterator[RunningTown]:
    """Run the service over a copy of a town, at a time of Beijing as `2026-11-24 10:00`."""
    shutil.copytree(base.shell.folder, folder, dirs_exist_ok=True)
    with again(Shell(folder), deepcopy(base.places), at=at, options=options) as town:
        yield town


@contextmanager
def again(
    shell: Shell, places: Places, *, at: str, options: Sequence[str] = ()
) -> Iterator[RunningTown]:
    """Run the service over a town as it was left, at another time."""
    ahead_s = int(beijing(at).timestamp() - time.time())
    shell.env.update(clock(f"{ahead_s:+d}"))
    with serving(shell, *options) as service:
        yield RunningTown(shell, service, places, ahead_s)


def record_said_of(
    town: RunningTown, activity: str, volunteer: str, **changes: Any
) -> dict[str, Any]:
    """Return a record of a volunteer's service in an activity, as it is sent."""
    said: dict[str, Any] = {**SERVICE, "evaluation": EVALUATION, **changes}
    return {"activity": town.id(activity), "volunteer": town.id(volunteer), **said}


def entries_of(shell: Shell, after: int) -> list[Entry]:
    """Return every entry behind a position, as somebody sees who has the file."""
    query = sa.select(entries).where(entries.c.seq > after).order_by(entries.c.seq)
    with reading(shell) as connection:
        return [_entry(row) for row in connection.execute(query)]


@contextmanager
def reading(shell: Shell) -> Iterator[sa.Connection]:
    """Yield a connection to the log's database."""
    engine = connect(f"sqlite:///{shell.data_dir / 'log.sqlite'}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _entry(row: Any) -> Entry:
    facts = parse_group(row.plain).facts
    return Entry(row.seq, row.topic, str(facts["by"]), facts)


def told(answer: httpx.Response) -> tuple[int, set[str]]:
    """Return the status and the codes of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    return answer.status_code, {each["code"] for each in body.get("reasons", [])} | {
        body["code"]
    }

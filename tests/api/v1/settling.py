"""How a town comes to be over HTTP: by the founding token, and by whoever was appointed before.

city bureau                      city.head
└─ district bureau               district.head, district.reviewer
   ├─ association                association.head, association.reviewer
   │  ├─ station                 station.head, .recorder, .reviewer, .reviewer2, .both
   │  └─ other station           other.head, .recorder, .reviewer
   └─ entrusted organization     entrusted.head, .recorder, .reviewer, and its key
volunteers                       wang, ouyang: registered by the station
"""

import re
import time
from itertools import count
from pathlib import Path
from typing import Any

from tests.api.v1.running import (
    KEY,
    PASSWORD,
    Person,
    Places,
    RunningTown,
    TownBase,
    again,
)
from tests.application.clock import beijing
from tests.application.serving import activity_said
from tests.application.town import (
    COMMUNITY,
    DISTRICT,
    HEAD,
    OTHER_COMMUNITY,
    STREET,
    public_key,
    said,
    said_of_bureau,
)
from tests.application.volunteering import ENTRY, NOTICE, OUYANG, WANG
from tests.faults.scene import POLICY
from tests.faults.shims import clock
from tests.shell import ORIGIN, Shell

FOUNDED = "2026-11-23 10:00"
"""A Monday: what is shown on it may be confirmed from Friday on."""
REVIEWED = "2026-11-30 09:00"
TODAY = FOUNDED.partition(" ")[0]
_TOKEN = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}")
_BOTH = ("recorder", "reviewer")
_SHOWN = {
    "wang": ("station.recorder", 8),
    "ouyang": ("station.recorder", 3),
    "both": ("station.both", 2),
}
"""Whose records are shown: by whom they are entered, and how many."""


def settle(folder: Path) -> TownBase:
    """Create a ledger in a folder, and a town in it."""
    shell, places = Shell(folder), Places()
    shell.env.update(clock(f"{int(beijing(FOUNDED).timestamp() - time.time()):+d}"))
    done = shell.run("init", "--origin", ORIGIN)
    assert done.returncode == 0, done.stderr
    token = _TOKEN.search(done.stdout)
    assert token is not None
    (folder / POLICY).write_bytes((shell.data_dir / "policy").read_bytes())
    with again(shell, places, at=FOUNDED) as town:
        settler = Settler(town)
        settler.found(token[0])
        settler.appoint_bureaus()
        settler.appoint_stations()
        settler.entrust()
        settler.register_volunteers()
        settler.show_records()
    return TownBase(shell, places)


class Settler:
    """Builds organizations, appoints people and lets them sign in, each by who may."""

    def __init__(self, town: RunningTown) -> None:
        self._town = town
        self._places = town.places
        self._numbers = count(1)

    def found(self, token: str) -> None:
        """Begin the ledger; its first person is `city.head`."""
        bureau = said_of_bureau("北京市民政局", next(self._numbers)) | {
            "person_name": "赵示例",
            "from_day": TODAY,
        }
        first = {"token": token, "name": "city.head", "password": PASSWORD, "bureau": bureau}
        founded = self._town.post("/founding", None, first)
        self._places.ids["city"] = founded["id"]
        self._places.people["city.head"] = Person(founded["person"], founded["id"])

    def appoint_bureaus(self) -> None:
        """Create the district bureau and the association below it."""
        self.organization("city.head", "district_bureau", DISTRICT, "district", "东城区民政局")
        self.person("city.head", "district.head", "responsible", "supervisor")
        self.person("city.head", "district.reviewer", "reviewer")
        name = "东华门街道社区志愿者协会"
        self.organization("district.head", "association", STREET, "association", name)
        self.person("district.head", "association.head", *HEAD)
        self.person("district.head", "association.reviewer", "reviewer")

    def appoint_stations(self) -> None:
        """Create both stations."""
        by, kind = "association.head", "station"
        self.organization(by, kind, COMMUNITY, "station", "多福巷社区志愿者服务站")
        self.organization(by, kind, OTHER_COMMUNITY, "other", "东厂社区志愿者服务站")
        for station in ("station", "other"):
            self.person(by, f"{station}.head", *HEAD)
            self.person(f"{station}.head", f"{station}.recorder", "recorder")
            self.person(f"{station}.head", f"{station}.reviewer", "reviewer")
        self.person("station.head", "station.reviewer2", "reviewer")
        self.person("station.head", "station.both", *_BOTH)

    def entrust(self) -> None:
        """Create the entrusted organization, with its system's key."""
        by, name = "district.head", "东城区吉祥社区服务中心"
        self.organization(by, "entrusted", DISTRICT, "entrusted", name)
        entrusted = self._town.id("entrusted")
        area = {
            "divisions": [STREET],
            "valid_from": TODAY,
            "valid_to": "2027-11-01",
            "qualification": [{"title": "社会服务机构登记证书", "sha256": "cd" * 32}],
        }
        self._town.post(f"/organizations/{entrusted}/entrustments", by, area)
        self.person(by, "entrusted.head", *HEAD)
        self.person("entrusted.head", "entrusted.recorder", "recorder")
        self.person("entrusted.head", "entrusted.reviewer", "reviewer")
        self._places.ids["key"] = self.key(KEY)
        self.sign_for_a_day()

    def key(self, name: str, **more: str) -> str:
        """Add a key to the entrusted organization; return its id."""
        said = {"public_key": public_key(name), "label": "志愿者管理系统", **more}
        path = f"/organizations/{self._town.id('entrusted')}/keys"
        added: str = self._town.post(path, "entrusted.head", said)["added"]
        return added

    def sign_for_a_day(self) -> None:
        """Let a key sign that is in force today and no longer."""
        key = self.key("expired", valid_to=TODAY)
        item = {"act": "activity.register", **self._town.activity_said()}
        content = self._town.signed(item, key="expired", kid=key, jti="jti-in-time-1")
        answer = self._town.submit(content)
        assert answer.status_code == 201, answer.text
        self._places.ids["expired key"] = key
        self._places.ids["signed in time"] = answer.json()["submission"]

    def register_volunteers(self) -> None:
        """Register two volunteers, and an activity of the station."""
        by = "station.recorder"
        self._places.ids["activity"] = self._town.post("/activities", by, activity_said())["id"]
        for name, particulars in (("wang", WANG), ("ouyang", OUYANG)):
            body = {"particulars": particulars, "policy": NOTICE, "consents": [ENTRY]}
            volunteer = self._town.post("/volunteers", by, body)["id"]
            self._places.people[name] = Person(volunteer, None)
            self.invite("station.reviewer", name, {"volunteer": volunteer})

    def show_records(self) -> None:
        """Enter and show what tests take, of each volunteer on days of her own."""
        days = iter(range(1, 21))
        for whose, (by, number) in _SHOWN.items():
            volunteer = "wang" if whose == "both" else whose
            self._places.shown[whose] = [
                self._town.publicized(by, volunteer=volunteer, **hours_of(next(days)))
                for _ in range(number)
            ]

    def organization(self, by: str, kind: str, division: str, name: str, called: str) -> None:
        """Register an organization below the caller's own, and put it in force."""
        describe = said_of_bureau if kind == "district_bureau" else said
        parent = self._places.people[by].organization
        body = describe(called, next(self._numbers)) | {
            "kind": kind,
            "division": division,
            "parent": parent,
        }
        id_ = self._town.post("/organizations", by, body)["id"]
        bureau = "city.head" if kind == "district_bureau" else "district.head"
        decision = {"reason": "民社〔2026〕11号"}
        self._town.post(f"/organizations/{id_}/authorization", bureau, decision)
        self._places.ids[name] = id_

    def person(self, by: str, name: str, *roles: str) -> None:
        """Appoint a new person and let her sign in; her name says for which organization."""
        organization = self._town.id(name.partition(".")[0])
        body = {"roles": roles, "from_day": TODAY, "name": "吴示例"}
        id_ = self._town.post(f"/organizations/{organization}/staff", by, body)["added"]
        self._places.people[name] = Person(id_, organization)
        self.invite(by, name, {"staff": id_, "appointed_by": organization})

    def invite(self, by: str, name: str, whom: dict[str, Any]) -> None:
        """Invite somebody, who takes it."""
        token = self._town.post("/invitations", by, whom)["token"]
        chosen = {"token": token, "name": name, "password": PASSWORD}
        self._town.post("/invitations/acceptance", None, chosen)


def hours_of(day: int, **changes: Any) -> dict[str, Any]:
    """Return the times of a service of 150 minutes on a day of November."""
    return {
        "start": f"2026-11-{day:02}T09:00+08:00",
        "end": f"2026-11-{day:02}T12:00+08:00",
        **changes,
    }

"""Who there is in the story: two bureaus, an organization with its people, a volunteer.

Names and numbers are of nobody: people of the year 1800, codes of bodies that there are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from transcripts.acting import Person
from transcripts.stage import Stage

PASSWORD = "four words of nobody"  # noqa: S105 - of a ledger that lasts for two minutes
DISTRICT, STREET, COMMUNITY = "110101", "110101001", "110101001001"
PAPER = "cd" * 32
_BUREAU = {"form": "legal_person", "category": "government", "authority": "civil_affairs"}
_ENTRUSTED = {"form": "volunteer_organization", "category": "social_association"}
WANG = {
    "name": "王示例",
    "sex": "2",
    "birth_date": "1800-01-01",
    "id_type": "resident_id",
    "id_number": "110105180001010029",
    "residence_area": STREET,
    "contact": "13800000001",
    "skills": ["first_aid"],
    "service_categories": ["community"],
}
ACTIVITY = {
    "name": "重阳助老",
    "starts_on": "2026-11-01",
    "ends_on": "2026-11-30",
    "place": "示例文化站",
    "admission_mode": "public",
    "coordinates": {
        "longitude_microdegrees": 116_407_413,
        "latitude_microdegrees": 39_904_179,
        "datum": "gcj02",
    },
    "division": COMMUNITY,
    "service_objects": ["elderly"],
    "categories": ["community"],
    "content": "陪伴老人,打扫居室。",
    "person_in_charge_name": "沈示例",
    "head_count": 12,
    "declared": True,
}


@dataclass
class Town:
    """The people of the story; ``names`` are those behind the ids that entries have."""

    stage: Stage
    today: str
    names: dict[str, str] = field(default_factory=dict)

    def found(self, token: str) -> tuple[Person, str]:
        """Begin the ledger by the token of its creation; return the first person and bureau."""
        first = Person(self.stage, "zhao.city")
        bureau = {
            **_BUREAU,
            "name": "示例市民政局",
            "credit_code": "521101010000000016",
            "person_name": "赵示例",
            "from_day": self.today,
        }
        said = {"token": token, "name": first.name, "password": PASSWORD, "bureau": bureau}
        founded = first.does("POST", "founding", said)
        self.names[founded["person"]] = first.name
        first.sign_in(PASSWORD)
        return first, founded["id"]

    def bureau(self, by: Person, above: str) -> str:
        """Register and authorize the district bureau; return its id."""
        said = {"kind": "district_bureau", "parent": above, "name": "示例区民政局"}
        return self._body(by, {**_BUREAU, **said, "credit_code": "521101010000000029"})

    def entrusted(self, by: Person, above: str) -> str:
        """Register, authorize and entrust the organization that records; return its id."""
        said = {"kind": "entrusted", "parent": above, "name": "示例社会服务中心"}
        id_ = self._body(by, {**_ENTRUSTED, **said, "credit_code": "52110101000000005J"})
        entrustment = {
            "divisions": [DISTRICT],
            "valid_from": self.today,
            "valid_to": "2027-11-23",
            "qualification": [{"title": "社会服务机构登记证书", "sha256": PAPER}],
        }
        by.quietly("POST", f"organizations/{id_}/entrustments", entrustment)
        return id_

    def person(self, by: Person, organization: str, name: str, *roles: str) -> Person:
        """Appoint somebody and let her sign in."""
        said = {"roles": roles, "from_day": self.today, "name": "某示例"}
        appointed = by.quietly("POST", f"organizations/{organization}/staff", said)
        invitee = {"staff": appointed["added"], "appointed_by": organization}
        return self._let_in(by, invitee, appointed["added"], name)

    def volunteer(self, by: Person, inviter: Person) -> tuple[Person, str]:
        """Register the volunteer with her consent and let her sign in; return her, her id."""
        consent = {"purpose": "entry_by_organization", "evidence": PAPER}
        said = {"particulars": WANG, "policy": PAPER, "consents": [consent]}
        id_ = by.does("POST", "volunteers", said)["id"]
        return self._let_in(inviter, {"volunteer": id_}, id_, "wang.volunteer"), id_

    def called(self, actor: str) -> str:
        """Return what an actor of an entry is called."""
        kind, _, id_ = actor.partition(":")
        return self.names.get(id_, kind)

    def _body(self, by: Person, said: Mapping[str, Any]) -> str:
        body = {"division": DISTRICT, **said}
        id_: str = by.quietly("POST", "organizations", body)["id"]
        decision = {"reason": "依职责分工启用。"}
        by.quietly("POST", f"organizations/{id_}/authorization", decision)
        return id_

    def _let_in(self, by: Person, invitee: Mapping[str, str], id_: str, name: str) -> Person:
        token = by.quietly("POST", "invitations", invitee)["token"]
        person = Person(self.stage, name)
        said = {"token": token, "name": name, "password": PASSWORD}
        person.quietly("POST", "invitations/acceptance", said)
        person.sign_in(PASSWORD)
        self.names[id_] = name
        return person

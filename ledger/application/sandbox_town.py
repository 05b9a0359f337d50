"""Who and what there is in a sandbox: names and numbers of nobody and of nothing.

Credit codes are those of bodies that there are not; people were born in the year 1800.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DISTRICT, STREET, COMMUNITY = "110101", "110101001", "110101001001"
"""Divisions have to be real ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """Somebody who will sign in; ``role`` tells her from the others of her place."""

    role: str
    name: str
    sign_in: str
    roles: tuple[str, ...] = ()
    particulars: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPlan:
    """An organization that will be registered below another one."""

    place: str
    kind: str
    division: str
    above: str
    name: str
    credit_code: str
    people: tuple[PersonPlan, ...] = ()

    def particulars(self) -> dict[str, Any]:
        """Return what is said of it, as it is sent."""
        said = {"name": self.name, "credit_code": self.credit_code}
        if self.kind.endswith("bureau"):
            at_law = {"form": "legal_person", "category": "government"}
            return said | at_law | {"authority": "civil_affairs"}
        return said | {"form": "volunteer_organization", "category": "social_association"}


def _person(role: str, name: str, sign_in: str, *further: str) -> PersonPlan:
    return PersonPlan(role=role, name=name, sign_in=sign_in, roles=(role, *further))


FIRST = PersonPlan(role="responsible", name="赵示例", sign_in="zhao.city")
CITY = BodyPlan(
    place="city",
    kind="city_bureau",
    division="110000",
    above="",
    name="沙箱市民政局",
    credit_code="521101010000000016",
)
BODIES = (
    BodyPlan(
        place="district",
        kind="district_bureau",
        division=DISTRICT,
        above="city",
        name="沙箱区民政局",
        credit_code="521101010000000029",
        people=(
            _person("responsible", "钱示例", "qian.district", "supervisor"),
            _person("reviewer", "孙示例", "sun.district"),
        ),
    ),
    BodyPlan(
        place="association",
        kind="association",
        division=STREET,
        above="district",
        name="沙箱街道社区志愿者协会",
        credit_code="52110101000000003C",
        people=(
            _person("responsible", "李示例", "li.association", "handler"),
            _person("reviewer", "周示例", "zhou.association"),
        ),
    ),
    BodyPlan(
        place="station",
        kind="station",
        division=COMMUNITY,
        above="association",
        name="沙箱社区志愿者服务站",
        credit_code="52110101000000004F",
        people=(
            _person("responsible", "卫示例", "wei.station", "handler", "contact"),
            _person("recorder", "吴示例", "wu.station"),
            _person("reviewer", "王示例", "wang.station"),
        ),
    ),
    BodyPlan(
        place="entrusted",
        kind="entrusted",
        division=DISTRICT,
        above="district",
        name="沙箱社会服务中心",
        credit_code="52110101000000005J",
        people=(
            _person("responsible", "蒋示例", "jiang.entrusted", "handler"),
            _person("recorder", "沈示例", "shen.entrusted"),
            _person("reviewer", "韩示例", "han.entrusted"),
        ),
    ),
)
"""Each after the one above it."""


def _volunteer(number: int, name: str, sign_in: str, born: str, id_number: str) -> PersonPlan:
    particulars = {
        "name": name,
        "sex": "1" if int(id_number[16]) % 2 else "2",
        "birth_date": born,
        "id_type": "resident_id",
        "id_number": id_number,
        "residence_area": STREET,
        "contact": f"1380000000{number}",
        "skills": ["first_aid"],
        "service_categories": ["community"],
    }
    role = f"volunteer_{number}"
    return PersonPlan(role=role, name=name, sign_in=sign_in, particulars=particulars)


VOLUNTEERS = (
    _volunteer(1, "陈示例", "chen.volunteer", "1800-01-01", "110101180001010015"),
    _volunteer(2, "褚示例", "chu.volunteer", "1800-01-01", "110105180001010029"),
    _volunteer(3, "冯示例", "feng.volunteer", "1800-12-31", "110113180012310043"),
)
ACTIVITY: Mapping[str, Any] = {
    "name": "沙箱助老",
    "place": "沙箱文化站",
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
    "head_count": 100,
    "declared": True,
}
"""Without its days."""

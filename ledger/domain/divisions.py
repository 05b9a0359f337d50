"""Divisions of the jurisdiction: the city, five districts, their 111 streets and townships.

A code is six digits (city, district; GB/T 2260), nine (street or township) or twelve
(community; statistical codes). City, districts and streets are the data of 2023; whether
they have changed since is not confirmed. A community is accepted by its form under its
street, because no list of communities ships.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ledger.domain.refusal import Refusal

CITY = "110000"
CITY_NAME = "北京市"

DISTRICTS: Mapping[str, str] = {
    "110101": "东城区",
    "110105": "朝阳区",
    "110107": "石景山区",
    "110113": "顺义区",
    "110116": "怀柔区",
}
"""The five pilot districts (京民社区发〔2013〕99号): code → name."""

_STREETS: Mapping[str, str] = {
    "110101": """
        001 东华门街道  002 景山街道  003 交道口街道  004 安定门街道  005 北新桥街道
        006 东四街道  007 朝阳门街道  008 建国门街道  009 东直门街道  010 和平里街道
        011 前门街道  012 崇文门外街道  013 东花市街道  014 龙潭街道  015 体育馆路街道
        016 天坛街道  017 永定门外街道
    """,
    "110105": """
        001 建外街道  002 朝外街道  003 呼家楼街道  004 三里屯街道  005 左家庄街道
        006 香河园街道  007 和平街街道  008 安贞街道  009 亚运村街道  010 小关街道
        011 酒仙桥街道  012 麦子店街道  013 团结湖街道  014 六里屯街道  015 八里庄街道
        016 双井街道  017 劲松街道  018 潘家园街道  019 垡头街道  020 首都机场街道
        021 南磨房地区  022 高碑店地区  023 将台地区  024 太阳宫地区  025 大屯街道
        026 望京街道  027 小红门地区  028 十八里店地区  029 平房地区  030 东风地区
        031 奥运村街道  032 来广营地区  033 常营地区  034 三间房地区  035 管庄地区
        036 金盏地区  037 孙河地区  038 崔各庄地区  039 东坝地区  040 黑庄户地区
        041 豆各庄地区  042 王四营地区  043 东湖街道
    """,
    "110107": """
        001 八宝山街道  002 老山街道  003 八角街道  004 古城街道  005 苹果园街道
        006 金顶街街道  009 广宁街道  010 五里坨街道  011 鲁谷街道
    """,
    "110113": """
        001 胜利街道  002 光明街道  003 仁和地区  004 后沙峪地区  005 天竺地区  006 杨镇地区
        007 牛栏山地区  008 南法信地区  009 马坡地区  010 石园街道  011 空港街道  012 双丰街道
        013 旺泉街道  101 高丽营镇  104 李桥镇  105 李遂镇  106 南彩镇  108 北务镇
        109 大孙各庄镇  110 张镇  111 龙湾屯镇  112 木林镇  113 北小营镇  115 北石槽镇
        116 赵全营镇
    """,
    "110116": """
        001 泉河街道  002 龙山街道  003 怀柔地区  004 雁栖地区  005 庙城地区  102 北房镇
        103 杨宋镇  105 桥梓镇  106 怀北镇  107 汤河口镇  108 渤海镇  109 九渡河镇
        110 琉璃庙镇  111 宝山镇  211 长哨营满族乡  213 喇叭沟门满族乡  400 北京雁栖经济开发区
    """,
}

STREETS: Mapping[str, str] = {
    district + code: name
    for district, text in _STREETS.items()
    for code, name in re.findall(r"(\d{3}) (\S+)", text)
}
"""The streets and townships of the pilot districts: nine digits → name."""


class Level(StrEnum):
    """The four levels of the jurisdiction."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Division:
    """One division of the jurisdiction.

    Raises:
        ValueError: There is no such division.
    """

    code: str

    def __post_init__(self) -> None:
        if check_division(self.code) is not None:
            raise ValueError("a division of the jurisdiction is wanted")

    @property
    def level(self) -> Level:
        """Return its level."""
        if self.code == CITY:
            return Level.CITY
        return {6: Level.DISTRICT, 9: Level.STREET, 12: Level.COMMUNITY}[len(self.code)]

    @property
    def parent(self) -> str | None:
        """Return the code of the division above it; None above the city."""
        match self.level:
            case Level.CITY:
                return None
            case Level.DISTRICT:
                return CITY
            case Level.STREET | Level.COMMUNITY:
                return self.code[:-3]

    @property
    def district(self) -> str | None:
        """Return the code of its district; None for the city."""
        return None if self.code == CITY else self.code[:6]


def check_division(code: str, about: str = "division") -> Refusal | None:
    """Return why a code is no division of this jurisdiction, or None if it is one."""
    if not _FORM.fullmatch(code):
        return Refusal("division_is_malformed", about)
    known = code == CITY or code in DISTRICTS or code[:9] in STREETS
    return None if known else Refusal("division_is_unknown", about)


def check_area(code: str, about: str = "residence_area") -> Refusal | None:
    """Return why a code cannot be where somebody lives (Order 67, Art. 5), or None.

    People live outside the jurisdiction too: there a code is accepted by its form.
    """
    if not _FORM.fullmatch(code):
        return Refusal("division_is_malformed", about)
    if code[:6] in DISTRICTS:
        return check_division(code, about)
    return None


def name(code: str) -> str:
    """Return the full name of a division; a community's number stands for its name.

    Raises:
        ValueError: There is no such division.
    """
    division = Division(code)
    parts = [CITY_NAME]
    if division.district is not None:
        parts.append(DISTRICTS[division.district])
    if code[:9] in STREETS:
        parts.append(STREETS[code[:9]])
    if division.level is Level.COMMUNITY:
        parts.append(f"第{code[9:]}号社区")
    return "".join(parts)


@lru_cache(maxsize=4_096)
def is_within(code: str, of: str) -> bool:
    """Return whether a division is another one or lies in it; unknown ones never do."""
    is_inside = of == CITY or code.startswith(of)
    return is_inside and check_division(code) is None and check_division(of) is None


def area_prefix(code: str | None) -> str:
    """Return with what the codes of all divisions in a division begin; None is everywhere.

    Nothing in the city, although no code begins with the city's own.
    """
    return "" if code is None or code == CITY else code


def district_of(code: str) -> str | None:
    """Return the code of a division's district; None for the city.

    Raises:
        ValueError: There is no such division.
    """
    return Division(code).district


_FORM = re.compile(r"(?!0)[0-9]{6}(?:(?!000)[0-9]{3}){0,2}")

"""Particulars as they are shown to those who need not know them: surname + *, last digits.

How long what is hidden was, is hidden too: it is always one `*`. What is shown of a name is
never the whole of it, and of a number never more than half.
"""

import unicodedata
from dataclasses import dataclass

from ledger.domain.codes import GuardianRelation, IdType, ServiceCategory, Sex, Skill
from ledger.domain.volunteer import Guardian, Particulars

HIDDEN = "*"
DIGITS_MAX = 4
STREET_DIGITS = 9
"""Of a division's code: the community behind it is where somebody lives."""

_SIMPLIFIED = (
    "欧阳司马上官诸葛司徒皇甫尉迟公孙慕容长孙宇文令狐夏侯东方独孤南宫西门端木百里呼延"
    "轩辕太史申屠公冶宗政濮阳淳于仲孙钟离鲜于闾丘司空亓官司寇子车颛孙巫马公西漆雕乐正"
    "壤驷公良拓跋夹谷宰父谷梁段干东郭南门羊舌微生梁丘左丘东门第五万俟闻人赫连澹台公羊"
    "完颜耶律叶赫那拉纳兰富察张简范姜"
)
_TRADITIONAL = (
    "歐陽司馬諸葛尉遲公孫長孫東方獨孤南宮西門軒轅濮陽仲孫鍾離鐘離鮮于閭丘子車顓孫巫馬"
    "樂正壤駟夾谷穀梁東郭南門東門萬俟聞人赫連澹臺完顏葉赫納蘭張簡"
)
COMPOUND_SURNAMES = frozenset(
    each[start : start + 2]
    for each in (_SIMPLIFIED, _TRADITIONAL)
    for start in range(0, len(each), 2)
)
"""Surnames of two characters, of those that people still bear."""


def mask_name(name: str) -> str:
    """Return a surname and `*`; of a name without one, as of a foreign one, its first letter.

    A name of one character is hidden whole.
    """
    first = _first_letter(name)
    if first == name:
        return HIDDEN
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2] + HIDDEN
    return first + HIDDEN


def mask_number(number: str) -> str:
    """Return `*` and the last four characters, of a short number no more than its half."""
    shown = min(DIGITS_MAX, len(number) // 2)
    return HIDDEN + number[len(number) - shown :]


def mask_area(area: str) -> str:
    """Return a division down to its street or township."""
    return area[:STREET_DIGITS]


def _first_letter(name: str) -> str:
    """Return the first character with the marks that belong to it."""
    end = 1
    while end < len(name) and unicodedata.category(name[end]).startswith("M"):
        end += 1
    return name[:end]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedGuardian:
    """A guardian as staff see her."""

    name: str
    relation: GuardianRelation
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedParticulars:
    """A volunteer's particulars as staff see them; what she added by consent is left out."""

    name: str
    sex: Sex
    birth_year: int
    id_type: IdType
    id_number: str
    residence_area: str
    contact: str
    skills: tuple[Skill, ...]
    service_categories: tuple[ServiceCategory, ...]
    volunteer_number: str | None


def mask_guardian(guardian: Guardian) -> MaskedGuardian:
    """Return a guardian as staff see her."""
    return MaskedGuardian(
        name=mask_name(guardian.name),
        relation=guardian.relation,
        contact=mask_number(guardian.contact),
    )


def mask_particulars(particulars: Particulars) -> MaskedParticulars:
    """Return particulars as staff see them."""
    number = particulars.volunteer_number
    return MaskedParticulars(
        name=mask_name(particulars.name),
        sex=particulars.sex,
        birth_year=particulars.birth_date.year,
        id_type=particulars.id_type,
        id_number=mask_number(particulars.id_number),
        residence_area=mask_area(particulars.residence_area),
        contact=mask_number(particulars.contact),
        skills=particulars.skills,
        service_categories=particulars.service_categories,
        volunteer_number=None if number is None else mask_number(number),
    )

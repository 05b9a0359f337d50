"""What is printed of a certificate: every text on its face, made from its facts alone.

The same facts give the same texts for ever, so that whoever has the facts can say what the
paper must say. English stands under the Chinese where it was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.domain.certificate import Face, FaceLanguage, IssueMode, Line, OpenLine
from ledger.domain.certificate.face import decimal_hours
from ledger.domain.civil_time import BEIJING
from ledger.domain.codes import Coded
from ledger.domain.event import Erased
from ledger.domain.record.codes import Stage

ENGLISH: Mapping[str, str] = {
    "志愿服务记录证明": "Certificate of Volunteer Service Records",
    "证明编号": "Certificate number",
    "姓名": "Name",
    "证件类型": "Identity document",
    "证件号码": "Document number",
    "志愿者编号": "Volunteer number",
    "服务期间": "Period",
    "服务次数": "Sessions",
    "服务时间": "Time of service",
    "序号": "No.",
    "日期": "Date",
    "起止时间": "From – to",
    "活动(项目)名称": "Activity",
    "服务内容": "Service",
    "服务地点": "Place",
    "时长(小时)": "Hours",
    "记录方式": "How recorded",
    "记录单位": "Recorded and certified by",
    "统一社会信用代码": "Unified social credit code",
    "联系方式": "Telephone",
    "负责人": "Responsible person",
    "经办人": "Handler",
    "出具日期": "Date of issue",
    "出具方式": "How issued",
    "公示期": "Publicity",
    "承接单位": "Successor of",
    "另列:尚未确认、未计入合计的记录": "Apart: records not confirmed, not counted",
    "状态": "State",
    "核验": "How to check",
}
"""Labels by their Chinese text."""
_HEAD = (
    "序号",
    "日期",
    "起止时间",
    "活动(项目)名称",
    "服务内容",
    "服务地点",
    "时长(小时)",
    "记录方式",
)
_OPEN_TITLE = "另列:尚未确认、未计入合计的记录"
_OPEN_HEAD = ("日期", "起止时间", "活动(项目)名称", "时长(小时)", "状态")


class ErasedFaceError(Exception):
    """Personal facts of the face are not there any more: it cannot be printed."""


def site_of(origin: str) -> str:
    """Return where certificates of a log are checked: its host, by the log's own name."""
    return f"https://{origin.partition('/')[0]}/verify"


@dataclass(frozen=True, slots=True)
class Printed:
    """The texts of one face; ``data`` is what the form takes, ``texts`` are all of them."""

    template: int
    data: Mapping[str, Any]

    @property
    def texts(self) -> Sequence[str]:
        """Every text that is printed from the facts, in the order of the form."""
        return tuple(_texts(self.data))


def printed(face: Face, *, site: str) -> Printed:
    """Return what is printed; ``site`` is where the public checks certificates.

    Raises:
        ErasedFaceError: Somebody whom it names was erased.
    """
    return Printed(face.template, _Printing(face, site).data())


class _Printing:
    """The texts of one face, in the languages that were asked for."""

    def __init__(self, face: Face, site: str) -> None:
        self._face = face
        self._site = site
        self._both = face.language is FaceLanguage.BOTH
        self._lines: Sequence[Line] = _there(face.lines)
        self._open_lines: Sequence[OpenLine] = _there(face.open_lines)

    def data(self) -> Mapping[str, Any]:
        face = self._face
        return {
            "title": "志愿服务记录证明",
            "title_en": self._english(ENGLISH["志愿服务记录证明"]),
            "wide": self._wide(),
            "holder": self._holder(),
            "statement": _statement(face, len(self._lines)),
            "statement_en": self._english(_statement_english(face, len(self._lines))),
            "head": [self._label(each) for each in _HEAD],
            "lines": [self._line(number, each) for number, each in enumerate(self._lines, 1)],
            "open_title": self._label(_OPEN_TITLE) if self._open_lines else "",
            "open_head": [self._label(each) for each in _OPEN_HEAD],
            "open_lines": [self._open_line(each) for each in self._open_lines],
            "issuer": self._issuer(),
            "seal": "(加盖公章)" if face.mode is IssueMode.SEALED else "",
            "check_title": self._label("核验"),
            "check": (
                f"扫描二维码或访问 {self._site} 并输入证明编号。本证明附有可离线核验的日志证明;"
                "时间按分钟累计,折算小时保留两位小数,不进位。"
            ),
            "check_en": self._english(
                f"Scan the code, or go to {self._site} and type the certificate number. Proofs "
                "that can be checked offline are attached to this file. Minutes are summed; "
                "hours are given to two decimals and never rounded up."
            ),
            "address": f"{self._site}#{face.number}",
            "issued_on": face.issued_on.isoformat(),
            "number": face.number,
            "author": face.issuer_name,
        }

    def _wide(self) -> list[list[str]]:
        face = self._face
        number = _there(face.volunteer_number) or str(face.volunteer)
        return [self._pair("证明编号", face.number), self._pair("志愿者编号", number)]

    def _holder(self) -> list[list[str]]:
        face = self._face
        return [
            self._pair("姓名", _there(face.holder_name)),
            self._pair("服务次数", f"{len(self._lines)}"),
            self._pair("证件类型", self._coded(_there(face.id_type))),
            self._pair("服务时间", f"{face.hours} 小时" + self._english(" hours")),
            self._pair("证件号码", _there(face.id_number)),
            self._pair("服务期间", self._period()),
        ]

    def _issuer(self) -> list[list[str]]:
        face = self._face
        responsible, handler = _there(face.responsible_name), _there(face.handler_name)
        if face.mode is IssueMode.SELF_PRINTED:
            unsigned = "(系统登记,未签署)" + self._english(" (named, not signed)")
            responsible, handler = f"{responsible}{unsigned}", f"{handler}{unsigned}"
        period = f"{_day(face.publicity_opens_on)}至{_day(face.publicity_closes_on)}"
        pairs = [
            ("记录单位", face.issuer_name),
            ("统一社会信用代码", face.issuer_credit_code or "—"),
            ("联系方式", face.issuer_telephone or "—"),
            ("出具日期", _day(face.issued_on)),
            ("负责人", responsible),
            ("经办人", handler),
            ("出具方式", self._coded(face.mode)),
            ("公示期", period),
        ]
        pairs += [("承接单位", each.name) for each in face.predecessors]
        return [self._pair(label, text) for label, text in pairs]

    def _line(self, number: int, line: Line) -> list[str]:
        channel = self._coded(line.channel)
        notes = "、".join(each.chinese for each in line.signals)
        return [
            f"{number}",
            line.start.astimezone(BEIJING).date().isoformat(),
            _times(line.start, line.end),
            line.activity_name,
            line.content,
            line.place or "—",
            decimal_hours(line.minutes),
            f"{channel}({notes})" if notes else channel,
        ]

    def _open_line(self, line: OpenLine) -> list[str]:
        return [
            line.start.astimezone(BEIJING).date().isoformat(),
            _times(line.start, line.end),
            line.activity_name,
            decimal_hours(line.minutes),
            self._coded(Stage(line.stage)),
        ]

    def _period(self) -> str:
        days = [line.start.astimezone(BEIJING).date() for line in self._lines]
        first = self._face.from_day or min(days, default=self._face.issued_on)
        last = self._face.to_day or self._face.issued_on
        english = f" {first.isoformat()} – {last.isoformat()}"
        return f"{_day(first)}至{_day(last)}" + self._english(english)

    def _label(self, chinese: str) -> str:
        return f"{chinese}\n{ENGLISH[chinese]}" if self._both else chinese

    def _pair(self, chinese: str, text: str) -> list[str]:
        return [self._label(chinese), text]

    def _coded(self, code: Coded) -> str:
        return f"{code.chinese} {code.english}" if self._both else code.chinese

    def _english(self, text: str) -> str:
        """Return an English text where it was asked for."""
        return text if self._both else ""


def _statement(face: Face, count: int) -> str:
    return (
        f"兹证明 {_there(face.holder_name)} 参加志愿服务 {count} 次,经本单位记录、公示并由"
        f"他人审核确认,服务时间合计 {face.hours} 小时。明细如下。"
    )


def _statement_english(face: Face, count: int) -> str:
    times = "once" if count == 1 else f"{count} times"
    return (
        f"This is to certify that {_there(face.holder_name)} served as a volunteer {times}, "
        "as recorded by this organization, publicized, and confirmed by a second person: "
        f"{face.hours} hours in total, as listed below."
    )


def _times(start: datetime, end: datetime) -> str:
    # A record ends by midnight, which is 24:00 of its day.
    last = end.astimezone(BEIJING)
    first = start.astimezone(BEIJING)
    closing = "24:00" if last.date() != first.date() else f"{last:%H:%M}"
    return f"{first:%H:%M}–{closing}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _there(value: Any) -> Any:
    if isinstance(value, Erased):
        raise ErasedFaceError
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    items = value.values() if isinstance(value, Mapping) else value
    return [text for item in items for text in _texts(item)]

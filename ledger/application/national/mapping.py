"""Every field of ours, and the national one for it, or why there is none.

A test compares these tables with the domain, field by field, and docs/exporting.md with them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from ledger.application.national.rules import Lacks, National, Rule, To, Why
from ledger.domain.codes import Channel, Coded
from ledger.domain.organization import Status
from ledger.domain.record import Stage

_DIVISION_DIGITS = 18
_NO_FIELD: Final = Lacks(Why.NO_FIELD)
_OURS: Final = Lacks(Why.OURS)
_PARTS: Final = Lacks(Why.PARTS)
_REFERENCE: Final = Lacks(Why.REFERENCE)


def text(value: str) -> National:
    """Return a text as it is."""
    return value


def day(value: date) -> National:
    """Return a day in ISO 8601."""
    return value.isoformat()


def division(value: str) -> National:
    """Return a division's code in the 18 digits of the national system."""
    return value.ljust(_DIVISION_DIGITS, "0")


def code(value: Coded) -> National | Why:
    """Return the national code of a value, where its table has one."""
    return value.national or Why.NO_COUNTERPART


def codes(values: Sequence[Coded]) -> National | Why:
    """Return national codes; one that has none is none that may be left out silently."""
    found = [each.national for each in values if each.national is not None]
    return found if len(found) == len(values) else Why.NO_COUNTERPART


def degrees(value: int) -> National:
    """Return millionths of a degree as decimal degrees."""
    whole, rest = divmod(abs(value), 1_000_000)
    return f"{'-' if value < 0 else ''}{whole}.{rest:06}"


def _table(values: Mapping[Any, str]) -> Any:
    return lambda value: values.get(value, Why.NO_COUNTERPART)


def _person(*names: str, convert: Any = text) -> To:
    return To(codes=names, convert=convert, is_personal=True)


def _to(*names: str, convert: Any = text) -> To:
    return To(codes=names, convert=convert)


def _all(why: Lacks, names: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), why)


EFFECT: Final = {
    Stage.SUBMITTED: "1",
    Stage.PUBLICIZED: "1",
    Stage.RETURNED: "1",
    Stage.HELD: "1",
    Stage.CONFIRMED: "2",
    Stage.VOIDED: "3",
}
"""`albx0174`: 1 未生效, 2 已生效, 3 已删除; nothing of ours is ever deleted."""
ENTRY: Final = dict.fromkeys((Channel.TYPED, Channel.IMPORTED, Channel.API, Channel.PAPER), "1")
"""`albx0173`: 1 团体录入. How somebody signs in there is not how she does here."""
STANDING: Final = {Status.AUTHORIZED: "1", Status.REGISTERED: "2", Status.SUSPENDED: "3"}
"""`albe0026`: 1 已审, 2 待审, 3 停用."""
REAL_NAME: Final = {True: "1", False: "2"}
"""`albp0063`: 1 通过, 2 审核中."""

VOLUNTEER: Final[Mapping[str, Rule]] = {
    **_all(_OURS, "id identity identified_by"),
    **_all(_PARTS, "particulars guardian"),
    "is_confirmed": _to("albp0063", convert=_table(REAL_NAME)),
    **_all(_NO_FIELD, "consents corrections into absorbed"),
}
PARTICULARS: Final[Mapping[str, Rule]] = {
    "name": _person("albp0003", "albp0064"),
    "sex": _person("albp0006", convert=code),
    "birth_date": _person("albp0014", convert=day),
    "id_type": _person("albp0065", convert=code),
    "id_number": _person("albp0005", "albp0066"),
    "residence_area": _person("albp0028", convert=division),
    "contact": _person("albp0010", "albp0068"),
    "skills": _person("albp0039", convert=codes),
    # The table of its codes is known, the field is not.
    "service_categories": _NO_FIELD,
    "volunteer_number": _person("albp0029"),
    "ethnicity": Lacks(Why.CONSENT, ("albp0008",)),
    "political_status": Lacks(Why.CONSENT, ("albp0007",)),
    "education": Lacks(Why.CONSENT, ("albp0017",)),
    "employment": Lacks(Why.CONSENT, ("albp0018",)),
    "work_unit": Lacks(Why.CONSENT, ("albp0044",)),
    "availability": Lacks(Why.CONSENT, ("albp0035",)),
}
GUARDIAN: Final[Mapping[str, Rule]] = _all(Lacks(Why.PERSONAL), "name relation contact")
ORGANIZATION: Final[Mapping[str, Rule]] = {
    "id": _OURS,
    "kind": _NO_FIELD,
    "division": _to("albe0012", convert=division),
    "parent": Lacks(Why.REFERENCE, ("albe0011", "albe0041", "albe0063")),
    "status": _to("albe0026", convert=_table(STANDING)),
    "particulars": _PARTS,
    **_all(_OURS, "names halted_by keys"),
    **_all(_NO_FIELD, "successors entrustments"),
    "appointments": Lacks(Why.STAFF),
    "staff": Lacks(
        Why.STAFF,
        ("albe0022", "albe0023", "albe0024", "albe0018", "albe0019", "albe0049"),
    ),
}
BODY: Final[Mapping[str, Rule]] = {
    "name": _to("albe0002"),
    "form": _to("albe0003", convert=code),
    "category": _to("albe0005", convert=code),
    "authority": _NO_FIELD,
    "credit_code": _to("albe0008"),
    "approving_unit": _PARTS,
    "registration_authority": Lacks(Why.UNREAD, ("albe0009", "albe0006")),
    "telephone": _NO_FIELD,
}
APPROVING_UNIT: Final[Mapping[str, Rule]] = {
    "name": _to("albe0057"),
    "credit_code": _to("albe0061"),
}
ACTIVITY: Final[Mapping[str, Rule]] = {
    "id": _OURS,
    "organizer": Lacks(Why.REFERENCE, ("albx0062",)),
    "recording_organization": _NO_FIELD,
    "particulars": _PARTS,
    "back_entry": _NO_FIELD,
    "project_no": Lacks(Why.THEIRS, ("albx0013",)),
    "evidence": Lacks(Why.FILE, ("albx0047",)),
    "truth_declared": _NO_FIELD,
    "status": _OURS,
    "amendment": Lacks(Why.PENDING),
}
PHASE: Final = _to("albx0015", convert=code)
"""How far an activity is: follows from its dates, so it is no field of it."""
PLAN: Final[Mapping[str, Rule]] = {
    "name": _to("albx0002"),
    "starts_on": _to("albx0004", convert=day),
    "ends_on": _to("albx0005", convert=day),
    "place": _to("albx0003"),
    "division": _to("albx0021", convert=division),
    "service_objects": _to("albx0014", convert=codes),
    "categories": _to("albx0009", convert=codes),
    "content": _to("albx0018"),
    "person_in_charge": _OURS,
    "person_in_charge_name": Lacks(Why.STAFF, ("albx0025",)),
    "person_in_charge_phone": Lacks(Why.STAFF, ("albx0026",)),
    "head_count": _NO_FIELD,
    **_all(_NO_FIELD, "risk_notice agreement insurance"),
    "admission_mode": _to("albx0024", convert=code),
    "recruits_from": _to("albx0006", convert=day),
    "recruits_until": _to("albx0007", convert=day),
    "coordinates": _PARTS,
    "without_coordinates": _NO_FIELD,
    "guarantees": _to("albx0019", convert=codes),
    "training_required": _NO_FIELD,
    "posts": _PARTS,
    "sign_points": _PARTS,
}
COORDINATES: Final[Mapping[str, Rule]] = {
    "longitude_microdegrees": _to("albx0035", convert=degrees),
    "latitude_microdegrees": _to("albx0036", convert=degrees),
    # By which system the national one measures was not read: ours is told beside them.
    "datum": _NO_FIELD,
}
POST: Final[Mapping[str, Rule]] = {
    "name": _to("albx0072"),
    "planned": _to("albx0077"),
    "description": _to("albx0074"),
    "condition": _to("albx0075"),
}
SIGN_POINT: Final[Mapping[str, Rule]] = {
    "address": _to("albx5606"),
    "kind": _to("albx5604", convert=code),
    "radius_m": _to("albx5605"),
    "coordinates": _NO_FIELD,
}
RECORD: Final[Mapping[str, Rule]] = {
    "id": _OURS,
    **_all(_REFERENCE, "volunteer activity organization"),
    **_all(_OURS, "recorder recorders reviewer awaits approver is_of_paper"),
    "service": _PARTS,
    **_all(_NO_FIELD, "signals publicity objections"),
    "stage": _to("albx0174", convert=_table(EFFECT)),
    "amendment": Lacks(Why.PENDING),
}
SERVICE: Final[Mapping[str, Rule]] = {
    **_all(_NO_FIELD, "start end break_minutes place division service_objects post content"),
    "evaluation_date": _NO_FIELD,
    "punctuality": _to("albx0463"),
    "attitude": _to("albx0464"),
    "skill": _to("albx0465"),
    "evaluator": _OURS,
    "evaluation_text": _to("albx0508"),
}
ENTERED: Final[Mapping[str, Rule]] = {
    **_all(_REFERENCE, "record volunteer activity organizer"),
    **_all(
        _OURS, "recorder rules submission_digest record_digest on_behalf_of person_in_charge"
    ),
    **_all(_NO_FIELD, "minutes back_entry_reason late_working_days latency_minutes signals"),
    "channel": _to("albx0173", convert=_table(ENTRY)),
    "evidence": _NO_FIELD,
}
"""What an entry says beside the service itself."""

TABLES: Final[Mapping[str, Mapping[str, Rule]]] = {
    "volunteer": VOLUNTEER,
    "volunteer.particulars": PARTICULARS,
    "volunteer.guardian": GUARDIAN,
    "organization": ORGANIZATION,
    "organization.particulars": BODY,
    "organization.approving_unit": APPROVING_UNIT,
    "activity": ACTIVITY,
    "activity.phase": {"phase": PHASE},
    "activity.particulars": PLAN,
    "activity.coordinates": COORDINATES,
    "activity.posts": POST,
    "activity.sign_points": SIGN_POINT,
    "record": RECORD,
    "record.service": SERVICE,
    "record.entry": ENTERED,
}

ABSENT: Final[Sequence[tuple[str, str, str]]] = (
    ("血型", "blood type is never collected (北京信用办法 Art. 6)", "依法不收集血型"),
    (
        "albp1110-albp1103",
        "the key of a national certificate embeds the ID number: it is never made",
        "国家证明查询键含证件号码,本账本不生成",
    ),
    ("albp0020", "the area of service is not asked of a volunteer", "不收集服务区域"),
    ("albp0026", "stars are not kept", "不保存星级"),
    (
        "albx0187",
        "kinds of hours (credit, honour) are not told apart",
        "不区分信用时长与荣誉时长",
    ),
    ("albx0282…0293", "training is not kept", "不保存培训记录"),
    ("albx0352…0363", "commendations are not kept", "不保存表彰奖励"),
    (
        "albx0344…0356, albx0273",
        "objections stay with the record; their tables differ among the national screens",
        "异议随记录保存,国家系统各界面代码不一致",
    ),
)
"""National fields that nothing of ours goes into, and why."""


def mapping_rows() -> list[tuple[str, str, str, str]]:
    """Return the mapping: thing and field, national fields, what of it in both languages."""
    rows = []
    for thing, rules in TABLES.items():
        for name, rule in rules.items():
            why = rule.why if isinstance(rule, Lacks) else None
            english = "mapped" if why is None else why.english
            chinese = "已映射" if why is None else why.chinese
            rows.append((f"{thing}.{name}", " ".join(rule.codes), english, chinese))
    return [*rows, *(("", name, english, chinese) for name, english, chinese in ABSENT)]

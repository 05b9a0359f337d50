"""What becomes of one field on its way to the national system: a code there, or why none.

The field codes (`albp…`, `albe…`, `albx…`) were read off the public front end of 2022:
practice, not law, and not the exchange standard (MZ/T 061-2015), whose text was not had. A
value without counterpart is told as lost; none is invented.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from ledger.domain.codes import Coded
from ledger.domain.event import Erased
from ledger.projections.history import spelled


class Why(Coded):
    """Why something of ours does not stand in a national field, or not this value of it."""

    NO_FIELD = "no_field", "no national field is known for it", "未见对应的国家系统字段"
    OURS = "ours", "the ledger's own bookkeeping", "本账本内部使用"
    PARTS = "parts", "told part by part", "分项列出"
    REFERENCE = (
        "reference",
        "leads to another thing by an id that the national system makes",
        "国家系统以其自编标识引用",
    )
    THEIRS = "theirs", "the national system makes its own", "由国家系统自行生成"
    UNREAD = (
        "unread",
        "the national field is known, what its codes mean was not read",
        "国家系统字段已知,代码含义未见",
    )
    CONSENT = (
        "consent",
        "given by a consent to this ledger alone; passing it on takes another (PIPL 23)",
        "仅凭向本账本的同意收集,对外提供须另行取得同意",
    )
    STAFF = (
        "staff",
        "a personal fact of staff, which no export gives away",
        "工作人员个人信息,不随导出提供",
    )
    FILE = (
        "file",
        "the national system takes the file, not its digest",
        "国家系统要求文件而非摘要",
    )
    PERSONAL = (
        "personal",
        "personal, and no national field is known for it: it is not given away",
        "个人信息且未见对应字段,不提供",
    )
    PENDING = (
        "pending",
        "a proposal on which nobody has decided changes nothing yet",
        "待决提议,尚未生效",
    )
    MASKED = "masked", "she is not shown in clear here", "本次导出未以明文显示该人员"
    ERASED = "erased", "it was erased", "已删除"
    NO_COUNTERPART = (
        "no_counterpart",
        "this value has none in the national table",
        "该值在国家系统代码表中无对应项",
    )


National: TypeAlias = str | int | list[str]
Convert: TypeAlias = Callable[[Any], National | Why]


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """A field that has national ones; ``convert`` may find that a value has no counterpart.

    ``is_personal`` ones are given only of somebody who is shown in clear.
    """

    codes: tuple[str, ...]
    convert: Convert
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Lacks:
    """A field that has none here; ``codes`` are those that it would go into but for ``why``."""

    why: Why
    codes: tuple[str, ...] = ()


Rule: TypeAlias = To | Lacks


@dataclass(slots=True)
class Told:
    """One thing in national fields; what has none, in ours; and what was lost, and why."""

    national: dict[str, Any] = field(default_factory=dict)
    ours: dict[str, Any] = field(default_factory=dict)
    lost: list[dict[str, str]] = field(default_factory=list)

    def lose(self, name: str, why: Why) -> None:
        """Say that something was lost."""
        self.lost.append({"field": name, "why": why.value})

    def as_json(self) -> dict[str, Any]:
        """Return it as it is written."""
        return {"national": self.national, "ours": self.ours, "lost": self.lost}


_KEPT_BACK = frozenset({Why.PARTS, Why.CONSENT, Why.STAFF, Why.PERSONAL, Why.PENDING})
"""Reasons for which a value is not told under our own name either."""


def told(thing: object, rules: Mapping[str, Rule], *, in_clear: bool = True) -> Told:
    """Return a thing by the rules of its kind; blank fields are left out.

    Raises:
        KeyError: A field has no rule: a programmer's mistake.
    """
    made = Told()
    for each in fields(thing):  # type: ignore[arg-type]
        tell(made, each.name, getattr(thing, each.name), rules[each.name], in_clear=in_clear)
    return made


def tell(made: Told, name: str, value: object, rule: Rule, *, in_clear: bool = True) -> None:
    """Put one field where it belongs."""
    if value is None or value == ():
        return
    if isinstance(rule, Lacks):
        if rule.why in _KEPT_BACK:
            if rule.why is not Why.PARTS:
                made.lose(name, rule.why)
            return
        made.ours[name] = spelled(value)
        return
    if isinstance(value, Erased) or (rule.is_personal and not in_clear):
        made.lose(name, Why.ERASED if isinstance(value, Erased) else Why.MASKED)
        return
    found = rule.convert(value)
    if isinstance(found, Why):
        made.lose(name, found)
        # What has no national code still is what it is.
        made.ours[name] = spelled(value)
    else:
        made.national |= dict.fromkeys(rule.codes, found)

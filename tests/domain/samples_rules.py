"""Events of the rules as they may stand in a log."""

from dataclasses import replace
from datetime import date

from ledger.domain.codes import Authority
from ledger.domain.event import Event
from ledger.domain.rules import (
    INITIAL_RULES,
    CalendarPublished,
    Rounding,
    RulesEnacted,
    RuleSet,
)
from ledger.domain.working_days import WorkingYear

SAMPLES: tuple[Event, ...] = (
    RulesEnacted(
        rules=replace(INITIAL_RULES, rounding=Rounding.HALF_UP),
        reason="账本启用",
        basis="志愿服务记录与证明出具办法(试行),民政部令第67号",
    ),
    RulesEnacted(
        rules=RuleSet(
            number=2,
            effective_from=date(2027, 1, 1),
            rounding=Rounding.DOWN,
            star_hours=(100, 300),
            supervisors=(Authority.SOCIAL_WORK,),
        ),
        reason="A second set.\nWith two lines.",
        basis="京社领发〔2024〕5号",
    ),
    CalendarPublished(
        calendar=WorkingYear(
            year=2027,
            off=(date(2027, 1, 1), date(2027, 10, 1)),
            work=(date(2027, 10, 9),),
            notice="国务院办公厅关于2027年部分节假日安排的通知",
        )
    ),
)

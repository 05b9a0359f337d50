"""Rules and calendars over HTTP: read by everybody, made by the city bureau."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from ledger.api.v1.answers import IfMatch, Written, etag, expected, written
from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.pages import AsOf
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.forms.rules import CalendarForm, RuleSetForm
from ledger.application.office import Office
from ledger.application.rule_keeping import Enacted, book, enact, enacted, enacted_as, publish
from ledger.application.states import RULES
from ledger.application.streams import rules_stream
from ledger.domain.working_days import WorkingYear
from ledger.projections.history import spelled


class RuleSetOut(BaseModel):
    """A rule set 规则集, with who enacted it, why, and on what basis."""

    number: int
    effective_from: date
    rules: dict[str, Any]
    reason: str
    basis: str
    by: str
    seq: int = Field(description="The entry that enacted it 条目序号")


class RuleSetList(BaseModel):
    """All rule sets in the order of their numbers; on a day counts the last in force."""

    version: int
    seq: int
    items: list[RuleSetOut]


class CalendarOut(BaseModel):
    """A year's working days 工作日历."""

    year: int
    off: list[date]
    work: list[date]
    notice: str


class CalendarList(BaseModel):
    """The years whose notices are known; other years are reckoned Monday to Friday."""

    version: int
    seq: int
    items: list[CalendarOut]


def rule_routes(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of rule sets and calendars."""
    router = APIRouter(
        prefix="/api/v1", tags=["rules 规则"], route_class=StrictRoute, responses=REFUSALS
    )
    who = calling(office, sessions)
    stream = rules_stream(office.origin)
    _reading_routes(router, office, who)

    @router.post("/rules", status_code=201)
    def enact_rules(
        form: RuleSetForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Enact the next rule set, by the city bureau 发布规则集."""
        done = enact(office, caller, form, expected=expected(if_match, RULES, stream))
        response.headers["location"] = f"/api/v1/rules/{form.number}"
        return written(office, response, done, RULES, stream)

    @router.post("/calendars", status_code=201)
    def publish_calendar(
        form: CalendarForm,
        caller: Annotated[Caller, Depends(who)],
        response: Response,
        if_match: IfMatch = None,
    ) -> Written:
        """Publish a year's working days, by the city bureau 发布工作日历."""
        done = publish(office, caller, form, expected=expected(if_match, RULES, stream))
        return written(office, response, done, RULES, stream)

    return router


def _reading_routes(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/rules")
    def list_rules(
        caller: Annotated[Caller, Depends(who)], response: Response, as_of: AsOf = None
    ) -> RuleSetList:
        """Return every rule set; a record is judged by those of its day 规则集列表."""
        del caller  # whoever is signed in
        known = book(office, size=as_of)
        response.headers["etag"] = etag(known.version)
        items = [_rules(each) for each in enacted(office, size=known.seq + 1)]
        return RuleSetList(version=known.version, seq=known.seq, items=items)

    @router.get("/rules/{number}")
    def read_rules(
        number: int, caller: Annotated[Caller, Depends(who)], as_of: AsOf = None
    ) -> RuleSetOut:
        """Return the rule set of a number 查看规则集."""
        del caller  # whoever is signed in
        return _rules(enacted_as(office, number, size=as_of))

    @router.get("/calendars")
    def list_calendars(
        caller: Annotated[Caller, Depends(who)], response: Response, as_of: AsOf = None
    ) -> CalendarList:
        """Return the working days of every year whose notice is known 工作日历列表."""
        del caller  # whoever is signed in
        known = book(office, size=as_of)
        response.headers["etag"] = etag(known.version)
        years = known.state.calendar.years if known.state is not None else ()
        items = [_calendar(each) for each in years]
        return CalendarList(version=known.version, seq=known.seq, items=items)


def _rules(each: Enacted) -> RuleSetOut:
    said: Any = spelled(each.rules)
    return RuleSetOut(
        number=each.rules.number,
        effective_from=each.rules.effective_from,
        rules={name: value for name, value in said.items() if name not in _SHOWN_APART},
        reason=each.reason,
        basis=each.basis,
        by=each.by.text(),
        seq=each.seq,
    )


_SHOWN_APART = ("number", "effective_from")


def _calendar(each: WorkingYear) -> CalendarOut:
    return CalendarOut(
        year=each.year, off=list(each.off), work=list(each.work), notice=each.notice
    )

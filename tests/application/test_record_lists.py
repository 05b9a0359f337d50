"""Lists: what is shown in an area, what waits there for those above, and for whom else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from ledger.application import organizations, staffing
from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.desk import ActRefused
from ledger.application.forms.organization import AuthorizationForm, EntrustmentForm
from ledger.application.forms.record import AmendmentForm
from ledger.application.forms.staff import AppointmentForm
from ledger.application.forms.volunteer import (
    ConfirmationForm,
    CorrectionForm,
    MergeForm,
    RegistrationForm,
)
from ledger.application.merging import merge
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.record_lists import Paging, TaskFilter, list_publicity, list_tasks
from ledger.application.registering import register_herself
from ledger.application.volunteers import confirm, request_correction
from ledger.domain.divisions import CITY
from ledger.domain.refusal import Refused
from tests.application.house import House
from tests.application.serving import REVIEWED, SERVICE, Session, begin
from tests.application.town import (
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    STREET,
    Town,
    registration,
    said,
)
from tests.application.volunteering import OUYANG, alone, registered

ELSEWHERE = "110105"
AFTERNOON = {"start": "2026-11-20T14:00+08:00", "end": "2026-11-20T16:00+08:00"}
SEEN = ConfirmationForm.model_validate({"method": "document_seen"})
WRONG_NUMBER = CorrectionForm.model_validate(
    {"facts": ["id_number"], "explanation": "证件号码与证件不一致。"}
)
LONGER = SERVICE | {"end": "2026-11-20T13:00+08:00", "reason": "结束时间填错。"}


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def by_herself(office: Office, form: RegistrationForm) -> UUID:
    """Register somebody by herself; return her id."""
    noted: list[Refused] = []
    done = register_herself(office, form, lambda _docket, _volunteer: None, note=noted.append)
    return done.value


def waiting(session: Session, by: Caller, kind: str, division: str) -> list[str]:
    """Return what waits in an area, in the order of the list."""
    wanted = TaskFilter(kind=kind, division=division)
    tasks = list_tasks(session.office, by, wanted, Paging())
    return [row["about"] for row in tasks.value.rows]


def test_no_page_shows_publicity_that_is_over(session: Session) -> None:
    other = session.publicized()
    record = session.publicized(**AFTERNOON)
    size = len(session.house.ledger.rows())

    def shown(**paging: Any) -> set[str]:
        found = list_publicity(
            session.office,
            session.herself,
            organization=session.town.station,
            division=None,
            paging=Paging(**paging),
        )
        return {row["record"] for row in found.value.rows}

    both = {str(record), str(other)}
    assert shown() == shown(size=size) == shown(size=size, is_further=True) == both
    session.house.clock.set(REVIEWED)
    assert shown() == shown(size=size, is_further=True) == set()
    assert shown(size=size) == both


def reasons(listing: Callable[..., object], *given: Any, **named: Any) -> list[Any]:
    """Return why a list is refused, each reason with its field."""
    with pytest.raises(ActRefused) as error:
        listing(*given, **named)
    return [(each.code, each.about) for each in error.value.refused.reasons]


@pytest.mark.parametrize(
    ("division", "is_there"),
    [("", True), (CITY, True), (DISTRICT, True), (COMMUNITY, True), (ELSEWHERE, False)],
)
def test_publicity_is_that_of_a_whole_area(
    session: Session, division: str, *, is_there: bool
) -> None:
    record = session.publicized()
    shown = list_publicity(
        session.office, session.herself, organization=None, division=division, paging=Paging()
    )
    assert [row["record"] for row in shown.value.rows] == [str(record)] * is_there


def test_a_list_is_of_an_organization_or_of_a_division(session: Session) -> None:
    office, station = session.office, session.town.station
    both: dict[str, Any] = {"organization": station, "division": DISTRICT}
    assert reasons(list_publicity, office, session.herself, **both, paging=Paging()) == [
        ("division_beside_organization", "division")
    ]
    for wanted, codes in (
        (TaskFilter(division=DISTRICT), ["division_without_kind"]),
        (TaskFilter(kind="review", **both), ["division_beside_organization"]),
        (TaskFilter(**both), ["division_without_kind", "division_beside_organization"]),
    ):
        for by in (session.town.district_head, session.herself):
            refused = reasons(list_tasks, office, by, wanted, Paging())
            assert refused == [(code, "division") for code in codes]


def test_a_volunteer_lists_no_tasks_of_others(session: Session) -> None:
    for wanted in (
        TaskFilter(organization=session.town.station),
        TaskFilter(kind="confirm_identity", division=DISTRICT),
    ):
        with pytest.raises(HiddenError):
            list_tasks(session.office, session.herself, wanted, Paging())
    assert [each.act for each in session.house.attempts()] == ["task.list"] * 2


def test_a_bureau_lists_what_waits_in_its_whole_area(session: Session) -> None:
    record, town = str(session.enter()), session.town
    for division in (CITY, DISTRICT, COMMUNITY):
        assert waiting(session, town.city_head, "publicize", division) == [record]
    for division in (DISTRICT, COMMUNITY):
        assert waiting(session, town.district_head, "publicize", division) == [record]
    assert waiting(session, town.city_head, "publicize", ELSEWHERE) == []
    assert waiting(session, town.district_head, "publicize", OTHER_COMMUNITY) == []
    for division in (CITY, ELSEWHERE):
        with pytest.raises(HiddenError):
            waiting(session, town.district_head, "publicize", division)


@pytest.mark.parametrize("whose", ["entrusted_head", "key", "reviewer", "other_reviewer"])
def test_who_has_nobody_below_lists_no_area(session: Session, whose: str) -> None:
    session.enter()
    by: Caller = getattr(session.town, whose)
    for division in (DISTRICT, STREET, COMMUNITY):
        with pytest.raises(HiddenError):
            waiting(session, by, "publicize", division)
    assert {each.act for each in session.house.attempts()} == {"task.list"}


def test_an_association_lists_what_waits_at_its_stations(session: Session) -> None:
    record, head = str(session.enter()), session.town.association_head
    assert waiting(session, head, "publicize", STREET) == [record]
    assert waiting(session, head, "publicize", COMMUNITY) == [record]
    assert waiting(session, head, "publicize", OTHER_COMMUNITY) == []
    with pytest.raises(HiddenError):
        waiting(session, head, "publicize", DISTRICT)


def entrusted_by_the_city(session: Session) -> Caller:
    """Return the recorder of an organization below the city bureau, at home in the street."""
    office, town = session.office, session.town
    form = registration("entrusted", STREET, town.city, said("北京示例公益中心", 900))
    there: UUID = organizations.register(office, town.city_head, form).value
    decision = AuthorizationForm.model_validate({"reason": "民社〔2026〕12号"})
    organizations.change_standing(office, town.city_head, there, decision)
    day = session.house.clock.today.isoformat()
    area = EntrustmentForm.model_validate(
        {
            "divisions": [STREET],
            "valid_from": day,
            "valid_to": "2027-11-23",
            "qualification": [{"title": "社会服务机构登记证书", "sha256": "cd" * 32}],
        }
    )
    organizations.entrust(office, town.city_head, there, area)
    said_of_her = {"roles": ["recorder"], "from_day": day, "name": "何示例"}
    appointment = AppointmentForm.model_validate(said_of_her)
    person = staffing.appoint(office, town.city_head, there, appointment).value
    return as_staff(person, there)


def test_at_home_in_an_area_is_not_below_its_body(session: Session) -> None:
    hers = str(session.volunteer)
    other = str(registered(session.office, entrusted_by_the_city(session), OUYANG))
    town = session.town
    for by in (town.association_head, town.district_head):
        assert waiting(session, by, "confirm_identity", STREET) == [hers]
    assert waiting(session, town.city_head, "confirm_identity", STREET) == [other, hers]


def test_what_is_left_out_of_a_page_leaves_no_gap_in_it(session: Session) -> None:
    registered(session.office, entrusted_by_the_city(session), OUYANG)
    wanted = TaskFilter(kind="confirm_identity", division=STREET)
    paging = Paging(limit=1)
    page = list_tasks(session.office, session.town.association_head, wanted, paging).value
    assert [row["about"] for row in page.rows] == [str(session.volunteer)]
    assert page.after is None


def test_who_came_by_herself_waits_for_who_looks_after_her_area(session: Session) -> None:
    office, town = session.office, session.town
    here = str(by_herself(office, alone(OUYANG)))
    hers = str(session.volunteer)
    for by in (town.district_head, town.city_head):
        assert waiting(session, by, "confirm_identity", DISTRICT) == [here, hers]
    assert waiting(session, town.association_head, "confirm_identity", STREET) == [hers]
    confirm(office, town.district_reviewer, UUID(here), SEEN)
    assert waiting(session, town.district_head, "confirm_identity", DISTRICT) == [hers]


def test_who_lives_elsewhere_waits_for_the_city(session: Session) -> None:
    form = alone(OUYANG | {"residence_area": "310101"})
    there, hers = str(by_herself(session.office, form)), str(session.volunteer)
    district, city = session.town.district_head, session.town.city_head
    assert waiting(session, city, "confirm_identity", CITY) == [there, hers]
    assert waiting(session, district, "confirm_identity", DISTRICT) == [hers]


def own(session: Session, volunteer: UUID, kind: str | None = None) -> list[tuple[str, str]]:
    """Return what a volunteer is asked to do herself."""
    found = list_tasks(session.office, as_volunteer(volunteer), TaskFilter(kind=kind), Paging())
    return [(row["kind"], row["about"]) for row in found.value.rows]


def test_a_volunteer_lists_what_she_can_do_herself(session: Session) -> None:
    office, town, volunteer = session.office, session.town, session.volunteer
    session.publicized()
    assert own(session, volunteer) == []
    asked = request_correction(office, town.reviewer, volunteer, WRONG_NUMBER).value
    assert own(session, volunteer) == [("answer_correction", str(asked))]
    assert own(session, volunteer, "answer_correction") == own(session, volunteer)
    assert own(session, volunteer, "review") == []


def test_what_is_asked_of_a_merged_registration_is_asked_of_who_has_it(
    session: Session,
) -> None:
    office, town, volunteer = session.office, session.town, session.volunteer
    other = registered(office, town.recorder, OUYANG)
    record = replace(session, volunteer=other).confirmed()
    proposal = AmendmentForm.model_validate(LONGER)
    opened = session.reviewing.propose_amendment(town.recorder, record, proposal).value
    ground = {"reason": "同一人。", "evidence": "ab" * 32, "into": str(volunteer)}
    merge(office, town.station_head, other, MergeForm.model_validate(ground))
    assert own(session, volunteer) == [("decide_amendment", str(opened))]

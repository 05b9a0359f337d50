"""Organizations through their use cases: begun once, one code each, nothing on old states."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from ledger.application import organizations, staffing
from ledger.application.callers import as_staff
from ledger.application.desk import ActRefused, Expected, VersionMismatch
from ledger.application.forms.organization import (
    SuccessionForm,
    SuspensionForm,
)
from ledger.application.forms.staff import (
    ReleaseForm,
)
from ledger.application.founding import FoundingForm, found
from ledger.application.office import Office
from ledger.application.rule_keeping import enact
from ledger.application.states import CREDIT_CODE, ORGANIZATION, RULES
from ledger.application.streams import credit_code_stream, rules_stream
from ledger.domain.organization import Organization, Role, Status
from ledger.domain.rules import INITIAL_BOOK
from tests.application.administering import (
    ACTS,
    RELEASE,
    SUCCESSION,
    SUSPENSION,
    amendment,
    refused,
)
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.ruling import rule_set
from tests.application.town import (
    COMMUNITY,
    DISTRICT,
    STREET,
    Town,
    appointment,
    credit_code,
    registration,
    said,
    said_of_bureau,
)
from tests.application.volunteering import erase

NOBODY = UUID("00000000-0000-4000-8000-00000000dead")


def organization(office: Office, id_: UUID) -> Organization:
    state = office.states.get(ORGANIZATION, id_, fresh=True).state
    assert state is not None
    return state


def founding(house: House) -> FoundingForm:
    body = said_of_bureau("北京市民政局", 77)
    return FoundingForm.model_validate(
        body | {"person_name": "魏示例", "from_day": house.clock.today.isoformat()}
    )


def test_a_ledger_begins_with_its_rules_its_city_bureau_and_one_person(
    house: House, town: Town
) -> None:
    book = house.office.states.get(RULES, rules_stream(house.office.origin)).state
    assert book == INITIAL_BOOK
    city = organization(house.office, town.city)
    assert city.status is Status.AUTHORIZED
    assert city.has_role(town.city_head.actor.id, Role.RESPONSIBLE, house.clock.today)


def test_a_ledger_begins_once(house: House, town: Town) -> None:
    codes = refused(lambda: found(house.office, founding(house)))
    assert codes & {"ledger_has_its_city_bureau", "organization_is_registered"}


@ON_SQLITE
def test_one_organization_has_one_credit_code(house: House, town: Town) -> None:
    taken = organization(house.office, town.entrusted).particulars.credit_code
    form = registration("entrusted", DISTRICT, town.district, said("另一中心", 1))
    form = form.model_copy(update={"credit_code": taken})
    codes = refused(lambda: organizations.register(house.office, town.district_head, form))
    assert codes == {"credit_code_is_claimed"}


def test_of_two_that_register_under_one_code_at_once_one_is_refused(
    house: House, town: Town
) -> None:
    form = registration("entrusted", DISTRICT, town.district, said("新中心", 500))
    offices = [house.office, *(house.another_office() for _ in range(3))]

    def attempt(office: Office) -> tuple[str, ...]:
        try:
            organizations.register(office, town.district_head, form)
        except ActRefused as told:
            return told.refused.codes
        return ()

    with ThreadPoolExecutor(len(offices)) as pool:
        answers = sorted(pool.map(attempt, offices))
    assert answers == [(), *[("credit_code_is_claimed",)] * 3]


@ON_SQLITE
def test_a_corrected_code_is_free_for_others(house: House, town: Town) -> None:
    office, before = house.office, organization(house.office, town.association)
    code = before.particulars.credit_code
    assert code is not None
    form = amendment(credit_code=credit_code(600))
    organizations.amend(office, town.association_head, town.association, form)
    old = office.states.get(CREDIT_CODE, credit_code_stream(office.origin, code), fresh=True)
    assert old.state is not None
    assert old.state.holder is None
    other = registration(
        "entrusted", DISTRICT, town.district, said("某中心", 1, credit_code=code)
    )
    registered = organizations.register(office, town.district_head, other).value
    assert organization(office, registered).particulars.credit_code == code


@ON_SQLITE
def test_a_group_without_a_code_is_registered_with_who_agreed_to_it(
    house: House, town: Town
) -> None:
    group = said("多福巷志愿队", 1, form="group", credit_code=None) | {
        "approving_unit": {"name": "多福巷社区居民委员会"}
    }
    form = registration("station", f"{STREET}009", town.association, group)
    station = organizations.register(house.office, town.association_head, form).value
    assert organization(house.office, station).status is Status.REGISTERED


def test_what_another_process_has_changed_is_noticed(house: House, town: Town) -> None:
    office, other = house.office, house.another_office()
    assert organization(office, town.station).has_role(
        town.station_head.actor.id, Role.HANDLER, house.clock.today
    )
    today = house.clock.today.isoformat()
    form = ReleaseForm.model_validate(
        RELEASE | {"roles": ["responsible", "handler"], "from_day": today}
    )
    staffing.release(
        other, town.association_head, town.station, town.station_head.actor.id, form
    )
    # This office still remembers her roles; the append does not.
    new = appointment(house, "苗示例", "recorder")
    codes = refused(lambda: staffing.appoint(office, town.station_head, town.station, new))
    assert codes == {"actor_has_no_such_role"}


@ON_SQLITE
def test_whoever_has_seen_another_version_changes_nothing(house: House, town: Town) -> None:
    seen = house.office.states.get(ORGANIZATION, town.station).version
    form = SuspensionForm.model_validate(SUSPENSION)
    with pytest.raises(VersionMismatch) as told:
        organizations.change_standing(
            house.office,
            town.district_head,
            town.station,
            form,
            expected=Expected(ORGANIZATION, town.station, seen - 1),
        )
    assert (told.value.want, told.value.got) == (seen - 1, seen)
    assert organization(house.office, town.station).is_in_force


@ON_SQLITE
def test_a_halted_organization_still_makes_things_safer(house: House, town: Town) -> None:
    office = house.office
    form = SuspensionForm.model_validate(SUSPENSION)
    organizations.change_standing(office, town.district_head, town.entrusted, form)
    ACTS["organization_key.revoke"](office, town.entrusted_head, town)
    key = organization(office, town.entrusted).key(town.key.actor.id)
    assert key is not None
    assert key.is_revoked
    person = town.entrusted_recorder.actor.id
    release = ReleaseForm.model_validate(RELEASE | {"roles": ["recorder"]})
    staffing.release(office, town.entrusted_head, town.entrusted, person, release)
    new = appointment(house, "苗示例", "recorder")
    codes = refused(lambda: staffing.appoint(office, town.entrusted_head, town.entrusted, new))
    assert codes == {"acting_organization_not_in_force"}


@ON_SQLITE
def test_departments_that_the_rules_do_not_name_supervise_nobody(
    house: House, town: Town
) -> None:
    enact(house.office, town.city_head, rule_set(supervisors=["social_work"]))
    house.clock.advance(days=2)
    codes = refused(
        lambda: ACTS["organization.suspend"](house.office, town.district_head, town)
    )
    assert codes == {"authority_does_not_supervise"}
    # What is no supervision stays hers.
    ACTS["organization.amend"](house.office, town.district_head, town)


@ON_SQLITE
def test_a_successor_is_an_organization_of_this_ledger(house: House, town: Town) -> None:
    for named in (NOBODY, rules_stream(house.office.origin)):
        form = SuccessionForm.model_validate(SUCCESSION | {"successors": [str(named)]})
        codes = refused(
            lambda form=form: organizations.change_standing(  # type: ignore[misc]
                house.office, town.district_head, town.association, form
            )
        )
        assert codes == {"successor_is_missing"}


@ON_SQLITE
def test_a_parent_is_an_organization_of_this_ledger(house: House, town: Town) -> None:
    for named in (NOBODY, rules_stream(house.office.origin)):
        form = registration("station", COMMUNITY, named, said("无上级站", 800))
        codes = refused(
            lambda form=form: organizations.register(  # type: ignore[misc]
                house.office, town.association_head, form
            )
        )
        assert codes == {"parent_is_missing"}


@ON_SQLITE
def test_a_new_person_gets_an_id_and_a_known_one_keeps_hers(house: House, town: Town) -> None:
    office = house.office
    first = staffing.appoint(
        office, town.station_head, town.station, appointment(house, "苗示例", "contact")
    ).value
    again = appointment(house, "苗示例", "recorder", person=str(first))
    assert staffing.appoint(office, town.station_head, town.station, again).value == first
    today = house.clock.today
    assert organization(office, town.station).has_role(first, Role.RECORDER, today)
    # Another organization appoints the same person, and nobody else.
    done = staffing.appoint(office, town.other_head, town.other_station, again)
    assert done.value == first
    assert set(office.views.employers(first)) == {town.station, town.other_station}


@ON_SQLITE
def test_an_appointment_begins_on_its_day(house: House, town: Town) -> None:
    tomorrow = house.clock.today + timedelta(days=1)
    form = appointment(house, "苗示例", "handler", from_day=tomorrow.isoformat())
    person = staffing.appoint(house.office, town.station_head, town.station, form).value
    by = as_staff(person, town.station)
    new = appointment(house, "酆示例", "recorder", from_day=tomorrow.isoformat())
    assert refused(lambda: staffing.appoint(house.office, by, town.station, new)) == {
        "actor_has_no_such_role"
    }
    house.clock.advance(days=1)
    staffing.appoint(house.office, by, town.station, new)


def test_an_act_is_one_append(house: House, town: Town) -> None:
    form = registration("entrusted", DISTRICT, town.district, said("新中心", 900))
    done = organizations.register(house.office, town.district_head, form)
    rows = [row for row in house.ledger.rows() if row.submission == done.submission]
    assert sorted(row.topic for row in rows) == [
        "credit_code.claimed",
        "organization.registered",
    ]
    assert done.appended.count == 2


def test_of_a_person_who_was_erased_nothing_more_is_written(house: House, town: Town) -> None:
    person = town.recorder.actor.id
    erase(house, person)
    for organization_, by in (
        (town.station, town.station_head),
        # Where nobody ever heard of her, either.
        (town.other_station, town.other_head),
    ):
        form = appointment(house, "吴示例", "contact", person=str(person))
        codes = refused(
            lambda id_=organization_, by=by, form=form: staffing.appoint(  # type: ignore[misc]
                house.office, by, id_, form
            )
        )
        assert codes == {"person_is_erased"}
    assert [each.act for each in house.attempts()] == ["staff.appoint"] * 2

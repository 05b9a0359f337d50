"""Who may do what: one table of acts and roles, and every act held against it."""

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.application.callers import as_staff, as_volunteer
from ledger.application.permission import ROLES
from ledger.application.streams import rules_stream
from tests.application.administering import ACTS, NOT_NOW, refused
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town

pytestmark = ON_SQLITE
NOBODY = UUID("00000000-0000-4000-8000-00000000dead")
OF_ORGANIZATIONS = ("organization", "organization_key", "entrustment", "staff")


def test_every_act_of_the_table_is_tried_here(home: object) -> None:
    assert ACTS.keys() == {act for act in ROLES if act.partition(".")[0] in OF_ORGANIZATIONS}


@pytest.mark.parametrize("act", ACTS)
def test_a_bureau_does_what_its_responsible_person_may(
    house: House, town: Town, act: str
) -> None:
    if act in NOT_NOW:
        assert refused(lambda: ACTS[act](house.office, town.district_head, town)) == {
            "organization_is_authorized"
        }
        return
    done = ACTS[act](house.office, town.district_head, town)
    assert done.appended.count >= 1
    assert house.attempts() == []


@pytest.mark.parametrize("act", ACTS)
def test_who_has_no_such_role_is_refused_and_that_is_written_down(
    house: House, town: Town, act: str
) -> None:
    by = town.district_reviewer
    assert refused(lambda: ACTS[act](house.office, by, town)) == {"actor_has_no_such_role"}
    (attempt,) = house.attempts()
    assert (attempt.act, attempt.by) == (act, by.actor.text())
    assert attempt.codes == ("actor_has_no_such_role",)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_acts_for_an_organization_that_she_only_names(
    house: House, town: Town, act: str
) -> None:
    stranger = as_staff(town.other_head.actor.id, town.district)
    assert refused(lambda: ACTS[act](house.office, stranger, town)) == {
        "actor_has_no_such_role"
    }


@pytest.mark.parametrize("act", ACTS)
def test_another_organization_does_not_decide(house: House, town: Town, act: str) -> None:
    codes = refused(lambda: ACTS[act](house.office, town.other_head, town))
    assert codes & {
        "actor_has_no_such_role",
        "bureau_not_above",
        "bureau_is_not_the_grantor",
        "entrusting_is_for_bureaus",
        "organization_not_above",
    }


@pytest.mark.parametrize("act", ACTS)
def test_a_key_and_a_volunteer_administer_nothing(house: House, town: Town, act: str) -> None:
    volunteer = as_volunteer(UUID("00000000-0000-4000-8000-000000000701"))
    for by in (town.key, volunteer, replace(volunteer, organization=town.district)):
        codes = refused(lambda by=by: ACTS[act](house.office, by, town))  # type: ignore[misc]
        assert codes & {"actor_is_not_staff", "organization_is_missing"}


@pytest.mark.parametrize("named", ["nothing", "another kind of thing"])
def test_an_organization_that_there_is_not_is_nobodys_to_act_for(
    house: House, town: Town, named: str
) -> None:
    stream = rules_stream(house.office.origin)
    by = as_staff(town.city_head.actor.id, NOBODY if named == "nothing" else stream)
    codes = refused(lambda: ACTS["organization.suspend"](house.office, by, town))
    assert "acting_organization_is_missing" in codes

"""Particulars in clear: nothing is shown but what was written down before."""

from uuid import UUID

import pytest

from ledger.application.callers import as_volunteer
from ledger.application.disclosing import DISCLOSURES, disclose, readers
from ledger.application.forms.volunteer import DisclosureForm
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.registering import register
from ledger.application.streams import disclosures_stream
from ledger.domain.disclosed import DisclosurePurpose
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import (
    FILE,
    OUYANG,
    born,
    codes,
    erase,
    registered,
    registration,
)

TO_CALL = DisclosureForm.model_validate({"purpose": "contact"})


def a_minor(office: Office, town: Town, birth: str) -> UUID:
    consents = [
        {"purpose": purpose, "given_by": "guardian", "evidence": FILE}
        for purpose in ("entry_by_organization", "service_of_minor")
    ]
    guardian = {"name": "王㐂", "relation": "mother", "contact": "13800000003"}
    form = registration(born(birth), *consents, guardian=guardian)
    return register(office, town.recorder, form).value


def test_who_is_shown_her_particulars_is_an_entry(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    done = disclose(office, town.reviewer, volunteer, TO_CALL)
    row = house.ledger.rows()[done.appended.first_seq]
    assert (row.topic, done.appended.count) == ("profile.disclosed", 1)
    disclose(office, town.association_head, volunteer, TO_CALL)
    first, second = readers(office, as_volunteer(volunteer), volunteer)
    assert (first.by, first.organization) == (town.reviewer.actor, town.station)
    assert (first.purpose, first.seq) == (DisclosurePurpose.CONTACT, done.appended.first_seq)
    assert first.organization_name == "多福巷社区志愿者服务站"
    assert second.organization == town.association
    assert readers(office, as_volunteer(volunteer), volunteer, size=second.seq) == [first]


@ON_SQLITE
def test_readers_are_for_herself_and_for_who_oversees(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    disclose(office, town.reviewer, volunteer, TO_CALL)
    for overseer in (town.station_head, town.association_head, town.district_head):
        assert len(readers(office, overseer, volunteer)) == 1
    neighbour = as_volunteer(registered(office, town.recorder, OUYANG))
    for other in (town.reviewer, town.other_head, neighbour):
        with pytest.raises(HiddenError):
            readers(office, other, volunteer)
        assert house.attempts()[-1].act == "readers.read"


@ON_SQLITE
def test_a_stranger_is_shown_nothing(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    for stranger in (town.other_reviewer, town.entrusted_head):
        with pytest.raises(HiddenError):
            disclose(office, stranger, volunteer, TO_CALL)
        assert house.attempts()[-1].act == "profile.disclose"
    stream = disclosures_stream(volunteer)
    assert office.states.get(DISCLOSURES, stream, fresh=True).state is None


@ON_SQLITE
def test_a_minor_is_shown_to_who_is_responsible(
    house: House, office: Office, town: Town
) -> None:
    today = house.clock.today
    child = a_minor(office, town, today.replace(year=today.year - 18, day=25).isoformat())
    for clerk in (town.recorder, town.reviewer):
        assert codes(disclose, office, clerk, child, TO_CALL) == {"actor_has_no_such_role"}
    disclose(office, town.station_head, child, TO_CALL)
    house.clock.advance(days=1)
    disclose(office, town.recorder, child, TO_CALL)  # she is of age today
    assert len(readers(office, town.station_head, child)) == 2


@ON_SQLITE
def test_she_needs_no_disclosure(office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    found = codes(disclose, office, as_volunteer(volunteer), volunteer, TO_CALL)
    assert found == {"actor_is_not_staff"}


def test_of_an_erased_person_there_is_nothing_to_show(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    erase(house, volunteer)
    found = codes(disclose, office, town.reviewer, volunteer, TO_CALL)
    assert found == {"volunteer_is_erased"}

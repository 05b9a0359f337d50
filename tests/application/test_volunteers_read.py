"""A volunteer as she is read: in full by herself, masked by others, at any size of the log."""

from uuid import UUID

import pytest

from ledger.application import staffing
from ledger.application.callers import as_volunteer
from ledger.application.forms.staff import ReleaseForm
from ledger.application.forms.volunteer import ConfirmationForm, MergeForm
from ledger.application.masking import MaskedParticulars
from ledger.application.merging import merge
from ledger.application.office import Office
from ledger.application.reading import HiddenError
from ledger.application.record_reading import read_record
from ledger.application.registering import register
from ledger.application.rule_keeping import enact
from ledger.application.volunteer_reading import (
    read_account,
    read_profile,
    star_of,
    volunteer_history,
)
from ledger.application.volunteers import amend, confirm
from ledger.domain.rules import INITIAL_RULES
from ledger.domain.volunteer import Particulars
from ledger.projections.history import ERASED_FACT, HIDDEN_FACT
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.ruling import rule_set
from tests.application.serving import EVALUATION, begin
from tests.application.town import Town
from tests.application.volunteering import (
    GROUND,
    OUYANG,
    WANG,
    amendment,
    erase,
    registered,
    registration,
)

SEEN = ConfirmationForm.model_validate({"method": "document_seen"})


def release(office: Office, house: House, town: Town) -> None:
    """Let the second recorder go today."""
    form = ReleaseForm.model_validate(
        {"roles": ["recorder"], "from_day": house.clock.today.isoformat(), "reason": "离职"}
    )
    person = town.second_recorder.actor.id
    staffing.release(office, town.station_head, town.station, person, form)


def size_of(house: House) -> int:
    return house.ledger.seqs()[-1] + 1


def test_she_reads_herself_in_full_and_staff_read_her_masked(
    office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    own = read_profile(office, as_volunteer(volunteer), volunteer)
    assert isinstance(own.particulars, Particulars)
    assert own.particulars.id_number == WANG["id_number"]
    assert not own.is_masked
    for clerk in (town.recorder, town.association_head, town.city_head):
        seen = read_profile(office, clerk, volunteer)
        assert isinstance(seen.particulars, MaskedParticulars)
        assert (seen.particulars.name, seen.particulars.id_number) == ("王*", "*0029")
        assert seen.is_masked


@ON_SQLITE
def test_who_has_nothing_to_do_with_her_sees_nothing(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    neighbour = as_volunteer(registered(office, town.recorder, OUYANG))
    for stranger in (town.other_recorder, neighbour):
        for reading in (read_profile, read_account, volunteer_history):
            with pytest.raises(HiddenError):
                reading(office, stranger, volunteer)
            assert house.attempts()[-1].codes == ("not_in_scope",)
    with pytest.raises(HiddenError):
        read_profile(office, town.recorder, UUID(int=5))


def test_who_has_left_sees_nothing_any_more_in_any_process(house: House, town: Town) -> None:
    one, other = house.another_office(), house.another_office()
    volunteer = registered(one, town.recorder)
    read_profile(other, town.second_recorder, volunteer)
    release(one, house, town)
    with pytest.raises(HiddenError):
        read_profile(other, town.second_recorder, volunteer)


@ON_SQLITE
def test_what_counts_for_her(house: House, office: Office, town: Town) -> None:
    session = begin(house, town, office)
    session.enter(start="2026-11-21T09:00+08:00", end="2026-11-21T10:00+08:00")
    before = size_of(house)
    session.confirmed()
    totals = read_profile(office, session.herself, session.volunteer).totals
    assert (totals.minutes, totals.hours) == (150, "2.50")
    assert totals.records == {"confirmed": 1, "submitted": 1}
    assert (totals.star.level, totals.star.minutes_missing) == (0, 100 * 60 - 150)

    known = read_account(office, town.reviewer, session.volunteer)
    assert known.state is not None
    assert [each.minutes for each in known.state.credits] == [150]

    earlier = read_profile(office, session.herself, session.volunteer, size=before).totals
    assert (earlier.minutes, earlier.hours) == (0, "0.00")
    assert earlier.records == {"submitted": 1}


@ON_SQLITE
def test_the_past_is_read_as_it_was(house: House, office: Office, town: Town) -> None:
    none_yet = size_of(house)
    volunteer = registered(office, town.recorder)
    registered_then = size_of(house)
    amend(office, town.recorder, volunteer, amendment(name="王祥", contact="13900000001"))
    confirm(office, town.reviewer, volunteer, SEEN)
    she = as_volunteer(volunteer)
    was = read_profile(office, she, volunteer, size=registered_then)
    assert isinstance(was.particulars, Particulars)
    assert (was.particulars.name, was.particulars.contact) == ("王𠮷祥", "13800000001")
    assert (was.version, was.is_confirmed) == (2, False)
    now = read_profile(office, she, volunteer)
    assert isinstance(now.particulars, Particulars)
    assert (now.particulars.name, now.version, now.is_confirmed) == ("王祥", 4, True)
    with pytest.raises(HiddenError):
        read_profile(office, she, volunteer, size=none_yet)


@ON_SQLITE
def test_a_merged_registration_counts_where_it_was_merged_into(
    house: House, office: Office, town: Town
) -> None:
    session = begin(house, town, office)
    session.confirmed()
    target = registered(office, town.recorder, OUYANG)
    form = MergeForm.model_validate(GROUND | {"into": str(target)})
    merge(office, town.station_head, session.volunteer, form)
    merged = read_profile(office, town.reviewer, session.volunteer)
    assert (merged.into, merged.totals.minutes) == (target, 0)
    kept = read_profile(office, as_volunteer(target), target)
    assert (kept.absorbed, kept.totals.minutes) == ((session.volunteer,), 150)
    assert kept.totals.records == {"confirmed": 1}
    # She who signs in with the one that stays reads what was merged into it, too.
    assert not read_profile(office, as_volunteer(target), session.volunteer).is_masked


@ON_SQLITE
def test_of_an_erased_person_nothing_is_shown_at_any_size(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    size = size_of(house)
    erase(house, volunteer)
    for at in (None, size):
        seen = read_profile(office, town.recorder, volunteer, size=at)
        assert seen.is_erased
        assert (seen.particulars, seen.guardian) == (None, None)
    items = volunteer_history(office, as_volunteer(volunteer), volunteer)
    assert items[0].facts["name"] == ERASED_FACT


@ON_SQLITE
def test_staff_see_that_a_particular_changed_and_why_but_not_to_what(
    office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    amend(office, town.recorder, volunteer, amendment(name="王祥"))
    own = volunteer_history(office, as_volunteer(volunteer), volunteer)[-1]
    name = {each.field: each for each in own.changes}["particulars.name"]
    assert (name.before, name.after) == ("王𠮷祥", "王祥")
    assert own.reason == "录入时看错证件号码。"

    seen = volunteer_history(office, town.reviewer, volunteer)
    name = {each.field: each for each in seen[-1].changes}["particulars.name"]
    assert (name.before, name.after) == (HIDDEN_FACT, HIDDEN_FACT)
    assert (seen[-1].reason, seen[-1].facts["changed"]) == (own.reason, ["name"])
    told = repr(seen)
    hidden = [str(WANG[name]) for name in ("name", "id_number", "contact", "birth_date")]
    assert [each for each in [*hidden, "王祥"] if each in told] == []


@ON_SQLITE
def test_staff_read_no_guardian_and_no_recipient_in_a_history(
    office: Office, town: Town
) -> None:
    consent = {"purpose": "disclosure", "recipients": ["首都𫍯大学"], "evidence": "cd" * 32}
    entry = {"purpose": "entry_by_organization", "evidence": "cd" * 32}
    volunteer = register(office, town.recorder, registration(WANG, entry, consent)).value
    told = repr(volunteer_history(office, town.reviewer, volunteer))
    assert "首都𫍯大学" not in told
    assert "首都𫍯大学" in repr(volunteer_history(office, as_volunteer(volunteer), volunteer))


@ON_SQLITE
def test_a_total_is_printed_by_todays_rules_and_a_record_by_those_of_its_day(
    house: House, office: Office, town: Town
) -> None:
    # In force from the day after the service of 141 minutes.
    changes = {"rounding": "half_up", "printed_places": 1, "effective_from": "2026-11-25"}
    enact(office, town.city_head, rule_set(**changes))
    session = begin(house, town, office)
    record = session.confirmed(break_minutes=39)
    herself = as_volunteer(session.volunteer)
    totals = read_profile(office, herself, session.volunteer).totals
    assert (totals.minutes, totals.hours) == (141, "2.4")
    assert read_record(office, herself, record).facts["hours"] == "2.35"
    later = session.enter(
        start="2026-11-25T09:00+08:00",
        end="2026-11-25T11:51+08:00",
        evaluation=EVALUATION | {"date": "2026-11-26"},
    )
    assert read_record(office, herself, later).facts["hours"] == "2.4"


@pytest.mark.parametrize(
    ("minutes", "level", "missing"),
    [(0, 0, 6000), (5999, 0, 1), (6000, 1, 12000), (90000, 5, None), (90001, 5, None)],
)
def test_stars_for_which_she_may_apply_by_her_time(
    minutes: int, level: int, missing: int | None
) -> None:
    star = star_of(minutes, INITIAL_RULES)
    assert (star.level, star.minutes_missing) == (level, missing)
    assert star.hours == INITIAL_RULES.star_hours

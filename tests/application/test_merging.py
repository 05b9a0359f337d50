"""Two registrations of one person: joined and parted whole, by who answers for both."""

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.application import activities
from ledger.application.callers import Caller, as_ledger, as_volunteer
from ledger.application.change_feed import ChangeFeed
from ledger.application.desk import Expected, VersionMismatch
from ledger.application.entering import enter_record, publicize_record, resubmit_record
from ledger.application.forms.activity import ActivityForm
from ledger.application.forms.record import RecordForm, ResubmissionForm
from ledger.application.forms.volunteer import MergeForm, SeparationForm
from ledger.application.merging import free_number, merge, separate
from ledger.application.office import Office
from ledger.application.reading import HiddenError, readable_record
from ledger.application.registering import register
from ledger.application.states import ACCOUNT, IDENTITY, VOLUNTEER
from ledger.application.streams import account_stream
from ledger.domain.account import Account
from ledger.store.entry_rows import bound_entries
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import REVIEWED, SERVICE, activity_said, begin, record_said
from tests.application.town import OTHER_COMMUNITY, Town
from tests.application.volunteering import (
    GROUND,
    OUYANG,
    OUYANG_ABROAD,
    WANG,
    codes,
    erase,
    registered,
    registration,
    state_of,
)
from tests.store.ledgers import ACTOR

AFTERNOON = {"start": "2026-11-20T14:00+08:00", "end": "2026-11-20T16:00+08:00"}


def into(volunteer: UUID) -> MergeForm:
    return MergeForm.model_validate(GROUND | {"into": str(volunteer)})


def out_of(volunteer: UUID) -> SeparationForm:
    return SeparationForm.model_validate(GROUND | {"out_of": str(volunteer)})


def account_of(office: Office, volunteer: UUID) -> Account:
    known = office.states.get(ACCOUNT, account_stream(volunteer), fresh=True)
    return known.state or Account.of(volunteer)


def holder_of(office: Office, volunteer: UUID) -> UUID | None:
    known = office.states.get(IDENTITY, state_of(office, volunteer).identity, fresh=True)
    return known.state.holder if known.state else None


@pytest.fixture
def twice(office: Office, town: Town) -> tuple[UUID, UUID]:
    """Return two registrations of one person, by ID card and by passport."""
    first = registered(office, town.recorder, OUYANG)
    return first, registered(office, town.recorder, OUYANG_ABROAD)


def test_a_merge_moves_hours_and_number_and_separating_brings_them_back(
    house: House, office: Office, town: Town
) -> None:
    session = begin(house, town, office)
    source, target = session.volunteer, registered(office, town.recorder, OUYANG)
    record = session.confirmed()
    done = merge(office, town.station_head, source, into(target))
    assert done.appended.count == 6  # both volunteers, the number twice, both accounts
    assert state_of(office, source).into == target
    assert state_of(office, target).absorbed == (source,)
    assert holder_of(office, source) == target
    assert account_of(office, source).credits == ()
    (credit,) = account_of(office, target).credits
    assert (credit.record, credit.minutes) == (record, 150)

    separate(office, town.station_head, source, out_of(target))
    assert state_of(office, source).into is None
    assert state_of(office, target).absorbed == ()
    assert holder_of(office, source) == source
    assert account_of(office, target).credits == ()
    assert account_of(office, source).total_minutes == 150
    assert house.ledger.codes() == []


@ON_SQLITE
def test_of_joined_accounts_each_organization_is_told_its_own_credits(
    house: House, office: Office, town: Town
) -> None:
    session = begin(house, town, office)
    form = ActivityForm.model_validate(activity_said(division=OTHER_COMMUNITY))
    theirs = activities.register(office, town.other_recorder, form).value
    target = registered(office, town.other_recorder, OUYANG_ABROAD)
    entered = enter_record(
        office,
        town.other_recorder,
        RecordForm.model_validate(record_said(theirs, session.volunteer, **AFTERNOON)),
    ).value
    publicize_record(office, town.other_recorder, entered)
    records = {town.station: session.confirmed(), town.other_station: entered}
    session.reviewing.confirm(town.other_reviewer, entered)
    merge(office, town.district_head, session.volunteer, into(target))
    feed = ChangeFeed(
        office,
        lambda seqs: bound_entries(house.ledger.engine, origin=house.ledger.origin, seqs=seqs),
    )
    for caller in (town.recorder, town.other_recorder):
        told = feed.read(caller, organization=None, after=0, limit=1_000).changes
        (joined,) = [each for each in told if each.type == "account.absorbed"]
        credited = [each["record"] for each in joined.facts["credits"]]
        assert caller.organization is not None
        assert credited == [str(records[caller.organization])]


@ON_SQLITE
def test_what_was_returned_before_a_merge_is_entered_anew_and_counts_after_it(
    house: House, office: Office, town: Town
) -> None:
    session = begin(house, town, office)
    target = registered(office, town.recorder, OUYANG)
    record = session.publicized()
    session.reviewing.return_record(town.reviewer, record, "休息时间未填。")
    merge(office, town.station_head, session.volunteer, into(target))
    form = ResubmissionForm.model_validate(SERVICE | {"break_minutes": 60})
    resubmit_record(office, town.recorder, record, form)
    publicize_record(office, town.recorder, record)
    house.clock.set(REVIEWED)
    session.reviewing.confirm(town.reviewer, record)
    (credit,) = account_of(office, target).credits
    assert (credit.record, credit.recorded_for, credit.minutes) == (
        record,
        session.volunteer,
        120,
    )
    assert account_of(office, session.volunteer).credits == ()


def test_nobody_registers_with_the_number_of_a_merged_registration(
    office: Office, town: Town, twice: tuple[UUID, UUID]
) -> None:
    source, target = twice
    merge(office, town.station_head, source, into(target))
    assert codes(register, office, town.recorder, registration(OUYANG)) == {
        "person_is_registered"
    }


@ON_SQLITE
def test_overlapping_hours_stand_in_the_way(house: House, office: Office, town: Town) -> None:
    session = begin(house, town, office)
    other = registered(office, town.recorder, OUYANG)
    of_other = replace(session, volunteer=other).publicized()
    session.confirmed()
    session.reviewing.confirm(town.reviewer, of_other)
    assert account_of(office, other).total_minutes == 150
    found = codes(merge, office, town.station_head, session.volunteer, into(other))
    assert found == {"accounts_overlap"}
    assert state_of(office, session.volunteer).into is None
    assert account_of(office, other).credit(of_other) is not None


@ON_SQLITE
def test_of_two_merges_that_cross_only_one_is_recorded(
    house: House, town: Town, twice: tuple[UUID, UUID]
) -> None:
    first, second = twice
    one, other = house.another_office(), house.another_office()
    for volunteer in twice:
        other.states.get(VOLUNTEER, volunteer)
    merge(one, town.station_head, first, into(second))
    found = codes(merge, other, town.station_head, second, into(first))
    assert "volunteer_is_merged" in found


@ON_SQLITE
def test_only_who_answers_for_both_merges_them(
    house: House, office: Office, town: Town
) -> None:
    here = registered(office, town.recorder, OUYANG)
    there = registered(office, town.other_recorder, OUYANG_ABROAD)
    for source, target in ((here, there), (there, here)):
        with pytest.raises(HiddenError):
            merge(office, town.station_head, source, into(target))
        assert house.attempts()[-1].act == "volunteer.merge"
    merge(office, town.district_head, here, into(there))
    # From now on both have to do with the one person that she is.
    separate(office, town.station_head, here, out_of(there))


@ON_SQLITE
def test_hours_are_moved_by_who_is_responsible(
    office: Office, town: Town, twice: tuple[UUID, UUID]
) -> None:
    source, target = twice
    for clerk in (town.recorder, town.reviewer):
        found = codes(merge, office, clerk, source, into(target))
        assert found == {"actor_has_no_such_role"}
    with pytest.raises(HiddenError):
        merge(office, as_volunteer(source), source, into(target))


@ON_SQLITE
def test_nobody_moves_hours_from_or_to_herself(
    house: House, office: Office, town: Town, twice: tuple[UUID, UUID]
) -> None:
    source, target = twice
    head = town.station_head
    assert head.staff is not None
    for own in twice:
        house.colleagues.pairs.clear()
        house.colleagues.pairs[own] = head.staff
        found = codes(merge, office, head, source, into(target))
        assert found == {"registration_is_ones_own"}
    merge(office, town.association_head, source, into(target))
    found = codes(separate, office, head, source, out_of(target))
    assert found == {"registration_is_ones_own"}


@ON_SQLITE
def test_what_was_never_merged_is_not_separated(
    office: Office, town: Town, twice: tuple[UUID, UUID]
) -> None:
    source, target = twice
    found = codes(separate, office, town.station_head, source, out_of(target))
    assert found == {"volunteer_is_not_merged"}
    assert codes(merge, office, town.station_head, source, into(source)) == {
        "volunteers_are_the_same"
    }


@ON_SQLITE
def test_a_merge_rests_on_the_version_that_was_seen(
    office: Office, town: Town, twice: tuple[UUID, UUID]
) -> None:
    source, target = twice
    seen = Expected(VOLUNTEER, source, 1)
    with pytest.raises(VersionMismatch):
        merge(office, town.station_head, source, into(target), expected=seen)


def test_who_was_erased_may_come_again(house: House, office: Office, town: Town) -> None:
    volunteer = registered(office, town.recorder)
    head = town.station_head
    assert codes(free_number, office, head, volunteer) == {"volunteer_is_not_erased"}
    erase(house, volunteer)
    assert codes(register, office, town.recorder, registration()) == {"person_is_registered"}
    free_number(office, head, volunteer)
    assert holder_of(office, volunteer) is None
    again = registered(office, town.recorder, WANG)
    assert again != volunteer
    assert codes(free_number, office, head, volunteer) == {"identity_is_not_held"}
    assert holder_of(office, again) == again


@ON_SQLITE
def test_a_number_is_freed_by_who_is_responsible_or_by_the_ledger(
    house: House, office: Office, town: Town
) -> None:
    volunteer = registered(office, town.recorder)
    erase(house, volunteer)
    assert codes(free_number, office, town.recorder, volunteer) == {"actor_has_no_such_role"}
    herself: Caller = as_volunteer(volunteer)
    assert codes(free_number, office, herself, volunteer) == {"actor_is_not_staff"}
    free_number(office, as_ledger(ACTOR), volunteer)
    assert holder_of(office, volunteer) is None


@ON_SQLITE
def test_what_another_process_has_parted_is_read_by_the_other_no_more(
    house: House, office: Office, town: Town
) -> None:
    session = begin(house, town, office)
    hers, other = as_volunteer(session.volunteer), registered(office, town.recorder, OUYANG)
    record = replace(session, volunteer=other).enter()
    merge(office, town.station_head, other, into(session.volunteer))
    assert readable_record(office, hers, record).state is not None
    elsewhere = house.another_office()
    separate(elsewhere, town.station_head, other, out_of(session.volunteer))
    with pytest.raises(HiddenError):
        readable_record(office, hers, record)
    assert readable_record(office, as_volunteer(other), record).state is not None

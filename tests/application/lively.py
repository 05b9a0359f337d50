"""A town where much may happen, copied for every life; and what holds, whatever happened.

Three organizations with an activity each, three volunteers, of whom the first is the station's
reviewer too. The last activity is of one head: a second volunteer in it is held.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from ledger.application import activities
from ledger.application.callers import Caller, as_volunteer
from ledger.application.docket import Docket
from ledger.application.forms.activity import ActivityForm
from ledger.application.office import Office
from ledger.application.states import ACCOUNT, RECORD, SIGN_IN, VOLUNTEER, Read
from ledger.application.streams import account_stream, sign_in_stream
from ledger.domain.access import SignInInvited, SignInOpened
from ledger.domain.account import Account
from ledger.domain.event import Act
from ledger.domain.interval import Interval
from ledger.domain.record import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    ObjectionDecided,
    ObjectionRaised,
    Record,
    RecordApproved,
    RecordConfirmed,
    RecordResubmitted,
    RecordReturned,
    RecordSubmitted,
    RecordVoided,
    Stage,
    VoidingProposed,
)
from ledger.projections.views import ACCOUNTS, RECORDS
from ledger.store.view_comparing import Difference, Kept, differences, reading_kept
from ledger.store.view_engine import connect_views
from ledger.store.view_folding import Folding
from ledger.store.view_query import Query
from ledger.store.view_source import EntrySource
from tests.application.homes import TownBase
from tests.application.house import House, housed
from tests.application.serving import activity_said
from tests.application.town import NOW, OTHER_COMMUNITY, STREET, Town
from tests.application.volunteering import OUYANG, WANG, born, registered
from tests.store.ledgers import Place, secret
from tests.store.tables import make_tables

DECIDING = (
    RecordConfirmed,
    RecordApproved,
    RecordReturned,
    ObjectionDecided,
    AmendmentAccepted,
    AmendmentRejected,
    RecordVoided,
)
"""What takes a second person."""

Team = tuple[tuple[str, ...], ...]
"""Who does something, by the number of the activity."""
RECORDERS: Team = (
    ("recorder", "second_recorder"),
    ("other_recorder",),
    ("entrusted_recorder",),
)
REVIEWERS: Team = (
    ("reviewer", "second_reviewer"),
    ("other_reviewer", "association_reviewer"),
    ("entrusted_reviewer", "district_reviewer"),
)
ABOVE: Team = (
    ("association_reviewer", "district_reviewer"),
    ("association_reviewer", "district_head"),
    ("district_head", "district_reviewer"),
)
NOBODY: Team = ((), (), ())
EVERYBODY = tuple(dict.fromkeys(sum(sum((RECORDERS, REVIEWERS, ABOVE), ()), ())))


@dataclass(frozen=True)
class Lively:
    """The town with what there is in it before anything happens; it is only ever copied."""

    folder: Path
    town: Town
    activities: tuple[UUID, ...]
    volunteers: tuple[UUID, ...]

    @property
    def same_human(self) -> UUID:
        """The staff person who is the first volunteer, too."""
        return self.town.reviewer.actor.id

    def named(self, name: str) -> Caller:
        """Return somebody of the staff as she calls."""
        caller: Caller = getattr(self.town, name)
        return caller

    def team(self, record: Record, team: Team) -> tuple[str, ...]:
        """Return who of a team has to do with a record."""
        return team[self.activities.index(record.activity)]

    def herself(self, volunteer: UUID) -> Caller:
        """Return a volunteer as she calls."""
        return as_volunteer(volunteer)


def enlivened(base: TownBase, folder: Path) -> Lively:
    """Return a copy of the town with activities and volunteers."""
    shutil.copytree(base.folder, folder)
    town = base.town
    with opened(folder) as house:
        made = (
            (town.recorder, activity_said()),
            (town.other_recorder, activity_said(division=OTHER_COMMUNITY)),
            (town.entrusted_recorder, activity_said(division=STREET, head_count=1)),
        )
        held = [
            activities.register(house.office, by, ActivityForm.model_validate(said)).value
            for by, said in made
        ]
        people = (WANG, OUYANG, born("1800-02-02"))
        volunteers = [
            registered(house.office, by, said)
            for (by, _), said in zip(made, people, strict=True)
        ]
        _join(house, town, volunteers[0])
        house.views.projector.catch_up()
    return Lively(folder, town, tuple(held), tuple(volunteers))


def _join(house: House, town: Town, volunteer: UUID) -> None:
    """Let the station's reviewer be one human with a volunteer."""
    sign_in = sign_in_stream(volunteer)
    invited = SignInInvited(
        sign_in=sign_in,
        staff=town.reviewer.actor.id,
        volunteer=volunteer,
        invitation="1a" * 32,
        expires_at=house.clock(),
        on_behalf_of=town.station,
    )
    taken = SignInOpened(sign_in=sign_in, credential="c4" * 32, invitation="1a" * 32)
    docket = Docket(house.office.states, Act(as_volunteer(volunteer).actor, house.clock()))
    docket.add(SIGN_IN, sign_in, (invited, taken))
    house.ledger.appender.append(docket.submission(house.office.desk.random_uuid()))


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """Open the town that lies in a folder."""
    place = Place(f"sqlite:///{folder / 'log.sqlite'}", folder, migrated=True)
    with housed(place, now=NOW) as house:
        yield house


def records_of(office: Office, records: Iterable[UUID]) -> list[Record]:
    """Return records as they stand."""
    found = [office.states.at(RECORD, each, size=None).state for each in records]
    return [each for each in found if each is not None]


def accounts_of(office: Office, volunteers: Iterable[UUID]) -> list[Account]:
    """Return accounts as they stand."""
    streams = [account_stream(each) for each in volunteers]
    found = [office.states.at(ACCOUNT, each, size=None).state for each in streams]
    return [each for each in found if each is not None]


def check_credits(records: Iterable[Record], accounts: Iterable[Account]) -> None:
    """What is credited is exactly what is confirmed, and no instant of anybody twice."""
    credited: dict[UUID, Any] = {}
    for account in accounts:
        intervals = [Interval(each.start, each.end) for each in account.credits]
        assert all(before.end <= after.start for before, after in pairwise(intervals))
        assert account.total_minutes == sum(each.minutes for each in account.credits)
        for each in account.credits:
            assert each.record not in credited, "credited twice"
            credited[each.record] = (each.recorded_for, each.start, each.end, each.minutes)
    assert credited == {
        each.id: (each.volunteer, each.service.start, each.service.end, each.service.minutes)
        for each in records
        if each.stage is Stage.CONFIRMED
    }


def check_second_person(history: Iterable[Read], herself: set[UUID]) -> None:
    """Who decided neither recorded nor proposed, and is not the volunteer; a third approved."""
    recorders: set[UUID] = set()
    proposer = reviewer = None
    for each in history:
        event, by = each.event, each.happened.by.id
        if isinstance(event, RecordSubmitted | RecordResubmitted):
            recorders.add(event.recorder)
            assert event.recorder not in herself
        elif isinstance(event, AmendmentProposed | VoidingProposed):
            proposer = by
        elif isinstance(event, DECIDING):
            assert by not in recorders
            assert by not in herself
            if isinstance(event, AmendmentAccepted | AmendmentRejected | RecordVoided):
                assert by != proposer
            if isinstance(event, RecordApproved):
                assert by != reviewer
            if isinstance(event, RecordConfirmed):
                reviewer = by


def check_objectors(history: Iterable[Read], lively: Lively) -> None:
    """Who decided an objection did not raise it, for herself or for another."""
    objectors: dict[UUID, set[UUID]] = {}
    for each in history:
        event, by = each.event, each.happened.by.id
        if isinstance(event, ObjectionRaised):
            is_both = event.objector == lively.volunteers[0]
            same = {lively.same_human} if is_both else set()
            objectors[event.objection] = {by, event.objector} | same
        elif isinstance(event, ObjectionDecided):
            assert by not in objectors[event.objection]


def check_end(history: Sequence[Read]) -> None:
    """What is voided stays voided: nothing follows it."""
    voided = [each for each in history if isinstance(each.event, RecordVoided)]
    assert voided in ([], [history[-1]])


def check_views(house: House, records: Iterable[Record], accounts: Iterable[Account]) -> None:
    """The views say of records and totals what the domain does."""
    rows = house.views.answers.page(RECORDS, Query(limit=1_000)).value.rows
    assert {row["record"]: (row["stage"], row["minutes"]) for row in rows} == {
        str(each.id): (each.stage.value, each.service.minutes) for each in records
    }
    totals = house.views.answers.page(ACCOUNTS, Query(limit=1_000)).value.rows
    assert {row["volunteer"]: row["minutes"] for row in totals if row["minutes"]} == {
        str(each.volunteer): each.total_minutes for each in accounts if each.total_minutes
    }


def views_differ(house: House, folder: Path) -> list[Difference]:
    """Return in what the views differ from a second filling."""
    ledger = house.ledger
    house.views.projector.catch_up()
    url = f"sqlite:///{folder / 'again.sqlite'}"
    make_tables(url, "views")
    made = connect_views(url)
    try:
        source = EntrySource(
            ledger.engine, ledger.vault, origin=ledger.origin, seal_key=secret("seal")
        )
        again = Folding(made, source, origin=ledger.origin, index_key=secret("index"))
        while not again.step().is_done:
            pass
        ours, theirs = reading_kept(house.views.engine), reading_kept(made)
        with ours.reading() as here, theirs.reading() as there:
            stored = Kept(here, ours, origin=ledger.origin)
            filled = Kept(there, theirs, origin=ledger.origin)
            return list(differences(stored, filled))
    finally:
        made.dispose()


def humans(office: Office, lively: Lively, volunteer: UUID) -> set[UUID]:
    """Return every id of the human whom a record names, as far as the ledger knows."""
    state = office.states.at(VOLUNTEER, volunteer, size=None).state
    same = {volunteer} if state is None else {volunteer, state.into or volunteer}
    return same | ({lively.same_human} if lively.volunteers[0] in same else set())

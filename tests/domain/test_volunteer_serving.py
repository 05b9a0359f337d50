"""Who may serve on a day: old enough, with a guardian's consent, standing for herself."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ledger.domain.rules import INITIAL_RULES
from ledger.domain.volunteer import (
    Consenter,
    Purpose,
    Volunteer,
)
from ledger.domain.volunteer.events import (
    ConsentWithdrawn,
    VolunteerRegistered,
)
from tests.domain.samples_volunteer import (
    CONSENT_GIVEN,
    GUARDIAN_NAMED,
    MERGED,
    REGISTERED,
)
from tests.domain.specification import CLERK, Done, Specification
from tests.domain.volunteers import (
    A_CHILD,
    A_YOUTH,
    TODAY,
    alone,
    at_station,
    born,
    consent,
    erased,
    registered,
)

CHILD = registered(born(A_CHILD))
YOUTH = registered(born(A_YOUTH))
PUBLICATION = consent(Purpose.PUBLICATION)


def served(given: Specification, day: date) -> tuple[str, ...]:
    assert isinstance(given.state, Volunteer)
    refused = given.state.may_serve_on(day, INITIAL_RULES)
    return () if refused is None else refused.codes


def minor(**other: Any) -> Specification:
    """Return a child whose guardian consented on 20 October and withdrew on 10 November."""
    signed = replace(
        CONSENT_GIVEN,
        purpose=Purpose.SERVICE_OF_MINOR,
        given_by=Consenter.GUARDIAN,
        given_on=date(2026, 10, 20),
        **other,
    )
    ended = ConsentWithdrawn(
        volunteer=signed.volunteer,
        consent=signed.consent,
        purpose=signed.purpose,
        withdrawn_by=Consenter.GUARDIAN,
        on_behalf_of=None,
    )
    withdrawn = Done(ended, CLERK, datetime(2026, 11, 10, 2, 0, tzinfo=UTC))
    return alone().given(CHILD, GUARDIAN_NAMED, signed, withdrawn)


def test_a_withdrawn_consent_still_covers_the_days_it_was_in_force() -> None:
    given = minor()
    assert served(given, date(2026, 10, 19)) == ("guardian_consent_is_missing",)
    assert served(given, date(2026, 10, 20)) == ()
    assert served(given, date(2026, 11, 10)) == ()
    assert served(given, date(2026, 11, 11)) == ("guardian_consent_is_missing",)


def test_a_minor_serves_with_consent_and_an_adult_without() -> None:
    assert served(alone().given(CHILD), TODAY) == ("guardian_consent_is_missing",)
    assert served(alone().given(REGISTERED), TODAY) == ()
    assert served(alone().given(YOUTH), date(2028, 3, 1)) == ()


def test_a_guardians_consent_to_something_else_lets_nobody_serve() -> None:
    through = replace(PUBLICATION, given_by=Consenter.GUARDIAN)
    given = at_station().given(CHILD, GUARDIAN_NAMED).when(through)
    assert served(given, TODAY) == ("guardian_consent_is_missing",)
    assert not given.state.guardian_consented


def test_somebody_is_too_young_on_the_day_of_the_service() -> None:
    small = registered(born(date(2024, 1, 1)))
    assert served(alone().given(small), TODAY) == (
        "volunteer_is_too_young",
        "guardian_consent_is_missing",
    )


def test_the_rules_of_the_day_say_who_needs_a_guardian() -> None:
    laxer = replace(INITIAL_RULES, guardian_consent_below=14)
    state = alone().given(YOUTH).state
    assert state.may_serve_on(TODAY, laxer) is None
    assert state.may_serve_on(TODAY, INITIAL_RULES) is not None


def test_who_was_merged_or_erased_serves_no_more() -> None:
    assert served(alone().given(REGISTERED, MERGED), TODAY) == ("volunteer_is_merged",)
    gone: VolunteerRegistered = erased(REGISTERED, "birth_date")
    assert served(alone().given(gone), TODAY) == ("volunteer_is_erased",)

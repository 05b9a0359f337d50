"""One person is registered once, ever: each ID number is held by one registration or none."""

from dataclasses import replace
from datetime import date
from functools import reduce
from uuid import UUID

import pytest

from ledger.domain.event import Act, Happened
from ledger.domain.identity import (
    Cause,
    Claimed,
    Identity,
    IdentityClaimed,
    IdentityEvent,
    IdentityReleased,
    amend,
    evolve,
    free,
    register,
)
from ledger.domain.refusal import Refused
from ledger.domain.rules import INITIAL_RULES
from ledger.domain.volunteer import AmendVolunteer, Fact, Surroundings, Volunteer
from ledger.domain.volunteer.events import VolunteerAmended, VolunteerRegistered
from tests.domain.samples_volunteer import (
    ABSORBED,
    CLAIMED,
    EVIDENCE,
    IDENTITY,
    OTHER,
    OTHER_IDENTITY,
    REGISTERED,
    VOLUNTEER,
)
from tests.domain.specification import CLERK, NOW
from tests.domain.volunteers import PARTICULARS, SHE, alone, erased, registration

AROUND = Surroundings(rules=INITIAL_RULES)
HERSELF = Act(SHE, NOW)
NEW = Identity.of(IDENTITY)
HELD = Identity(id=IDENTITY, holder=VOLUNTEER)
FREE = Identity.of(OTHER_IDENTITY)
RIGHT = replace(PARTICULARS, birth_date=date(1800, 6, 30), id_number="110116180006300059")
CORRECTED = AmendVolunteer(
    identity=OTHER_IDENTITY, particulars=RIGHT, reason="号码有误。", evidence=EVIDENCE
)
STATE: Volunteer = alone().given(REGISTERED).state
GONE: Volunteer = alone().given(erased(REGISTERED, *[fact.value for fact in Fact])).state


def identity(*events: IdentityEvent, of: UUID = IDENTITY) -> Identity:
    """Return an identity after its history."""
    happened = Happened(CLERK, NOW, 1)
    return reduce(lambda state, event: evolve(state, event, happened), events, Identity.of(of))


def done(answer: Claimed | Refused) -> Claimed:
    assert isinstance(answer, Claimed), answer
    return answer


def codes(answer: object) -> tuple[str, ...]:
    assert isinstance(answer, Refused), answer
    return answer.codes


def test_a_registration_claims_its_number() -> None:
    claimed = done(register(None, registration(), HERSELF, AROUND, NEW))
    assert [type(each) for each in claimed.volunteer] == [VolunteerRegistered]
    assert claimed.after == (CLAIMED,)
    assert claimed.before == ()
    assert identity(*claimed.after).holder == VOLUNTEER


def test_nobody_registers_twice() -> None:
    taken = Identity(id=IDENTITY, holder=OTHER)
    answer = register(None, registration(), HERSELF, AROUND, taken)
    assert codes(answer) == ("person_is_registered",)


def test_a_refusal_tells_nobody_whose_number_it_is() -> None:
    taken = Identity(id=IDENTITY, holder=OTHER)
    answer = register(None, registration(), HERSELF, AROUND, taken)
    assert isinstance(answer, Refused)
    assert str(OTHER) not in str(answer)


def test_what_else_is_wrong_is_told_with_it() -> None:
    taken = Identity(id=IDENTITY, holder=OTHER)
    form = registration(replace(PARTICULARS, skills=()))
    answer = register(None, form, HERSELF, AROUND, taken)
    assert codes(answer) == ("code_is_missing", "person_is_registered")


def test_a_form_that_is_wrong_claims_nothing() -> None:
    form = registration(replace(PARTICULARS, skills=()))
    assert codes(register(None, form, HERSELF, AROUND, NEW)) == ("code_is_missing",)


def test_a_number_that_was_given_up_is_free() -> None:
    released = IdentityReleased(identity=IDENTITY, volunteer=OTHER, cause=Cause.AMENDED)
    given_up = identity(replace(CLAIMED, volunteer=OTHER), released)
    claimed = done(register(None, registration(), HERSELF, AROUND, given_up))
    assert claimed.after == (CLAIMED,)


def test_a_corrected_number_moves_the_claim() -> None:
    claimed = done(amend(STATE, CORRECTED, HERSELF, AROUND, before=HELD, after=FREE))
    assert [type(each) for each in claimed.volunteer] == [VolunteerAmended]
    assert claimed.before == (
        IdentityReleased(identity=IDENTITY, volunteer=VOLUNTEER, cause=Cause.AMENDED),
    )
    assert claimed.after == (
        IdentityClaimed(identity=OTHER_IDENTITY, volunteer=VOLUNTEER, cause=Cause.AMENDED),
    )


def test_an_amendment_that_leaves_the_number_moves_nothing() -> None:
    form = AmendVolunteer(
        identity=IDENTITY,
        particulars=replace(PARTICULARS, contact="13800000009"),
        reason="换了号码。",
    )
    claimed = done(amend(STATE, form, HERSELF, AROUND, before=HELD, after=HELD))
    assert (claimed.before, claimed.after) == ((), ())


def test_a_number_is_not_corrected_to_that_of_somebody_else() -> None:
    taken = replace(FREE, holder=OTHER)
    answer = amend(STATE, CORRECTED, HERSELF, AROUND, before=HELD, after=taken)
    assert codes(answer) == ("person_is_registered",)
    wrong = replace(CORRECTED, evidence=None)
    answer = amend(STATE, wrong, HERSELF, AROUND, before=HELD, after=taken)
    assert codes(answer) == ("change_is_not_evidenced", "person_is_registered")


def test_a_number_that_came_by_a_merge_stays_where_it_came_from() -> None:
    absorbing: Volunteer = (
        alone().given(REGISTERED, replace(ABSORBED, volunteer=VOLUNTEER, source=OTHER)).state
    )
    held = replace(FREE, holder=VOLUNTEER)
    answer = amend(absorbing, CORRECTED, HERSELF, AROUND, before=HELD, after=held)
    assert codes(answer) == ("identity_came_by_merge",)


def test_nothing_is_amended_of_an_unknown_volunteer() -> None:
    answer = amend(None, CORRECTED, HERSELF, AROUND, before=HELD, after=FREE)
    assert codes(answer) == ("volunteer_is_unknown",)


def test_a_claim_that_is_no_longer_hers_is_not_released() -> None:
    anothers = replace(HELD, holder=OTHER)
    claimed = done(amend(STATE, CORRECTED, HERSELF, AROUND, before=anothers, after=FREE))
    assert claimed.before == ()


def test_the_streams_asked_for_are_wanted() -> None:
    with pytest.raises(ValueError, match="identity of the command"):
        register(None, registration(), HERSELF, AROUND, FREE)
    with pytest.raises(ValueError, match="her identity"):
        amend(STATE, CORRECTED, HERSELF, AROUND, before=FREE, after=FREE)
    with pytest.raises(ValueError, match="her identity"):
        amend(STATE, CORRECTED, HERSELF, AROUND, before=HELD, after=HELD)
    with pytest.raises(ValueError, match="of this volunteer"):
        free(FREE, GONE)


def test_an_erased_person_may_come_again_under_her_number() -> None:
    freed = free(HELD, GONE)
    assert freed == (
        IdentityReleased(identity=IDENTITY, volunteer=VOLUNTEER, cause=Cause.ERASED),
    )
    assert identity(CLAIMED, *freed).check_free() is None


def test_nobody_else_gives_up_a_number() -> None:
    assert codes(free(HELD, STATE)) == ("volunteer_is_not_erased",)

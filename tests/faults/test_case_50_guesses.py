"""Case 50: numbers and holders of certificates are guessed; the look-up tells nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.application.certifying import looking_up
from ledger.application.certifying.looking_up import (
    BY_ADDRESS,
    BY_NUMBER,
    BY_NUMBER_AND_ADDRESS,
    LookUps,
)
from ledger.application.certifying.status import Status
from ledger.domain.certificate import certificate_number
from ledger.store import chance
from tests.application.asking import (
    DOCUMENT,
    NAME,
    ask,
    bureau,
    gate,
    issued,
    look_ups,
    refused,
)
from tests.application.certifying import Bureau
from tests.application.gatehouse import ELSEWHERE, Gate
from tests.application.homes import ON_SQLITE, home, house, postgres_town, sqlite_town, town
from tests.faults.conftest import Shown

__all__ = [
    "bureau",
    "gate",
    "home",
    "house",
    "look_ups",
    "postgres_town",
    "sqlite_town",
    "town",
]

pytestmark = ON_SQLITE
GUESSES = 300


@pytest.fixture
def guesses(bureau: Bureau) -> dict[str, tuple[str, str]]:
    """Return number and holder for every reason to find nothing."""
    right = issued(bureau)
    return {
        "no such certificate": (certificate_number(chance.random_uuid()), NAME),
        "the id of something else": (certificate_number(bureau.session.volunteer), NAME),
        "another holder": (right, "李示例"),
        "a part of the name": (right, NAME[:2]),
        "a part of the number": (right, DOCUMENT[-4:]),
        "nobody": (right, "\x00"),
        "not issued": (certificate_number(bureau.request(mode="sealed")), NAME),
    }


@pytest.mark.case(50, "guesses of every kind: one answer, one work")
def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(
    bureau: Bureau,
    look_ups: LookUps,
    gate: Gate,
    guesses: dict[str, tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    shown: Shown,
) -> None:
    shown.by("look-ups: none, not issued, another's id, wrong name, parts of name and number")
    work: list[str] = []
    states, throttles = type(bureau.house.office.states), type(gate.parts.throttles)

    def noting(what: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            work.append(what)
            return act(*given, **named)

        return noted

    monkeypatch.setattr(states, "events", noting("read", states.events))
    monkeypatch.setattr(throttles, "count", noting("count", throttles.count))
    monkeypatch.setattr(looking_up, "_key", noting("compare", looking_up._key))
    answers, steps = set(), set()
    for number, holder in guesses.values():
        work.clear()
        codes, details = refused(lambda n=number, h=holder: ask(look_ups, n, h))  # type: ignore[misc]
        answers.add((codes, tuple(details)))
        steps.add(tuple(work))
    assert answers == {(("certificate_is_not_found",), ())}
    assert len(steps) == 1
    assert steps.pop()[:4] == ("count", "count", "count", "read")
    assert len(gate.lines()) == len(guesses)
    shown.saw(guesses=len(guesses), answers=1, sequences_of_work=1)


@pytest.mark.case(50, "enumeration of numbers and names")
def test_hundreds_of_guesses_find_nothing_and_end_at_the_limit(
    bureau: Bureau, look_ups: LookUps, shown: Shown
) -> None:
    shown.by(f"{GUESSES} look-ups of one address: random numbers, and names for a known one")
    number = issued(bureau)
    codes = []
    for guess in range(GUESSES):
        wrong = certificate_number(chance.random_uuid()) if guess % 2 else number
        code, _ = refused(lambda n=wrong: ask(look_ups, n, f"李{guess}"))  # type: ignore[misc]  # noqa: B023
        codes.append(code)
    assert codes[: BY_NUMBER_AND_ADDRESS.most] == [("certificate_is_not_found",)] * 10
    assert set(codes) == {("certificate_is_not_found",), ("look_up_is_slowed_down",)}
    assert codes[BY_ADDRESS.most :] == [("look_up_is_slowed_down",)] * (
        GUESSES - BY_ADDRESS.most
    )
    # Who has the paper is not kept out by who has not.
    assert ask(look_ups, number, NAME, ELSEWHERE).told.status is Status.VALID
    bureau.house.clock.advance(minutes=16)
    assert ask(look_ups, number, NAME).told.status is Status.VALID
    shown.saw(found=0, answered=BY_ADDRESS.most, slowed_down=GUESSES - BY_ADDRESS.most)


@pytest.mark.case(50, "names tried out from many addresses")
def test_wrong_names_from_many_addresses_end_too(
    bureau: Bureau, look_ups: LookUps, shown: Shown
) -> None:
    shown.by(f"{BY_NUMBER.most + 1} addresses, each with a wrong name for one number")
    number = issued(bureau)
    codes = [
        refused(lambda a=at: ask(look_ups, number, "李", f"198.51.100.{a}"))[0]  # type: ignore[misc]
        for at in range(BY_NUMBER.most + 1)
    ]
    assert codes[-2:] == [("certificate_is_not_found",), ("look_up_is_slowed_down",)]
    shown.saw(answered=BY_NUMBER.most, slowed_down=1)

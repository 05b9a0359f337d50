"""The public look-up: who holds the paper learns how it stands, who guesses learns nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger.application.certifying import looking_up
from ledger.application.certifying.looking_up import (
    BY_ADDRESS,
    BY_NUMBER,
    BY_NUMBER_AND_ADDRESS,
    SHOWN,
    Found,
    LookUps,
)
from ledger.application.certifying.status import Status
from ledger.application.desk import ActRefused
from ledger.application.forms.certificate import RevocationForm
from ledger.application.forms.verification import VerificationForm
from ledger.application.published_shapes import SHAPES
from ledger.certificates.proof_checking import check_proof
from ledger.domain.certificate import certificate_number
from ledger.proof.facts import STANDARD_FACTS
from ledger.store import chance
from tests.application.certifying import Bureau, checker_of, handing_out_of, open_bureau
from tests.application.gatehouse import ADDRESS, ELSEWHERE, Gate
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import erase

pytestmark = ON_SQLITE
NAME, DOCUMENT = "王𠮷祥", "110105180001010029"
GUESSES = 300


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


@pytest.fixture
def gate(house: House) -> Gate:
    return Gate(house)


@pytest.fixture
def look_ups(bureau: Bureau, gate: Gate) -> LookUps:
    return LookUps(handing_out_of(bureau.house), gate.parts)


def ask(look_ups: LookUps, number: str, holder: str, address: str = ADDRESS) -> Found:
    form = VerificationForm.model_validate({"number": number, "holder": holder})
    return look_ups.find(form, address)


def refused(act: Callable[[], object]) -> tuple[tuple[str, ...], dict[str, Any]]:
    with pytest.raises(ActRefused) as error:
        act()
    reasons = error.value.refused.reasons
    return error.value.refused.codes, dict(reasons[0].details)


def issued(bureau: Bureau) -> str:
    bureau.session.confirmed()
    return certificate_number(bureau.request(mode="self_printed"))


def test_who_has_the_paper_is_told_how_it_stands_with_a_proof_that_names_nobody(
    bureau: Bureau, look_ups: LookUps, gate: Gate
) -> None:
    number = issued(bureau)
    for holder in (
        NAME,
        f" {NAME[0]} {NAME[1:]} ",
        DOCUMENT,
        "１１０１０５１８０００１０１００２９",
    ):
        found = ask(look_ups, number.lower(), holder)
        assert (found.told.status, found.holder) == (Status.VALID, "王*")
    checker = checker_of(bureau.house)
    found = ask(look_ups, number, NAME)
    assert found.proof is not None
    checked = check_proof(found.proof, checker.policy, SHAPES)
    assert checked.facts.keys() - {"type", "shape"} == set(SHOWN)
    assert checked.facts["number"] == number
    assert not checked.is_whole
    for secret in (NAME, DOCUMENT, str(bureau.session.volunteer)):
        assert secret.encode() not in found.proof
    assert not set(SHOWN) & set(STANDARD_FACTS)
    assert found.size == checked.under.checkpoint.size
    # Who asked stands in the security log, without a name; the log of the ledger does not grow.
    path = bureau.house.ledger.place.folder / "security" / "security.log"
    said = path.read_text("ascii")
    assert said.count('"event":"act.done","act":"certificate.look_up"') == 5
    assert ADDRESS in said
    assert DOCUMENT not in said


def test_a_revoked_one_says_so_to_who_holds_it(bureau: Bureau, look_ups: LookUps) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    form = RevocationForm.model_validate({"ground": "false_records"})
    bureau.certifying.revoke(bureau.head, certificate, form)
    assert ask(look_ups, certificate_number(certificate), NAME).told.status is Status.REVOKED


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


def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(
    bureau: Bureau,
    look_ups: LookUps,
    gate: Gate,
    guesses: dict[str, tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_an_erased_holder_is_answered_as_if_there_were_no_certificate(
    bureau: Bureau, look_ups: LookUps
) -> None:
    number = issued(bureau)
    erase(bureau.house, bureau.session.volunteer)
    said = refused(lambda: ask(look_ups, number, NAME))
    assert said == (("certificate_is_not_found",), {})


def test_hundreds_of_guesses_find_nothing_and_end_at_the_limit(
    bureau: Bureau, look_ups: LookUps
) -> None:
    """Case 50: enumeration. 128 bits are not guessed; a name is not tried out either."""
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


def test_wrong_names_from_many_addresses_end_too(bureau: Bureau, look_ups: LookUps) -> None:
    number = issued(bureau)
    codes = [
        refused(lambda a=at: ask(look_ups, number, "李", f"198.51.100.{a}"))[0]  # type: ignore[misc]
        for at in range(BY_NUMBER.most + 1)
    ]
    assert codes[-2:] == [("certificate_is_not_found",), ("look_up_is_slowed_down",)]


def test_what_cannot_be_a_number_is_told_before_anything_is_read(
    bureau: Bureau, look_ups: LookUps
) -> None:
    number = issued(bureau)
    for typed in (number[:-1], number[:-1] + ("0" if number[-1] != "0" else "1"), "", "王"):
        codes, _ = refused(lambda t=typed: ask(look_ups, t, NAME))  # type: ignore[misc]
        assert codes == ("certificate_number_is_mistyped",)


def test_before_a_witness_has_seen_it_there_is_a_status_without_a_proof(
    bureau: Bureau, gate: Gate
) -> None:
    number = issued(bureau)
    out = handing_out_of(bureau.house)
    unseen = replace(out, checkpoint=lambda: None)
    found = ask(LookUps(unseen, gate.parts), number, NAME)
    assert (found.told.status, found.proof, found.size) == (Status.VALID, None, 0)

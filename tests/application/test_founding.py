"""The beginning: by the one token that the ledger's creation told, all of it or nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ledger.application.callers import as_staff
from ledger.application.desk import ActRefused
from ledger.application.founding import (
    FirstSignIn,
    Founded,
    FoundingForm,
    found_by_token,
    invite_first,
)
from ledger.application.organizations import register
from ledger.application.states import ORGANIZATION, RULES
from ledger.application.streams import city_bureau_stream, first_person, rules_stream
from ledger.domain.organization import OrganizationKind, Role
from ledger.domain.rules import INITIAL_BOOK
from tests.application.gatehouse import ADDRESS, OTHER_PASSWORD, PASSWORD, Gate, refused_for
from tests.application.house import House, housed
from tests.application.town import (
    DISTRICT,
    FOUNDED,
    Builder,
    registration,
    said_of_bureau,
)
from tests.store.conftest import place, postgres_tables, sqlite_tables
from tests.store.ledgers import ORIGIN, Place

__all__ = ["place", "postgres_tables", "sqlite_tables"]  # fixtures

NAME = "zhao.shili"


@pytest.fixture
def house(place: Place) -> Iterator[House]:
    """Return a house whose ledger has not begun."""
    with housed(place, now=FOUNDED, found=True) as made:
        yield made


@pytest.fixture
def gate(house: House) -> Gate:
    """Return its gate."""
    return Gate(house)


@pytest.fixture
def token(gate: Gate) -> str:
    """Return the token that the ledger's creation told."""
    return invite_first(gate.parts, ORIGIN).value.token


def form(gate: Gate, **changes: Any) -> FoundingForm:
    body = said_of_bureau("北京市民政局", 1) | {
        "person_name": "赵示例",
        "person_telephone": "010-65395000",
        "from_day": gate.house.clock.today.isoformat(),
    }
    return FoundingForm.model_validate(body | changes)


def found(
    gate: Gate, token: str, name: str = NAME, password: str = PASSWORD, **changes: Any
) -> Founded:
    first = FirstSignIn(token, name, password, ADDRESS)
    return found_by_token(gate.house.office, gate.parts, form(gate, **changes), first).value


def test_the_ledger_begins_with_a_bureau_a_person_and_rules(gate: Gate, token: str) -> None:
    before = gate.entries()
    founded = found(gate, token)
    assert founded == Founded(city_bureau_stream(ORIGIN), first_person(ORIGIN))
    states, today = gate.house.office.states, gate.house.clock.today
    bureau = states.get(ORGANIZATION, founded.city_bureau).state
    assert bureau is not None
    assert bureau.is_in_force
    assert (bureau.kind, bureau.division) == (OrganizationKind.CITY_BUREAU, "110000")
    for role in (Role.RESPONSIBLE, Role.SUPERVISOR, Role.REVIEWER):
        assert bureau.persons(role, today) == (founded.person,)
    assert states.get(RULES, rules_stream(ORIGIN)).state == INITIAL_BOOK
    assert gate.sign_in(NAME).signed.staff == founded.person
    rows = gate.house.ledger.rows()[before:]
    assert len({row.submission for row in rows}) == 1
    assert gate.house.ledger.codes() == []


def test_the_first_person_goes_on_from_there(gate: Gate, token: str) -> None:
    founded = found(gate, token)
    signed = gate.sign_in(NAME).signed
    assert signed.staff is not None
    head = as_staff(signed.staff, founded.city_bureau)
    builder = Builder(gate.house)
    colleague = builder.person(head, founded.city_bureau, "钱示例", "responsible")
    gate.let_in(head, colleague, "qian.shili")
    particulars = said_of_bureau("东城区民政局", 2)
    below = registration("district_bureau", DISTRICT, founded.city_bureau, particulars)
    register(gate.house.office, colleague, below)


def test_the_ledger_begins_once(gate: Gate, token: str) -> None:
    found(gate, token)
    before = gate.entries()
    assert refused_for(lambda: found(gate, token, "another")) == ("invitation_is_not_valid",)
    assert gate.entries() == before
    again = invite_first(gate.parts, ORIGIN).value.token  # she is alone, so she may be
    codes = refused_for(lambda: found(gate, again, "another", OTHER_PASSWORD))
    assert set(codes) >= {"organization_is_registered"}
    assert gate.turned_away("another", OTHER_PASSWORD) == ("sign_in_is_refused",)
    gate.sign_in(NAME)
    gate.accept(again, NAME, OTHER_PASSWORD)
    gate.sign_in(NAME, OTHER_PASSWORD)


@pytest.mark.parametrize("token", ["", "x" * 40, "00" * 16 + ".x"])
def test_nobody_begins_it_without_the_token(gate: Gate, token: str) -> None:
    before = gate.entries()
    assert refused_for(lambda: found(gate, token)) == ("invitation_is_not_valid",)
    assert gate.entries() == before
    [line] = gate.lines()
    assert (line["act"], line["address"]) == ("ledger.found", ADDRESS)


def test_the_token_is_not_taken_without_beginning_the_ledger(gate: Gate, token: str) -> None:
    assert refused_for(lambda: gate.accept(token, NAME)) == ("invitation_begins_the_ledger",)
    found(gate, token)


def test_the_token_is_good_for_three_days(gate: Gate, token: str) -> None:
    gate.house.clock.advance(hours=72)
    assert refused_for(lambda: found(gate, token)) == ("invitation_has_expired",)
    later = invite_first(gate.parts, ORIGIN).value.token
    found(gate, later)


def test_a_later_token_takes_the_place_of_the_one_before(gate: Gate, token: str) -> None:
    later = invite_first(gate.parts, ORIGIN).value.token
    assert refused_for(lambda: found(gate, token)) == ("invitation_is_not_valid",)
    found(gate, later)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"password": "short"}, "password_is_too_short"),
        ({"name": "x"}, "text_is_too_short"),
        ({"credit_code": "52110101MJ00000000"}, "credit_code_is_mistyped"),
        ({"person_telephone": "12"}, "phone_is_malformed"),
    ],
    ids=lambda wrong: str(wrong),
)
def test_what_is_wrong_begins_nothing(
    gate: Gate, token: str, wrong: dict[str, str], code: str
) -> None:
    assert code in refused_for(lambda: found(gate, token, **wrong))
    states = gate.house.office.states
    assert states.get(ORGANIZATION, city_bureau_stream(ORIGIN)).version == 0
    assert states.get(RULES, rules_stream(ORIGIN)).version == 0
    found(gate, token)  # the token is still good
    gate.sign_in(NAME)


def test_of_many_who_begin_it_at_once_one_does(gate: Gate, token: str) -> None:
    gates = [gate.another() for _ in range(4)]

    def begin(number: int) -> bool:
        try:
            found(gates[number], token, f"name.{number}", f"{number} {PASSWORD}")
        except ActRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(begin, range(4)))
    assert got.count(True) == 1
    for number in range(4):
        name, password = f"name.{number}", f"{number} {PASSWORD}"
        if got[number]:
            assert gate.sign_in(name, password).signed.staff == first_person(ORIGIN)
        else:
            assert gate.turned_away(name, password) == ("sign_in_is_refused",)
    assert gate.house.ledger.codes() == []


def test_the_ledger_invites_nobody_once_the_bureau_has_others(gate: Gate, token: str) -> None:
    founded = found(gate, token)
    head = as_staff(founded.person, founded.city_bureau)
    Builder(gate.house).person(head, founded.city_bureau, "钱示例", "responsible")
    assert refused_for(lambda: invite_first(gate.parts, ORIGIN)) == (
        "ledger_invites_the_first_person_only",
    )


def test_another_ledgers_token_is_none_here(gate: Gate, token: str, tmp_path: Path) -> None:
    elsewhere = Place(f"sqlite:///{tmp_path / 'other' / 'log.sqlite'}", tmp_path / "other")
    (tmp_path / "other").mkdir()
    with housed(elsewhere, now=FOUNDED, found=True) as other:
        foreign = invite_first(Gate(other).parts, ORIGIN).value.token
    assert refused_for(lambda: found(gate, foreign)) == ("invitation_is_not_valid",)

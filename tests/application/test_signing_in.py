"""Signing in: a right name and password, one answer to all others, and no way past the log."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from ledger.application.desk import ActRefused
from ledger.application.signing_in import BY_ADDRESS, BY_NAME_AND_ADDRESS
from ledger.application.streams import sign_in_stream
from ledger.domain.access import Ground
from ledger.store.passwords import Passwords
from ledger.store.security_log import SecurityLogError
from tests.application.gatehouse import (
    ADDRESS,
    ELSEWHERE,
    OTHER_PASSWORD,
    PASSWORD,
    Gate,
    gate,
    refused_for,
)
from tests.application.homes import ON_SQLITE
from tests.application.town import Town

__all__ = ["gate"]  # a fixture

NAME = "zheng.shili"
FORGED = Passwords().hash("a password of the DBA's")


@pytest.fixture
def recorder(gate: Gate, town: Town) -> UUID:
    """Return the id of the recorder, who signs in as NAME with PASSWORD."""
    signed = gate.let_in(town.station_head, town.recorder, NAME)
    assert signed.staff is not None
    return signed.staff


def wrong(gate: Gate, name: str = NAME, address: str = ADDRESS) -> tuple[str, ...]:
    return gate.turned_away(name, "not the one that it is", address)


def test_a_right_password_gives_a_session(gate: Gate, recorder: UUID) -> None:
    session = gate.sign_in(NAME)
    assert session.expires_at == gate.house.clock() + timedelta(hours=12)
    assert gate.sign_ins.find(session.token) == session.signed
    assert (session.signed.staff, session.signed.volunteer) == (recorder, None)
    assert session.signed.sign_in == sign_in_stream(recorder)
    assert len(session.token) == 43
    assert session.token not in repr(session)


@ON_SQLITE
def test_every_session_has_a_token_of_its_own(gate: Gate, recorder: UUID) -> None:
    assert len({gate.sign_in(NAME).token for _ in range(5)}) == 5


@ON_SQLITE
@pytest.mark.parametrize("spelling", ["ZHENG.shili", "ｚｈｅｎｇ.shili", "Zheng．Shili"])
def test_a_name_is_hers_in_every_spelling(gate: Gate, recorder: UUID, spelling: str) -> None:
    assert gate.sign_in(spelling).signed.staff == recorder


@ON_SQLITE
def test_a_password_is_hers_from_every_keyboard(gate: Gate, town: Town) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    composed = "caf\u00e9 au lait pour trois"
    gate.accept(token, NAME, composed)
    gate.sign_in(NAME, composed)
    gate.sign_in(NAME, unicodedata.normalize("NFD", composed))


@ON_SQLITE
def test_an_unknown_name_and_a_wrong_password_get_one_answer(
    gate: Gate, recorder: UUID
) -> None:
    before = gate.entries()
    answers = []
    for name in (NAME, "nobody.at.all", "", "x\x00y", "half \ud800", "x" * 100_000):
        with pytest.raises(ActRefused) as refused:
            gate.sign_in(name, "not the one that it is")
        answers.append(refused.value.refused)
    assert len(set(map(repr, answers))) == 1
    assert answers[0].codes == ("sign_in_is_refused",)
    assert gate.entries() == before  # strangers write no entries


@ON_SQLITE
def test_no_password_of_an_odd_form_is_right(gate: Gate, recorder: UUID) -> None:
    for password in ("", PASSWORD + "\x00", "half \ud800", PASSWORD * 20, "x" * 100_000):
        assert gate.turned_away(NAME, password) == ("sign_in_is_refused",)


class Counted(Passwords):
    """Counts how often a password is verified."""

    verified = 0

    def verify(self, encoded: str | None, password: str) -> bool:
        self.verified += 1
        return super().verify(encoded, password)


@ON_SQLITE
def test_an_unknown_name_costs_as_much_as_a_wrong_password(gate: Gate, recorder: UUID) -> None:
    counted = Counted()
    gate.sign_ins._parts = replace(gate.parts, passwords=counted)
    for number, name in enumerate((NAME, "nobody.at.all"), start=1):
        wrong(gate, name)
        assert counted.verified == number


@ON_SQLITE
def test_a_refused_attempt_is_a_line_and_tells_no_name_and_no_password(
    gate: Gate, recorder: UUID
) -> None:
    wrong(gate)
    wrong(gate, "nobody.at.all")
    known, unknown = gate.lines()
    assert known["target"] == str(sign_in_stream(recorder))
    assert (known["address"], known["codes"]) == (ADDRESS, ["sign_in_is_refused"])
    assert unknown["target"] is None
    text = repr(gate.lines())
    assert not any(word in text for word in (NAME, "nobody", "not the one"))


@ON_SQLITE
def test_who_guesses_is_slowed_down_and_she_is_not_kept_out(gate: Gate, recorder: UUID) -> None:
    for _ in range(BY_NAME_AND_ADDRESS.most):
        assert wrong(gate) == ("sign_in_is_refused",)
    # Also with the right password: whoever guessed it is not told.
    with pytest.raises(ActRefused) as refused:
        gate.sign_in(NAME)
    [reason] = refused.value.refused.reasons
    assert (reason.code, reason.details) == ("sign_in_is_slowed_down", {"seconds": 900})
    assert gate.another().sign_in(NAME, address=ELSEWHERE).signed.staff == recorder
    gate.house.clock.advance(minutes=15)
    assert gate.sign_in(NAME).signed.staff == recorder


@ON_SQLITE
def test_who_guesses_many_names_is_slowed_down_by_address(gate: Gate, recorder: UUID) -> None:
    for number in range(BY_ADDRESS.most):
        assert wrong(gate, f"guess {number}") == ("sign_in_is_refused",)
    assert wrong(gate, "another guess") == ("sign_in_is_slowed_down",)
    assert gate.sign_in(NAME, address=ELSEWHERE).signed.staff == recorder


@ON_SQLITE
def test_who_signs_in_often_is_not_slowed_down(gate: Gate, recorder: UUID) -> None:
    for _ in range(BY_ADDRESS.most + 5):
        gate.sign_in(NAME)


@ON_SQLITE
def test_a_network_of_ipv6_is_one_address(gate: Gate, recorder: UUID) -> None:
    for number in range(BY_NAME_AND_ADDRESS.most):
        wrong(gate, address=f"2001:db8:0:1::{number:x}")
    assert wrong(gate, address="2001:db8:0:1:ffff::1%eth0") == ("sign_in_is_slowed_down",)
    assert gate.sign_in(NAME, address="2001:db8:0:2::1").signed.staff == recorder


def test_many_guesses_at_once_do_not_slip_past_together(gate: Gate, recorder: UUID) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: wrong(gate), range(30)))
    assert answers.count(("sign_in_is_refused",)) == BY_NAME_AND_ADDRESS.most


@ON_SQLITE
def test_a_session_ends_when_she_signs_out(gate: Gate, recorder: UUID) -> None:
    one, other = gate.sign_in(NAME), gate.sign_in(NAME)
    gate.sign_ins.sign_out(one.token)
    assert gate.sign_ins.find(one.token) is None
    assert gate.sign_ins.find(other.token) == other.signed
    gate.sign_ins.sign_out(one.token)
    gate.sign_ins.sign_out("no token")


@ON_SQLITE
def test_a_session_ends_after_twelve_hours(gate: Gate, recorder: UUID) -> None:
    session = gate.sign_in(NAME)
    gate.house.clock.advance(hours=11, minutes=59)
    assert gate.sign_ins.find(session.token) == session.signed
    gate.house.clock.advance(minutes=1)
    assert gate.sign_ins.find(session.token) is None


@ON_SQLITE
@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "x" * 10_000, "é"])
def test_any_other_token_is_nobodys(gate: Gate, recorder: UUID, token: str) -> None:
    assert gate.sign_ins.find(token) is None


@ON_SQLITE
def test_another_password_ends_every_session_everywhere(gate: Gate, recorder: UUID) -> None:
    session, other = gate.sign_in(NAME), gate.another()
    assert other.sign_ins.find(session.token) == session.signed
    gate.sign_ins.change_password(session.signed, PASSWORD, OTHER_PASSWORD)
    assert gate.sign_ins.find(session.token) is None
    assert other.sign_ins.find(session.token) is None
    assert wrong(gate) == ("sign_in_is_refused",)
    assert gate.turned_away(NAME) == ("sign_in_is_refused",)
    assert other.sign_in(NAME, OTHER_PASSWORD).signed == session.signed


@ON_SQLITE
def test_a_wrong_old_password_is_an_entry_of_hers(gate: Gate, recorder: UUID) -> None:
    signed = gate.sign_in(NAME).signed
    change = gate.sign_ins.change_password
    assert refused_for(lambda: change(signed, "not the old one", OTHER_PASSWORD)) == (
        "old_password_is_wrong",
    )
    [attempt] = gate.house.attempts()
    assert (attempt.by, attempt.act) == (f"staff:{recorder}", "sign_in.change_password")
    for _ in range(9):
        refused_for(lambda: change(signed, "not the old one", OTHER_PASSWORD))
    assert refused_for(lambda: change(signed, PASSWORD, OTHER_PASSWORD)) == (
        "sign_in_is_slowed_down",
    )
    assert gate.sign_in(NAME).signed == signed


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "password_is_too_short"),
        (PASSWORD, "password_is_the_old_one"),
        (NAME.upper().ljust(12, "!"), None),
        ("password1234", "password_is_common"),
    ],
)
@ON_SQLITE
def test_a_new_password_is_a_good_one(
    gate: Gate, recorder: UUID, new: str, code: str | None
) -> None:
    signed = gate.sign_in(NAME).signed

    def change() -> None:
        gate.sign_ins.change_password(signed, PASSWORD, new)

    if code is None:
        change()
        gate.sign_in(NAME, new)
    else:
        assert refused_for(change) == (code,)
        gate.sign_in(NAME)


@ON_SQLITE
def test_a_closed_sign_in_lets_nobody_in(gate: Gate, recorder: UUID, town: Town) -> None:
    session, other = gate.sign_in(NAME), gate.another()
    assert other.sign_ins.find(session.token) is not None
    gate.invitations.close(town.station_head, session.signed.sign_in, Ground.LEFT)
    assert gate.sign_ins.find(session.token) is None
    assert other.sign_ins.find(session.token) is None
    assert gate.turned_away(NAME) == ("sign_in_is_refused",)


@ON_SQLITE
def test_nobody_signs_in_where_the_security_log_cannot_be_written(
    gate: Gate, recorder: UUID
) -> None:
    folder = gate.house.ledger.place.folder / "security"
    gate.sign_in(NAME)
    (folder / "security.log").unlink()
    (folder / "security.log").mkdir()
    with pytest.raises(SecurityLogError):
        gate.sign_in(NAME)
    with pytest.raises(SecurityLogError):
        wrong(gate)

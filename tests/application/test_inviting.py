"""Inviting: a token is good once, in time, for one person; a name is one person's."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from ledger.application.accepting import digest_of, sign_in_of
from ledger.application.callers import Caller
from ledger.application.desk import ActRefused
from ledger.application.inviting import Invitee
from ledger.application.signing_in import Signed
from ledger.application.streams import sign_in_stream
from ledger.domain.access import Ground
from ledger.store.schema import credentials, sign_in_names
from tests.application.gatehouse import (
    ADDRESS,
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


def stored(gate: Gate) -> tuple[int, int]:
    """Return how many names and passwords have rows."""
    with gate.house.ledger.engine.connect() as connection:
        names, passwords = (
            len(connection.execute(table.select()).all())
            for table in (sign_in_names, credentials)
        )
    return names, passwords


def not_taken(
    gate: Gate, token: str, name: str = NAME, password: str = PASSWORD
) -> tuple[str, ...]:
    """Return for which reasons an invitation is not taken."""
    return refused_for(lambda: gate.accept(token, name, password))


def not_closed(gate: Gate, by: Caller, sign_in: UUID) -> tuple[str, ...]:
    """Return for which reasons a sign-in is not closed."""
    return refused_for(lambda: gate.invitations.close(by, sign_in, Ground.LEFT))


def test_who_is_invited_chooses_name_and_password_and_signs_in(gate: Gate, town: Town) -> None:
    invited = gate.invite(town.station_head, town.recorder.actor.id)
    assert (invited.expires_at - gate.house.clock()).total_seconds() == 72 * 3600
    assert invited.token not in repr(invited)
    signed = gate.accept(invited.token, NAME)
    assert (signed.sign_in, signed.staff) == (invited.sign_in, town.recorder.actor.id)
    assert gate.sign_in(NAME).signed == signed


def test_neither_token_nor_password_stands_in_the_database(gate: Gate, town: Town) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    gate.accept(token, NAME)
    session = gate.sign_in(NAME)
    found = b"".join(
        path.read_bytes() for path in gate.house.ledger.place.folder.rglob("*.sqlite*")
    ) + b"".join((row.plain or b"") + row.entry for row in gate.house.ledger.rows())
    secret = token.partition(".")[2].encode()
    for word in (secret, PASSWORD.encode(), session.token.encode()):
        assert word not in found
    assert digest_of(token).encode() in found


@ON_SQLITE
def test_a_token_is_taken_once(gate: Gate, town: Town) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    gate.accept(token, NAME)
    before = gate.entries()
    assert not_taken(gate, token, "another.name", OTHER_PASSWORD) == (
        "invitation_is_not_valid",
    )
    assert gate.entries() == before  # whoever brings it is not known to be she
    assert gate.lines()[-1]["act"] == "sign_in.accept"
    assert gate.turned_away("another.name", OTHER_PASSWORD) == ("sign_in_is_refused",)
    gate.sign_in(NAME)


@ON_SQLITE
def test_a_token_is_taken_in_time(gate: Gate, town: Town) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    gate.house.clock.advance(hours=72)
    assert not_taken(gate, token) == ("invitation_has_expired",)
    assert stored(gate) == (0, 0)


@ON_SQLITE
@pytest.mark.parametrize("token", ["", ".", "x" * 40, "0" * 32 + ".x", "\x00", "é" * 32])
def test_any_other_text_is_no_token(gate: Gate, town: Town, token: str) -> None:
    assert not_taken(gate, token) == ("invitation_is_not_valid",)
    assert stored(gate) == (0, 0)


@ON_SQLITE
def test_a_token_is_good_for_the_sign_in_that_it_names(gate: Gate, town: Town) -> None:
    one = gate.invite(town.station_head, town.recorder.actor.id)
    other = gate.invite(town.station_head, town.reviewer.actor.id)
    turned = f"{other.sign_in.hex}.{one.token.partition('.')[2]}"
    assert sign_in_of(turned) == other.sign_in
    assert not_taken(gate, turned) == ("invitation_is_not_valid",)
    of_a_station = f"{town.station.hex}.{one.token.partition('.')[2]}"
    assert not_taken(gate, of_a_station) == ("invitation_is_not_valid",)


@ON_SQLITE
def test_a_later_token_takes_the_place_of_the_one_before(gate: Gate, town: Town) -> None:
    first = gate.invite(town.station_head, town.recorder.actor.id).token
    second = gate.invite(town.station_head, town.recorder.actor.id).token
    assert not_taken(gate, first) == ("invitation_is_not_valid",)
    gate.accept(second, NAME)


@ON_SQLITE
def test_the_old_password_holds_until_a_new_one_is_chosen(gate: Gate, town: Town) -> None:
    signed = gate.let_in(town.station_head, town.recorder, NAME)
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    session = gate.sign_in(NAME)
    assert gate.accept(token, "new.name", OTHER_PASSWORD) == signed
    assert gate.sign_ins.find(session.token) is None
    assert gate.turned_away(NAME) == ("sign_in_is_refused",)
    assert gate.turned_away("new.name", PASSWORD) == ("sign_in_is_refused",)
    assert gate.sign_in("new.name", OTHER_PASSWORD).signed == signed
    assert stored(gate) == (1, 1)


@pytest.mark.parametrize("spelling", ["Zheng.Shili", "ｚｈｅｎｇ.shili", NAME])
@ON_SQLITE
def test_a_name_is_one_persons_in_every_spelling(gate: Gate, town: Town, spelling: str) -> None:
    gate.let_in(town.station_head, town.recorder, NAME)
    token = gate.invite(town.station_head, town.reviewer.actor.id).token
    assert not_taken(gate, token, spelling, OTHER_PASSWORD) == ("sign_in_name_is_taken",)
    assert gate.sign_in(NAME).signed.staff == town.recorder.actor.id
    assert stored(gate) == (1, 1)
    gate.accept(token, "wang.shili", OTHER_PASSWORD)  # the token is still good


def test_a_form_that_is_sent_twice_opens_one_sign_in(gate: Gate, town: Town) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    gates = [gate.another() for _ in range(4)]

    def accept(number: int) -> bool:
        try:
            gates[number].accept(token, NAME)
        except ActRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(accept, range(4))).count(True) == 1
    assert gate.sign_in(NAME).signed.staff == town.recorder.actor.id
    assert stored(gate) == (1, 1)


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "password", "codes"),
    [
        (NAME, "short", {"password_is_too_short"}),
        ("ab", "password1234", {"text_is_too_short", "password_is_common"}),
        ("ZHENG.shili.x", "zheng.shili.X", {"password_is_the_name"}),
        ("zh\u200bang", PASSWORD, {"text_has_forbidden_character"}),
    ],
)
def test_name_and_password_are_good_ones(
    gate: Gate, town: Town, name: str, password: str, codes: set[str]
) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    assert set(refused_for(lambda: gate.accept(token, name, password))) == codes
    assert stored(gate) == (0, 0)
    [attempt] = gate.house.attempts()  # she brought her token, so she is known
    assert attempt.by == f"staff:{town.recorder.actor.id}"
    gate.accept(token, NAME)


def test_of_many_who_bring_a_token_at_once_one_gets_in(gate: Gate, town: Town) -> None:
    token = gate.invite(town.station_head, town.recorder.actor.id).token
    gates = [gate.another() for _ in range(5)]

    def accept(number: int) -> Signed | tuple[str, ...]:
        try:
            return gates[number].accept(token, f"name.{number}", f"{number} {PASSWORD}")
        except ActRefused as refused:
            return refused.refused.codes

    with ThreadPoolExecutor(5) as pool:
        got = list(pool.map(accept, range(5)))
    [winner] = [number for number, each in enumerate(got) if isinstance(each, Signed)]
    assert got.count(("invitation_is_not_valid",)) == 4
    for number in range(5):
        if number == winner:
            session = gate.sign_in(f"name.{number}", f"{number} {PASSWORD}")
            assert session.signed == got[winner]
        else:
            assert gate.turned_away(f"name.{number}", f"{number} {PASSWORD}")
    assert stored(gate)[1] == 1
    openings = [row for row in gate.house.ledger.rows() if row.topic == "sign_in.opened"]
    assert len(openings) == 1


def test_of_many_who_want_a_name_at_once_one_gets_it(gate: Gate, town: Town) -> None:
    people = [town.recorder, town.second_recorder, town.reviewer, town.second_reviewer]
    tokens = [gate.invite(town.station_head, each.actor.id).token for each in people]

    def accept(number: int) -> tuple[str, ...]:
        try:
            gate.another().accept(tokens[number], NAME, f"{number} {PASSWORD}")
        except ActRefused as refused:
            return refused.refused.codes
        return ()

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(accept, range(4)))
    assert got.count(("sign_in_name_is_taken",)) == 3
    winner = got.index(())
    session = gate.sign_in(NAME, f"{winner} {PASSWORD}")
    assert session.signed.staff == people[winner].actor.id
    assert stored(gate) == (1, 1)


@ON_SQLITE
def test_only_who_answers_for_her_invites_her(gate: Gate, town: Town) -> None:
    recorder = town.recorder.actor.id

    def invite(by: Caller, at: UUID | None = town.station) -> tuple[str, ...]:
        return refused_for(lambda: gate.invite(by, recorder, at=at))

    assert invite(town.reviewer) == ("actor_has_no_such_role",)
    assert invite(town.other_head) == ("organization_not_above",)
    assert invite(town.other_head, None) == ("person_is_not_of_the_staff",)
    assert invite(town.station_head, uuid4()) == ("organization_is_missing",)
    assert invite(town.station_head, recorder) == ("organization_is_missing",)
    assert {attempt.act for attempt in gate.house.attempts()} == {"sign_in.invite"}
    for by in (town.association_head, town.district_head, town.city_head):
        gate.invite(by, recorder, at=town.station)


@ON_SQLITE
def test_nobody_invites_herself(gate: Gate, town: Town) -> None:
    head = town.station_head
    assert refused_for(lambda: gate.invite(head, head.actor.id)) == ("invitee_invites_herself",)


@ON_SQLITE
def test_an_invitation_is_taken_back(gate: Gate, town: Town) -> None:
    invited = gate.invite(town.station_head, town.recorder.actor.id)
    gate.invitations.close(town.station_head, invited.sign_in, Ground.OTHER)
    assert not_taken(gate, invited.token) == ("invitation_is_not_valid",)


@ON_SQLITE
def test_a_closed_sign_in_frees_its_name_and_is_opened_again(gate: Gate, town: Town) -> None:
    signed = gate.let_in(town.station_head, town.recorder, NAME)
    gate.invitations.close(signed.caller, signed.sign_in, Ground.OWN_REQUEST)
    assert stored(gate) == (0, 0)
    gate.let_in(town.station_head, town.reviewer, NAME)
    again = gate.let_in(town.station_head, town.recorder, "new.name")
    assert again == signed
    assert again.sign_in == sign_in_stream(town.recorder.actor.id)


@ON_SQLITE
def test_only_who_answers_for_her_closes_her_sign_in(gate: Gate, town: Town) -> None:
    signed = gate.let_in(town.station_head, town.recorder, NAME)
    for by, code in (
        (town.reviewer, "actor_has_no_such_role"),
        (town.other_head, "sign_in_is_anothers_to_give"),
    ):
        assert not_closed(gate, by, signed.sign_in) == (code,)
    for thing in (uuid4(), town.station):
        assert not_closed(gate, town.station_head, thing) == ("sign_in_is_not_open",)
    assert gate.sign_in(NAME).signed == signed


def test_an_invitee_is_somebody() -> None:
    with pytest.raises(ValueError, match="a person is wanted"):
        Invitee()


def test_the_log_says_who_invited_whom_and_is_sound(gate: Gate, town: Town) -> None:
    signed = gate.let_in(town.station_head, town.recorder, NAME)
    gate.sign_ins.change_password(signed, PASSWORD, OTHER_PASSWORD)
    gate.invitations.close(town.station_head, signed.sign_in, Ground.EXPOSED)
    rows = [row for row in gate.house.ledger.rows() if row.topic.startswith("sign_in.")]
    assert [row.topic for row in rows] == [
        "sign_in.invited",
        "sign_in.opened",
        "sign_in.opened",
        "sign_in.closed",
    ]
    head, recorder = town.station_head.actor.text(), town.recorder.actor.text()
    by = [head, recorder, recorder, head]
    for row, actor in zip(rows, by, strict=True):
        assert actor.encode() in row.plain
        assert row.personal is None
    assert gate.house.ledger.codes() == []
    assert ADDRESS.encode() not in b"".join(row.plain for row in rows)

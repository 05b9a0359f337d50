"""Tokens that an organization's system signs to read: for this ledger, and for minutes."""

import json
from typing import Any

import pytest

from ledger.application import staffing
from ledger.application.forms.staff import KeyRevocationForm
from ledger.application.key_holders import KeyHolders
from ledger.application.key_tokens import KeyTokens
from ledger.application.refusals import CLAIMS_OF_A_KEY
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.signing import base64url, private_key
from tests.application.town import Town

pytestmark = ON_SQLITE
ADDRESS = "192.0.2.7"


def token(house: House, town: Town, *, name: str = "entrusted", **said: Any) -> str:
    key = town.private_key if name == "entrusted" else private_key(name)
    payload = {"aud": house.office.origin, "iat": int(house.clock().timestamp())} | said
    header = {"alg": "EdDSA", "kid": str(town.key.actor.id)}
    parts = ".".join(base64url(json.dumps(each).encode()) for each in (header, payload))
    return f"{parts}.{base64url(key.sign(parts.encode('ascii')))}"


@pytest.fixture
def tokens(house: House) -> KeyTokens:
    return KeyTokens(house.office, KeyHolders(house.office, house.refusals), house.refusals)


def test_a_signed_token_says_whose_system_asks(
    house: House, town: Town, tokens: KeyTokens
) -> None:
    assert tokens.caller(token(house, town), ADDRESS) == town.key


@pytest.mark.parametrize(
    "said",
    [
        {"aud": "sandbox.ledger.invalid/log/110000"},
        {"iat": 0},
        {"iat": 4_000_000_000},
        {"iat": "now"},
        {"role": "administrator"},
    ],
)
def test_a_token_is_for_this_ledger_and_for_now(
    house: House, town: Town, tokens: KeyTokens, said: dict[str, Any]
) -> None:
    assert tokens.caller(token(house, town, **said), ADDRESS) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"aud": "sandbox.ledger.invalid/log/110000"}, "submission_is_for_another_ledger"),
        ({"iat": 0}, "submission_is_stale"),
    ],
)
def test_what_a_known_key_is_refused_is_its_own_entry(
    house: House, town: Town, tokens: KeyTokens, said: dict[str, Any], code: str
) -> None:
    """But for a system that goes on and on: beyond so many an hour they are lines."""
    for _ in range(CLAIMS_OF_A_KEY.most + 5):
        assert tokens.caller(token(house, town, **said), ADDRESS) is None
    attempts = [each for each in house.attempts() if each.act == "token.read"]
    assert {(each.by, each.codes) for each in attempts} == {(town.key.actor.text(), (code,))}
    assert len(attempts) == CLAIMS_OF_A_KEY.most


def test_a_token_ends_after_minutes(house: House, town: Town, tokens: KeyTokens) -> None:
    signed = token(house, town)
    house.clock.advance(minutes=5)
    assert tokens.caller(signed, ADDRESS) == town.key
    house.clock.advance(seconds=1)
    assert tokens.caller(signed, ADDRESS) is None


def test_a_forged_token_is_nobodys_and_is_written_down(
    house: House, town: Town, tokens: KeyTokens
) -> None:
    assert tokens.caller(token(house, town, name="stranger"), ADDRESS) is None
    attempt = house.attempts()[-1]
    assert (attempt.act, attempt.codes) == ("token.read", ("signature_is_unproven",))


@pytest.mark.parametrize("text", ["a.b", "a.b.c.d", "..", "a.b.c", "e30.e30."])
def test_what_is_no_token_is_nobodys(tokens: KeyTokens, text: str) -> None:
    assert tokens.caller(text, ADDRESS) is None


def test_a_revoked_key_reads_no_more(house: House, town: Town, tokens: KeyTokens) -> None:
    form = KeyRevocationForm.model_validate({"reason": "密钥外泄。"})
    key = town.key.actor.id
    staffing.revoke_key(house.office, town.entrusted_head, town.entrusted, key, form)
    assert tokens.caller(token(house, town), ADDRESS) is None

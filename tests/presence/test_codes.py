"""Codes of a minute: as RFC 6238 makes them, good a minute early and late, of one place."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from hypothesis import given
from hypothesis import strategies as st

from ledger.application.sign_in_codes import PERIOD_S, Place, SignInCodes

ORIGIN = "ledger.example.gov.cn/log/110000"
CODES = SignInCodes(b"s" * 32, origin=ORIGIN)
HERE = Place(UUID(int=1))
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "want"),
    [(59, b"46119246"), (1111111109, b"68084774"), (20000000000, b"77737706")],
)
def test_the_library_makes_what_the_rfc_says(second: int, want: bytes) -> None:
    """RFC 6238, appendix B, SHA-256, 30 seconds, 8 digits."""
    totp = TOTP(b"12345678901234567890123456789012", 8, SHA256(), 30)
    assert totp.generate(second) == want


@given(st.integers(-5, 5), st.integers(0, PERIOD_S - 1))
def test_a_code_is_good_in_its_minute_and_in_those_beside_it(step: int, second: int) -> None:
    digits = CODES.shown(HERE, NOW).digits
    at = NOW + timedelta(seconds=step * PERIOD_S + second)
    same = CODES.shown(HERE, at).digits == digits
    assert CODES.is_right(HERE, digits, at) is (abs(step) <= 1 or same)


@given(st.integers(0, 10**9))
def test_seconds_left_end_with_the_minute(second: int) -> None:
    at = datetime.fromtimestamp(second, UTC)
    shown = CODES.shown(HERE, at)
    assert 1 <= shown.seconds_left <= PERIOD_S
    last = at + timedelta(seconds=shown.seconds_left - 1)
    assert CODES.shown(HERE, last).digits == shown.digits


def test_each_place_and_each_ledger_has_codes_of_its_own() -> None:
    places = [HERE, Place(UUID(int=2)), Place(UUID(int=1), 1), Place(UUID(int=1), 2)]
    shown = {
        tuple(CODES.shown(each, NOW + timedelta(minutes=m)).digits for m in range(5))
        for each in places
    }
    assert len(shown) == len(places)
    other = SignInCodes(b"s" * 32, origin="other.example/log/1")
    assert [other.shown(HERE, NOW + timedelta(minutes=m)) for m in range(5)] != [
        CODES.shown(HERE, NOW + timedelta(minutes=m)) for m in range(5)
    ]


@given(st.text(max_size=8))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert CODES.is_right(HERE, typed, NOW) is (
        typed in {CODES.shown(HERE, NOW + timedelta(minutes=m)).digits for m in (-1, 0, 1)}
    )

"""Stored passwords: argon2id at RFC 9106's parameters, a salt each, nobody's never verified."""

from argon2 import Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from ledger.store.passwords import Passwords, credential_digest

PASSWORD = "four words that rhyme"
PASSWORDS = Passwords()


def test_the_parameters_are_those_of_rfc_9106() -> None:
    used = extract_parameters(PASSWORDS.hash(PASSWORD))
    assert used == RFC_9106_LOW_MEMORY
    assert (used.type, used.memory_cost, used.time_cost) == (Type.ID, 65_536, 3)


def test_a_password_is_right_or_wrong() -> None:
    encoded = PASSWORDS.hash(PASSWORD)
    assert PASSWORD not in encoded
    assert PASSWORDS.verify(encoded, PASSWORD)
    for wrong in (PASSWORD + " ", PASSWORD.upper(), "", "half \ud800"):
        assert not PASSWORDS.verify(encoded, wrong)


def test_the_same_password_is_stored_otherwise_each_time() -> None:
    one, other = PASSWORDS.hash(PASSWORD), PASSWORDS.hash(PASSWORD)
    assert one != other
    assert credential_digest(one) != credential_digest(other)


def test_nobodys_password_is_right() -> None:
    assert not PASSWORDS.verify(None, PASSWORD)
    assert not PASSWORDS.verify(None, "a password that nobody has")

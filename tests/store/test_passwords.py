"""Stored passwords: argon2id at RFC 9106's parameters, a salt each, nobody's never verified."""

import subprocess
import sys

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
    assert extract_parameters(PASSWORDS._nobodys) == RFC_9106_LOW_MEMORY
    assert not PASSWORDS.verify(None, PASSWORD)
    assert not PASSWORDS.verify(None, "a password that nobody has")


WITHOUT_MEMORY = """
import resource
from pathlib import Path
from ledger.store.passwords import Passwords
passwords = Passwords()
encoded = passwords.hash("four words that rhyme")
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 8 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for act in (passwords.hash, lambda given: passwords.verify(encoded, given)):
    try:
        print(act("four words that rhyme"))
    except MemoryError:
        print("MemoryError")
"""


def test_where_there_is_no_memory_no_password_is_wrong() -> None:
    command = [sys.executable, "-c", WITHOUT_MEMORY]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["MemoryError", "MemoryError"], done.stderr

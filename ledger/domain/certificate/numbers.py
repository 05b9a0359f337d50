"""The number of a certificate 证明编号: 128 bits of chance, in groups that can be checked.

It says nothing of whom it is about (the national number embeds the ID number: not here), and
nobody guesses one. 26 characters of Crockford's alphabet hold the bits, two more check them:
the bits modulo 1021, a prime, so that no wrong character and no two swapped ones pass. It is
written in seven groups of four; read in either case, with O for 0, I and L for 1.
"""

from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_VALUES |= {"O": 0, "I": 1, "L": 1}
_BITS, _BASE = 128, 32
_DATA, _CHECKS, _GROUP = 26, 2, 4
_MODULUS = 1021
_SEPARATORS = str.maketrans("", "", "- \u2010\u2011\u2013\u2014－　")


def certificate_number(certificate: UUID) -> str:
    """Return the number of the certificate with this id."""
    text = _digits(certificate.int, _DATA) + _digits(certificate.int % _MODULUS, _CHECKS)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def read_number(text: str) -> UUID | None:
    """Return the id of the certificate whose number this is; None if it cannot be one."""
    said = text.strip().translate(_SEPARATORS).upper()
    if len(said) != _DATA + _CHECKS or any(each not in _VALUES for each in said):
        return None
    bits, check = _value(said[:_DATA]), _value(said[_DATA:])
    if bits >> _BITS or bits % _MODULUS != check:
        return None
    return UUID(int=bits)


def _digits(value: int, count: int) -> str:
    found = []
    for _ in range(count):
        value, digit = divmod(value, _BASE)
        found.append(ALPHABET[digit])
    return "".join(reversed(found))


def _value(text: str) -> int:
    value = 0
    for each in text:
        value = value * _BASE + _VALUES[each]
    return value

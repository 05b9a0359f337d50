"""What a person signs in with: a name that is hers in every spelling, a password that is long.

Length is what makes a password hard to guess; rules about its signs make it hard to remember,
so there are none (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5, 6.2). The list of the commonest
holds those that are long enough to be chosen here.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from ledger.domain.refusal import Refusal
from ledger.domain.words import check_text

SIGN_IN_NAME_MIN, SIGN_IN_NAME_MAX = 3, 50
PASSWORD_MIN, PASSWORD_MAX = 12, 200
"""Characters (code points, NFC)."""

_LISTED = """
123456789012 1234567890123 12345678901234 123456789123 123456123456 1234567891011
012345678910 123123123123 112233445566 121212121212 111222333444 147258369147
123454321234 987654321098 987654321987 098765432109 520131413145 520520520520
1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u zaq12wsxcde3 qazwsxedcrfv qweasdzxc123
q1w2e3r4t5y6 qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyuiopas asdfghjkl123
asdfghjkl;'\\ zxcvbnm12345 1234qwerasdf qwer1234asdf 1234qwer1234 qwerty123456
123456qwerty qwerty12345678 asdf1234asdf abc123456789 abcd12345678 a12345678910
abcdefghijkl abcdefghijklm abcdefghijklmnopqrstuvwxyz abc123abc123 abcd1234abcd
aa1234567890 a123456789012 woaini123456 woaini1314520 woaini5201314 5201314woaini
woaiwojia123 iloveyou1234 iloveyou12345 iloveyou123456 iloveyou2026 ilovechina123
zhongguo1234 zhongguo123456 beijing123456 beijing20082008
password1234 password12345 password123456 password123! passwordpassword password2026
p@ssw0rd1234 p@ssword1234 passw0rd1234 mypassword123 newpassword1 changeme1234
admin1234567 admin12345678 admin123456789 administrator administrator1 admin@123456
adminadminadmin root12345678 rootrootroot superman1234 letmein12345 welcome12345
welcome123456 trustno11234 monkey123456 dragon123456 sunshine1234 princess1234
football1234 baseball1234 michael12345 computer1234 internet1234 zhiyuanzhe123
zhiyuanfuwu1 zhiyuan123456 volunteer123 volunteer1234 volunteer2026 shequ1234567
woshizhiyuanzhe minzhengju123 correcthorsebatterystaple
"""
_COMMON = frozenset(_LISTED.split())
_REPEATED = re.compile(r"(.{1,4}?)\1*", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def normal_password(password: str) -> str:
    """Return the one form of a password: NFC, whichever keyboard it came from."""
    return unicodedata.normalize("NFC", password)


def name_key(name: str) -> str:
    """Return what sign-in names are compared by: neither case nor width makes another one."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded)


def check_sign_in_name(name: str) -> tuple[Refusal, ...]:
    """Return why a name is none to sign in with; nothing if it is accepted."""
    return check_text(name, "name", min=SIGN_IN_NAME_MIN, max=SIGN_IN_NAME_MAX)


def check_password(password: str, *, name: str, before: str | None = None) -> Iterator[Refusal]:
    """Yield why a password, in its normal form, is refused.

    ``name`` is what she signs in as, ``before`` the password that this one replaces.
    """
    if len(password) < PASSWORD_MIN:
        yield Refusal("password_is_too_short", "password", {"min": PASSWORD_MIN})
    if len(password) > PASSWORD_MAX:
        yield Refusal("password_is_too_long", "password", {"max": PASSWORD_MAX})
        return
    if _SURROGATE.search(password):
        yield Refusal("password_cannot_be_stored", "password")
    key = name_key(password)
    if key == name_key(name):
        yield Refusal("password_is_the_name", "password")
    if key in _COMMON or _is_repetition(key) or _is_run(key):
        yield Refusal("password_is_common", "password")
    if password == before:
        yield Refusal("password_is_the_old_one", "password")


def _is_repetition(key: str) -> bool:
    """Return whether it is a few characters over and over."""
    return len(key) >= PASSWORD_MIN and _REPEATED.fullmatch(key) is not None


def _is_run(key: str) -> bool:
    """Return whether each character follows the one before, up or down, as on a number pad."""
    steps = {ord(after) - ord(before) for before, after in pairwise(key)}
    return bool(steps) and (steps <= {1, -9} or steps <= {-1, 9})

"""Text 文本 in a CSV file that no table program runs or rounds, and the text as it was.

Excel, LibreOffice and WPS take a cell for a formula that begins with `=`, `+`, `-` or `@`, in
full width too, or with a tab or a line break before it; and they keep no more than fifteen
digits of a number. Such a text gets one `'` in front of it, which an import takes off again:

    =1+1                →  '=1+1            '=1+1  →  ''=1+1 (it began with one already)
    110105180001010029  →  '110105180001010029

What begins so and stands in no such danger is left alone. (OWASP, CSV injection; ASVS 1.2.10.)
"""

import re

MARK = "'"
_SIGNS = "-=+@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b"
# Whatever cannot be seen before a sign: which of it a program skips, nobody promises.
_LIVE = re.compile(rf"[\s\x00-\x20\u200b-\u200f\ufeff]*[{_SIGNS}]|[\t\r\n]|\d{{12,}}\Z")


def is_live(text: str) -> bool:
    """Return whether a table program may run a text, or round it."""
    return _LIVE.match(text) is not None


def inert(text: str) -> str:
    """Return a text as it is written into a CSV file."""
    return MARK + text if is_live(text.lstrip(MARK)) else text


def uttered(text: str) -> str:
    """Return the text of which `inert` made this; of a text without a mark, itself."""
    return text[1:] if text.startswith(MARK) and is_live(text.lstrip(MARK)) else text

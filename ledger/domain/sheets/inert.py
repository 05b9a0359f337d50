"""Text 文本 in a CSV file that no table program runs or changes, and the text as it was.

Excel, LibreOffice and WPS take a cell for a formula that begins with `=`, `+`, `-` or `@`, in
full width too, or with a tab or a line break before it. What looks like a number, a fraction or
a day they write anew, with no more than fifteen digits, so that numbers of documents are lost.
Such a text gets one `'` in front of it, which an import takes off again:

    =1+1                →  '=1+1            '=1+1  →  ''=1+1 (it began with one already)
    110105180001010029  →  '110105180001010029
    0012  1E5  3-4  1/2 →  '0012  '1E5  '3-4  '1/2

A whole number of up to eleven digits that begins with no 0, a day as `2026-11-20` and a time as
`08:00` mean the same afterwards, and nothing with three `-` is a number or a day: they are left
alone. (OWASP, CSV injection; ASVS 1.2.10.)
"""

import re

MARK = "'"
_SIGNS = "-=+@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b"
# Whatever cannot be seen before a sign: which of it a program skips, nobody promises.
_RUN = rf"[\s\x00-\x20\u200b-\u200f\ufeff]*[{_SIGNS}]|[\t\r\n]"
_PLAIN = r"(?:0|[1-9][0-9]{0,10}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}:[0-9]{2})\Z"
_COUNTED = rf"(?!{_PLAIN}|[^-]*-[^-]*-[^-]*-)[ .,]*\d[\d .,:/%eE-]*\Z"
_LIVE = re.compile(f"{_RUN}|{_COUNTED}")


def is_live(text: str) -> bool:
    """Return whether a table program may run a text, or write it anew as a number or a day."""
    return _LIVE.match(text) is not None


def inert(text: str) -> str:
    """Return a text as it is written into a CSV file."""
    return MARK + text if is_live(text.lstrip(MARK)) else text


def uttered(text: str) -> str:
    """Return the text of which `inert` made this; of a text without a mark, itself."""
    return text[1:] if text.startswith(MARK) and is_live(text.lstrip(MARK)) else text

r"""Text 文本 in a workbook: what XML cannot hold is `_xHHHH_` (ECMA-376, 22.9.2.19).

    a\x01b   →  a_x0001_b          _x0041_  →  _x005F_x0041_ (or Excel shows an `A`)

A carriage return is written so as well, because XML reads it as a line feed.
"""

import re

_UNHELD = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# Halves of characters are left as they are written: no text may hold one.
_WRITTEN = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)|_x(00[01][0-9A-F]|FFF[EF])_")


def held(text: str) -> str:
    """Return a text as a workbook holds it, without what XML itself escapes."""
    return _UNHELD.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unheld(text: str) -> str:
    """Return the text that a workbook holds so."""
    if "_x" not in text:
        return text
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)) if found[1] else "_", text)

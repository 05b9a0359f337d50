"""Numbers of identity documents in cells, and how to tell that a program has ruined one.

Excel keeps fifteen significant digits of a number. A resident identity number that was typed
into a cell which is not text has lost its last three: they read `000`, and no program can tell
what they were. Such a number is refused with that explanation, never completed.
"""

import re

from ledger.domain.codes import IdType
from ledger.domain.refusal import Refusal
from ledger.domain.resident_id import check_id_number, has_birth_date
from ledger.domain.sheets.cells import Cell, folded, text_of

_RUINED = re.compile(r"\d(?:\.\d+)?E\+?\d+|\d{15}000|\d{12,}\.0+", re.ASCII)
_EXACT_BELOW = 10**15
_NAMES = {
    "身份证": IdType.RESIDENT_ID,
    "居民身份证号码": IdType.RESIDENT_ID,
    "内地居民身份证": IdType.RESIDENT_ID,
    "二代身份证": IdType.RESIDENT_ID,
    "港澳居民居住证": IdType.RESIDENCE_PERMIT,
    "台湾居民居住证": IdType.RESIDENCE_PERMIT,
    "军官证": IdType.OFFICER,
    "士兵证": IdType.SOLDIER,
    "护照": IdType.PASSPORT,
}


def read_id_type(cell: Cell) -> IdType | Refusal:
    """Return the kind of document that a cell names, in Chinese or by its code."""
    text = folded(text_of(cell))
    if text in _NAMES:
        return _NAMES[text]
    for each in IdType:
        if text in (each.value, each.chinese):
            return each
    return Refusal("id_type_is_unknown")


def read_id_number(cell: Cell, id_type: IdType) -> str | Refusal:
    """Return a number as the ledger writes it: half-width, capitals, without blanks."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell >= _EXACT_BELOW:
        return Refusal("id_number_was_ruined")
    text = re.sub(r"[\s']", "", folded(text_of(cell))).upper()
    malformed = check_id_number(id_type, text)
    if malformed is None:
        return text
    if has_birth_date(id_type) and _RUINED.fullmatch(text):
        return Refusal("id_number_was_ruined")
    return malformed

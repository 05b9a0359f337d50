"""The place of a certificate in a status list (IETF Token Status List): spread by chance.

A certificate's id is 128 bits of chance, and its digest says where it goes; where a place is
taken, the next digest does. So a place within a list tells nothing of when a certificate was
issued or how many there are, and a list has the same size from its first day on. Its number
tells roughly when: the next list begins once one is half full. Views that are made anew give
everyone the place that was handed out, provided that they fold what was folded before and
nothing else: an entry that failed then and is folded now may move whoever came after it.
None of this may ever change.
"""

from hashlib import sha256
from itertools import count

from ledger.projections.certificate_views import STATUS_LISTS, STATUS_PLACES
from ledger.projections.rows import Rows

LIST_SIZE = 2**20
"""Places of one list: 256 KiB at two bits each, a few kilobytes once they are compressed."""
TAKEN_MAX = LIST_SIZE // 2
"""So many are taken at most, so that a free place is found soon; then comes the next list."""


def take_place(rows: Rows, certificate: str) -> tuple[int, int]:
    """Return the number of the list, from 1, and the place in it, from 0."""
    number, taken = _list_with_room(rows)
    index = next(
        each
        for each in (_place(certificate, attempt) for attempt in count())
        if rows.get(STATUS_PLACES, (number, each)) is None
    )
    rows.put(STATUS_PLACES, (number, index), {"certificate": certificate}, is_new=True)
    rows.put(STATUS_LISTS, (number,), {"certificates": taken + 1})
    return number, index


def _list_with_room(rows: Rows) -> tuple[int, int]:
    for number in count(1):
        row = rows.get(STATUS_LISTS, (number,))
        taken = 0 if row is None else row["certificates"]
        if isinstance(taken, int) and taken < TAKEN_MAX:
            return number, taken
    raise AssertionError


def _place(certificate: str, attempt: int) -> int:
    digest = sha256(f"{certificate}/{attempt}".encode()).digest()
    return int.from_bytes(digest[:8]) % LIST_SIZE

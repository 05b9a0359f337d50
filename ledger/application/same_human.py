"""One human in two capacities: a volunteer who is staff too, as a sign-in knows her."""

from collections.abc import Callable, Iterator
from uuid import UUID

from ledger.application.streams import sign_in_stream
from ledger.domain.access import SignIn
from ledger.domain.volunteer.state import Volunteer


def staff_of(
    volunteer: UUID, known: Volunteer | None, sign_in: Callable[[UUID], SignIn | None]
) -> UUID | None:
    """Return the staff person who is the same human as a volunteer, if that is known.

    What a registration was merged into, and what it has absorbed, is the same human too.
    ``sign_in`` reads a sign-in by its stream.
    """
    return next(all_staff_of(volunteer, known, sign_in), None)


def all_staff_of(
    volunteer: UUID, known: Volunteer | None, sign_in: Callable[[UUID], SignIn | None]
) -> Iterator[UUID]:
    """Yield every staff person who is the same human: one for each sign-in of hers at most."""
    others = () if known is None else (known.into, *known.absorbed)
    for each in (volunteer, *others):
        found = None if each is None else sign_in(sign_in_stream(each))
        if found is not None and found.staff is not None:
            yield found.staff

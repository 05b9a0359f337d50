"""Importing a file: who may, what it is, whose rows they are; refused whole, or row by row."""

from contextlib import suppress
from typing import BinaryIO

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.importing.batches import Order
from ledger.application.importing.opening import digest_of
from ledger.application.importing.outcomes import Summary
from ledger.application.importing.rows import Outline, Reading, reading_here
from ledger.application.importing.running import (
    IMPORT_ACT,
    Progress,
    Run,
    Tell,
    check_carrier,
)
from ledger.application.importing.tables import UnusableFileError
from ledger.application.office import Office
from ledger.application.states import ACTIVITY, IMPORT, ORGANIZATION, ForeignStreamError
from ledger.application.streams import import_stream
from ledger.domain.acting import check_person
from ledger.domain.event import Act
from ledger.domain.organization.kinds import Role
from ledger.domain.refusal import Refused, refuse
from ledger.domain.sheets.columns import Column


def import_file(  # noqa: PLR0913 - three of them have to be named
    office: Office,
    caller: Caller,
    file: BinaryIO,
    order: Order,
    *,
    tell: Tell,
    progress: Progress = lambda _done, _size: None,
    reading: Reading = reading_here,
) -> Summary:
    """Import a file in the name of the caller's organization; tell what becomes of each row.

    Everything that was told as accepted is durable. ``progress`` is told how many rows are
    read, of how many. ``reading`` says where the file is read.

    Raises:
        ActRefused: None of it is imported, for these reasons; that is in the log.
        As `Desk.perform`; what was told before is done.
    """
    digest = digest_of(file)
    intent = Intent(act=IMPORT_ACT, target=order.activity, digest=digest)
    refused = _may(office, caller, order) or _as_before(office, caller, order, digest)
    if refused is not None:
        office.desk.refuse(caller, intent, refused)
    try:
        with reading(file, digest) as read:
            if isinstance(read, Refused):
                refused = read
            else:
                refused = _check(office, read.outline, order)
                if refused is None:
                    return Run(office, caller, order, read).run(tell, progress)
    except UnusableFileError as error:
        refused = refuse(error.code, None, **error.details)
    office.desk.refuse(caller, intent, refused)
    raise AssertionError


def check_digest(office: Office, caller: Caller, file: BinaryIO, wanted: str | None) -> None:
    """Return if a file is the one that its sender means, or none was named.

    Raises:
        ActRefused: It is another one; that is in the log.
    """
    digest = digest_of(file)
    if wanted is not None and digest != wanted:
        intent = Intent(act=IMPORT_ACT, digest=digest)
        office.desk.refuse(caller, intent, refuse("file_digest_differs", "sha256"))


def _may(office: Office, caller: Caller, order: Order) -> Refused | None:
    """Return why the caller may not import: before it is looked up who is registered."""
    acting = None
    if caller.organization is not None:
        with suppress(ForeignStreamError):
            acting = office.states.get(ORGANIZATION, caller.organization, fresh=True).state
    reasons = check_person(Act(caller.actor, office.desk.now()), acting, Role.RECORDER)
    if reasons:
        return Refused(reasons)
    staff = () if acting is None else acting.staff
    if order.keyed_by in (None, *(each.person for each in staff)):
        return None
    return refuse("person_is_not_of_the_staff", "keyed_by")


def _as_before(office: Office, caller: Caller, order: Order, digest: str) -> Refused | None:
    """Return why this file is imported otherwise than it was begun."""
    if caller.organization is None:
        return None  # it was refused before
    stream = import_stream(caller.organization, digest)
    return check_carrier(office.states.get(IMPORT, stream, fresh=True).state, order)


def _check(office: Office, outline: Outline, order: Order) -> Refused | None:
    """Return why no row is imported: they are too many, or of no activity.

    Nothing would say to which activity they belong.
    """
    if outline.rows > order.rows_max:
        return refuse("file_has_too_many_rows", None, max=order.rows_max)
    if order.activity is None:
        if all(Column.ACTIVITY in each.columns for each in outline.headers):
            return None
        return refuse("activity_is_not_named", Column.ACTIVITY.value)
    with suppress(ForeignStreamError):
        if office.states.get(ACTIVITY, order.activity).state is not None:
            return None
    return refuse("activity_is_missing", Column.ACTIVITY.value)

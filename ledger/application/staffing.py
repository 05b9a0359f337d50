"""By what an organization acts: persons with roles, and the keys of its own system."""

from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.forms.staff import (
    AppointmentForm,
    ContactForm,
    KeyForm,
    KeyRevocationForm,
    ReleaseForm,
)
from ledger.application.office import Office
from ledger.application.organizations import perform


def appoint(
    office: Office,
    caller: Caller,
    organization: UUID,
    form: AppointmentForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Give a person roles; return her id, a fresh one where the form names nobody.

    Raises:
        As `Desk.perform`.
    """
    person = office.desk.random_uuid() if form.person is None else form.person
    intent = Intent(act="staff.appoint", target=organization)
    command = form.command(person)
    return perform(office, caller, intent, command, value=person, expected=expected)


def amend_staff(
    office: Office,
    caller: Caller,
    organization: UUID,
    person: UUID,
    form: ContactForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Say otherwise how a person is called and reached; return her id.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act="staff.amend", target=organization)
    command = form.command(person)
    return perform(office, caller, intent, command, value=person, expected=expected)


def release(
    office: Office,
    caller: Caller,
    organization: UUID,
    person: UUID,
    form: ReleaseForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Take roles from a person; return her id.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act="staff.release", target=organization)
    command = form.command(person)
    return perform(office, caller, intent, command, value=person, expected=expected)


def add_key(
    office: Office,
    caller: Caller,
    organization: UUID,
    form: KeyForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Let a public key sign for an organization; return its fresh id.

    Raises:
        As `Desk.perform`.
    """
    key = office.desk.random_uuid()
    intent = Intent(act="organization_key.add", target=organization)
    return perform(office, caller, intent, form.command(key), value=key, expected=expected)


def revoke_key(
    office: Office,
    caller: Caller,
    organization: UUID,
    key: UUID,
    form: KeyRevocationForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Let a key sign no more; return its id.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act="organization_key.revoke", target=organization)
    return perform(office, caller, intent, form.command(key), value=key, expected=expected)

"""Consents of volunteers: given and withdrawn, and the guardian who speaks for a minor."""

from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.forms.volunteer import (
    ConsentForm,
    ConsentWithdrawalForm,
    GuardianForm,
)
from ledger.application.office import Office
from ledger.application.volunteers import carry_out


def name_guardian(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: GuardianForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Name who speaks for a minor.

    Raises:
        As `volunteers.act_on`.
    """
    intent = Intent(act="guardian.name", target=volunteer)
    return carry_out(office, caller, intent, form.command(), expected=expected)


def give_consent(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: ConsentForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Record a consent; return its id.

    Raises:
        As `volunteers.act_on`.
    """
    consent = office.desk.random_uuid()
    command = form.command(consent)
    intent = Intent(act="consent.give", target=volunteer)
    return carry_out(office, caller, intent, command, thing=consent, expected=expected)


def withdraw_consent(
    office: Office,
    caller: Caller,
    volunteer: UUID,
    form: ConsentWithdrawalForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """End a consent: as easy as giving it (PIPL 15).

    Raises:
        As `volunteers.act_on`.
    """
    intent = Intent(act="consent.withdraw", target=volunteer)
    return carry_out(office, caller, intent, form.command(), expected=expected)

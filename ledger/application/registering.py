"""Registering volunteers: by an organization with their consent, or by themselves, once ever.

A registration and the claim of its ID number are one submission (architecture, 4.3): of two
who register one person at the same moment, the store refuses the second.
"""

from collections.abc import Callable
from uuid import UUID

from ledger.application.callers import Caller, as_volunteer
from ledger.application.desk import ActRefused, Done, Intent
from ledger.application.docket import Docket
from ledger.application.forms.volunteer import RegistrationForm
from ledger.application.office import Office
from ledger.application.states import IDENTITY, VOLUNTEER
from ledger.application.streams import identity_stream
from ledger.application.volunteers import surroundings
from ledger.domain import identity
from ledger.domain.identity import Identity
from ledger.domain.refusal import Refused

REGISTER = "volunteer.register"

Joining = Callable[[Docket, UUID], Refused | None]
"""Adds to a docket what is saved with the registration of a volunteer, or says why not."""


class _RefusedStranger(Exception):
    """Somebody of whom nothing is known is refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self.refused = refused


def register(office: Office, caller: Caller, form: RegistrationForm) -> Done[UUID]:
    """Register a volunteer in the name of an organization, with her consent; return her id.

    Raises:
        As `Desk.perform`.
    """
    volunteer = office.desk.random_uuid()

    def decided(docket: Docket) -> UUID | Refused:
        return register_in(docket, office, caller, form, volunteer)

    intent = Intent(act=REGISTER, target=volunteer)
    return office.desk.perform(caller, intent, decided)


def register_in(
    docket: Docket, office: Office, caller: Caller, form: RegistrationForm, volunteer: UUID
) -> UUID | Refused:
    """Register a volunteer in a docket; return her id."""
    said = form.particulars
    stream = identity_stream(office.index_key, said.id_type, said.id_number)
    claimed = identity.register(
        docket.begin(VOLUNTEER, volunteer),
        form.command(volunteer, stream),
        docket.act,
        surroundings(docket, office, caller),
        docket.begin(IDENTITY, stream) or Identity.of(stream),
    )
    if isinstance(claimed, Refused):
        return claimed
    docket.add(VOLUNTEER, volunteer, claimed.volunteer)
    docket.add(IDENTITY, stream, claimed.after)
    return volunteer


def register_herself(
    office: Office,
    form: RegistrationForm,
    joining: Joining,
    *,
    note: Callable[[Refused], None],
) -> Done[UUID]:
    """Register somebody who comes by herself; return her id.

    ``joining`` adds what is saved with it: her sign-in. Until she is registered nobody knows
    her, so what is refused is no entry, or strangers could fill the log: ``note`` takes it.

    Raises:
        As `Desk.perform`.
    """
    volunteer = office.desk.random_uuid()
    caller = as_volunteer(volunteer)

    def decided(docket: Docket) -> UUID | Refused:
        outcome = register_in(docket, office, caller, form, volunteer)
        if isinstance(outcome, UUID):
            outcome = joining(docket, volunteer) or outcome
        if isinstance(outcome, Refused) and docket.is_fresh:
            raise _RefusedStranger(outcome)
        return outcome

    try:
        return office.desk.perform(caller, Intent(act=REGISTER, target=volunteer), decided)
    except _RefusedStranger as stranger:
        note(stranger.refused)
        raise ActRefused(stranger.refused) from None

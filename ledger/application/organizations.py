"""Organizations: registered with their credit codes, amended, and decided on by who may.

Each act reads the organization, the one in whose name it is done and those that it names from
their streams, and is appended on condition that none of them has moved on.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.organization import (
    AuthorizationForm,
    EntrustmentForm,
    EntrustmentRevocationForm,
    OrganizationAmendmentForm,
    OrganizationForm,
    ReinstatementForm,
    RevocationForm,
    SuccessionForm,
    SuspensionForm,
)
from ledger.application.office import Office
from ledger.application.permission import (
    SUPERVISION,
    acting_in,
    check_authority,
    check_role,
    find,
)
from ledger.application.record_surroundings import book_of
from ledger.application.states import CREDIT_CODE, ORGANIZATION
from ledger.application.streams import credit_code_stream
from ledger.domain.organization import (
    CodeStream,
    Organization,
    Surroundings,
    decide,
    decide_with_code,
)
from ledger.domain.organization.commands import (
    AmendOrganization,
    Command,
    RegisterOrganization,
    SucceedOrganization,
)
from ledger.domain.refusal import Refused, gathered

REGISTER, AMEND = "organization.register", "organization.amend"

StandingForm: TypeAlias = (
    AuthorizationForm | SuspensionForm | ReinstatementForm | RevocationForm | SuccessionForm
)
_STANDING: Mapping[type[StandingForm], str] = {
    AuthorizationForm: "organization.authorize",
    SuspensionForm: "organization.suspend",
    ReinstatementForm: "organization.reinstate",
    RevocationForm: "organization.revoke",
    SuccessionForm: "organization.succeed",
}
"""Form → the act that it asks for."""


def register(office: Office, caller: Caller, form: OrganizationForm) -> Done[UUID]:
    """Register an organization under a fresh id; its credit code is claimed with it.

    Raises:
        As `Desk.perform`.
    """
    organization = office.desk.random_uuid()
    command = form.command(organization)

    def decided(docket: Docket) -> UUID | Refused:
        acting = acting_in(docket, caller)
        refused = check_role(REGISTER, docket.act, acting)
        if refused is not None:
            return refused
        around = Surroundings(acting=acting, named=_named(docket, [command.parent]))
        return add_with_code(office, docket, organization, command, around)

    return office.desk.perform(caller, Intent(act=REGISTER), decided)


def amend(
    office: Office,
    caller: Caller,
    organization: UUID,
    form: OrganizationAmendmentForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Say anew what is said of an organization; another credit code is claimed with it.

    Raises:
        As `Desk.perform`.
    """
    command = form.command()

    def decided(docket: Docket) -> UUID | Refused:
        acting = acting_in(docket, caller)
        refused = check_role(AMEND, docket.act, acting)
        if refused is not None:
            return refused
        around = Surroundings(acting=acting)
        return add_with_code(office, docket, organization, command, around)

    intent = Intent(act=AMEND, target=organization)
    return office.desk.perform(caller, intent, decided, expected=expected)


def change_standing(
    office: Office,
    caller: Caller,
    organization: UUID,
    form: StandingForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Authorize, suspend, reinstate, revoke or succeed an organization, as the form asks.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act=_STANDING[type(form)], target=organization)
    return perform(office, caller, intent, form.command(), expected=expected)


def entrust(
    office: Office,
    caller: Caller,
    organization: UUID,
    form: EntrustmentForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Let an organization record in an area for a time; return the entrustment's fresh id.

    Raises:
        As `Desk.perform`.
    """
    entrustment = office.desk.random_uuid()
    intent = Intent(act="entrustment.grant", target=organization)
    command = form.command(entrustment)
    return perform(office, caller, intent, command, value=entrustment, expected=expected)


def revoke_entrustment(
    office: Office,
    caller: Caller,
    organization: UUID,
    entrustment: UUID,
    form: EntrustmentRevocationForm,
    *,
    expected: Expected | None = None,
) -> Done[UUID]:
    """End an entrustment today; return its id.

    Raises:
        As `Desk.perform`.
    """
    intent = Intent(act="entrustment.revoke", target=organization)
    command = form.command(entrustment)
    return perform(office, caller, intent, command, value=entrustment, expected=expected)


def perform(
    office: Office,
    caller: Caller,
    intent: Intent,
    command: Command,
    *,
    value: UUID | None = None,
    expected: Expected | None = None,
) -> Done[UUID]:
    """Do what is asked of the organization that the intent is about; return ``value`` or it.

    Raises:
        As `Desk.perform`.
    """
    organization = intent.target
    if organization is None:
        raise ValueError("an act on an organization is wanted")

    def decided(docket: Docket) -> UUID | Refused:
        acting = acting_in(docket, caller)
        refused = _check_permission(office, docket, intent.act, acting)
        if refused is not None:
            return refused
        state = docket.read(ORGANIZATION, organization)
        names = command.successors if isinstance(command, SucceedOrganization) else ()
        around = Surroundings(acting=acting, named=_named(docket, names))
        events = decide(state, command, docket.act, around)
        if isinstance(events, Refused):
            return events
        docket.add(ORGANIZATION, organization, events)
        return value or organization

    return office.desk.perform(caller, intent, decided, expected=expected)


def add_with_code(
    office: Office,
    docket: Docket,
    organization: UUID,
    command: RegisterOrganization | AmendOrganization,
    around: Surroundings,
) -> UUID | Refused:
    """Add a registration or an amendment to a docket, with what it means for credit codes."""
    state = docket.read(ORGANIZATION, organization)
    before = None if state is None else state.particulars.credit_code
    codes = {
        code: _code_stream(office, docket, code)
        for code in (before, command.particulars.credit_code)
        if code is not None
    }
    together = decide_with_code(state, command, docket.act, around, codes)
    if isinstance(together, Refused):
        return together
    for stream, events in together.items():
        docket.add(ORGANIZATION if stream == organization else CREDIT_CODE, stream, events)
    return organization


def _check_permission(
    office: Office, docket: Docket, act_name: str, acting: Organization | None
) -> Refused | None:
    supervises = act_name in SUPERVISION
    return gathered(
        check_role(act_name, docket.act, acting),
        check_authority(acting, book_of(docket, office), docket.act) if supervises else None,
    )


def _code_stream(office: Office, docket: Docket, code: str) -> CodeStream:
    stream = credit_code_stream(office.origin, code)
    return CodeStream(id=stream, state=docket.read(CREDIT_CODE, stream))


def _named(docket: Docket, names: Iterable[UUID | None]) -> tuple[Organization, ...]:
    """Return those of the named organizations that there are."""
    found = (find(docket, each) for each in names if each is not None)
    return tuple(each for each in found if each is not None)

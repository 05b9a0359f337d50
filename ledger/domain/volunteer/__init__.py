"""The volunteer 志愿者: who she is, what she consented to, who may speak for her."""

from ledger.domain.volunteer.acting import Surroundings
from ledger.domain.volunteer.commands import (
    AmendVolunteer,
    Command,
    ConfirmVolunteer,
    GiveConsent,
    NameGuardian,
    RegisterVolunteer,
    RequestCorrection,
    WithdrawConsent,
    WithdrawCorrection,
)
from ledger.domain.volunteer.consent import Consent, Consenter, Purpose
from ledger.domain.volunteer.deciding import decide
from ledger.domain.volunteer.events import VolunteerEvent
from ledger.domain.volunteer.evolving import evolve
from ledger.domain.volunteer.guardian import Guardian
from ledger.domain.volunteer.particulars import (
    Availability,
    ConfirmationMethod,
    Fact,
    Particulars,
)
from ledger.domain.volunteer.state import Status, Volunteer, age_on

__all__ = [
    "AmendVolunteer",
    "Availability",
    "Command",
    "ConfirmVolunteer",
    "ConfirmationMethod",
    "Consent",
    "Consenter",
    "Fact",
    "GiveConsent",
    "Guardian",
    "NameGuardian",
    "Particulars",
    "Purpose",
    "RegisterVolunteer",
    "RequestCorrection",
    "Status",
    "Surroundings",
    "Volunteer",
    "VolunteerEvent",
    "WithdrawConsent",
    "WithdrawCorrection",
    "age_on",
    "decide",
    "evolve",
]

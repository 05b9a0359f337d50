"""Activities: what was done, when, where, for whom, under whose lead, and who records it."""

from ledger.domain.activity.commands import (
    AcceptActivityAmendment,
    CancelActivity,
    ChangeActivity,
    Command,
    ProposeActivityAmendment,
    RegisterActivity,
    RejectActivityAmendment,
)
from ledger.domain.activity.deciding import Recorded, Surroundings, decide
from ledger.domain.activity.events import (
    ActivityAmended,
    ActivityAmendmentProposed,
    ActivityAmendmentRejected,
    ActivityCancelled,
    ActivityChanged,
    ActivityEvent,
    ActivityRegistered,
)
from ledger.domain.activity.particulars import Particulars
from ledger.domain.activity.state import Activity, Amendment, Status, evolve

__all__ = [
    "AcceptActivityAmendment",
    "Activity",
    "ActivityAmended",
    "ActivityAmendmentProposed",
    "ActivityAmendmentRejected",
    "ActivityCancelled",
    "ActivityChanged",
    "ActivityEvent",
    "ActivityRegistered",
    "Amendment",
    "CancelActivity",
    "ChangeActivity",
    "Command",
    "Particulars",
    "ProposeActivityAmendment",
    "Recorded",
    "RegisterActivity",
    "RejectActivityAmendment",
    "Status",
    "Surroundings",
    "decide",
    "evolve",
]

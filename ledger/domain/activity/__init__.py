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
from ledger.domain.activity.first_shapes import (
    FirstActivityAmendmentProposed,
    FirstActivityChanged,
    FirstActivityRegistered,
)
from ledger.domain.activity.particulars import Particulars
from ledger.domain.activity.phase import Dates, head_count_on, phase_on
from ledger.domain.activity.places import Coordinates
from ledger.domain.activity.posts import Post, SignPoint
from ledger.domain.activity.project_numbers import (
    ProjectNo,
    ProjectNoClaimed,
    evolve_project_no,
    is_project_no,
    project_no,
)
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
    "Coordinates",
    "Dates",
    "FirstActivityAmendmentProposed",
    "FirstActivityChanged",
    "FirstActivityRegistered",
    "Particulars",
    "Post",
    "ProjectNo",
    "ProjectNoClaimed",
    "ProposeActivityAmendment",
    "Recorded",
    "RegisterActivity",
    "RejectActivityAmendment",
    "SignPoint",
    "Status",
    "Surroundings",
    "decide",
    "evolve",
    "evolve_project_no",
    "head_count_on",
    "is_project_no",
    "phase_on",
    "project_no",
]

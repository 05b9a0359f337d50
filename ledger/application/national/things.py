"""The ledger's things as lines for the national system: one JSON object each.

    {"id": "…", "national": {"albx0463": 5, …}, "ours": {"start": "…", …}, "lost": […]}

``national`` is what has a national field, ``ours`` what has none, under our own names, and
``lost`` what is in neither as it is, each with its field and why. So a line leaves nothing out
in silence.
"""

from dataclasses import fields
from datetime import date
from typing import Any

from ledger.application.exporting.lines import Line, Shown
from ledger.application.national import mapping
from ledger.application.national.rules import Told, Why, tell, told
from ledger.domain.activity import Activity
from ledger.domain.event import Erased
from ledger.domain.organization import Organization
from ledger.domain.record import Service
from ledger.domain.volunteer import Particulars
from ledger.domain.volunteer.state import Volunteer


def volunteer_line(volunteer: Volunteer, shown: Shown) -> dict[str, Any]:
    """Return a volunteer; of whom is not shown in clear, nothing personal."""
    made = told(volunteer, mapping.VOLUNTEER)
    said = volunteer.particulars
    if isinstance(said, Erased) or shown is not Shown.CLEAR:
        why = Why.ERASED if isinstance(said, Erased) else Why.MASKED
        for each in fields(Particulars):
            made.lose(each.name, why)
    else:
        for each in fields(said):
            value, rule = getattr(said, each.name), mapping.PARTICULARS[each.name]
            tell(made, each.name, value, rule)
    if volunteer.guardian is not None and not isinstance(volunteer.guardian, Erased):
        _join(made, told(volunteer.guardian, mapping.GUARDIAN), "guardian")
    return {"id": str(volunteer.id), **made.as_json()}


def organization_line(organization: Organization) -> dict[str, Any]:
    """Return an organization."""
    made = told(organization, mapping.ORGANIZATION)
    said = organization.particulars
    _join(made, told(said, mapping.BODY))
    if said.approving_unit is not None:
        _join(made, told(said.approving_unit, mapping.APPROVING_UNIT), "approving_unit")
    return {"id": str(organization.id), **made.as_json()}


def activity_line(activity: Activity, today: date) -> dict[str, Any]:
    """Return an activity as far as it is on a civil date, with its posts and sign points."""
    made = told(activity, mapping.ACTIVITY)
    tell(made, "phase", activity.phase_on(today), mapping.PHASE)
    said = activity.particulars
    _join(made, told(said, mapping.PLAN))
    if said.coordinates is not None:
        _join(made, told(said.coordinates, mapping.COORDINATES), "coordinates")
    return {
        "id": str(activity.id),
        **made.as_json(),
        "posts": [told(each, mapping.POST).as_json() for each in said.posts],
        "sign_points": [told(each, mapping.SIGN_POINT).as_json() for each in said.sign_points],
    }


def record_line(line: Line) -> dict[str, Any]:
    """Return a record; whom and what it is of, by the ids of the other lines."""
    made = told(line.record, mapping.RECORD)
    _join(made, told(line.record.service, mapping.SERVICE))
    # The service stands in the record as it is by now; of its entry, only what is the entry's.
    service = {each.name for each in fields(Service)}
    for each in fields(line.entry):
        if each.name not in service and each.name not in made.ours:
            value = getattr(line.entry, each.name)
            tell(made, each.name, value, mapping.ENTERED[each.name])
    return {
        "id": str(line.record.id),
        "version": line.version,
        "seq": line.seq,
        **made.as_json(),
    }


def _join(made: Told, part: Told, name: str = "") -> None:
    """Add a part of a thing; what is called alike in both is told apart by ``name``."""
    made.national |= part.national
    prefix = f"{name}." if name else ""
    made.ours |= {f"{prefix}{each}": value for each, value in part.ours.items()}
    made.lost += [{**each, "field": f"{prefix}{each['field']}"} for each in part.lost]

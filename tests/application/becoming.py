"""What may become of a certificate's records and issuer after it was issued."""

from uuid import UUID

from ledger.application import organizations
from ledger.application.forms.organization import SuspensionForm
from ledger.application.forms.record import AmendmentForm, VoidingForm
from tests.application.administering import SUSPENSION
from tests.application.certifying import Bureau
from tests.application.serving import SERVICE

LATER = "2026-12-14 09:00"
"""By then the volunteer had her days to reply."""


def propose(bureau: Bureau, record: UUID, **changes: object) -> UUID:
    """Propose to amend a record; return the amendment's id."""
    said = SERVICE | {"reason": "结束时间填错。", "end": "2026-11-20T13:00+08:00"} | changes
    form = AmendmentForm.model_validate(said)
    town = bureau.session.town
    return bureau.session.reviewing.propose_amendment(town.recorder, record, form).value


def amend(bureau: Bureau, record: UUID, **changes: object) -> None:
    """Amend a record, by two persons: it lasts an hour longer unless something else is said."""
    amendment = propose(bureau, record, **changes)
    bureau.house.clock.set(LATER)
    bureau.session.reviewing.accept(bureau.session.town.reviewer, record, amendment)


def void(bureau: Bureau, record: UUID) -> None:
    """Void a record, by two persons."""
    session, form = bureau.session, VoidingForm.model_validate({"reason": "并未实际服务。"})
    voiding = session.reviewing.propose_voiding(session.town.recorder, record, form).value
    bureau.house.clock.set(LATER)
    session.reviewing.void(session.town.reviewer, record, voiding, "已核实未服务。")


def suspend(bureau: Bureau) -> None:
    """Suspend the issuer."""
    town, form = bureau.session.town, SuspensionForm.model_validate(SUSPENSION)
    organizations.change_standing(bureau.session.office, town.district_head, town.station, form)

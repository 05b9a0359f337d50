"""Every act of administration, on the association or below the district bureau."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from ledger.application import organizations, staffing
from ledger.application.callers import Caller
from ledger.application.desk import ActRefused, Done
from ledger.application.forms.organization import (
    AuthorizationForm,
    EntrustmentForm,
    EntrustmentRevocationForm,
    OrganizationAmendmentForm,
    ReinstatementForm,
    RevocationForm,
    SuccessionForm,
    SuspensionForm,
)
from ledger.application.forms.staff import (
    AppointmentForm,
    ContactForm,
    KeyForm,
    KeyRevocationForm,
    ReleaseForm,
)
from ledger.application.office import Office
from tests.application.town import STREET, Town, public_key, registration, said

REASON = {"reason": "东民社〔2026〕12号"}
SUSPENSION = {"ground": "unlawful_records", "reason": "抽查发现三条记录与实际活动不符。"}


def amendment(**changes: Any) -> OrganizationAmendmentForm:
    """Return what is said of the association anew."""
    body = said("东华门街道社区志愿者协会", 3)
    return OrganizationAmendmentForm.model_validate(
        body | {"effective_on": "2026-11-24", "reason": "更名。"} | changes
    )


def refused(act: Callable[[], object]) -> set[str]:
    """Return why an act is refused."""
    with pytest.raises(ActRefused) as told:
        act()
    return set(told.value.refused.codes)


def _standing(form: Any) -> Callable[[Office, Caller, Town], Done[UUID]]:
    return lambda office, by, town: organizations.change_standing(
        office, by, town.association, form
    )


SUCCESSION = {
    "succession": "merged",
    "effective_on": "2026-11-20",
    "evidence": [{"title": "合并决定书", "sha256": "ab" * 32}],
    "reason": "社区合并。",
}
ENTRUSTMENT = {
    "divisions": [STREET],
    "valid_from": "2026-11-24",
    "valid_to": "2027-11-24",
    "qualification": [{"title": "登记证书", "sha256": "cd" * 32}],
}
RELEASE = {"roles": ["reviewer"], "from_day": "2026-12-01", "reason": "调任。"}
KEY = KeyForm.model_validate({"public_key": public_key("association"), "label": "系统"})

ACTS: dict[str, Callable[[Office, Caller, Town], Done[UUID]]] = {
    "organization.register": lambda office, by, town: organizations.register(
        office, by, registration("station", f"{STREET}008", town.association, said("新站", 700))
    ),
    "organization.amend": lambda office, by, town: organizations.amend(
        office, by, town.association, amendment(name="东华门街道志愿服务协会")
    ),
    "organization.authorize": _standing(AuthorizationForm.model_validate(REASON)),
    "organization.suspend": _standing(SuspensionForm.model_validate(SUSPENSION)),
    "organization.reinstate": _standing(ReinstatementForm.model_validate(REASON)),
    "organization.revoke": _standing(RevocationForm.model_validate(SUSPENSION)),
    "organization.succeed": lambda office, by, town: organizations.change_standing(
        office,
        by,
        town.association,
        SuccessionForm.model_validate(SUCCESSION | {"successors": [str(town.entrusted)]}),
    ),
    "entrustment.grant": lambda office, by, town: organizations.entrust(
        office, by, town.association, EntrustmentForm.model_validate(ENTRUSTMENT)
    ),
    "entrustment.revoke": lambda office, by, town: organizations.revoke_entrustment(
        office,
        by,
        town.entrusted,
        town.entrustment,
        EntrustmentRevocationForm.model_validate(REASON),
    ),
    "organization_key.add": lambda office, by, town: staffing.add_key(
        office, by, town.association, KEY
    ),
    "organization_key.revoke": lambda office, by, town: staffing.revoke_key(
        office, by, town.entrusted, town.key.actor.id, KeyRevocationForm.model_validate(REASON)
    ),
    "staff.appoint": lambda office, by, town: staffing.appoint(
        office,
        by,
        town.association,
        AppointmentForm.model_validate(
            {"roles": ["contact"], "from_day": "2026-12-01", "name": "韦示例"}
        ),
    ),
    "staff.amend": lambda office, by, town: staffing.amend_staff(
        office,
        by,
        town.association,
        town.association_reviewer.actor.id,
        ContactForm.model_validate({"name": "周示例二"}),
    ),
    "staff.release": lambda office, by, town: staffing.release(
        office,
        by,
        town.association,
        town.association_reviewer.actor.id,
        ReleaseForm.model_validate(RELEASE),
    ),
}
"""Act → the act itself, on the association or below the district bureau."""
NOT_NOW = {"organization.authorize", "organization.reinstate"}
"""The association is in force, so that these find nothing to change."""

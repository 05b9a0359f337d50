"""Who was shown a volunteer's particulars, and what for: written down before they are shown.

A staff person sees particulars masked. Whoever needs them in clear says what for, from a closed
list (PIPL 6), and that is part of the log before anything is shown: the volunteer reads it, and
so does the yearly audit of access to minors' information (MNR 36, 37).
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from ledger.domain.codes import Coded
from ledger.domain.event import Happened


class DisclosurePurpose(Coded):
    """What somebody needs particulars in clear for; the list is ours [P]."""

    IDENTITY = "identity", "checking who she is", "核对身份"
    CONTACT = "contact", "getting in touch with her", "联系志愿者"
    CORRECTION = "correction", "correcting her particulars or records", "更正信息"
    CERTIFICATE = "certificate", "issuing a proof that she asked for", "出具证明"
    OWN_REQUEST = "own_request", "helping her to see her own information", "协助本人查询"
    OBJECTION = "objection", "dealing with an objection or a complaint", "处理异议或投诉"
    INSPECTION = "inspection", "inspection by a supervisor", "监督检查"
    EMERGENCY = "emergency", "danger to life or health", "紧急情况"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDisclosed:
    """The actor was shown her particulars in clear, in the name of an organization."""

    TYPE: ClassVar[str] = "profile.disclosed"
    SHAPE: ClassVar[int] = 1

    volunteer: UUID
    purpose: DisclosurePurpose
    on_behalf_of: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosures:
    """How often a volunteer's particulars were shown."""

    volunteer: UUID
    times: int = 0


def evolve(state: Disclosures | None, event: ProfileDisclosed, _: Happened) -> Disclosures:
    """Return the disclosures after one more."""
    times = 0 if state is None else state.times
    return Disclosures(volunteer=event.volunteer, times=times + 1)

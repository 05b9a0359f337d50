"""Consent: what for, by whom, from when until when (PIPL 14, 15, 31; Order 67, Art. 6).

The purposes are ours. What the law orders to be recorded (Order 67, Art. 5) rests on the law,
not on a consent; everything beside it does.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.domain.codes import Coded
from ledger.domain.volunteer.particulars import Fact


class Purpose(Coded):
    """What a consent is given for; at most one consent of each purpose is in force."""

    ENTRY_BY_ORGANIZATION = (
        "entry_by_organization",
        "an organization enters and corrects my particulars",
        "由组织录入和更正本人信息",
    )
    """Order 67, Art. 6: entered by herself, or by an organization with her consent."""
    SERVICE_OF_MINOR = (
        "service_of_minor",
        "my guardian agrees that I am registered and serve",
        "监护人同意未成年人注册并参加服务",
    )
    """PIPL 31 for those under 14; under 18 the practice of Beijing, set by the rule set."""
    OPTIONAL_FACTS = (
        "optional_facts",
        "particulars beyond those that the rules ask for",
        "登记规定之外的个人信息",
    )
    """340号 Art. 6, last sentence; the consent names the facts."""
    PUBLICATION = "publication", "being shown without masking", "不加遮掩地公开"
    """PIPL 25; Order 67, Art. 16."""
    DISCLOSURE = "disclosure", "my records are shown to others", "向他人提供本人记录"
    """Order 67, Art. 16; the consent names the recipients."""
    SIGN_IN_PLACE = "sign_in_place", "the place of signing in", "签到位置"
    """PIPL 28–30: whereabouts are sensitive."""


class Consenter(Coded):
    """Who consents or withdraws: the volunteer herself, or her guardian for her."""

    VOLUNTEER = "volunteer", "the volunteer", "志愿者本人"
    GUARDIAN = "guardian", "the guardian", "监护人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent, in force from ``given_on`` until ``ended_on``; both days count.

    A consent ends when it is withdrawn, or when another one takes its place. The day is the
    finest time that a form on paper tells, so a service of the last day is still covered.
    """

    id: UUID
    purpose: Purpose
    facts: tuple[Fact, ...]
    given_by: Consenter
    given_on: date
    ended_on: date | None

    def covers(self, day: date) -> bool:
        """Return whether this consent was in force on a day."""
        return self.given_on <= day and (self.ended_on is None or day <= self.ended_on)

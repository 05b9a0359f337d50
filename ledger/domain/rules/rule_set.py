"""One dated rule set: every number by which a record is judged, and where it comes from.

Each field says its source: a statute, [C2] a rule known at second hand, [N] practice of the
national system, [P] a choice of ours that binds nobody else. Statutes leave most numbers
open: an internal time limit 内部时限 is never to be shown as a statutory one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.codes import Authority


class Rounding(StrEnum):
    """How minutes become printed hours. No national rule was found: [P]."""

    DOWN = "down"
    HALF_UP = "half_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules in force from a civil date on, until a later set takes their place."""

    number: int
    """Its place among the rule sets, from 1, gap-free."""

    effective_from: date
    """The first civil date that it judges."""

    publicity_working_days: int = 3
    """Working days of publicity before a record counts: [C2] 340号, article not confirmed."""

    late_working_days: int = 10
    """A record entered later after the activity's end is flagged late: Order 67, Art. 11."""

    back_entry_after_working_days: int = 30
    """Entered later than this it is a back entry 补录, with reason and second approval: [P]."""

    service_categories_max: int = 4
    """Categories of one volunteer or activity: [N]."""

    daily_minutes_max: int = 720
    """A record that brings a volunteer's civil day above this is held for approval: [P].

    No national cap was found; local ones differ.
    """

    minutes_per_actor_hour_max: int = 12_000
    """What one actor enters within 60 minutes beyond this is held for approval: [P].

    200 hours of service. The known fraud is an administrator who types in hours in bulk.
    """

    age_min: int = 3
    """Completed years from which one may be a volunteer: [C2] a platform's rule of 2024."""

    guardian_consent_below: int = 18
    """Below this age a guardian consents: [C2] old Beijing rule, status not confirmed."""

    guardian_law_below: int = 14
    """Below this age the guardian's consent is law: PIPL, Art. 31."""

    amendment_reply_working_days: int = 5
    """How long a volunteer may reply to a proposed amendment before it is reviewed: [P]."""

    printed_places: int = 2
    """Decimal places of printed hours: [N]. The unit is the hour (Order 67, Art. 7)."""

    rounding: Rounding = Rounding.DOWN
    """How printed hours are rounded, of a sum and never of its parts: [P].

    Down: nobody is told more than she served.
    """

    unwitnessed_entries_max: int = 10_000
    """Entries beyond the last witnessed checkpoint at which appending stops: [P]."""

    internal_real_name_working_days: int = 5
    """Internal time limit for checking a new volunteer's identity: [N] 1–5."""

    internal_review_working_days: int = 3
    """Internal time limit for reviewing a record whose publicity is over: [P]."""

    internal_objection_working_days: int = 5
    """Internal time limit for deciding an objection: [P]; statutes say 及时, without delay."""

    internal_correction_working_days: int = 5
    """Internal time limit for deciding a correction: [P]; Order 67, Art. 13 says 及时."""

    internal_certificate_working_days: int = 3
    """Internal time limit for issuing a certificate: [P]; Order 67, Art. 14 has no number."""

    internal_complaint_working_days: int = 5
    """Internal time limit for the first reply to a complaint: [P]; 条例 Art. 26 says 及时."""

    certificate_publicity_days: int = 7
    """Calendar days for which an issued certificate is publicized: [C2] 149号.

    Whether calendar or working days are meant is not confirmed.
    """

    star_hours: tuple[int, ...] = (100, 300, 600, 1000, 1500)
    """Hours from which one may apply for star 1, 2 …: [C2] 340号; quality counts as well."""

    retention_years_min: int = 10
    """Years for which records are kept at least: GB/T 40143-2021, 5.2.2."""

    supervisors: tuple[Authority, ...] = (Authority.CIVIL_AFFAIRS, Authority.SOCIAL_WORK)
    """Departments whose persons may supervise: Order 67, Art. 20–25; OP24 for the second."""

    def printed_hours(self, minutes: int) -> str:
        """Return minutes as decimal hours, without a float.

        Raises:
            ValueError: The minutes are negative: a programmer's mistake.
        """
        if minutes < 0:
            raise ValueError("0 minutes or more are wanted")
        unit = 10**self.printed_places
        half = 30 if self.rounding is Rounding.HALF_UP else 0
        whole, rest = divmod((minutes * unit + half) // 60, unit)
        return f"{whole}.{rest:0{self.printed_places}}" if self.printed_places else f"{whole}"

    def is_late(self, working_days: int) -> bool:
        """Return whether an entry so many working days after the end is late."""
        return working_days > self.late_working_days

    def is_back_entry(self, working_days: int) -> bool:
        """Return whether an entry so many working days after the end is a back entry."""
        return working_days > self.back_entry_after_working_days

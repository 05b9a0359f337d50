"""Statistics as they are read: of an organization, and of all that are at home in a division.

What each measure counts is said in `ledger.projections.tallying`; only records that are
confirmed count as service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.divisions_reading import check_overseen
from ledger.application.office import Office
from ledger.application.organization_reading import read_organization
from ledger.application.reading import deny, may_read_of
from ledger.domain.divisions import area_prefix
from ledger.projections.tallying import MEASURES
from ledger.store.view_statistics import Asked

READ = "statistics.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Which months, `YYYY-MM`, both of them included, and as of which size of the log."""

    first_month: str = "0000-00"
    last_month: str = "9999-99"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Month → measure → count, months ascending; a month without any count is left out."""

    months: Mapping[str, Mapping[str, int]]
    size: int
    is_rebuilding: bool

    def total(self) -> Mapping[str, int]:
        """Return each measure of all months together."""
        return {
            measure: sum(counts[measure] for counts in self.months.values())
            for measure in MEASURES
        }


def organization_statistics(
    office: Office, caller: Caller, organization: UUID, period: Period
) -> Statistics:
    """Return the statistics of an organization, for itself and for those above it.

    Raises:
        HiddenError: There is none, or the caller's organization does not answer for it.
        As `States.get`.
    """
    read_organization(office, organization)
    if not may_read_of(office, caller, organization):
        deny(office, caller, READ, organization)
    return _statistics(office, period, organization=str(organization))


def division_statistics(
    office: Office, caller: Caller, division: str, period: Period
) -> Statistics:
    """Return the statistics of all organizations at home in a division.

    Those of the city are everybody's, of volunteers who registered themselves as well.

    Raises:
        As `check_overseen`.
    """
    check_overseen(office, caller, division, READ)
    return _statistics(office, period, division=area_prefix(division) or None)


def _statistics(
    office: Office,
    period: Period,
    *,
    organization: str | None = None,
    division: str | None = None,
) -> Statistics:
    asked = Asked(
        organization=organization,
        division=division,
        first_month=period.first_month,
        last_month=period.last_month,
        size=period.size,
    )
    found = office.views.statistics(asked)
    months: dict[str, dict[str, int]] = {}
    for (_, month, measure), amount in sorted(found.value.items()):
        counts = months.setdefault(month, dict.fromkeys(MEASURES, 0))
        counts[measure] = counts.get(measure, 0) + amount
    ascending = {month: months[month] for month in sorted(months)}
    return Statistics(ascending, found.size, found.is_rebuilding)

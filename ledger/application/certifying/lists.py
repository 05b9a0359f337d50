"""Lists of certificates: a volunteer's own, an organization's, and those in publicity.

All of them come from the views, page by page, and say as of which size of the log they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.certifying.status import Status
from ledger.application.desk import ActRefused
from ledger.application.office import Office
from ledger.application.reading import deny, is_own, may_read_of
from ledger.application.record_lists import Paging
from ledger.application.states import VOLUNTEER
from ledger.domain.civil_time import civil_date
from ledger.domain.divisions import area_prefix
from ledger.domain.organization.kinds import Status as Standing
from ledger.domain.refusal import refuse
from ledger.projections.certificate_views import CERTIFICATES
from ledger.projections.views import ORGANIZATIONS
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page

LIST = "certificate.list"
_STOPPED = (Standing.SUSPENDED, Standing.REVOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFilter:
    """Which certificates are listed; who names nothing gets her own, or her organization's."""

    issuer: UUID | None = None
    volunteer: UUID | None = None
    stage: str | None = None


def list_certificates(
    office: Office, caller: Caller, wanted: CertificateFilter, paging: Paging
) -> AsOf[Page]:
    """Return certificates and requests, the newest first.

    A volunteer's are those of registrations that were merged into hers as well.

    Raises:
        HiddenError: The caller may not see what she names; the attempt is written down.
    """
    equal: dict[str, Any] = {}
    among: dict[str, Sequence[str]] = {}
    if caller.organization is None:
        hers = _hers(office, caller, wanted)
        if len(hers) == 1:
            equal["volunteer"] = hers[0]
        else:
            among["volunteer"] = hers
    else:
        issuer = wanted.issuer or caller.organization
        if not may_read_of(office, caller, issuer):
            deny(office, caller, LIST, issuer)
        equal["issuer"] = str(issuer)
        if wanted.volunteer is not None:
            equal["volunteer"] = str(wanted.volunteer)
    if wanted.stage is not None:
        equal["stage"] = wanted.stage
    query = Query(
        equal=equal,
        among=among,
        order=("requested_at",),
        descending=True,
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(CERTIFICATES, query)


def list_in_publicity(
    office: Office, *, issuer: UUID | None, division: str | None, paging: Paging
) -> AsOf[Page]:
    """Return the certificates in publicity, of an issuer or of those at home in an area.

    Everybody who is signed in may look, until the last day has passed. Nobody asks as of a
    size of her own: by that she would find the entry of each, and whose credential it is.
    ``paging.size`` is that of the page before.

    Raises:
        ActRefused: Both are named.
    """
    if issuer is not None and division is not None:
        raise ActRefused(refuse("division_beside_organization", "division"))
    equal: dict[str, Any] = {"stage": "issued"}
    prefix = {}
    if issuer is not None:
        equal["issuer"] = str(issuer)
    elif division is not None:
        prefix["division"] = area_prefix(division)
    today = civil_date(office.desk.now()).isoformat()
    query = Query(
        equal=equal,
        prefix=prefix,
        between={"closes_on": (today, None)},
        # Some days of all are fewer than an area's of all years.
        order=("closes_on",),
        after=paging.after,
        limit=paging.limit,
        size=paging.size,
    )
    return office.views.page(CERTIFICATES, query)


def statuses(office: Office, found: AsOf[Page]) -> Mapping[str, Status]:
    """Return how each certificate of a page stood as of the size of the page, by id."""
    rows = found.value.rows
    valid = {row["issuer"] for row in rows if row["standing"] == Status.VALID}
    query = Query(
        among={"organization": sorted(valid)}, limit=max(len(valid), 1), size=found.size
    )
    issuers = office.views.page(ORGANIZATIONS, query).value.rows if valid else ()
    stopped = {each["organization"] for each in issuers if each["status"] in _STOPPED}
    return {
        row["certificate"]: Status.ISSUER_SUSPENDED
        if row["standing"] == Status.VALID and row["issuer"] in stopped
        else Status(row["standing"])
        for row in rows
    }


def _hers(office: Office, caller: Caller, wanted: CertificateFilter) -> Sequence[str]:
    volunteer = wanted.volunteer or caller.actor.id
    if wanted.issuer is not None or not is_own(office, caller, volunteer):
        deny(office, caller, LIST, wanted.issuer or volunteer)
    if wanted.volunteer is not None:
        return [str(volunteer)]
    herself = office.states.get(VOLUNTEER, volunteer, fresh=True).state
    absorbed = () if herself is None else herself.absorbed
    return [str(each) for each in (volunteer, *absorbed)]

"""Lists of certificates over HTTP: one's own, an organization's, those in publicity."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from ledger.api.v1.bodies import StrictRoute
from ledger.api.v1.documented import REFUSALS
from ledger.api.v1.list_routes import Division
from ledger.api.v1.pages import AsOf, CursorText, Limit, Listing, Paged
from ledger.api.v1.signed_in import Sessions, calling
from ledger.application.callers import Caller
from ledger.application.certifying.lists import (
    CertificateFilter,
    list_certificates,
    list_in_publicity,
    statuses,
)
from ledger.application.certifying.status import Status
from ledger.application.office import Office
from ledger.application.record_lists import Paging, masked_names
from ledger.domain.certificate import Stage, certificate_number


class CertificateRow(BaseModel):
    """A certificate, or the request for one, in a list 证明."""

    id: UUID
    number: str = Field(description="证明编号")
    volunteer: UUID
    issuer: UUID
    mode: str
    language: str
    stage: Stage
    status: Status = Field(description="What became of it 当前状态")
    changed: int = Field(description="Records of it that were changed since 已变更记录数")
    requested_by: str
    requested_at: str
    handler: UUID | None
    replaces: UUID | None
    declined: str | None
    issued_on: str | None
    minutes: int | None
    hours: str | None
    closes_on: str | None = Field(description="Last day of its publicity 公示截止日")
    since: int = Field(description="The entry by which it is so 依据的条目")


class PublicCertificateRow(BaseModel):
    """A certificate as everybody sees it 证明公示: the holder masked, no number, no entry.

    A credential that withholds its holder tells its entry, by which she could be found here.
    """

    volunteer: str = Field(description="志愿者(已脱敏)", examples=["王*"])
    issuer: UUID
    division: str
    mode: str
    hours: str
    issued_on: str
    closes_on: str = Field(description="Last day of its publicity 公示截止日")


def certificate_lists(office: Office, sessions: Sessions) -> APIRouter:
    """Return the routes of lists of certificates; they come before those of one."""
    router = APIRouter(
        prefix="/api/v1/certificates",
        tags=["certificates 证明"],
        route_class=StrictRoute,
        responses=REFUSALS,
    )
    who = calling(office, sessions)
    _own_list(router, office, who)
    _publicity(router, office, who)
    return router


def _filter(
    organization: UUID | None = None,
    volunteer: UUID | None = None,
    stage: Stage | None = None,
) -> CertificateFilter:
    named = None if stage is None else str(stage)
    return CertificateFilter(issuer=organization, volunteer=volunteer, stage=named)


def _own_list(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("")
    def certificates(
        caller: Annotated[Caller, Depends(who)],
        wanted: Annotated[CertificateFilter, Depends(_filter)],
        limit: Limit = 50,
        cursor: CursorText = None,
        as_of: AsOf = None,
    ) -> Paged[CertificateRow]:
        """List certificates and requests, newest first: one's own, or an issuer's 证明列表."""
        asked = {name: getattr(wanted, name) for name in CertificateFilter.__slots__}
        listing = Listing(office.index_key, caller, "certificates", **asked)
        place = listing.place(cursor, as_of)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        found = list_certificates(office, caller, wanted, paging)
        status_of = statuses(office, found)
        return listing.page(found, lambda row: _row(row, status_of))


def _publicity(router: APIRouter, office: Office, who: Callable[..., Caller]) -> None:
    @router.get("/publicity")
    def certificates_in_publicity(
        caller: Annotated[Caller, Depends(who)],
        organization: UUID | None = None,
        division: Division = None,
        limit: Limit = 50,
        cursor: CursorText = None,
    ) -> Paged[PublicCertificateRow]:
        """List the certificates in publicity, the whole ledger's or a part's 证明公示列表."""
        asked = {"organization": organization, "division": division}
        listing = Listing(office.index_key, caller, "certificate publicity", **asked)
        place = listing.place(cursor, None)
        paging = Paging(after=place.after, limit=limit, size=place.size)
        found = list_in_publicity(office, issuer=organization, division=division, paging=paging)
        names = masked_names(office, found.value.rows)
        return listing.page(found, lambda row: _public_row(row, names))


def _row(row: Mapping[str, Any], status_of: Mapping[str, Status]) -> CertificateRow:
    return CertificateRow(
        id=row["certificate"],
        number=certificate_number(UUID(row["certificate"])),
        status=status_of[row["certificate"]],
        **{name: row[name] for name in CertificateRow.model_fields if name in row},
    )


def _public_row(row: Mapping[str, Any], names: Mapping[str, str]) -> PublicCertificateRow:
    said = {name: row[name] for name in PublicCertificateRow.model_fields if name in row}
    return PublicCertificateRow(**said | {"volunteer": names[row["volunteer"]]})

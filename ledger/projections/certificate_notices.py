"""Notices about certificates: what became of one, and what waits for who signs."""

from collections.abc import Iterator, Mapping

from ledger.projections.certificate_views import CERTIFICATES, SIGNERS
from ledger.projections.certificates import in_force_of, leaving, owners_of, standing
from ledger.projections.notice_kinds import Notice, NoticeKind, Tell, To
from ledger.projections.organizations import held_on
from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.view import Values
from ledger.projections.views import STAFF


def changed(entry: Taken, rows: Rows, about: Values) -> Iterator[Notice]:
    """Yield that a record under certificates was amended or voided, the newest first."""
    for certificate, row in reversed(list(standing(rows, entry.stream))):
        said: Values = {**about, "certificate": certificate}
        yield Notice(NoticeKind.CERTIFICATE_CHANGED, said, (To(str(row["volunteer"])),))


def _requested(entry: Taken, rows: Rows) -> Iterator[Notice]:
    """Tell the handlers; what she prints herself waits for nobody."""
    facts = entry.facts
    if facts["mode"] != "self_printed":
        about: Values = {"certificate": entry.stream, "volunteer": facts["volunteer"]}
        to = _signers(entry, rows, facts["issuer"], "handler")
        yield Notice(NoticeKind.CERTIFICATE_REQUESTED, about, to)


def _accepted(entry: Taken, rows: Rows) -> Iterator[Notice]:
    row = rows.get(CERTIFICATES, (entry.stream,))
    if row is not None:
        to = _signers(entry, rows, str(row["issuer"]), "responsible")
        yield Notice(NoticeKind.CERTIFICATE_ACCEPTED, _of(entry, row), to)


def _declined(entry: Taken, rows: Rows) -> Iterator[Notice]:
    """Tell her, and, where she withdrew, who had accepted it."""
    row = rows.get(CERTIFICATES, (entry.stream,))
    if row is not None:
        to = [To(str(row["volunteer"]))]
        if row["handler"] is not None:
            to.append(To(str(row["handler"]), str(row["issuer"])))
        yield Notice(NoticeKind.CERTIFICATE_DECLINED, _of(entry, row), to)


def _to_holder(kind: NoticeKind, about: str | None = None) -> Tell:
    def tell(entry: Taken, rows: Rows) -> Iterator[Notice]:
        row = rows.get(CERTIFICATES, (entry.stream,))
        if row is not None:
            said = None if about is None else entry.facts[about]
            to = (To(str(row["volunteer"])),)
            yield Notice(kind, {**_of(entry, row), "about": said}, to)

    return tell


def _parted(entry: Taken, rows: Rows) -> Iterator[Notice]:
    """Tell whoever has certificates of records that count for somebody else from now on."""
    facts = entry.facts
    records = [str(each["record"]) for each in facts["credits"]]
    owners = owners_of(rows, facts["volunteer"])
    for record, certificate, row in leaving(rows, records, owners):
        holder = str(row["volunteer"])
        about: Values = {"certificate": certificate, "record": record, "volunteer": holder}
        yield Notice(NoticeKind.CERTIFICATE_CHANGED, about, (To(holder),))


def _of_issuer(kind: NoticeKind) -> Tell:
    """Tell every holder of a certificate in force; it costs a row of each, in one entry."""

    def tell(entry: Taken, rows: Rows) -> Iterator[Notice]:
        for certificate, row in in_force_of(rows, entry.stream):
            about: Values = {"certificate": certificate, "volunteer": row["volunteer"]}
            yield Notice(kind, about, (To(str(row["volunteer"])),))

    return tell


def _of(entry: Taken, row: Values) -> Values:
    return {"certificate": entry.stream, "volunteer": row["volunteer"]}


def _signers(entry: Taken, rows: Rows, issuer: str, role: str) -> Iterator[To]:
    """Yield who has a role of an issuer on the day of an entry."""
    known = rows.get(SIGNERS, (issuer, role))
    for person in str(known["persons"]).split() if known is not None else ():
        row = rows.get(STAFF, (issuer, person, role))
        if row is not None and held_on(str(row["terms"]), entry.day):
            yield To(person, issuer)


TELLS: Mapping[str, Tell] = {
    "certificate.requested": _requested,
    "certificate.accepted": _accepted,
    "certificate.issued": _to_holder(NoticeKind.CERTIFICATE_ISSUED),
    "certificate.declined": _declined,
    "certificate.superseded": _to_holder(NoticeKind.CERTIFICATE_SUPERSEDED, "by_certificate"),
    "certificate.revoked": _to_holder(NoticeKind.CERTIFICATE_REVOKED),
    "organization.suspended": _of_issuer(NoticeKind.CERTIFICATE_ISSUER_SUSPENDED),
    "organization.revoked": _of_issuer(NoticeKind.CERTIFICATE_ISSUER_SUSPENDED),
    "organization.reinstated": _of_issuer(NoticeKind.CERTIFICATE_ISSUER_REINSTATED),
    "account.restored": _parted,
}
"""Type → whom an entry of it concerns."""

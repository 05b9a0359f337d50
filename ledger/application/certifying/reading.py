"""A certificate as its reader sees it: its holder in full, others masked; and its status."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.certifying.status import Told, status_of
from ledger.application.masking import mask_name, mask_number
from ledger.application.office import Office
from ledger.application.reading import HiddenError, deny, is_own, may_read_of
from ledger.application.states import CERTIFICATE
from ledger.domain.certificate import Certificate, Face, certificate_number
from ledger.domain.event import Erased
from ledger.domain.stored import Value
from ledger.projections.history import spelled

READ = "certificate.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateShown:
    """A certificate as of ``version`` of its stream, whose last entry is ``seq``."""

    id: UUID
    version: int
    seq: int
    state: Certificate
    facts: Mapping[str, Any]
    told: Told


def read_certificate(office: Office, caller: Caller, certificate: UUID) -> CertificateShown:
    """Return a certificate, for its holder and for whose organization answers for its issuer.

    Raises:
        HiddenError: There is none, or the caller may not see it.
        As `States.get`.
    """
    known = office.states.at(CERTIFICATE, certificate, size=None)
    state = known.state
    if state is None:
        raise HiddenError
    is_hers = is_own(office, caller, state.volunteer)
    if not is_hers and not may_read_of(office, caller, state.issuer):
        deny(office, caller, READ, certificate)
    return CertificateShown(
        id=certificate,
        version=known.version,
        seq=known.seq,
        state=state,
        facts=_facts(state, in_clear=is_hers),
        told=status_of(office, state),
    )


def _facts(state: Certificate, *, in_clear: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "number": certificate_number(state.id),
        "stage": str(state.stage),
        "volunteer": str(state.volunteer),
        "issuer": str(state.issuer),
        "mode": str(state.mode),
        "language": str(state.language),
        "from_day": spelled(state.from_day),
        "to_day": spelled(state.to_day),
        "with_open": state.with_open,
        "replaces": spelled(state.replaces),
        "requested_by": state.requested_by.text(),
        "handler": spelled(state.handler),
        "declined": spelled(state.declined),
        "face": None,
    }
    if state.issued is not None:
        face = {each.name: spelled(getattr(state.issued, each.name)) for each in fields(Face)}
        facts["face"] = face if in_clear else face | _masked(state.issued)
    return facts


def _masked(face: Face) -> dict[str, Value]:
    """Return what identifies the holder as somebody sees it who need not know it."""
    masked: dict[str, Value] = {}
    for name, mask in _MASKS.items():
        value = getattr(face, name)
        if isinstance(value, str) and not isinstance(value, Erased):
            masked[name] = mask(value)
    return masked


_MASKS = {
    "holder_name": mask_name,
    "id_number": mask_number,
    "volunteer_number": mask_number,
}

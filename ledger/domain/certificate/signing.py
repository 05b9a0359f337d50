"""Who signs a certificate: handler 经办人 and responsible person 负责人, two named persons."""

from collections.abc import Iterator
from uuid import UUID

from ledger.domain.acting import check_person
from ledger.domain.certificate.basis import Surroundings
from ledger.domain.certificate.codes import IssueMode
from ledger.domain.certificate.state import Certificate
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, Erased
from ledger.domain.organization.kinds import Role
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, refuse


def check_signs(act: Act, around: Surroundings, role: Role) -> Iterator[Refusal]:
    """Yield why the actor does not sign in this role for the issuer."""
    yield from check_person(act, around.acting, role)
    yield from check_is_issuer(around)
    if act.by.id in around.holder_as_staff:
        yield Refusal("signer_is_holder")


def check_is_issuer(around: Surroundings) -> Iterator[Refusal]:
    """Yield why it is not the issuer in whose name the actor acts."""
    if around.acting is not None and around.acting.id != around.issuer.id:
        yield Refusal("organization_is_not_issuer")


def signing(
    state: Certificate, act: Act, around: Surroundings
) -> tuple[tuple[UUID, str], tuple[UUID, str]] | Refused:
    """Return the responsible person and the handler, with their names."""
    issuer = around.issuer
    if state.mode is IssueMode.SEALED and state.handler is not None:
        if not _may_handle(state.handler, act, around):
            return refuse("handler_is_none_any_more")
        responsible, handler = act.by.id, state.handler
    else:
        pair = next(_pairs(act, around), None)
        if pair is None:
            return refuse("issuer_has_no_signers", "issuer")
        responsible, handler = pair
    names = _name(issuer, responsible), _name(issuer, handler)
    if names[0] is None or names[1] is None:
        return refuse("signer_has_no_name")
    return (responsible, names[0]), (handler, names[1])


def _may_handle(person: UUID, act: Act, around: Surroundings) -> bool:
    """Return whether who accepted a request is a handler still, and not the holder."""
    is_handler = around.issuer.has_role(person, Role.HANDLER, civil_date(act.now))
    return is_handler and person not in around.holder_as_staff


def _pairs(act: Act, around: Surroundings) -> Iterator[tuple[UUID, UUID]]:
    """Yield who may answer for what the holder prints: two persons, neither of them herself."""
    today, issuer = civil_date(act.now), around.issuer
    for responsible in issuer.persons(Role.RESPONSIBLE, today):
        for handler in issuer.persons(Role.HANDLER, today):
            if responsible != handler and not {responsible, handler} & around.holder_as_staff:
                yield responsible, handler


def _name(issuer: Organization, person: UUID) -> str | None:
    member = issuer.member(person)
    return None if member is None or isinstance(member.name, Erased) else member.name

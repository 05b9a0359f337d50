"""Deciding about a certificate: an organization certifies its own records, by two persons.

谁记录谁证明, 谁证明谁负责 (149号): the issuer is in force and has recorded what it certifies,
or lawfully succeeds who did. The handler 经办人 accepts, the responsible person 负责人 issues:
two persons, neither of them the holder. What a volunteer prints herself (Order 67, Art. 14)
names both as those who answer for it, and neither signs.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from ledger.domain.acting import check_answers_for, check_person
from ledger.domain.certificate.basis import Surroundings, check_basis
from ledger.domain.certificate.codes import DeclineGround, IssueMode, Stage
from ledger.domain.certificate.commands import (
    AcceptRequest,
    Command,
    DeclineRequest,
    IssueCertificate,
    RequestCertificate,
    RevokeCertificate,
)
from ledger.domain.certificate.events import (
    CertificateAccepted,
    CertificateDeclined,
    CertificateEvent,
    CertificateIssued,
    CertificateRequested,
    CertificateRevoked,
    CertificateSuperseded,
)
from ledger.domain.certificate.face import TEMPLATE, decimal_hours, total_minutes
from ledger.domain.certificate.numbers import certificate_number
from ledger.domain.certificate.signing import check_is_issuer, check_signs, signing
from ledger.domain.certificate.state import Certificate
from ledger.domain.civil_time import civil_date
from ledger.domain.event import Act, ActorKind
from ledger.domain.organization.kinds import Role, Status
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.volunteer.particulars import Particulars

OPEN = frozenset({Stage.REQUESTED, Stage.ACCEPTED})


def decide(
    state: Certificate | None, command: Command, act: Act, around: Surroundings
) -> tuple[CertificateEvent, ...] | Refused:
    """Return what a command leads to in the certificate's stream, or every reason against."""
    if isinstance(command, RequestCertificate):
        return _request(state, command, act, around)
    if state is None:
        return refuse("certificate_is_missing")
    match command:
        case AcceptRequest():
            return _accept(state, act, around)
        case DeclineRequest():
            return _decline(state, command, act, around)
        case IssueCertificate():
            return _issue(state, act, around)
        case RevokeCertificate():
            return _revoke(state, command, act, around)


def supersede(
    replaced: Certificate, by: UUID, issuer: UUID
) -> tuple[CertificateSuperseded, ...] | Refused:
    """Return what becomes of a certificate in whose place another one is issued."""
    if replaced.stage is not Stage.ISSUED:
        return refuse("certificate_is_not_issued", "replaces")
    return (
        CertificateSuperseded(certificate=replaced.id, by_certificate=by, on_behalf_of=issuer),
    )


def _request(
    state: Certificate | None, command: RequestCertificate, act: Act, around: Surroundings
) -> tuple[CertificateEvent, ...] | Refused:
    if state is not None:
        return refuse("certificate_is_known", "certificate")
    # Who may not ask is told nothing of whom she asks about.
    refused = gathered(check_asks(command, act, around.acting)) or gathered(
        around.volunteer.check_standing(),
        _check_confirmed(around),
        around.issuer.check_standing({Status.AUTHORIZED}),
        _check_period(command, civil_date(act.now)),
        _check_replaced(command, around),
    )
    return refused or (
        CertificateRequested(
            certificate=command.certificate,
            volunteer=command.volunteer,
            issuer=command.issuer,
            mode=command.mode,
            language=command.language,
            from_day=command.from_day,
            to_day=command.to_day,
            with_open=command.with_open,
            replaces=command.replaces,
            on_behalf_of=_on_behalf_of(act, around),
        ),
    )


def _accept(
    state: Certificate, act: Act, around: Surroundings
) -> tuple[CertificateEvent, ...] | Refused:
    refused = gathered(
        _check_stage(state, Stage.REQUESTED),
        check_signs(act, around, Role.HANDLER),
        _check_sealed(state),
    )
    return refused or (
        CertificateAccepted(
            certificate=state.id, handler=act.by.id, on_behalf_of=around.issuer.id
        ),
    )


def _decline(
    state: Certificate, command: DeclineRequest, act: Act, around: Surroundings
) -> tuple[CertificateEvent, ...] | Refused:
    refused = gathered(
        () if state.stage in OPEN else (Refusal("certificate_is_not_requested"),),
        _check_declines(command, act, around),
    )
    return refused or (
        CertificateDeclined(
            certificate=state.id, ground=command.ground, on_behalf_of=_on_behalf_of(act, around)
        ),
    )


def _issue(
    state: Certificate, act: Act, around: Surroundings
) -> tuple[CertificateEvent, ...] | Refused:
    said = around.volunteer.present()
    if isinstance(said, Refused):
        return said
    refused = gathered(may_issue(state, act, around), check_basis(state, around))
    if refused is not None:
        return refused
    names = signing(state, act, around)
    return names if isinstance(names, Refused) else (_face(state, act, around, said, names),)


def may_issue(state: Certificate, act: Act, around: Surroundings) -> Refused | None:
    """Return why the actor does not issue this certificate, whatever it would rest on."""
    return gathered(
        _check_issues(state, act, around),
        around.volunteer.check_standing(),
        _check_confirmed(around),
        around.issuer.check_standing({Status.AUTHORIZED}),
    )


def _face(
    state: Certificate,
    act: Act,
    around: Surroundings,
    said: Particulars,
    names: tuple[tuple[UUID, str], tuple[UUID, str]],
) -> CertificateIssued:
    (responsible, responsible_name), (handler, handler_name) = names
    today, basis, issuer = civil_date(act.now), around.basis, around.issuer
    rules = around.book.on(today)
    minutes = total_minutes(basis.lines)
    return CertificateIssued(
        certificate=state.id,
        number=certificate_number(state.id),
        template=TEMPLATE,
        language=state.language,
        mode=state.mode,
        volunteer=state.volunteer,
        holder_name=said.name,
        id_type=said.id_type,
        id_number=said.id_number,
        volunteer_number=said.volunteer_number,
        issuer_name=issuer.name_on(today),
        issuer_credit_code=issuer.particulars.credit_code,
        issuer_telephone=issuer.particulars.telephone,
        predecessors=basis.predecessors,
        responsible=responsible,
        responsible_name=responsible_name,
        handler=handler,
        handler_name=handler_name,
        issued_on=today,
        from_day=state.from_day,
        to_day=state.to_day,
        minutes=minutes,
        hours=decimal_hours(minutes),
        lines=basis.lines,
        open_lines=basis.open_lines if state.with_open else (),
        records=tuple(line.record for line in basis.lines),
        joined=basis.joined,
        publicity_opens_on=today,
        publicity_closes_on=today + timedelta(days=rules.certificate_publicity_days),
        rules=rules.number,
        verified_size=basis.size,
        verified_root=basis.root,
        on_behalf_of=issuer.id,
    )


def _revoke(
    state: Certificate, command: RevokeCertificate, act: Act, around: Surroundings
) -> tuple[CertificateEvent, ...] | Refused:
    acting = around.acting
    refused = gathered(
        () if state.stage is Stage.ISSUED else (Refusal("certificate_is_not_issued"),),
        check_person(act, acting, Role.RESPONSIBLE, Role.SUPERVISOR),
        check_answers_for(acting, around.issuer),
    )
    if refused is not None or acting is None:
        return refused or refuse("acting_organization_is_missing")
    return (
        CertificateRevoked(certificate=state.id, ground=command.ground, on_behalf_of=acting.id),
    )


def check_asks(
    command: RequestCertificate, act: Act, acting: Organization | None
) -> Iterator[Refusal]:
    """Yield why the actor may not ask: neither the volunteer nor a handler of the issuer.

    What is printed by oneself, a handler does not ask for.
    """
    if act.by.kind is ActorKind.VOLUNTEER:
        if act.by.id != command.volunteer:
            yield Refusal("actor_is_not_the_volunteer")
        return
    yield from check_person(act, acting, Role.HANDLER)
    if acting is not None and acting.id != command.issuer:
        yield Refusal("organization_is_not_issuer")
    if command.mode is IssueMode.SELF_PRINTED:
        yield Refusal("actor_is_not_the_volunteer", "mode")


def _check_confirmed(around: Surroundings) -> Iterator[Refusal]:
    # 慈善法, Art. 66: volunteers are registered by their real names.
    if not around.volunteer.is_confirmed:
        yield Refusal("volunteer_is_not_confirmed", "volunteer")


def _check_period(command: RequestCertificate, today: date) -> Iterator[Refusal]:
    first, last = command.from_day, command.to_day
    if first is not None and last is not None and last < first:
        yield Refusal("period_ends_before_start", "to_day")
    for name, day in (("from_day", first), ("to_day", last)):
        if day is not None and day > today:
            yield Refusal("day_is_in_the_future", name)


def _check_replaced(command: RequestCertificate, around: Surroundings) -> Iterator[Refusal]:
    if command.replaces is None:
        return
    found = around.replaced
    if found is None or (found.volunteer, found.issuer) != (command.volunteer, command.issuer):
        yield Refusal("certificate_is_missing", "replaces")
    elif found.stage is not Stage.ISSUED:
        yield Refusal("certificate_is_not_issued", "replaces")


def _check_stage(state: Certificate, wanted: Stage) -> Iterator[Refusal]:
    if state.stage is not wanted:
        yield Refusal(
            "certificate_is_not_requested"
            if wanted is Stage.REQUESTED
            else "certificate_is_not_accepted"
        )


def _check_sealed(state: Certificate) -> Iterator[Refusal]:
    if state.mode is not IssueMode.SEALED:
        yield Refusal("certificate_is_self_printed")


def _check_declines(
    command: DeclineRequest, act: Act, around: Surroundings
) -> Iterator[Refusal]:
    if act.by.kind is ActorKind.VOLUNTEER:
        if act.by.id != around.volunteer.id:
            yield Refusal("actor_is_not_the_volunteer")
        elif command.ground is not DeclineGround.WITHDRAWN:
            yield Refusal("volunteer_only_withdraws", "ground")
        return
    yield from check_person(act, around.acting, Role.HANDLER, Role.RESPONSIBLE)
    yield from check_is_issuer(around)


def _check_issues(state: Certificate, act: Act, around: Surroundings) -> Iterator[Refusal]:
    if state.mode is IssueMode.SELF_PRINTED:
        yield from _check_stage(state, Stage.REQUESTED)
        if act.by.kind is not ActorKind.VOLUNTEER or act.by.id != state.volunteer:
            yield Refusal("actor_is_not_the_volunteer")
        return
    yield from _check_stage(state, Stage.ACCEPTED)
    yield from check_signs(act, around, Role.RESPONSIBLE)
    if act.by.id == state.handler:
        yield Refusal("signer_is_handler")


def _on_behalf_of(act: Act, around: Surroundings) -> UUID | None:
    if act.by.kind is ActorKind.VOLUNTEER or around.acting is None:
        return None
    return around.acting.id

"""Certificates: asked for, accepted, issued, declined, taken back (149号; Order 67, Art. 14).

    asked for ─► handler 经办人 accepts ─► responsible person 负责人 issues ─► publicity
        └ self-printed: issued at once, to the volunteer herself

Whoever issues has every entry read again and found under a witnessed checkpoint; what does not
hold is refused with the finding, and that is an entry too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.certifying.basis import Gathering
from ledger.application.desk import Done, Expected, Intent
from ledger.application.docket import Docket
from ledger.application.forms.certificate import (
    CertificateRequestForm,
    DeclineForm,
    RevocationForm,
)
from ledger.application.office import Office
from ledger.application.permission import acting_in
from ledger.application.record_surroundings import book_of
from ledger.application.same_human import all_staff_of
from ledger.application.states import CERTIFICATE, ORGANIZATION, SIGN_IN, VOLUNTEER
from ledger.certificates.printed import printed, site_of
from ledger.certificates.typesetting import Typesetter
from ledger.certificates.vouching import NotWitnessedYet, Vouching
from ledger.domain.certificate import (
    AcceptRequest,
    Basis,
    Certificate,
    Command,
    IssueCertificate,
    IssueMode,
    Surroundings,
    check_asks,
    decide,
    may_issue,
    supersede,
)
from ledger.domain.refusal import Refused, gathered, refuse
from ledger.proof.errors import MalformedError, ProofError
from ledger.store.event import StreamDamagedError

REQUEST, ACCEPT, ISSUE, DECLINE, REVOKE = (
    "certificate.request",
    "certificate.accept",
    "certificate.issue",
    "certificate.decline",
    "certificate.revoke",
)


@dataclass(frozen=True, slots=True)
class Certifying:
    """Certificates of one ledger, from any thread. ``number`` draws 128 bits of chance.

    ``typesetter`` says beforehand whether a face can be printed.
    """

    office: Office
    vouching: Vouching
    number: Callable[[], UUID]
    typesetter: Typesetter

    def request(self, caller: Caller, form: CertificateRequestForm) -> Done[UUID]:
        """Ask for a certificate; a volunteer who prints her own has it at once.

        Returns:
            Its id, whose number is `certificate_number`.

        Raises:
            As `Desk.perform`.
        """
        certificate = self.number()

        def decided(docket: Docket) -> UUID | Refused:
            volunteer = form.volunteer or (None if caller.organization else caller.volunteer)
            if volunteer is None:
                return refuse("volunteer_is_not_named", "volunteer")
            command = form.command(certificate, volunteer)
            acting = acting_in(docket, caller)
            around = gathered(check_asks(command, docket.act, acting)) or self._around(
                docket, caller, volunteer=volunteer, issuer=form.issuer, replaces=form.replaces
            )
            if isinstance(around, Refused):
                return around
            docket.begin(CERTIFICATE, certificate)
            refused = self._decided(docket, certificate, command, around)
            if refused is None and form.mode is IssueMode.SELF_PRINTED:
                refused = self._issued(docket, certificate, around)
            return refused or certificate

        return self.office.desk.perform(caller, Intent(act=REQUEST), decided)

    def accept(
        self, caller: Caller, certificate: UUID, *, expected: Expected | None = None
    ) -> Done[UUID]:
        """Accept a request, as its handler.

        Raises:
            As `Desk.perform`.
        """
        return self._act(caller, ACCEPT, certificate, AcceptRequest(), expected)

    def decline(
        self,
        caller: Caller,
        certificate: UUID,
        form: DeclineForm,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Issue nothing on a request; the volunteer may withdraw it.

        Raises:
            As `Desk.perform`.
        """
        return self._act(caller, DECLINE, certificate, form.command(), expected)

    def revoke(
        self,
        caller: Caller,
        certificate: UUID,
        form: RevocationForm,
        *,
        expected: Expected | None = None,
    ) -> Done[UUID]:
        """Take a certificate back.

        Raises:
            As `Desk.perform`.
        """
        return self._act(caller, REVOKE, certificate, form.command(), expected)

    def issue(
        self, caller: Caller, certificate: UUID, *, expected: Expected | None = None
    ) -> Done[UUID]:
        """Issue what was accepted, as the responsible person.

        Raises:
            As `Desk.perform`.
        """

        def decided(docket: Docket) -> UUID | Refused:
            around = self._around_known(docket, caller, certificate)
            if isinstance(around, Refused):
                return around
            return self._issued(docket, certificate, around) or certificate

        intent = Intent(act=ISSUE, target=certificate)
        return self.office.desk.perform(caller, intent, decided, expected=expected)

    def _act(
        self,
        caller: Caller,
        act: str,
        certificate: UUID,
        command: Command,
        expected: Expected | None,
    ) -> Done[UUID]:
        def decided(docket: Docket) -> UUID | Refused:
            around = self._around_known(docket, caller, certificate)
            if isinstance(around, Refused):
                return around
            return self._decided(docket, certificate, command, around) or certificate

        intent = Intent(act=act, target=certificate)
        return self.office.desk.perform(caller, intent, decided, expected=expected)

    def _decided(
        self, docket: Docket, certificate: UUID, command: Command, around: Surroundings
    ) -> Refused | None:
        state = docket.read(CERTIFICATE, certificate)
        events = decide(state, command, docket.act, around)
        if isinstance(events, Refused):
            return events
        docket.add(CERTIFICATE, certificate, events)
        return None

    def _issued(
        self, docket: Docket, certificate: UUID, around: Surroundings
    ) -> Refused | None:
        """Issue in a docket, once all that it rests on was found in the log."""
        state = docket.read(CERTIFICATE, certificate)
        if state is None:
            return refuse("certificate_is_missing")
        # Who may not is told so before anything is read for her.
        refused = may_issue(state, docket.act, around)
        basis = refused or self._basis(docket, state, around)
        if isinstance(basis, Refused):
            return basis
        command = IssueCertificate()
        refused = self._decided(docket, certificate, command, replace(around, basis=basis))
        refused = refused or self._unprintable(docket, certificate)
        if refused is None and around.replaced is not None:
            return self._superseded(docket, around.replaced, certificate, around.issuer.id)
        return refused

    def _unprintable(self, docket: Docket, certificate: UUID) -> Refused | None:
        """Return why what was just decided could never be handed out."""
        state = docket.read(CERTIFICATE, certificate)
        if state is None or state.issued is None:
            raise LookupError("it was issued in this docket")
        face = printed(state.issued, site=site_of(self.office.origin))
        if self.typesetter.has_glyphs(face.texts):
            return None
        return refuse("certificate_cannot_be_printed")

    def _basis(
        self, docket: Docket, state: Certificate, around: Surroundings
    ) -> Basis | Refused:
        """Return what it rests on, proved; or what was found wrong with it."""
        gathering = Gathering(self.office, self.vouching, docket)
        try:
            return gathering.basis(state, around.issuer, around.volunteer)
        except NotWitnessedYet as error:
            return refuse("records_are_not_witnessed_yet", None, size=error.size)
        except (ProofError, MalformedError, StreamDamagedError) as error:
            return refuse("records_are_not_proved", None, finding=_finding(error))

    def _superseded(
        self, docket: Docket, replaced: Certificate, by: UUID, issuer: UUID
    ) -> Refused | None:
        events = supersede(replaced, by, issuer)
        if isinstance(events, Refused):
            return events
        docket.add(CERTIFICATE, replaced.id, events)
        return None

    def _around_known(
        self, docket: Docket, caller: Caller, certificate: UUID
    ) -> Surroundings | Refused:
        state = docket.find(CERTIFICATE, certificate)
        if state is None:
            return refuse("certificate_is_missing")
        return self._around(
            docket,
            caller,
            volunteer=state.volunteer,
            issuer=state.issuer,
            replaces=state.replaces,
        )

    def _around(
        self,
        docket: Docket,
        caller: Caller,
        *,
        volunteer: UUID,
        issuer: UUID,
        replaces: UUID | None,
    ) -> Surroundings | Refused:
        held = docket.find(ORGANIZATION, issuer)
        if held is None:
            return refuse("organization_is_missing", "issuer")
        holder = docket.find(VOLUNTEER, volunteer)
        if holder is None:
            return refuse("volunteer_is_unknown", "volunteer")
        return Surroundings(
            book=book_of(docket, self.office),
            volunteer=holder,
            issuer=held,
            acting=acting_in(docket, caller),
            holder_as_staff=frozenset(
                all_staff_of(holder.id, holder, lambda stream: docket.read(SIGN_IN, stream))
            ),
            replaced=None if replaces is None else docket.find(CERTIFICATE, replaces),
        )


def _finding(error: ProofError | MalformedError | StreamDamagedError) -> str:
    """Return what was found wrong, without anything of a person."""
    if isinstance(error, StreamDamagedError):
        return f"seq {error.seq}"
    return error.step if isinstance(error, ProofError) else error.what

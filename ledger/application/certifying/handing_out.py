"""Handing a certificate out: its PDF with the proofs inside, or the proof of its face alone.

To the volunteer herself, and to who issues for her: that the latter saw her particulars in
clear is written down first.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Never
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.disclosing import disclose
from ledger.application.forms.volunteer import DisclosureForm
from ledger.application.office import Office
from ledger.application.proving import prove_events
from ledger.application.reading import HiddenError, deny, is_own, may_read_of
from ledger.application.states import CERTIFICATE, ORGANIZATION, fold
from ledger.audit.source import LogSource
from ledger.certificates.attached import attachments, bundled
from ledger.certificates.printed import printed, site_of
from ledger.certificates.signatures import CannotSign, Hindrance, Issuer, PdfSigning
from ledger.certificates.typesetting import Typesetter, UnprintableError
from ledger.domain.certificate import Certificate, CertificateIssued, IssueMode, Stage
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.event import Erased
from ledger.domain.refusal import Refused, refuse
from ledger.domain.stored import slots_of
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.merkle import Subtree
from ledger.proof.note import parse_note
from ledger.proof.tlog_proof import TlogProof

HAND_OUT = "certificate.hand_out"
_OPERATOR = logging.getLogger("uvicorn.error")
Subtrees = Callable[[], AbstractContextManager[Callable[[int], Subtree]]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A face that can be handed out: its entry, and a note that covers it."""

    face: CertificateIssued
    seq: int
    note: bytes


@dataclass(frozen=True, slots=True)
class HandingOut:
    """Hands out certificates of one ledger, from any thread.

    ``checkpoint`` is the newest note that meets the witness policy, None if there is none.
    ``signing`` signs what is sealed; without it, no PDF is signed.
    """

    office: Office
    source: LogSource
    subtrees: Subtrees
    checkpoint: Callable[[], bytes | None]
    typesetter: Typesetter
    signing: PdfSigning | None = None

    def pdf(self, caller: Caller, certificate: UUID) -> bytes:
        """Return the certificate as a PDF, with the proofs of its face and its records.

        It is signed by its issuer, anew each time, where there is a key of the issuer's, as
        long as both are in force.

        Raises:
            HiddenError: There is none, or it is not the caller's to see.
            ActRefused: It is not issued, not witnessed yet, erased, or cannot be printed or
                signed.
            ProofError: What is stored does not add up; audit the log.
        """
        ready = self.ready(caller, certificate)
        face = ready.face
        if isinstance(face.lines, Erased):
            raise TypeError("a face that is there as a whole has its lines")
        rests_on = {each for line in face.lines for each in line.entries}
        entries = sorted(rests_on | set(face.joined))
        first, *others = self.shown(caller, ready, [ready.seq, *entries])
        try:
            attached = attachments(first.encode(), bundled(others))
            paper = printed(face, site=site_of(self.office.origin))
            made = self.typesetter.typeset(paper, attached)
        except UnprintableError:
            # Which character it is, is part of what somebody is called.
            refused = refuse("certificate_cannot_be_printed")
            self.refuse(caller, certificate, refused)
        return self._signed(caller, face, made)

    def _signed(self, caller: Caller, face: CertificateIssued, made: bytes) -> bytes:
        """Return the PDF signed; what she prints herself says that nobody signed it.

        What is in force no more is not signed anew: a fresh stamp would say that it was then.
        """
        if self.signing is None or face.mode is IssueMode.SELF_PRINTED:
            return made
        if not self._is_in_force(face):
            return made
        issuer = Issuer(face.on_behalf_of, face.issuer_name, face.issuer_credit_code)
        try:
            return self.signing.sign(made, issuer)
        except CannotSign as error:
            is_away = error.hindrance is Hindrance.AWAY
            code = "certificate_cannot_be_signed_now" if is_away else "signing_key_is_unfit"
            _OPERATOR.warning("certificate not signed: %s", error)
            return self.refuse(caller, face.certificate, refuse(code))

    def _is_in_force(self, face: CertificateIssued) -> bool:
        """Return whether neither the certificate was taken back nor its issuer halted."""
        states = self.office.states
        certificate = states.get(CERTIFICATE, face.certificate, fresh=True).state
        issuer = states.get(ORGANIZATION, face.on_behalf_of, fresh=True).state
        is_issued = certificate is not None and certificate.stage is Stage.ISSUED
        return is_issued and issuer is not None and issuer.is_in_force

    def proof(self, caller: Caller, certificate: UUID) -> bytes:
        """Return the proof of its face, as the content of a `.tlog-proof` file.

        Raises:
            As `pdf`.
        """
        ready = self.ready(caller, certificate)
        (proof,) = self.shown(caller, ready, [ready.seq])
        return proof.encode()

    def ready(self, caller: Caller, certificate: UUID) -> Ready:
        """Return a certificate that can be handed out; nothing is disclosed yet.

        Raises:
            As `pdf`.
        """
        office = self.office
        events = office.states.events(CERTIFICATE, certificate)
        state = fold(CERTIFICATE, events).state
        if state is None:
            raise HiddenError
        self._check_reader(caller, state)
        for each in events:
            if isinstance(each.event, CertificateIssued):
                if _is_erased(each.event):
                    self.refuse(caller, certificate, refuse("certificate_is_erased"))
                note = self._note(caller, certificate, each.seq)
                return Ready(each.event, each.seq, note)
        return self.refuse(caller, certificate, refuse("certificate_is_not_issued"))

    def shown(self, caller: Caller, ready: Ready, seqs: Sequence[int]) -> Sequence[TlogProof]:
        """Return proofs, the first one with all facts of a face, the others with plain ones.

        That her particulars are shown to somebody else is written down before.

        Raises:
            As `pdf`.
        """
        volunteer = ready.face.volunteer
        if not is_own(self.office, caller, volunteer):
            form = DisclosureForm(purpose=DisclosurePurpose.CERTIFICATE)
            disclose(self.office, caller, volunteer, form)
        return self._proofs(ready.note, seqs)

    def _check_reader(self, caller: Caller, state: Certificate) -> None:
        office = self.office
        if is_own(office, caller, state.volunteer):
            return
        if not may_read_of(office, caller, state.issuer):
            deny(office, caller, HAND_OUT, state.id)

    def _note(self, caller: Caller, certificate: UUID, seq: int) -> bytes:
        """Return the newest note; it covers the face, and so all that came before it."""
        note = self.checkpoint()
        size = 0 if note is None else parse_checkpoint(parse_note(note).text).size
        if note is None or seq >= size:
            refused = refuse("records_are_not_witnessed_yet", None, size=size)
            return self.refuse(caller, certificate, refused)
        return note

    def _proofs(self, note: bytes, seqs: Sequence[int]) -> Sequence[TlogProof]:
        first, *others = seqs
        asked: dict[int, Collection[str] | None] = {
            first: [*slots_of(CertificateIssued), *STANDARD_FACTS],
            **dict.fromkeys(others),
        }
        with self.subtrees() as subtree:
            return prove_events(self.source, subtree, note=note, asked=asked)

    def refuse(self, caller: Caller, certificate: UUID, refused: Refused) -> Never:
        """Refuse to hand a certificate out; that is written down.

        Raises:
            ActRefused: Always.
        """
        self.office.desk.refuse(caller, Intent(act=HAND_OUT, target=certificate), refused)
        raise AssertionError


def _is_erased(face: CertificateIssued) -> bool:
    """Return whether somebody whom it names, the holder or who signed, was erased."""
    return any(isinstance(getattr(face, name), Erased) for name in slots_of(CertificateIssued))

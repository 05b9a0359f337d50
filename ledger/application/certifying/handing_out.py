"""Handing a certificate out: its PDF with the proofs inside, or the proof of its face alone.

To the volunteer herself, and to who issues for her: that the latter saw her particulars in
clear is written down first.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Never
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.disclosing import disclose
from ledger.application.forms.volunteer import DisclosureForm
from ledger.application.office import Office
from ledger.application.proving import prove_event
from ledger.application.reading import HiddenError, deny, is_own, may_read_of
from ledger.application.states import CERTIFICATE, fold
from ledger.audit.source import LogSource
from ledger.certificates.attached import attachments, bundled
from ledger.certificates.printed import printed, site_of
from ledger.certificates.typesetting import Typesetter, UnprintableError
from ledger.domain.certificate import Certificate, CertificateIssued
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
Subtrees = Callable[[], AbstractContextManager[Callable[[int], Subtree]]]


@dataclass(frozen=True, slots=True)
class HandingOut:
    """Hands out certificates of one ledger, from any thread.

    ``checkpoint`` is the newest note that meets the witness policy, None if there is none.
    """

    office: Office
    source: LogSource
    subtrees: Subtrees
    checkpoint: Callable[[], bytes | None]
    typesetter: Typesetter

    def pdf(self, caller: Caller, certificate: UUID) -> bytes:
        """Return the certificate as a PDF, with the proofs of its face and its records.

        Raises:
            HiddenError: There is none, or it is not the caller's to see.
            ActRefused: It is not issued, not witnessed yet, erased, or cannot be printed.
            ProofError: What is stored does not add up; audit the log.
        """
        face, seq = self._issued(caller, certificate)
        if isinstance(face.lines, Erased):
            raise TypeError("a face that is there as a whole has its lines")
        rests_on = {each for line in face.lines for each in line.entries}
        entries = sorted(rests_on | set(face.joined))
        first, *others = self._proofs(caller, certificate, [seq, *entries])
        try:
            attached = attachments(first.encode(), bundled(others))
            paper = printed(face, site=site_of(self.office.origin))
            return self.typesetter.typeset(paper, attached)
        except UnprintableError:
            # Which character it is, is part of what somebody is called.
            refused = refuse("certificate_cannot_be_printed")
            return self._refuse(caller, certificate, refused)

    def proof(self, caller: Caller, certificate: UUID) -> bytes:
        """Return the proof of its face, as the content of a `.tlog-proof` file.

        Raises:
            As `pdf`.
        """
        return self.proven(caller, certificate).encode()

    def proven(self, caller: Caller, certificate: UUID) -> TlogProof:
        """Return the proof of its face, with all facts.

        Raises:
            As `pdf`.
        """
        _, seq = self._issued(caller, certificate)
        (proof,) = self._proofs(caller, certificate, [seq])
        return proof

    def _issued(self, caller: Caller, certificate: UUID) -> tuple[CertificateIssued, int]:
        office = self.office
        events = office.states.events(CERTIFICATE, certificate)
        state = fold(CERTIFICATE, events).state
        if state is None:
            raise HiddenError
        self._check_reader(caller, state)
        for each in events:
            if isinstance(each.event, CertificateIssued):
                if _is_erased(each.event):
                    self._refuse(caller, certificate, refuse("certificate_is_erased"))
                return each.event, each.seq
        return self._refuse(caller, certificate, refuse("certificate_is_not_issued"))

    def _check_reader(self, caller: Caller, state: Certificate) -> None:
        office = self.office
        if is_own(office, caller, state.volunteer):
            return
        if not may_read_of(office, caller, state.issuer):
            deny(office, caller, HAND_OUT, state.id)
        purpose = DisclosurePurpose.CERTIFICATE
        disclose(office, caller, state.volunteer, DisclosureForm(purpose=purpose))

    def _proofs(
        self, caller: Caller, certificate: UUID, seqs: Sequence[int]
    ) -> Sequence[TlogProof]:
        """Return proofs, the first one with all facts of a face, the others with plain ones."""
        note = self.checkpoint()
        if note is None:
            refused = refuse("records_are_not_witnessed_yet", None, size=0)
            return self._refuse(caller, certificate, refused)
        size = parse_checkpoint(parse_note(note).text).size
        if max(seqs) >= size:
            refused = refuse("records_are_not_witnessed_yet", None, size=size)
            return self._refuse(caller, certificate, refused)
        return list(self._proved(note, seqs))

    def _proved(self, note: bytes, seqs: Sequence[int]) -> Iterator[TlogProof]:
        shown = [*slots_of(CertificateIssued), *STANDARD_FACTS]
        with self.subtrees() as subtree:
            for place, seq in enumerate(seqs):
                yield prove_event(
                    self.source,
                    subtree,
                    note=note,
                    seq=seq,
                    names=shown if place == 0 else None,
                )

    def _refuse(self, caller: Caller, certificate: UUID, refused: Refused) -> Never:
        self.office.desk.refuse(caller, Intent(act=HAND_OUT, target=certificate), refused)
        raise AssertionError


def _is_erased(face: CertificateIssued) -> bool:
    """Return whether somebody whom it names, the holder or who signed, was erased."""
    return any(isinstance(getattr(face, name), Erased) for name in slots_of(CertificateIssued))

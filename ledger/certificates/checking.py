"""A certificate checked offline: what was proved, what was not, and one verdict.

    PDF ─► attached proofs ─► facts ─► typeset again ─► the very bytes of the PDF?
                 └► every record's entries ─► lines say what they say, nothing lacks

Only the trust policy is believed. What a certificate became later, amended records or a
revocation, no file can say: that is asked of the ledger, as of a day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.certificates.attached import FACE, RECORDS, BundleError, attachments, unbundled
from ledger.certificates.face_checking import contradictions
from ledger.certificates.pdf_reading import ReadPdf, UnreadablePdfError, read_pdf
from ledger.certificates.printed import ErasedFaceError, printed
from ledger.certificates.proof_checking import CheckedProof, UnknownShapeError, check_proof
from ledger.certificates.record_checking import line_follows, owners_of
from ledger.certificates.signatures import SignatureTrust
from ledger.certificates.tail_reading import TailError, read_update
from ledger.certificates.typesetting import Typesetter, UnprintableError
from ledger.certificates.verdicts import Answer, Report, Step
from ledger.domain.certificate import CertificateIssued
from ledger.domain.event import Erased, Event
from ledger.domain.stored import StoredEventError, decode_event, slots_of
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.policy import Policy
from ledger.proof.shapes import Shapes

__all__ = ["PDF", "TLOG_PROOF", "Answer", "Checker", "Report", "Step"]

TLOG_PROOF = b"c2sp.org/tlog-proof@"
PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks files against a policy; ``site_of`` is where a log's certificates are checked.

    ``trust`` has the authorities that signatures are checked against; without it, of a
    signature it is told what it says, and that nobody here vouches for it.
    """

    policy: Policy
    shapes: Shapes
    typesetter: Typesetter
    site_of: Callable[[str], str]
    trust: SignatureTrust | None = None

    def check(self, content: bytes) -> Report:
        """Return what a file proves: a certificate's PDF, or a `.tlog-proof`."""
        report = Report()
        if content.startswith(TLOG_PROOF):
            self._check_proof(report, content)
        elif content.startswith(PDF):
            self._check_pdf(report, content)
        else:
            report.add("verify_is_no_certificate", Answer.UNKNOWN)
        return report

    def _check_proof(self, report: Report, content: bytes) -> None:
        """Check a proof by itself: of a certificate's whole face, or of any entry."""
        checked = self.proved(report, content)
        if checked is None:
            return
        if not checked.is_whole or checked.facts["type"] != CertificateIssued.TYPE:
            report.unproved.append(Step("verify_is_no_whole_certificate", Answer.UNKNOWN))
        elif self.face_of(report, checked) is not None:
            report.unproved.append(Step("verify_records_are_not_here", Answer.UNKNOWN))

    def _check_pdf(self, report: Report, content: bytes) -> None:
        try:
            read = read_pdf(content)
        except UnreadablePdfError as error:
            report.add("verify_pdf_is_unreadable", Answer.NO, detail=error.detail)
            return
        if FACE not in read.attached:
            report.add("verify_pdf_has_no_proof", Answer.NO)
            return
        checked = self.proved(report, read.attached[FACE])
        if checked is None:
            return
        face = self.face_of(report, checked)
        if face is None:
            return
        self._check_records(report, face, read.attached.get(RECORDS, b""), checked)
        self._check_paper(report, face, read, checked.entry.log)

    def proved(self, report: Report, data: bytes) -> CheckedProof | None:
        """Return a proof that holds, or None; the report says which."""
        try:
            checked = check_proof(data, self.policy, self.shapes)
        except UnknownShapeError as error:
            report.add("verify_shape_is_unknown", Answer.UNKNOWN, detail=error.detail)
            return None
        except MalformedError as error:
            report.add("verify_proof_is_malformed", Answer.NO, what=error.what)
            return None
        except ProofError as error:
            is_trust = error.step in ("log signature", "quorum")
            code = "verify_checkpoint_is_not_trusted" if is_trust else "verify_proof_fails"
            answer = Answer.UNKNOWN if is_trust else Answer.NO
            report.add(code, answer, step=error.step, got=str(error.got)[:200])
            return None
        under = checked.under
        report.add(
            "verify_entry_is_in_log",
            Answer.YES,
            seq=checked.entry.seq,
            log=checked.entry.log,
            size=under.checkpoint.size,
            keys=", ".join(key.label for key in under.log_keys),
            witnesses=len(under.cosignatures),
        )
        told = {"size": under.checkpoint.size, "site": self.site_of(checked.entry.log)}
        report.unproved = [Step("verify_status_is_not_told", Answer.UNKNOWN, told)]
        if "by" in checked.facts:
            report.add("verify_facts_are_shown", Answer.YES, type=checked.facts["type"])
        return checked

    def face_of(self, report: Report, checked: CheckedProof) -> CertificateIssued | None:
        """Return the face that a whole proof shows and nothing contradicts, or None."""
        event = _event(checked)
        if not isinstance(event, CertificateIssued) or not checked.is_whole:
            report.add("verify_proof_is_of_no_certificate", Answer.NO)
            return None
        report.add("verify_face_is_covered", Answer.YES, number=event.number)
        wrong = contradictions(event, seq=checked.entry.seq)
        for detail in wrong:
            report.add("verify_face_contradicts_itself", Answer.NO, detail=detail)
        if wrong:
            return None
        if event.open_lines:
            report.unproved.append(Step("verify_open_lines_are_not_proved", Answer.UNKNOWN))
        report.face = event
        return event

    def _check_records(
        self, report: Report, face: CertificateIssued, bundle: bytes, under: CheckedProof
    ) -> None:
        try:
            proofs = [check_proof(each, self.policy, self.shapes) for each in unbundled(bundle)]
        except UnknownShapeError as error:
            report.add("verify_shape_is_unknown", Answer.UNKNOWN, detail=error.detail)
            return
        except (BundleError, MalformedError, ProofError):
            report.add("verify_records_are_not_proved", Answer.NO)
            return
        found = {each.entry.seq: each for each in proofs if each.entry.log == under.entry.log}
        lines = () if isinstance(face.lines, Erased) else face.lines
        owners = owners_of(face, found)
        if not all(line_follows(line, found, owners) for line in lines):
            report.add("verify_records_are_not_proved", Answer.NO)
            return
        report.add(
            "verify_records_are_proved", Answer.YES, count=len(lines), entries=len(found)
        )

    def _check_paper(
        self, report: Report, face: CertificateIssued, read: ReadPdf, origin: str
    ) -> None:
        attached = attachments(read.attached[FACE], read.attached.get(RECORDS, b""))
        try:
            again = self.typesetter.typeset(printed(face, site=self.site_of(origin)), attached)
        except (ErasedFaceError, UnprintableError) as error:
            report.add("verify_paper_cannot_be_typeset", Answer.UNKNOWN, detail=str(error))
            return
        if read.content.startswith(again):
            self._check_signature(report, face, read.content, len(again))
        elif read.producer != read_pdf(again).producer:
            report.add("verify_paper_is_of_another_typesetter", Answer.UNKNOWN)
        else:
            report.add("verify_paper_was_changed", Answer.NO)

    def _check_signature(
        self, report: Report, face: CertificateIssued, content: bytes, typeset: int
    ) -> None:
        """Check what follows the typeset bytes: nothing, or one signature."""
        if len(content) == typeset:
            report.add("verify_paper_is_the_facts", Answer.YES)
            if self.trust is not None:
                report.add("verify_paper_is_not_signed", Answer.UNKNOWN)
            return
        try:
            read_update(content, typeset)
        except TailError as error:
            report.add("verify_paper_was_added_to", Answer.NO, detail=error.detail)
            return
        # It takes a second to load and is needed by signed files alone.
        from ledger.certificates.signature_steps import add_signature  # noqa: PLC0415

        add_signature(report, face, content, typeset, self.trust)


def _event(checked: CheckedProof) -> Event | None:
    facts: dict[str, Any] = {
        name: value for name, value in checked.facts.items() if name not in STANDARD_FACTS
    }
    kind = CertificateIssued
    if (checked.facts["type"], checked.facts["shape"]) != (kind.TYPE, kind.SHAPE):
        return None
    names = _personal_names()
    plain = {name: value for name, value in facts.items() if name not in names}
    opened = {name: value for name, value in facts.items() if name in names}
    try:
        return decode_event(kind, plain, opened)
    except StoredEventError:
        return None


def _personal_names() -> Sequence[str]:
    return [name for name, slot in slots_of(CertificateIssued).items() if slot.person]

"""A certificate checked offline: what was proved, what was not, and one verdict.

    PDF ─► attached proofs ─► facts ─► typeset again ─► the very bytes of the PDF?
                 └► every record's entries ─► lines say what they say, nothing lacks

Only the trust policy is believed. What a certificate became later, amended records or a
revocation, no file can say: that is asked of the ledger, as of a day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ledger.certificates.attached import FACE, RECORDS, BundleError, attachments, unbundled
from ledger.certificates.face_checking import contradictions
from ledger.certificates.pdf_reading import ReadPdf, UnreadablePdfError, read_pdf
from ledger.certificates.printed import ErasedFaceError, printed
from ledger.certificates.proof_checking import CheckedProof, UnknownShapeError, check_proof
from ledger.certificates.record_checking import line_follows, owners_of
from ledger.certificates.typesetting import Typesetter, UnprintableError
from ledger.domain.certificate import CertificateIssued
from ledger.domain.event import Erased, Event
from ledger.domain.stored import StoredEventError, decode_event, slots_of
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import STANDARD_FACTS
from ledger.proof.policy import Policy
from ledger.proof.shapes import Shapes

TLOG_PROOF = b"c2sp.org/tlog-proof@"
PDF = b"%PDF-"


class Answer(StrEnum):
    """One answer: proved, disproved, or not to be told from what is at hand."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at; ``code`` leads to a text that ``facts`` fill in."""

    code: str
    answer: Answer
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """All steps, in order, and the face if it was proved.

    ``unproved`` is what no file can prove; it changes no verdict.
    """

    steps: list[Step] = field(default_factory=list)
    face: CertificateIssued | None = None
    unproved: list[Step] = field(default_factory=list)

    @property
    def verdict(self) -> Answer:
        """NO if anything was disproved, YES if everything was proved."""
        answers = {step.answer for step in self.steps}
        if Answer.NO in answers:
            return Answer.NO
        return Answer.UNKNOWN if Answer.UNKNOWN in answers or not answers else Answer.YES

    def add(self, code: str, answer: Answer, **facts: object) -> None:
        """Add a step."""
        self.steps.append(Step(code, answer, facts))


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks files against a policy; ``site_of`` is where a log's certificates are checked."""

    policy: Policy
    shapes: Shapes
    typesetter: Typesetter
    site_of: Callable[[str], str]

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
        if read.content == again:
            report.add("verify_paper_is_the_facts", Answer.YES)
        elif read.producer != read_pdf(again).producer:
            report.add("verify_paper_is_of_another_typesetter", Answer.UNKNOWN)
        else:
            report.add("verify_paper_was_changed", Answer.NO)


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

"""What checking a certificate comes to: steps with an answer each, and one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ledger.domain.certificate import CertificateIssued


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

"""An audit's report in lines that a person reads."""

from collections.abc import Iterator

from ledger.application.auditing import AuditReport
from ledger.application.texts import Language, say
from ledger.audit.finding import Finding
from ledger.proof.errors import shorten

VALUE_CHARACTERS_MAX = 400


def report_lines(report: AuditReport, language: Language) -> Iterator[str]:
    """Yield the verdict, each finding, and what was not checked."""
    tally, more = report.tally, sum(report.tally.beyond.values())
    verdict = "cannot_tell" if tally.sound else "not_sound"
    yield say(
        "sound" if report.ok else verdict,
        language,
        size=report.checkpoint.size,
        root=report.checkpoint.root.hex(),
        seconds=round(report.seconds, 1),
        count=len(tally.findings) + more,
    )
    for finding in tally.findings:
        yield from _finding_lines(finding)
    if tally.beyond:
        codes = ", ".join(code.value for code in tally.beyond)
        yield say("more_findings", language, count=more, codes=codes)
    if tally.unchecked:
        yield say("unchecked", language)
    for (what, detail), count in tally.unchecked.items():
        yield f"  {what.value}  {count}  {_printable(detail)}".rstrip()


def _finding_lines(finding: Finding) -> Iterator[str]:
    place = "log" if finding.seq is None else f"seq {finding.seq}"
    yield f"  {finding.code.value}  {place}  {_printable(finding.detail)}".rstrip()
    for name, value in (("want", finding.want), ("got", finding.got)):
        if value is not None:
            yield f"      {name}: {shorten(value, characters_max=VALUE_CHARACTERS_MAX)}"
    if finding.evidence is not None:
        # Whole, line by line: it is a proof that others can check.
        yield "      evidence:"
        yield from (f"        {_printable(line)}" for line in str(finding.evidence).split("\n"))


def _printable(text: str) -> str:
    # What an attacker wrote must not steer the terminal that it is shown on.
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)

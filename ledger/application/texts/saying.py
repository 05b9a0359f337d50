"""Every text by its code; a code never changes its meaning."""

from collections.abc import Mapping
from string import Formatter
from typing import Literal

from ledger.application.texts import (
    access,
    account,
    acting,
    activity,
    asking,
    auditing,
    certificate,
    entering,
    entrusting,
    evidence,
    exporting,
    identity,
    importing,
    keeping,
    keys,
    limits,
    notices,
    organization,
    paper,
    presence,
    projecting,
    record,
    rules,
    running,
    sandboxing,
    serving,
    submitting,
    verifying,
    volunteer,
    volunteering,
    witnessing,
)

Language = Literal["en", "zh"]

TEXTS: dict[str, tuple[str, str]] = {
    code: texts
    for subject in (
        running,
        sandboxing,
        auditing,
        serving,
        projecting,
        keeping,
        keys,
        witnessing,
        limits,
        entering,
        rules,
        account,
        volunteer,
        volunteering,
        identity,
        organization,
        entrusting,
        evidence,
        activity,
        presence,
        paper,
        acting,
        record,
        certificate,
        verifying,
        submitting,
        importing,
        exporting,
        asking,
        access,
        notices,
    )
    for code, texts in subject.TEXTS.items()
}
"""Code → English, Chinese."""


def say(code: str, language: Language, **facts: object) -> str:
    """Return the text of a code in a language, filled in with facts; absent ones stay blank."""
    english, chinese = TEXTS[code]
    return (chinese if language == "zh" else english).format_map(_Blank(facts))


def is_filled_in(code: str, facts: Mapping[str, object]) -> bool:
    """Return whether facts hold everything that the text of a code has a place for."""
    return all(name in facts for _, name, _, _ in Formatter().parse(TEXTS[code][0]) if name)


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""

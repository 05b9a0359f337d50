"""What is wrong with a form: particulars, guardian, consents, and what does not belong."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.domain.codes import forbidden_fields
from ledger.domain.divisions import check_area
from ledger.domain.refusal import Refusal
from ledger.domain.resident_id import birth_date, check_id_number, has_birth_date
from ledger.domain.rules import RuleSet
from ledger.domain.volunteer.commands import GiveConsent, NameGuardian
from ledger.domain.volunteer.consent import Consenter, Purpose
from ledger.domain.volunteer.particulars import OPTIONAL, Fact, Particulars, given_optional
from ledger.domain.volunteer.state import age_on
from ledger.domain.words import check_code, check_name, check_phone, check_text, is_sha256

REASON_MAX = 500
WORK_UNIT_MAX = 100
NUMBER_MAX = 32
RECIPIENT_MAX = 100
_FIELD = re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")


def check_extras(extras: Mapping[str, object]) -> Iterator[Refusal]:
    """Yield a refusal for each thing submitted that is no particular of ours.

    What may never be asked for is refused as such (北京市志愿服务信用信息管理办法 Art. 6).
    """
    forbidden = forbidden_fields(extras)
    yield from forbidden
    for name in sorted(extras.keys() - {each.about for each in forbidden}):
        # What is no name of a field is not repeated: it may be anything, a person's name too.
        yield Refusal("field_is_unknown", name if _FIELD.fullmatch(name) else None)


def check_particulars(
    particulars: Particulars, rules: RuleSet, today: date, consented: Iterable[Fact]
) -> Iterator[Refusal]:
    """Yield what is wrong with particulars; ``consented`` optional facts may have values."""
    yield from check_name(particulars.name, "name")
    yield from _check_identity(particulars, today)
    yield from _one(check_area(particulars.residence_area, "residence_area"))
    yield from _one(check_phone(particulars.contact, "contact"))
    yield from _check_codes("skills", particulars.skills)
    yield from _check_codes("service_categories", particulars.service_categories)
    if len(particulars.service_categories) > rules.service_categories_max:
        limit = {"max": rules.service_categories_max}
        yield Refusal("categories_are_too_many", "service_categories", limit)
    if particulars.volunteer_number is not None:
        number = particulars.volunteer_number
        yield from _one(check_code(number, "volunteer_number", max=NUMBER_MAX))
    if particulars.work_unit is not None:
        yield from check_text(particulars.work_unit, "work_unit", max=WORK_UNIT_MAX)
    if len(set(particulars.availability)) < len(particulars.availability):
        yield Refusal("code_is_repeated", "availability")
    for fact in given_optional(particulars):
        if fact not in set(consented):
            yield Refusal("fact_needs_consent", fact.value)


def _check_identity(particulars: Particulars, today: date) -> Iterator[Refusal]:
    reason = check_id_number(particulars.id_type, particulars.id_number)
    yield from _one(reason)
    says_birth = reason is None and has_birth_date(particulars.id_type)
    if says_birth and birth_date(particulars.id_number) != particulars.birth_date:
        yield Refusal("birth_date_differs_from_id", "birth_date")
    if particulars.birth_date > today:
        yield Refusal("birth_date_is_in_future", "birth_date")


def _check_codes(about: str, codes: tuple[object, ...]) -> Iterator[Refusal]:
    if not codes:
        yield Refusal("code_is_missing", about)
    if len(set(codes)) < len(codes):
        yield Refusal("code_is_repeated", about)


def check_guardian(
    command: NameGuardian, born: date, rules: RuleSet, today: date
) -> Iterator[Refusal]:
    """Yield why somebody cannot be named guardian of a person born on a day."""
    if age_on(born, today) >= rules.guardian_consent_below:
        # Nobody's particulars are collected without need (PIPL 6).
        yield Refusal(
            "guardian_is_not_needed", "guardian", {"below": rules.guardian_consent_below}
        )
    yield from check_name(command.guardian.name, "guardian.name")
    yield from _one(check_phone(command.guardian.contact, "guardian.contact"))
    yield from check_digest(command.evidence, "guardian.evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consenting:
    """Of whom a consent is, and who records it."""

    born: date
    has_guardian: bool
    by_herself: bool
    rules: RuleSet
    today: date


def check_consent(command: GiveConsent, of: Consenting) -> Iterator[Refusal]:
    """Yield why a consent is none (PIPL 14, 31)."""
    given_on = of.today if command.given_on is None else command.given_on
    if given_on > of.today:
        yield Refusal("consent_is_in_future", "given_on", {"today": of.today.isoformat()})
    yield from _check_scope(command)
    yield from _check_consenter(command, age_on(of.born, given_on), of)
    yield from check_digest(command.policy, "policy")
    yield from check_digest(command.evidence, "evidence")
    is_own_act = of.by_herself and command.given_by is Consenter.VOLUNTEER
    if command.evidence is None and not is_own_act:
        yield Refusal("consent_is_not_evidenced", "evidence")


def _check_scope(command: GiveConsent) -> Iterator[Refusal]:
    if (command.purpose is Purpose.OPTIONAL_FACTS) != bool(command.facts):
        yield Refusal("consent_has_wrong_facts", "facts", {"purpose": command.purpose.value})
    for fact in sorted(set(command.facts) - OPTIONAL):
        yield Refusal("fact_needs_no_consent", "facts", {"fact": fact.value})
    if len(set(command.facts)) < len(command.facts):
        yield Refusal("code_is_repeated", "facts")
    if (command.purpose is Purpose.DISCLOSURE) != bool(command.recipients):
        purpose = {"purpose": command.purpose.value}
        yield Refusal("consent_has_wrong_recipients", "recipients", purpose)
    for recipient in command.recipients:
        yield from check_text(recipient, "recipients", max=RECIPIENT_MAX)


def _check_consenter(command: GiveConsent, age: int, of: Consenting) -> Iterator[Refusal]:
    if command.given_by is Consenter.GUARDIAN:
        yield from check_guardian_acts(age, of.rules, has_guardian=of.has_guardian)
    elif command.purpose is Purpose.SERVICE_OF_MINOR or age < of.rules.guardian_law_below:
        yield Refusal("guardian_must_consent", "given_by", {"purpose": command.purpose.value})


def check_guardian_acts(age: int, rules: RuleSet, *, has_guardian: bool) -> Iterator[Refusal]:
    """Yield why no guardian may speak for somebody of an age."""
    if age >= rules.guardian_consent_below:
        yield Refusal("volunteer_is_of_age", None, {"below": rules.guardian_consent_below})
    elif not has_guardian:
        yield Refusal("guardian_is_missing", "guardian")


def check_digest(digest: str | None, about: str) -> Iterator[Refusal]:
    """Yield why a text is no SHA-256 digest in lower-case hex; None is no text."""
    if digest is not None and not is_sha256(digest):
        yield Refusal("digest_is_malformed", about)


def check_reason(reason: str, about: str = "reason") -> tuple[Refusal, ...]:
    """Return why a reason given in words is refused."""
    return check_text(reason, about, max=REASON_MAX, lines=True)


def _one(reason: Refusal | None) -> tuple[Refusal, ...]:
    return () if reason is None else (reason,)

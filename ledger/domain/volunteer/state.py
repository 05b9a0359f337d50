"""A volunteer as her history left her; her particulars are there as a whole, or erased."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from ledger.domain.event import ERASED, Actor, Erased
from ledger.domain.refusal import Refusal, Refused, gathered, refuse
from ledger.domain.rules import RuleSet
from ledger.domain.volunteer.consent import Consent, Consenter, Purpose
from ledger.domain.volunteer.guardian import Guardian
from ledger.domain.volunteer.particulars import Fact, Particulars


class Status(StrEnum):
    """Whether this registration stands for itself, or counts at another one."""

    ACTIVE = "active"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An open request to set facts right."""

    id: UUID
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """One registration of one person.

    ``identified_by`` is who last entered the facts that identify her, ``is_confirmed``
    whether somebody else checked them since. ``into`` is where a merged registration counts,
    ``absorbed`` which ones count here.
    """

    id: UUID
    identity: UUID
    particulars: Particulars | Erased
    identified_by: Actor
    is_confirmed: bool = False
    guardian: Guardian | Erased | None = None
    consents: tuple[Consent, ...] = ()
    corrections: tuple[Correction, ...] = ()
    into: UUID | None = None
    absorbed: tuple[UUID, ...] = ()

    @property
    def status(self) -> Status:
        """Whether it stands for itself."""
        return Status.ACTIVE if self.into is None else Status.MERGED

    @property
    def is_erased(self) -> bool:
        """Whether her personal facts are gone: nothing new may be recorded of her."""
        return self.particulars is ERASED

    @property
    def birth_date(self) -> date | Erased:
        """Her date of birth."""
        if isinstance(self.particulars, Erased):
            return ERASED
        return self.particulars.birth_date

    @property
    def guardian_consented(self) -> bool:
        """Whether her guardian's consent to her service is in force."""
        consent = self.consent(Purpose.SERVICE_OF_MINOR)
        return consent is not None and consent.given_by is Consenter.GUARDIAN

    def consent(self, purpose: Purpose) -> Consent | None:
        """Return the consent to a purpose that is in force."""
        in_force = (each for each in self.consents if each.ended_on is None)
        return next((each for each in in_force if each.purpose is purpose), None)

    def has_consent(self, purpose: Purpose) -> bool:
        """Return whether a consent to a purpose is in force."""
        return self.consent(purpose) is not None

    def correction(self, correction: UUID) -> Correction | None:
        """Return an open request for correction."""
        return next((each for each in self.corrections if each.id == correction), None)

    def present(self) -> Particulars | Refused:
        """Return her particulars, or why nothing new may be recorded of her."""
        if self.into is not None:
            return refuse("volunteer_is_merged", into=str(self.into))
        if isinstance(self.particulars, Erased):
            return refuse("volunteer_is_erased")
        return self.particulars

    def check_standing(self) -> Refused | None:
        """Return why nothing new may be recorded of her, or None."""
        said = self.present()
        return said if isinstance(said, Refused) else None

    def may_serve_on(self, day: date, rules: RuleSet) -> Refused | None:
        """Return why no service of a day may be recorded of her, or None.

        ``rules`` are those of the day. A consent that has been withdrawn since still covers
        the days on which it was in force (PIPL 15). That she was registered later, or is not
        yet confirmed, is no reason: a truthful record that comes late is a record.
        """
        said = self.present()
        if isinstance(said, Refused):
            return said
        age = age_on(said.birth_date, day)
        consented = any(
            each.purpose is Purpose.SERVICE_OF_MINOR
            and each.given_by is Consenter.GUARDIAN
            and each.covers(day)
            for each in self.consents
        )
        return gathered(too_young(age, rules), unconsented(age, rules, consented=consented))


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years of age on a day; negative before the birth.

    A year is completed on the birthday, for 29 February on 1 March in common years.
    """
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def too_young(age: int, rules: RuleSet) -> tuple[Refusal, ...]:
    """Return why somebody of an age may not be a volunteer."""
    if age >= rules.age_min:
        return ()
    return (Refusal("volunteer_is_too_young", "birth_date", {"min": rules.age_min}),)


def unconsented(age: int, rules: RuleSet, *, consented: bool) -> tuple[Refusal, ...]:
    """Return what is missing for somebody of an age without her guardian's consent.

    Below ``guardian_law_below`` the consent is law (PIPL 31), below ``guardian_consent_below``
    a rule of ours: the detail ``below`` says which of the two stands in the way.
    """
    if consented or age >= rules.guardian_consent_below:
        return ()
    is_law = age < rules.guardian_law_below
    below = rules.guardian_law_below if is_law else rules.guardian_consent_below
    return (Refusal("guardian_consent_is_missing", "consents", {"below": below}),)

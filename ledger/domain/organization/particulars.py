"""What is said of an organization (dictionary: 149号, Order 67, GB 32100), and what is refused.

A legal person has a unified social credit code; a group that is none has somebody who agreed
to it (条例, article 42; Order 67, article 26). All of it is plain facts, kept for ever: so the
telephone is an office's, never a person's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.domain.codes import Authority, OrganizationCategory
from ledger.domain.credit_code import check_credit_code
from ledger.domain.organization.kinds import BUREAUS, LegalForm, OrganizationKind
from ledger.domain.refusal import Refusal
from ledger.domain.words import check_phone, check_text, is_sha256

NAME_MAX = 100
TITLE_MAX = 200
REASON_MAX = 500
"""Characters; our own bounds [P]."""
DOCUMENTS_MAX = 20
"""Documents that one decision rests on; our own bound [P]."""

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovingUnit:
    """Who agreed to a group that is no legal person."""

    name: str
    credit_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper or file that was shown: its title, and the SHA-256 of the file in hex."""

    title: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is said of an organization, and may be amended.

    ``authority`` is which department a bureau belongs to, None for others.
    """

    name: str
    form: LegalForm
    category: OrganizationCategory
    authority: Authority | None
    credit_code: str | None
    approving_unit: ApprovingUnit | None
    registration_authority: str | None
    telephone: str | None


def check_particulars(kind: OrganizationKind, said: Particulars) -> Iterator[Refusal]:
    """Yield why this cannot be said of an organization of this kind."""
    yield from check_text(said.name, "name", max=NAME_MAX)
    if not _is_form_of(kind, said.form):
        yield Refusal("form_not_of_kind", "form", {"kind": kind})
    yield from _check_authority(kind, said)
    yield from _check_standing_at_law(said)
    if said.registration_authority is not None:
        yield from check_text(
            said.registration_authority, "registration_authority", max=NAME_MAX
        )
    if said.telephone is not None:
        yield from check_office_telephone(said.telephone)


def check_office_telephone(number: str) -> Iterator[Refusal]:
    """Yield why a number is not an office's: plain facts are never erased, so no mobile's."""
    malformed = check_phone(number, "telephone")
    if malformed is not None:
        yield malformed
    elif _MOBILE.fullmatch(number):
        yield Refusal("office_telephone_is_mobile", "telephone")


def check_documents(documents: tuple[Document, ...], about: str) -> Iterator[Refusal]:
    """Yield why documents are refused; that there is any is asked for elsewhere."""
    if len(documents) > DOCUMENTS_MAX:
        yield Refusal("documents_are_too_many", about, {"max": DOCUMENTS_MAX})
    for document in documents:
        yield from check_text(document.title, about, max=TITLE_MAX)
        if not is_sha256(document.sha256):
            yield Refusal("document_digest_is_malformed", about)


def check_reason(reason: str) -> tuple[Refusal, ...]:
    """Return why a reason is refused; it may have several lines."""
    return check_text(reason, "reason", max=REASON_MAX, lines=True)


def _is_form_of(kind: OrganizationKind, form: LegalForm) -> bool:
    if kind in BUREAUS:
        return form is LegalForm.LEGAL_PERSON
    return kind is not OrganizationKind.ENTRUSTED or form is not LegalForm.GROUP


def _check_authority(kind: OrganizationKind, said: Particulars) -> Iterator[Refusal]:
    if kind in BUREAUS and said.authority is None:
        yield Refusal("authority_is_missing", "authority")
    if kind not in BUREAUS and said.authority is not None:
        yield Refusal("authority_is_for_bureaus", "authority")


def _check_standing_at_law(said: Particulars) -> Iterator[Refusal]:
    if said.form is LegalForm.GROUP:
        if said.credit_code is not None:
            yield Refusal("group_has_credit_code", "credit_code")
        if said.approving_unit is None:
            yield Refusal("approving_unit_is_missing", "approving_unit")
    elif said.credit_code is None:
        yield Refusal("credit_code_is_missing", "credit_code")
    else:
        yield from _present(check_credit_code(said.credit_code))
    if said.approving_unit is not None:
        yield from check_text(said.approving_unit.name, "approving_unit", max=NAME_MAX)
        if said.approving_unit.credit_code is not None:
            code = said.approving_unit.credit_code
            yield from _present(check_credit_code(code, "approving_unit"))


def _present(refusal: Refusal | None) -> tuple[Refusal, ...]:
    return () if refusal is None else (refusal,)

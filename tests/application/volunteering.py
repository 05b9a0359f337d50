"""What is sent of volunteers, as JSON that becomes forms; nobody here has ever lived."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import Caller
from ledger.application.desk import ActRefused
from ledger.application.erasing import Erasure, erase_person
from ledger.application.forms.volunteer import AmendmentForm, RegistrationForm
from ledger.application.office import Office
from ledger.application.registering import register
from ledger.application.states import VOLUNTEER
from ledger.domain.volunteer import Particulars
from ledger.domain.volunteer.state import Volunteer
from ledger.store import chance
from ledger.store.erasures import Erasures
from tests.application.house import House
from tests.store.ledgers import ACTOR

NOTICE, FILE = "ab" * 32, "cd" * 32
ENTRY = {"purpose": "entry_by_organization", "evidence": FILE}
GROUND = {"reason": "同一人先后以身份证和护照登记。", "evidence": FILE}

WANG: dict[str, Any] = {
    "name": "王𠮷祥",
    "sex": "2",
    "birth_date": "1800-01-01",
    "id_type": "resident_id",
    "id_number": "110105180001010029",
    "residence_area": "110101001001",
    "contact": "13800000001",
    "skills": ["first_aid", "driving"],
    "service_categories": ["community"],
}
OUYANG: dict[str, Any] = WANG | {
    "name": "欧阳𫍯",
    "sex": "1",
    "id_number": "110101180001010015",
    "contact": "13800000002",
}
OUYANG_ABROAD: dict[str, Any] = OUYANG | {"id_type": "passport", "id_number": "E00000000"}


def born(day: str, **changes: Any) -> dict[str, Any]:
    """Return somebody born on a day, whose document does not tell it."""
    return WANG | {"birth_date": day, "id_type": "passport", "id_number": "E10000000"} | changes


def registration(
    particulars: dict[str, Any] = WANG, *consents: dict[str, Any], **further: Any
) -> RegistrationForm:
    """Return a registration, with the consent that an organization needs, or with others."""
    body = {
        "particulars": particulars,
        "policy": NOTICE,
        "consents": list(consents or [ENTRY]),
    }
    return RegistrationForm.model_validate(body | further)


def alone(particulars: dict[str, Any] = WANG, **further: Any) -> RegistrationForm:
    """Return a registration by herself."""
    return RegistrationForm.model_validate(
        {"particulars": particulars, "policy": NOTICE} | further
    )


def amendment(*, evidence: str | None = FILE, **changes: Any) -> AmendmentForm:
    """Return an amendment that sets these particulars right."""
    return AmendmentForm.model_validate(
        {"changes": changes, "reason": "录入时看错证件号码。", "evidence": evidence}
    )


def registered(
    office: Office, caller: Caller, particulars: dict[str, Any] = WANG, **further: Any
) -> UUID:
    """Register somebody; return her id."""
    return register(office, caller, registration(particulars, **further)).value


def state_of(office: Office, volunteer: UUID) -> Volunteer:
    """Return a volunteer as she stands."""
    state = office.states.get(VOLUNTEER, volunteer, fresh=True).state
    assert state is not None
    return state


def said_of(office: Office, volunteer: UUID) -> Particulars:
    """Return a volunteer's particulars."""
    said = state_of(office, volunteer).particulars
    assert isinstance(said, Particulars)
    return said


def codes(doing: Callable[..., object], *arguments: Any, **options: Any) -> set[str]:
    """Return why something is refused."""
    with pytest.raises(ActRefused) as error:
        doing(*arguments, **options)
    return set(error.value.refused.codes)


def erase(house: House, person: UUID) -> None:
    """Erase a person, as another process does: nobody in this one is told."""
    ledger = house.ledger
    erasures = Erasures(ledger.engine, ledger.publisher, origin=ledger.origin)
    gone = house.clock() + timedelta(days=30)
    erasure = Erasure(str(person), ACTOR, gone, chance.random_uuid())
    erase_person(erasure, erasures=erasures, vault=ledger.vault, appender=ledger.appender)

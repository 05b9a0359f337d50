"""The public at the look-up: she who holds a paper, and whoever guesses."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.application.certifying.looking_up import Found, LookUps
from ledger.application.desk import ActRefused
from ledger.application.forms.verification import VerificationForm
from ledger.domain.certificate import certificate_number
from tests.application.certifying import Bureau, handing_out_of, open_bureau
from tests.application.gatehouse import ADDRESS, Gate
from tests.application.house import House
from tests.application.town import Town

NAME, DOCUMENT = "王𠮷祥", "110105180001010029"


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


@pytest.fixture
def gate(house: House) -> Gate:
    return Gate(house)


@pytest.fixture
def look_ups(bureau: Bureau, gate: Gate) -> LookUps:
    return LookUps(handing_out_of(bureau.house), gate.parts)


def ask(
    look_ups: LookUps,
    number: str,
    holder: str,
    address: str = ADDRESS,
    salt: str | None = None,
) -> Found:
    """Ask as somebody at an address, with a salt of the file or without."""
    said = {"number": number, "holder": holder, "salt": salt}
    form = VerificationForm.model_validate(said)
    return look_ups.find(form, address)


def refused(act: Callable[[], object]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return for which reasons something is refused, and the details of the first."""
    with pytest.raises(ActRefused) as error:
        act()
    reasons = error.value.refused.reasons
    return error.value.refused.codes, dict(reasons[0].details)


def issued(bureau: Bureau) -> str:
    """Return the number of a certificate that was issued."""
    bureau.session.confirmed()
    return certificate_number(bureau.request(mode="self_printed"))

"""An organization's keys: added for its systems, revoked at once, and never back again."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given as forall
from hypothesis import strategies as st

from ledger.domain.event import Actor
from ledger.domain.organization import Organization
from ledger.domain.organization.commands import AddOrganizationKey, RevokeOrganizationKey
from ledger.domain.organization.events import OrganizationKeyAdded, OrganizationKeyRevoked
from ledger.domain.organization.public_key import is_public_key
from tests.domain.organizations import (
    A_KEY,
    A_VOLUNTEER,
    ANOTHER_DISTRICT,
    LEDGER,
    THE_ASSOCIATION,
    THE_CITY,
    THE_DISTRICT,
    THE_ENTRUSTED,
    in_name_of,
    organization,
)
from tests.domain.samples_organization import (
    AUTHORIZED,
    ENTRUSTED_REGISTERED,
    KEY,
    KEY_ADDED,
    KEY_REVOKED,
    PUBLIC_KEY,
    REVOKED,
    SUCCEEDED,
    SUSPENDED,
)

TODAY = date(2026, 11, 24)
SECOND_KEY = UUID(int=0x4E2)
SECOND_PUBLIC_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
ADD = AddOrganizationKey(
    key=KEY, public_key=PUBLIC_KEY, label=KEY_ADDED.label, valid_to=KEY_ADDED.valid_to
)
REVOKE = RevokeOrganizationKey(
    key=KEY, exposed_since=KEY_REVOKED.exposed_since, reason=KEY_REVOKED.reason
)
KNOWN = (ENTRUSTED_REGISTERED, AUTHORIZED)


def test_a_key_signs_to_its_last_day() -> None:
    state: Organization = in_name_of(THE_ENTRUSTED).given(*KNOWN).when(ADD).then(KEY_ADDED)
    assert state.key_in_force(KEY, date(2027, 11, 30))
    assert not state.key_in_force(KEY, date(2027, 12, 1))
    assert not state.key_in_force(SECOND_KEY, TODAY)


def test_a_key_may_have_no_last_day() -> None:
    state = organization(*KNOWN, replace(KEY_ADDED, valid_to=None))
    assert state.key_in_force(KEY, date(9999, 12, 31))


def test_a_revoked_key_signs_no_more_and_the_others_do() -> None:
    second = replace(KEY_ADDED, key=SECOND_KEY, public_key=SECOND_PUBLIC_KEY)
    state: Organization = (
        in_name_of(THE_ENTRUSTED)
        .given(*KNOWN, KEY_ADDED, second)
        .when(REVOKE)
        .then(KEY_REVOKED)
    )
    assert not state.key_in_force(KEY, TODAY)
    assert state.key_in_force(SECOND_KEY, TODAY)


@pytest.mark.parametrize("halt", [SUSPENDED, REVOKED, SUCCEEDED])
def test_no_key_signs_for_an_organization_that_is_not_in_force(halt: object) -> None:
    state = organization(*KNOWN, KEY_ADDED, halt)  # type: ignore[arg-type]
    assert not state.key_in_force(KEY, TODAY)


@pytest.mark.parametrize("acting", [THE_DISTRICT, THE_CITY])
def test_a_key_is_added_and_revoked_from_above_as_well(acting: Organization) -> None:
    in_name_of(acting).given(*KNOWN).when(ADD).then_some(OrganizationKeyAdded)
    in_name_of(acting).given(*KNOWN, KEY_ADDED).when(REVOKE).then_some(OrganizationKeyRevoked)


@pytest.mark.parametrize("acting", [THE_ASSOCIATION, ANOTHER_DISTRICT])
def test_nobody_else_adds_or_revokes_a_key(acting: Organization) -> None:
    in_name_of(acting).given(*KNOWN).when(ADD).then_refused("organization_not_above")
    in_name_of(acting).given(*KNOWN, KEY_ADDED).when(REVOKE).then_refused(
        "organization_not_above"
    )


@pytest.mark.parametrize("by", [A_KEY, A_VOLUNTEER, LEDGER])
def test_a_key_neither_adds_nor_revokes_keys(by: Actor) -> None:
    in_name_of(THE_ENTRUSTED).given(*KNOWN).when(ADD, by=by).then_refused("actor_is_not_staff")
    in_name_of(THE_ENTRUSTED).given(*KNOWN, KEY_ADDED).when(REVOKE, by=by).then_refused(
        "actor_is_not_staff"
    )


def test_a_suspended_organization_adds_no_key_and_still_revokes_one() -> None:
    history = (*KNOWN, KEY_ADDED, SUSPENDED)
    itself = organization(*history)
    in_name_of(itself).given(*history).when(REVOKE).then(KEY_REVOKED)
    in_name_of(itself).given(*history).when(
        replace(ADD, key=SECOND_KEY, public_key=SECOND_PUBLIC_KEY)
    ).then_refused("organization_is_suspended", "acting_organization_not_in_force")


def test_a_key_never_comes_back() -> None:
    history = (*KNOWN, KEY_ADDED, KEY_REVOKED)
    in_name_of(THE_ENTRUSTED).given(*history).when(ADD).then_refused(
        "organization_key_is_known", "public_key_is_known"
    )
    in_name_of(THE_ENTRUSTED).given(*history).when(replace(ADD, key=SECOND_KEY)).then_refused(
        "public_key_is_known"
    )


def test_a_key_may_be_for_today_alone_and_be_exposed_since_today() -> None:
    for_today = replace(ADD, valid_to=TODAY)
    in_name_of(THE_ENTRUSTED).given(*KNOWN).when(for_today).then_some(OrganizationKeyAdded)
    in_name_of(THE_ENTRUSTED).given(*KNOWN, KEY_ADDED).when(
        replace(REVOKE, exposed_since=TODAY)
    ).then_some(OrganizationKeyRevoked)


def test_an_added_key_is_checked() -> None:
    in_name_of(THE_ENTRUSTED).given(*KNOWN).when(
        replace(ADD, public_key="00" * 32, label="", valid_to=TODAY - timedelta(days=1))
    ).then_refused("public_key_is_unusable", "text_is_missing", "validity_is_over")


def test_a_revocation_is_checked() -> None:
    in_name_of(THE_ENTRUSTED).given(*KNOWN, KEY_ADDED).when(
        replace(REVOKE, exposed_since=TODAY + timedelta(days=1), reason="")
    ).then_refused("exposure_in_future", "text_is_missing")
    in_name_of(THE_ENTRUSTED).given(*KNOWN).when(REVOKE).then_refused(
        "organization_key_is_missing"
    )
    in_name_of(THE_ENTRUSTED).given(*KNOWN, KEY_ADDED, KEY_REVOKED).when(REVOKE).then_refused(
        "organization_key_is_revoked"
    )


@forall(st.binary(min_size=32, max_size=32))
def test_every_key_that_a_library_makes_is_usable(seed: bytes) -> None:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    assert is_public_key(public.hex())


@pytest.mark.parametrize(
    "spelling",
    [
        # The eight points of small order.
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        # Other spellings of them: y not below the prime, or a sign where x is 0.
        "0100000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        # No point of the curve.
        "0200000000000000000000000000000000000000000000000000000000000000",
        # The second spelling of y = 3, which is a point of full order.
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ],
)
def test_a_point_of_small_order_or_in_a_second_spelling_is_no_key(spelling: str) -> None:
    assert not is_public_key(spelling)


@pytest.mark.parametrize(
    "spelling",
    ["", PUBLIC_KEY.upper(), PUBLIC_KEY[:-2], PUBLIC_KEY + "00", "１" * 64, " " + PUBLIC_KEY],
)
def test_a_key_is_64_lower_case_hex_digits(spelling: str) -> None:
    assert not is_public_key(spelling)


def test_a_point_with_a_small_y_in_its_one_spelling_is_a_key() -> None:
    assert is_public_key("0300000000000000000000000000000000000000000000000000000000000000")

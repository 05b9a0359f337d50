"""What a status list is made of, on both databases: exceptions, and what may be missing."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from ledger.domain.certificate import CertificateRevoked, RevocationGround
from ledger.projections import folding
from ledger.projections.certificate_views import CERTIFICATES
from ledger.store.view_query import Query
from ledger.store.view_statuses import list_exists, status_rows
from tests.domain import samples_certificate as certificates
from tests.domain.samples_organization import SUSPENDED
from tests.domain.town import HERSELF, OTHER_STATION, RECORDER, REVIEWER, STATION, SUPERVISOR
from tests.projections.histories import History, prelude
from tests.projections.viewed import Viewed, viewed
from tests.store.conftest import BACKENDS, tables

STANDINGS = ("changed", "superseded", "revoked", "erased")
VALID, REVOKED, STOPPED, FROZEN = (UUID(int=0xF400 + each) for each in range(4))


def told() -> History:
    """Given one of each, and an issuer that is suspended."""
    history = prelude()
    for name in (VALID, REVOKED, STOPPED, FROZEN):
        issuer = OTHER_STATION.id if name == STOPPED else STATION.id
        for event in certificates.of_town(HERSELF.id, issuer, certificate=name):
            history.tell(name, event, RECORDER)
    revoke(history, REVOKED)
    history.tell(OTHER_STATION.id, SUSPENDED, SUPERVISOR)
    return history


def revoke(history: History, certificate: UUID) -> None:
    ground = RevocationGround.FALSE_RECORDS
    event = CertificateRevoked(certificate=certificate, ground=ground, on_behalf_of=STATION.id)
    history.tell(certificate, event, REVIEWER)


@pytest.fixture(params=BACKENDS)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Viewed]:
    made = tables(request.param, request).another(tmp_path_factory.mktemp("filled"))
    with viewed(made.place) as opened:
        yield opened


def test_a_list_is_made_of_its_exceptions_and_of_what_may_be_missing(
    house: Viewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = told()
    house.append(history.told)
    house.projector().catch_up()
    rows = house.reader.rows(CERTIFICATES, Query()).value.rows
    place = {UUID(row["certificate"]): row["status_index"] for row in rows}
    found = status_rows(house.reader, 1, STANDINGS)
    assert (found.size, found.is_rebuilding) == (len(house.ledger.rows()), False)
    assert dict(found.value.standing) == {
        **{each: [] for each in STANDINGS},
        "revoked": [place[REVOKED]],
    }
    assert found.value.stopped == [place[STOPPED]]
    assert (found.value.frozen, found.value.missed) == ({}, [])
    assert (list_exists(house.reader, 1).value, list_exists(house.reader, 2).value) == (
        True,
        False,
    )

    def fail(entry: object, rows: object) -> None:
        raise ValueError

    for kind in ("certificate.revoked", "organization.suspended"):
        monkeypatch.setitem(folding.PLAIN, kind, fail)
    before = len(history.told)
    revoke(history, FROZEN)
    history.tell(STATION.id, SUSPENDED, SUPERVISOR)
    house.append(history.told[before:])
    house.projector().catch_up()
    then = status_rows(house.reader, 1, STANDINGS).value
    assert then.frozen == {str(FROZEN): place[FROZEN]}
    assert then.missed == [len(house.ledger.rows()) - 1]
    other = status_rows(house.reader, 2, STANDINGS).value
    assert (other.exists, other.frozen, other.stopped) == (False, {}, [])

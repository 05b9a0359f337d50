"""Status lists as they are served: nothing passes as valid because the views lack it."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest

from ledger.api.v1.credential_routes import credential_routes
from ledger.application.certifying import status_lists
from ledger.application.certifying.credentials import Credentials
from ledger.application.desk import ActRefused
from ledger.application.disclosing import readers
from ledger.certificates.es256 import read_token
from ledger.certificates.status_list import TTL, status_in
from ledger.projections import folding
from ledger.projections.views import FAILURES
from ledger.store.view_query import Query
from ledger.store.view_reader import AsOf, Page
from ledger.store.view_statuses import StatusRows
from tests.api.v1.client import Client, TownSessions
from tests.application import becoming
from tests.application.certifying import handing_out_of
from tests.application.homes import ON_SQLITE
from tests.wallet.conftest import Office
from tests.wallet.test_credentials import revoke

pytestmark = ON_SQLITE
PATH = "/api/v1/status-lists/1"


def certified(office: Office) -> tuple[UUID, UUID, int]:
    """Given a record with a certificate, return both and the certificate's place."""
    record = office.bureau.session.confirmed()
    certificate = office.bureau.issued()
    token = office.credential(certificate).partition("~")[0]
    claims = orjson.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return record, certificate, claims["status"]["status_list"]["idx"]


def said(office: Office, place: int) -> int:
    """Return what the list that is published now says of a place."""
    return status_in(
        read_token(office.list.decode(), media_type="statuslist+jwt").claims, place
    )


def poison(monkeypatch: pytest.MonkeyPatch, event_type: str) -> None:
    """Let no entry of a type be folded from now on."""

    def fail(entry: object, rows: object) -> None:
        raise ValueError(event_type)

    monkeypatch.setitem(folding.PLAIN, event_type, fail)


class Views:
    """The views of a house, but for some answers about status lists."""

    def __init__(self, views: Any, **changes: Any) -> None:
        self._views = views
        self._changes = changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._views, name)

    def wait_until(self, seq: int, timeout_s: float = 0.0) -> bool:
        return bool(self._views.wait_until(seq, timeout_s))

    def status_list_exists(self, number: int) -> AsOf[bool]:
        found = self._views.status_list_exists(number)
        return replace(found, **self._changes.get("exists", {}))

    def status_rows(self, number: int, standings: Sequence[str]) -> AsOf[StatusRows]:
        found = self._views.status_rows(number, standings)
        return replace(found, **self._changes.get("rows", {}))


def credentials_on(office: Office, **changes: Any) -> Credentials:
    out = handing_out_of(office.bureau.house)
    views: Any = Views(out.office.views, **changes)
    return Credentials(
        replace(out, office=replace(out.office, views=views)), lambda: office.keys
    )


def asked(credentials: Credentials) -> Any:
    client = Client(TownSessions(), [credential_routes(TownSessions(), credentials)])
    return client.get(PATH)


@pytest.mark.parametrize(
    "changes",
    [
        {"exists": {"is_rebuilding": True}},
        {"rows": {"is_rebuilding": True}},
        {"rows": {"size": 3}},
    ],
    ids=["before it is begun", "emptied after it was begun", "behind"],
)
def test_while_views_are_behind_nothing_passes_as_valid(
    office: Office, changes: dict[str, Any]
) -> None:
    _, certificate, _ = certified(office)
    revoke(office.bureau, certificate)
    answer = asked(credentials_on(office, **changes))
    assert (answer.status_code, answer.json()["code"]) == (503, "status_list_is_behind")


def test_a_list_is_served_until_it_is_half_as_old_as_a_reader_may_go_by_it(
    office: Office,
) -> None:
    _, certificate, place = certified(office)
    first = office.list
    revoke(office.bureau, certificate)
    office.bureau.house.clock.advance(seconds=TTL.seconds // 2 - 1)
    assert office.client.get(PATH).text.encode() == first
    office.bureau.house.clock.advance(seconds=1)
    assert office.client.get(PATH).text.encode() != first
    assert said(office, place) == 1


def test_who_asks_while_another_one_makes_the_list_gets_the_last_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_lists, "WAIT_S", 0.01)
    certified(office)
    credentials = credentials_on(office)
    first = asked(credentials).text
    clock = office.bureau.house.clock
    with credentials._lists._making:
        clock.advance(seconds=TTL.seconds - 1)
        assert asked(credentials).text == first
        clock.advance(seconds=1)
        assert asked(credentials).status_code == 503
    assert asked(credentials).text != first


def test_what_is_frozen_of_a_certificate_is_asked_of_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, certificate, place = certified(office)
    other = office.bureau.issued()
    poison(monkeypatch, "certificate.revoked")
    revoke(office.bureau, certificate)
    assert said(office, place) == 1
    monkeypatch.undo()
    # The stream stays frozen, and its neighbours are not.
    becoming.amend(office.bureau, record)
    assert said(office, place) == 1
    token = office.credential(other).partition("~")[0]
    claims = orjson.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert said(office, claims["status"]["status_list"]["idx"]) == 3


@pytest.mark.parametrize(
    ("event_type", "become"),
    [
        ("amendment.accepted", becoming.amend),
        ("credit.withdrawn", becoming.void),
        ("organization.suspended", lambda bureau, _: becoming.suspend(bureau)),
    ],
)
def test_what_could_not_be_folded_and_may_concern_a_certificate_stops_the_lists(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    event_type: str,
    become: Any,
) -> None:
    record, *_ = certified(office)
    poison(monkeypatch, event_type)
    become(office.bureau, record)
    office.bureau.house.clock.advance(seconds=TTL.seconds)
    with caplog.at_level(logging.ERROR, "uvicorn.error"):
        answers = [office.client.get(PATH) for _ in range(2)]
    assert [each.json()["code"] for each in answers] == ["status_list_is_behind"] * 2
    (told,) = [each.getMessage() for each in caplog.records if each.name == "uvicorn.error"]
    assert "no status list is signed" in told


def test_what_could_not_be_folded_of_a_record_that_nobody_certified_stops_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = office.bureau.session.confirmed()
    poison(monkeypatch, "amendment.accepted")
    becoming.amend(office.bureau, record)
    assert office.list
    assert office.bureau.house.office.views.status_rows(1, ()).value.missed == []
    failed = office.bureau.house.office.views.page(FAILURES, Query())
    assert [row["type"] for row in failed.value.rows] == ["amendment.accepted"]


def test_staff_are_shown_nothing_and_nothing_is_written_when_it_is_refused(
    office: Office,
) -> None:
    bureau = office.bureau
    _, certificate, _ = certified(office)
    out = handing_out_of(bureau.house)

    class Placeless(Views):
        def page(self, view: Any, query: Query) -> AsOf[Page]:
            found: AsOf[Page] = self._views.page(view, query)
            rows = [{**row, "status_index": None} for row in found.value.rows]
            return replace(found, value=replace(found.value, rows=rows))

    views: Any = Placeless(out.office.views)
    placeless = replace(out, office=replace(out.office, views=views))
    unwitnessed = replace(out, checkpoint=lambda: None)
    tries: dict[str, list[Callable[[], object]]] = {
        "certificate_has_no_status_yet": [
            lambda: Credentials(placeless, lambda: office.keys).credential(
                bureau.handler, certificate
            )
        ],
        "records_are_not_witnessed_yet": [
            lambda: unwitnessed.pdf(bureau.handler, certificate),
            lambda: unwitnessed.proof(bureau.handler, certificate),
            lambda: Credentials(unwitnessed, lambda: office.keys).credential(
                bureau.handler, certificate
            ),
        ],
    }
    for code, acts in tries.items():
        for act in acts:
            with pytest.raises(ActRefused) as refused:
                act()
            assert [each.code for each in refused.value.refused.reasons] == [code]
    herself, volunteer = bureau.session.herself, bureau.session.volunteer
    assert not readers(bureau.house.office, herself, volunteer)
    out.pdf(bureau.handler, certificate)
    assert len(readers(bureau.house.office, herself, volunteer)) == 1

"""Lists of certificates over HTTP, what waits for signers, and who is told what."""

from base64 import urlsafe_b64decode
from typing import Any

import pytest

from ledger.api.v1.certificate_lists import certificate_lists
from ledger.api.v1.certificate_routes import certificate_routes
from ledger.api.v1.list_routes import list_routes
from ledger.api.v1.notice_routes import notice_routes
from ledger.application.callers import Caller
from ledger.application.change_feed import ChangeFeed
from ledger.application.forms.certificate import DeclineForm, RevocationForm
from tests.api.v1.client import Client, TownSessions
from tests.application import becoming
from tests.application.certifying import Bureau, handing_out_of, open_bureau
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import erase

pytestmark = ON_SQLITE
PATH, PUBLIC = "/api/v1/certificates", "/api/v1/certificates/publicity"


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


@pytest.fixture
def client(bureau: Bureau) -> Client:
    sessions, office = TownSessions(), bureau.house.office
    routers = [
        certificate_lists(office, sessions),
        certificate_routes(sessions, bureau.certifying, handing_out_of(bureau.house)),
        list_routes(office, sessions, ChangeFeed(office, lambda _: ())),
        notice_routes(office, sessions, mail_is_on=False),
    ]
    return Client(sessions, routers)


def listed(client: Client, by: Caller, path: str = PATH, **params: Any) -> Any:
    answer = client.get(path, by, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(found: Any) -> list[str]:
    return [each["id"] for each in found["items"]]


def told(client: Client, by: Caller) -> list[tuple[str, str]]:
    found = listed(client, by, "/api/v1/me/notices")["items"]
    return [(each["kind"], each["certificate"]) for each in found if each["certificate"]]


def work(client: Client, by: Caller) -> list[tuple[str, str]]:
    found = listed(client, by, "/api/v1/tasks")["items"]
    return [(each["kind"], each["about"]) for each in found]


def test_a_volunteer_lists_her_own_and_an_issuer_its_own_by_stage(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    first = str(bureau.issued())
    bureau.house.clock.advance(hours=1)
    second = str(bureau.request())
    herself = bureau.session.herself
    assert ids(listed(client, herself)) == [second, first]
    assert ids(listed(client, bureau.handler, stage="issued")) == [first]
    assert ids(listed(client, bureau.handler, stage="requested")) == [second]
    page = listed(client, herself, limit=1)
    assert ids(page) == [second]
    assert ids(listed(client, herself, limit=1, cursor=page["next"])) == [first]
    row = listed(client, herself)["items"][1]
    assert (row["status"], row["hours"], row["stage"]) == ("valid", "2.50", "issued")
    assert "王" not in str(listed(client, bureau.handler))


def test_what_is_no_business_of_ones_own_is_not_listed(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    bureau.issued()
    town = bureau.session.town
    assert listed(client, town.other_head)["items"] == []
    station = {"organization": str(town.station)}
    assert client.get(PATH, town.other_head, params=station).status_code == 404
    assert client.get(PATH, bureau.session.herself, params=station).status_code == 404
    of_another = {"volunteer": str(town.station)}
    assert client.get(PATH, bureau.session.herself, params=of_another).status_code == 404
    assert client.get(PATH).status_code == 401
    assert len(listed(client, town.district_head, **station)["items"]) == 1


def test_a_list_is_as_of_a_size_with_the_status_of_then(bureau: Bureau, client: Client) -> None:
    record = bureau.session.confirmed()
    bureau.issued()
    before = listed(client, bureau.handler)["as_of"]
    becoming.amend(bureau, record)
    (now,) = listed(client, bureau.handler)["items"]
    assert (now["status"], now["changed"]) == ("changed", 1)
    (then,) = listed(client, bureau.handler, as_of=before)["items"]
    assert then["status"] == "valid"
    assert listed(client, bureau.handler, as_of=0)["items"] == []


def test_a_list_of_before_its_issuer_was_suspended_says_valid(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    bureau.issued()
    size = listed(client, bureau.session.herself)["as_of"]
    becoming.suspend(bureau)
    (then,) = listed(client, bureau.session.herself, as_of=size)["items"]
    (now,) = listed(client, bureau.session.herself)["items"]
    assert (then["status"], now["status"]) == ("valid", "issuer_suspended")


def test_an_issuer_that_is_suspended_is_told_of_what_was_valid(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    certificate = str(bureau.issued())
    becoming.suspend(bureau)
    (row,) = listed(client, bureau.session.herself)["items"]
    assert row["status"] == "issuer_suspended"
    one = client.get(f"{PATH}/{certificate}", bureau.session.herself).json()
    assert one["status"]["status"] == "issuer_suspended"
    assert told(client, bureau.session.herself)[0] == (
        "certificate_issuer_suspended",
        certificate,
    )


def test_in_publicity_the_holder_is_masked_and_no_number_is_shown(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    town = bureau.session.town
    (row,) = listed(client, town.other_reviewer, PUBLIC)["items"]
    assert (row["volunteer"], row["hours"], row["closes_on"]) == ("王*", "2.50", "2026-12-07")
    assert str(certificate) not in str(row)
    here, there = {"organization": str(town.station)}, {"organization": str(town.other_station)}
    assert listed(client, town.other_reviewer, PUBLIC, **here)["items"]
    assert not listed(client, town.other_reviewer, PUBLIC, **there)["items"]
    assert client.get(PUBLIC).status_code == 401
    erase(bureau.house, bureau.session.volunteer)
    (row,) = listed(client, town.other_reviewer, PUBLIC)["items"]
    assert row["volunteer"] == "*"


def test_publicity_ends_with_its_last_day_whatever_is_asked(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    bureau.issued()
    town = bureau.session.town
    (row,) = listed(client, town.other_reviewer, PUBLIC)["items"]
    asked: tuple[dict[str, str], ...] = (
        {},
        {"division": row["division"]},
        {"organization": str(town.station)},
    )
    bureau.house.clock.set("2026-12-07 23:00")
    last = [listed(client, town.other_reviewer, PUBLIC, **each) for each in asked]
    assert [len(each["items"]) for each in last] == [1, 1, 1]
    bureau.house.clock.set("2026-12-08 09:00")
    for each in asked:
        for then in ({}, {"as_of": last[0]["as_of"]}):
            assert listed(client, town.other_reviewer, PUBLIC, **each, **then)["items"] == []


def test_publicity_tells_no_entry_by_which_a_credential_is_found(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    bureau.issued()
    other = bureau.session.town.other_reviewer
    (row,) = listed(client, other, PUBLIC)["items"]
    assert set(row) == {
        *("volunteer", "issuer", "division", "mode"),
        *("hours", "issued_on", "closes_on"),
    }
    # Nor by asking for the list of before it and of after it.
    assert listed(client, other, PUBLIC, as_of=0)["items"] == [row]
    bureau.house.clock.advance(hours=1)
    bureau.issued()
    page = listed(client, other, PUBLIC, limit=1)
    token = page["next"] + "=" * (-len(page["next"]) % 4)
    assert row["closes_on"].encode() not in urlsafe_b64decode(token)
    assert len(listed(client, other, PUBLIC, limit=1, cursor=page["next"])["items"]) == 1


def test_a_revoked_one_is_in_publicity_no_more(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    ground = RevocationForm.model_validate({"ground": "false_records"})
    bureau.certifying.revoke(bureau.head, certificate, ground)
    assert listed(client, bureau.handler, PUBLIC)["items"] == []
    assert told(client, bureau.session.herself)[0] == ("certificate_revoked", str(certificate))


def test_what_waits_is_work_of_the_issuer_and_told_to_who_signs(
    bureau: Bureau, client: Client
) -> None:
    bureau.session.confirmed()
    certificate = bureau.request()
    named = str(certificate)
    assert ("accept_certificate", named) in work(client, bureau.handler)
    assert told(client, bureau.handler) == [("certificate_requested", named)]
    assert ("certificate_requested", named) not in told(client, bureau.session.town.recorder)
    bureau.certifying.accept(bureau.handler, certificate)
    assert ("issue_certificate", named) in work(client, bureau.head)
    assert ("certificate_accepted", named) in told(client, bureau.head)
    assert told(client, bureau.session.herself) == []
    bureau.certifying.issue(bureau.head, certificate)
    assert not [each for each in work(client, bureau.head) if each[1] == named]
    assert told(client, bureau.session.herself) == [("certificate_issued", named)]
    second = bureau.issued(replaces=named)
    assert ("certificate_superseded", named) in told(client, bureau.session.herself)
    assert ("certificate_issued", str(second)) in told(client, bureau.session.herself)


def test_a_withdrawal_is_told_to_who_had_accepted(bureau: Bureau, client: Client) -> None:
    bureau.session.confirmed()
    certificate = bureau.request()
    bureau.certifying.accept(bureau.handler, certificate)
    withdrawn = DeclineForm.model_validate({"ground": "withdrawn"})
    bureau.certifying.decline(bureau.session.herself, certificate, withdrawn)
    assert told(client, bureau.handler)[0] == ("certificate_declined", str(certificate))
    assert told(client, bureau.session.herself) == []


@pytest.mark.parametrize("become", [becoming.amend, becoming.void])
def test_a_holder_is_told_that_her_certificate_is_behind_her_records(
    bureau: Bureau, client: Client, become: Any
) -> None:
    record = bureau.session.confirmed()
    certificate = bureau.issued()
    become(bureau, record)
    found = listed(client, bureau.session.herself, "/api/v1/me/notices")["items"]
    (told_of,) = [each for each in found if each["kind"] == "certificate_changed"]
    assert (told_of["certificate"], told_of["record"]) == (str(certificate), str(record))
    assert told_of["about"] is not None

"""One's own inbox over HTTP: who reads what, what is unseen or nearly late, where mail goes."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from ledger.application.callers import Caller, as_volunteer
from ledger.application.disclosing import disclose
from ledger.application.forms.record import AmendmentForm
from ledger.application.forms.staff import ReleaseForm
from ledger.application.forms.volunteer import DisclosureForm, MergeForm, SeparationForm
from ledger.application.merging import merge, separate
from ledger.application.record_reading import read_record
from ledger.application.staffing import release
from ledger.domain.disclosed import DisclosurePurpose
from tests.api.v1.client import Client, reasons
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import SERVICE, Session, begin
from tests.application.town import Town
from tests.application.volunteering import GROUND, OUYANG, erase, registered

PATH = "/api/v1/me/notices"
CONTACT = DisclosureForm(purpose=DisclosurePurpose.CONTACT)
REASON = {"reason": "签到表与记录不符。"}


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def inbox(client: Client, by: Caller, **params: Any) -> dict[str, Any]:
    answer = client.get(PATH, by, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seen(client: Client, by: Caller) -> list[bool]:
    return [each["is_seen"] for each in inbox(client, by)["items"]]


def kinds(found: Mapping[str, Any]) -> list[str]:
    return [each["kind"] for each in found["items"]]


def returned(session: Session) -> UUID:
    """Return a record that the reviewer has sent back."""
    record = session.publicized()
    session.reviewing.return_record(session.town.reviewer, record, REASON["reason"])
    return record


def test_who_entered_a_returned_record_reads_it_and_nobody_else_does(
    client: Client, session: Session
) -> None:
    record, town = returned(session), session.town
    found = inbox(client, town.recorder)
    (item,) = found["items"]
    assert (item["kind"], item["record"], item["is_seen"]) == (
        "record_returned",
        str(record),
        False,
    )
    assert (item["organization"], item["on_behalf_of"]) == (str(town.station),) * 2
    assert item["by"] == town.reviewer.actor.text()
    assert found["unread"] == 1
    for other in (town.reviewer, town.second_recorder, town.station_head, session.herself):
        assert "record_returned" not in kinds(inbox(client, other))
    chinese = client.get(PATH, town.recorder, headers={"accept-language": "zh"}).json()
    assert "退回" in chinese["items"][0]["text"]


def test_nobody_and_no_system_has_an_inbox(client: Client, session: Session) -> None:
    assert client.get(PATH).status_code == 401
    assert client.post(f"{PATH}/seen", None, {"through": 1}).status_code == 401
    token = {"authorization": "Bearer a.b.c"}
    for path in ("", "/due", "/address"):
        assert client.get(f"{PATH}{path}", headers=token).status_code == 401


def test_what_was_seen_is_written_down_once_and_no_further_than_she_was_told(
    client: Client, session: Session
) -> None:
    returned(session)
    recorder = session.town.recorder
    (item,) = inbox(client, recorder)["items"]
    ahead = client.post(f"{PATH}/seen", recorder, {"through": 10_000})
    assert (ahead.status_code, reasons(ahead)) == (422, {"notice_is_not_there"})
    answer = client.post(f"{PATH}/seen", recorder, {"through": item["seq"]}).json()
    assert answer["unread"] == 0
    assert len(answer["receipts"]) == 1
    again = client.post(f"{PATH}/seen", recorder, {"through": item["seq"]}).json()
    assert again == {"unread": 0, "receipts": []}
    found = inbox(client, recorder)
    assert [each["is_seen"] for each in found["items"]] == [True]
    assert inbox(client, recorder, unread=True)["items"] == []
    # As it was before she had seen it.
    before = inbox(client, recorder, as_of=item["seq"] + 1)
    assert (before["unread"], before["items"][0]["is_seen"]) == (1, False)
    assert inbox(client, recorder, as_of=item["seq"])["items"] == []


@ON_SQLITE
def test_pages_follow_each_other_newest_first(client: Client, session: Session) -> None:
    for hour in range(8, 13):
        start, end = (f"2026-11-20T{hour:02}:{minute:02}+08:00" for minute in (0, 45))
        record = session.publicized(start=start, end=end, break_minutes=0)
        session.reviewing.return_record(session.town.reviewer, record, REASON["reason"])
    recorder, seqs, cursor = session.town.recorder, [], None
    while True:
        page = inbox(client, recorder, limit=2, **({"cursor": cursor} if cursor else {}))
        seqs += [each["seq"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        stolen = client.get(PATH, session.town.reviewer, params={"cursor": cursor})
        assert stolen.status_code == 400
    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) == 5


def test_who_proposes_is_shown_when_the_volunteer_was_told_and_had_seen_it(
    client: Client, session: Session
) -> None:
    record, town = session.confirmed(), session.town
    said = {**SERVICE, "end": "2026-11-20T11:00+08:00", **REASON}
    form = AmendmentForm.model_validate(said)
    session.reviewing.propose_amendment(town.association_reviewer, record, form)
    shown = read_record(session.office, town.association_reviewer, record).facts["amendment"]
    assert shown["told_at"] is not None
    assert shown["seen_at"] is None
    found = inbox(client, session.herself)
    assert kinds(found)[:2] == ["amendment_proposed", "record_credited"]
    session.house.clock.now += timedelta(minutes=5)
    client.post(f"{PATH}/seen", session.herself, {"through": found["items"][0]["seq"]})
    shown = read_record(session.office, town.association_reviewer, record).facts["amendment"]
    assert shown["seen_at"] > shown["told_at"]
    early = read_record(
        session.office, town.association_reviewer, record, size=found["as_of"]
    ).facts["amendment"]
    assert early["seen_at"] is None


def test_who_is_looked_at_reads_who_it_was_and_what_for(
    client: Client, session: Session
) -> None:
    reviewer = session.town.reviewer
    disclose(session.office, reviewer, session.volunteer, CONTACT)
    item = inbox(client, session.herself)["items"][0]
    assert (item["kind"], item["purpose"], item["by"]) == (
        "particulars_shown",
        "contact",
        reviewer.actor.text(),
    )
    assert item["purpose_text"] == "getting in touch with her"
    assert "王" not in str(item)
    assert inbox(client, reviewer)["items"] == []


def test_staff_who_left_reads_no_more_of_the_organization(
    client: Client, session: Session
) -> None:
    returned(session)
    town = session.town
    recorder = town.recorder
    assert inbox(client, recorder)["unread"] == 1
    form = ReleaseForm.model_validate(
        {"roles": ["recorder"], "from_day": "2026-11-24", "reason": "调任其他岗位。"}
    )
    release(session.office, town.station_head, town.station, recorder.actor.id, form)
    assert inbox(client, recorder)["items"] == []
    assert inbox(client, recorder)["unread"] == 0


def test_one_human_in_two_capacities_reads_one_inbox(client: Client, session: Session) -> None:
    returned(session)
    recorder = session.town.recorder
    hers = registered(session.office, session.town.second_recorder, OUYANG)
    disclose(session.office, session.town.reviewer, hers, CONTACT)
    both = as_volunteer(hers, staff=recorder.staff)
    found = inbox(client, both)
    assert kinds(found) == ["particulars_shown", "record_returned"]
    answer = client.post(f"{PATH}/seen", both, {"through": found["items"][0]["seq"]}).json()
    assert (answer["unread"], len(answer["receipts"])) == (0, 2)
    assert inbox(client, recorder)["unread"] == 0


def test_registrations_that_were_merged_have_one_inbox_until_they_are_parted(
    client: Client, session: Session
) -> None:
    office, town = session.office, session.town
    other = registered(office, town.recorder, OUYANG)
    disclose(office, town.reviewer, other, CONTACT)
    form = MergeForm.model_validate({**GROUND, "into": str(session.volunteer)})
    merge(office, town.station_head, other, form)
    found = inbox(client, session.herself)
    # The merge is told to both, and is one notice to one human.
    assert kinds(found) == ["registrations_merged", "particulars_shown"]
    assert found["unread"] == 2
    through = {"through": found["items"][0]["seq"]}
    assert client.post(f"{PATH}/seen", session.herself, through).json()["unread"] == 0
    seen_at, merged = partial(office.views.notice_seen_at, other), found["items"][0]["seq"]
    seen_then = seen_at(merged, None)
    assert seen_then is not None
    parting = SeparationForm.model_validate({**GROUND, "out_of": str(session.volunteer)})
    separate(office, town.station_head, other, parting)
    assert kinds(inbox(client, session.herself)) == [
        "registrations_parted",
        "registrations_merged",
    ]
    # What another human saw as hers, she has not seen; and now she can.
    assert seen(client, as_volunteer(other)) == [False, False, False]
    assert seen_at(merged, None) is None
    as_of = inbox(client, as_volunteer(other))["items"][0]["seq"]  # they were one until then
    assert seen_at(merged, as_of) == seen_then
    through = {"through": inbox(client, as_volunteer(other))["items"][1]["seq"]}
    assert client.post(f"{PATH}/seen", as_volunteer(other), through).json()["unread"] == 1
    assert seen(client, as_volunteer(other)) == [False, True, True]


@ON_SQLITE
def test_what_is_nearly_late_is_told_to_who_has_to_do_it(
    client: Client, session: Session
) -> None:
    record, town, clock = returned(session), session.town, session.house.clock
    task = client.get("/api/v1/tasks", town.recorder, params={"kind": "resubmit"}).json()
    due_on = task["items"][0]["due_on"]

    def due(by: Caller, day: str) -> list[tuple[str, str]]:
        clock.set(f"{day} 10:00")
        items = client.get(f"{PATH}/due", by).json()["items"]
        return [(each["kind"], each["about"]) for each in items]

    assert due(town.recorder, "2026-11-24") == []
    assert due(town.recorder, due_on) == [("resubmit", str(record))]
    assert due(town.second_recorder, due_on) == []
    assert due(town.other_recorder, due_on) == []
    assert due(session.herself, due_on) == []
    after = (clock().date() + timedelta(days=5)).isoformat()
    assert ("resubmit", str(record)) not in due(town.recorder, after)


@ON_SQLITE
def test_an_activity_that_is_over_without_a_record_is_nearly_late_at_its_recorders(
    client: Client, session: Session
) -> None:
    town, clock = session.town, session.house.clock
    found: dict[str, list[str]] = {}
    for day in range(1, 15):
        clock.set(f"2026-12-{day:02} 10:00")
        items = client.get(f"{PATH}/due", town.second_recorder).json()["items"]
        if any(each["about"] == str(session.activity) for each in items):
            found[f"{day:02}"] = [each["due_on"] for each in items]
    assert found, "its last day comes within ten working days"
    assert {due for dues in found.values() for due in dues} == {f"2026-12-{max(found)}"}
    clock.set(f"2026-12-{min(found)} 10:00")
    assert client.get(f"{PATH}/due", town.reviewer).json()["items"] == []


def test_she_gives_changes_and_removes_the_address_of_her_mail(
    client: Client, session: Session
) -> None:
    herself, path = session.herself, f"{PATH}/address"
    assert client.get(path, herself).json() == {"address": None, "mail_is_on": False}
    missing = client.send("DELETE", path, herself)
    assert (missing.status_code, reasons(missing)) == (404, {"notice_address_is_missing"})
    for address in ("she@example.org", "she.too@mail.example.org"):
        assert client.put(path, herself, {"address": address}).status_code == 200
        assert client.get(path, herself).json()["address"] == address
    assert client.get(path, session.town.reviewer).json()["address"] is None
    same = client.put(path, herself, {"address": "she.too@mail.example.org"})
    assert same.status_code == 409
    assert client.send("DELETE", path, herself).status_code == 204
    assert client.get(path, herself).json()["address"] is None


@ON_SQLITE
@pytest.mark.parametrize(
    "address",
    [
        "",
        "she",
        "she@",
        "she@example",
        "she@Example.org",
        "she@例子.org",
        "她@example.org",
        "she@example.org\r\nBcc: all@example.org",
        "she @example.org",
        "<she@example.org>",
        "she@example.org,other@example.org",
        '"she"@example.org',
        ".she@example.org",
        f"{'a' * 65}@example.org",
        f"she@{'a.' * 125}org",
        "she@-example.org",
    ],
)
def test_what_is_no_address_is_refused(client: Client, session: Session, address: str) -> None:
    answer = client.put(f"{PATH}/address", session.herself, {"address": address})
    assert answer.status_code == 422
    stored = client.get(f"{PATH}/address", session.herself).json()
    assert stored["address"] is None


@ON_SQLITE
def test_an_address_is_under_her_key_and_gone_with_it(client: Client, session: Session) -> None:
    herself = session.herself
    client.put(f"{PATH}/address", herself, {"address": "she@example.org"})
    rows = [row for row in session.house.ledger.rows() if row.topic == "notice_address.given"]
    assert b"example.org" not in rows[0].plain
    erase(session.house, session.volunteer)
    session.office.states.forget_all()
    assert client.get(f"{PATH}/address", herself).json()["address"] is None
    again = client.put(f"{PATH}/address", herself, {"address": "other@example.org"})
    assert (again.status_code, reasons(again)) == (409, {"person_is_erased"})

"""Nobody is her own second person: not by another role, another body, or another capacity."""

import pytest

from tests.api.v1.running import Person, RunningTown, told
from tests.api.v1.settling import REVIEWED
from tests.application.serving import SERVICE
from tests.evidence.pictures import PDF, pdf
from tests.faults.conftest import Shown

TODAY = REVIEWED.partition(" ")[0]
LONGER = {**SERVICE, "reason": "结束时间填错。"}


def confirm(town: RunningTown, record: str, by: str) -> tuple[int, set[str]]:
    return town.refused(f"/records/{record}/confirmation", by)


def appoint(
    town: RunningTown, by: str, organization: str, person: str | None, *roles: str
) -> str:
    """Appoint somebody from today on; return her id."""
    said = {"roles": roles, "from_day": TODAY, "name": "吴示例"}
    said |= {} if person is None else {"person": town.id(person)}
    added: str = town.post(f"/organizations/{town.id(organization)}/staff", by, said)["added"]
    return added


@pytest.mark.case(42, "self-approval by somebody with both roles")
def test_who_has_both_roles_does_not_confirm_what_she_entered(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("POST /records/…/confirmation by its recorder, who is a reviewer too")
    record, size, before = town.take("both"), town.size(), town.minutes("wang")
    assert confirm(town, record, "station.both") == (403, {"reviewer_is_recorder"})
    by = f"staff:{town.id('station.both')}"
    assert town.attempts(size - 1) == [(by, "record.confirm", {"reviewer_is_recorder"})]
    assert (town.stage(record), town.minutes("wang")) == ("publicized", before)
    # What is refused her is open to another person.
    town.post(f"/records/{record}/confirmation", "station.reviewer")
    assert town.minutes("wang") == before + 150
    shown.saw(answer=403, entries="act.refused", credited=0)


@pytest.mark.case(42, "roles swapped after the entry, and another body's reviewer")
def test_another_role_makes_no_other_person(town: RunningTown, shown: Shown) -> None:
    shown.by("the recorder is released and stays reviewer; then reviews for the body above")
    record = town.take("both")
    person = town.id("station.both")
    said = {"roles": ["recorder"], "from_day": TODAY, "reason": "换岗。"}
    path = f"/organizations/{town.id('station')}/staff/{person}/release"
    town.post(path, "station.head", said)
    assert confirm(town, record, "station.both") == (403, {"reviewer_is_recorder"})
    appoint(town, "association.head", "association", "station.both", "reviewer")
    above = {"ledger-organization": town.id("association")}
    answer = town.refused(f"/records/{record}/confirmation", "station.both", **above)
    assert answer == (403, {"reviewer_is_recorder"})
    assert town.stage(record) == "publicized"
    shown.saw(released=403, for_the_body_above=403)


@pytest.mark.case(42, "the volunteer is a staff person too")
def test_a_volunteer_neither_records_nor_reviews_herself_as_staff(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("POST /me/joining: one sign-in for both; then acts as staff")
    staff = appoint(town, "station.head", "station", None, "recorder", "reviewer")
    whom = {"staff": staff, "appointed_by": town.id("station")}
    token = town.post("/invitations", "station.head", whom)["token"]
    town.post("/me/joining", "ouyang", {"token": token})
    as_staff = {"ledger-organization": town.id("station")}
    record = town.take("ouyang")
    answer = town.refused(f"/records/{record}/confirmation", "ouyang", **as_staff)
    assert answer == (403, {"reviewer_is_volunteer"})
    said = {"activity": town.id("activity"), "volunteer": town.id("ouyang"), **SERVICE}
    answer = town.refused("/records", "ouyang", said, **as_staff)
    assert answer == (403, {"recorder_is_volunteer"})
    # For somebody else she may: it is the person that counts.
    said["volunteer"] = town.id("wang")
    assert town.post("/records", "ouyang", said, **as_staff)["version"] == 1
    shown.saw(reviewing=403, recording=403)


@pytest.mark.case(42, "who proposes an amendment accepts it")
def test_who_proposed_or_entered_decides_about_no_amendment(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("POST /records/…/amendments/…/acceptance by its proposer, and by the recorder")
    record = town.confirmed("wang")
    current = town.read(f"/records/{record}", "station.reviewer")["service"]
    said = LONGER | {"start": current["start"][:16] + "Z", "end": current["end"][:16] + "Z"}
    said |= {"break_minutes": 0}
    amendment = town.post(f"/records/{record}/amendments", "station.reviewer2", said)["opened"]
    path = f"/records/{record}/amendments/{amendment}"
    town.post(f"{path}/reply", "wang", {"text": "情况属实。"})
    assert town.refused(f"{path}/acceptance", "station.reviewer2") == (
        403,
        {"reviewer_is_proposer"},
    )
    status, codes = town.refused(f"{path}/acceptance", "station.recorder")
    assert (status, codes) == (403, {"actor_has_no_such_role", "reviewer_is_recorder"})
    town.post(f"{path}/acceptance", "station.reviewer")
    shown.saw(by_the_proposer=403, by_the_recorder=403, by_another_reviewer=200)


@pytest.mark.case(42, "appointing and inviting oneself")
def test_nobody_gives_herself_a_role_or_a_second_sign_in(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("the head of a station appoints, and invites, herself")
    person = town.places.people["station.head"]
    assert isinstance(person, Person)
    said = {"person": person.id, "roles": ["reviewer"], "from_day": TODAY, "name": "卫示例"}
    answer = town.send(
        "POST", f"/organizations/{person.organization}/staff", "station.head", json=said
    )
    assert told(answer) == (403, {"appointee_appoints_herself"})
    whom = {"staff": person.id, "appointed_by": person.organization}
    status, codes = town.refused("/invitations", "station.head", whom)
    assert status == 403
    assert "invitee_invites_herself" in codes
    shown.saw(appointing=403, inviting=403)


def keyed(town: RunningTown, by: str) -> str:
    """Import a file that was copied from paper; return the id of the import."""
    head = "登记编号,服务日期,服务时段,服务内容,服务评价,评价日期"
    line = f"{town.id('wang')},2026-11-20,18:00-19:00,助老,5,2026-11-23"
    answer = town.send(
        "POST",
        "/imports",
        by,
        params={"activity": town.id("activity"), "carrier": "paper"},
        content=f"{head}\n{line}\n".encode(),
        headers={"content-type": "text/csv"},
    )
    assert (answer.status_code, answer.json().get("accepted")) == (200, 1), answer.text
    batch: str = answer.json()["id"]
    return batch


@pytest.mark.case(42, "paper keyed and checked by one person")
def test_who_keyed_paper_does_not_check_it(town: RunningTown, shown: Shown) -> None:
    shown.by("POST /imports/…/checks by the recorder who imported the file")
    batch, size = keyed(town, "station.recorder"), town.size()
    scan = {"kind": "sign_in_sheet"}
    sent = {"content": pdf(), "headers": {"content-type": PDF}}
    answer = town.send(
        "POST", f"/imports/{batch}/scans", "station.recorder", params=scan, **sent
    )
    assert answer.status_code == 201, answer.text
    looked = f"/evidence/{answer.json()['evidence']}"
    for who in ("station.recorder", "station.reviewer"):
        assert town.get(looked, who, purpose="inspection").content == pdf()
    counted = {"rows_on_paper": 1, "persons_on_paper": 1}
    read = town.read(f"/imports/{batch}/reconciliation", "station.reviewer")["as_of"]
    said = {"agrees": True, "as_of": read, **counted}
    refused = town.refused(f"/imports/{batch}/checks", "station.recorder", said)
    assert refused == (403, {"checker_is_keyer"})
    by = f"staff:{town.id('station.recorder')}"
    assert town.attempts(size - 1) == [(by, "import.check", {"checker_is_keyer"})]
    town.post(f"/imports/{batch}/checks", "station.reviewer", said)
    numbers = town.read(f"/imports/{batch}/reconciliation", "station.reviewer")
    assert (numbers["standing"], numbers["rows_in_force"]) == ("agrees", 1)
    shown.saw(answer=403, entries="act.refused", standing="agrees by another person")

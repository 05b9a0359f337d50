"""A batch of paper over HTTP: keyed by one, scanned, checked by another, and then it counts."""

import hashlib
import io
from typing import Any
from uuid import UUID

import pytest

from ledger.application.entering import publicize_record
from ledger.application.importing.batches import Order
from ledger.application.importing.outcomes import RowOutcome
from ledger.application.importing.whole_files import import_file
from ledger.domain.codes import Carrier
from ledger.projections.views import CHANGES
from ledger.store.view_query import Query
from tests.api.v1.client import reasons
from tests.api.v1.volunteers import code
from tests.application.filing import HEAD, other, row, text
from tests.application.homes import ON_SQLITE
from tests.application.serving import REVIEWED
from tests.application.volunteering import erase
from tests.evidence.pictures import JPEG, PDF, PNG, jpeg, pdf, png
from tests.paper.conftest import IMPORTS, Desk


def shown(desk: Desk, records: list[str]) -> None:
    """Show records, and let their publicity be over."""
    for record in records:
        publicize_record(desk.session.office, desk.town.recorder, UUID(record))


def tasks(desk: Desk) -> list[str]:
    found = desk.read("tasks")["items"]
    return [each["kind"] for each in found if each["kind"] in ("attach_scan", "check_import")]


def persons_of(desk: Desk, content: bytes) -> list[str]:
    """Return whom a scan names."""
    station = str(desk.town.station)
    persons: list[str] = desk.read("evidence", organization=station, sha256=_digest(content))[
        "persons"
    ]
    return persons


def test_keyed_by_one_checked_by_another_and_then_it_counts(desk: Desk) -> None:
    told = desk.bring()
    batch, (mine, hers) = told["id"], [each["record"] for each in told["results"]]
    assert told["carrier"] == "paper"
    assert tasks(desk) == ["attach_scan"]
    record = desk.read(f"records/{mine}")
    assert record["provenance"]["channel"] == "paper"
    assert record["paper"]["scans"] == []
    shown(desk, [mine, hers])
    desk.session.house.clock.set(REVIEWED)
    assert code(desk.confirm(mine)) == (409, "paper_is_not_checked")
    assert code(desk.check(batch)) == (409, "scan_is_missing")

    evidence = desk.scanned(batch, pages=1)
    assert tasks(desk) == ["check_import"]
    assert set(persons_of(desk, png())) == {str(desk.session.volunteer), str(desk.other)}

    assert code(desk.check(batch)) == (409, "scan_was_not_looked_at")
    assert desk.look(evidence, desk.town.recorder).status_code == 200
    assert code(desk.check(batch, desk.town.recorder)) == (403, "checker_is_keyer")
    attempt = desk.session.house.attempts()[-1]
    assert (attempt.by, attempt.act) == (desk.town.recorder.actor.text(), "import.check")

    assert desk.look(evidence).status_code == 200
    differing = [{"record": mine, "difference": "another_time"}]
    assert desk.check(batch, agrees=False, differing=differing).status_code == 201
    assert code(desk.confirm(mine)) == (409, "record_differs_from_paper")
    assert desk.confirm(hers, desk.town.second_reviewer).status_code == 200
    found = desk.read(f"imports/{batch}/reconciliation")
    assert (found["standing"], found["discrepancies"][0]) == ("differs", "records_differ")

    assert desk.check(batch).status_code == 201
    assert desk.confirm(mine).status_code == 200
    assert tasks(desk) == []
    _all_numbers_agree(desk, batch, mine)


def _all_numbers_agree(desk: Desk, batch: str, mine: str) -> None:
    """See what is told of a batch whose two records are confirmed."""
    shown_paper = desk.read(f"records/{mine}")["paper"]
    assert shown_paper["scans"][0]["sha256"] == _digest(png())
    assert shown_paper["check"]["by"] == str(desk.town.reviewer.actor.id)
    assert shown_paper["check"]["difference"] is None
    found = desk.read(f"imports/{batch}/reconciliation")
    assert (found["standing"], found["rows"], found["confirmed"]) == ("agrees", 2, 2)
    (heads,) = found["heads"]
    assert (heads["head_count"], heads["recorded"], heads["from_file"]) == (12, 2, 2)
    assert found["discrepancies"] == ["head_count_differs"]
    seen = [row["type"] for row in _changes(desk)]
    assert [each for each in seen if each.startswith("import.")] == [
        "import.begun",
        "import.finished",
        "import.scan_attached",
        "import.checked",
        "import.checked",
    ]
    batch_read = desk.read(f"imports/{batch}")
    assert [each["agrees"] for each in batch_read["checks"]] == [False, True]
    assert batch_read["runs"][0]["keyed_by"] == str(desk.town.recorder.actor.id)


def _changes(desk: Desk) -> list[Any]:
    """Return the rows of the change feed of the station."""
    wanted = {"organization": str(desk.town.station)}
    query = Query(equal=wanted, order=("seq",), limit=200)
    return list(desk.session.office.views.page(CHANGES, query).value.rows)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def agreed(desk: Desk) -> tuple[str, list[str]]:
    """Return a batch that agrees with its paper, and its records."""
    told = desk.bring()
    desk.look(desk.scanned(told["id"]))
    assert desk.check(told["id"]).status_code == 201
    return told["id"], [each["record"] for each in told["results"]]


def test_what_is_entered_anew_after_the_check_is_checked_again(desk: Desk) -> None:
    batch, (mine, hers) = agreed(desk)
    shown(desk, [mine, hers])
    back = f"/api/v1/records/{mine}/return"
    assert desk.client.post(back, desk.town.reviewer, {"reason": "请核对。"}).status_code == 200
    said = {
        "start": "2026-11-20T09:00+08:00",
        "end": "2026-11-20T11:00+08:00",
        "content": "陪伴老人。",
        "evaluation": {
            "date": "2026-11-23",
            "punctuality": 5,
            "attitude": 5,
            "skill": 5,
            "evaluator": str(desk.town.reviewer.actor.id),
        },
    }
    desk.session.house.clock.advance(minutes=5)
    anew = f"/api/v1/records/{mine}/resubmission"
    read = desk.read(f"imports/{batch}/reconciliation")["as_of"]
    assert desk.client.post(anew, desk.town.recorder, said).status_code == 200
    assert reasons(desk.check(batch, as_of=read)) == {"records_were_entered_since"}
    assert tasks(desk) == ["check_import"]
    found = desk.read(f"imports/{batch}/reconciliation")
    assert (found["standing"], found["entered_later"]) == ("awaits_check", 1)
    shown(desk, [mine])
    desk.session.house.clock.set("2026-12-01 09:00")
    assert code(desk.confirm(mine)) == (409, "paper_is_not_checked")
    assert desk.confirm(hers).status_code == 200
    read = desk.read(f"imports/{batch}/reconciliation")["as_of"]
    assert desk.check(batch, as_of=read).status_code == 201
    assert desk.confirm(mine).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(("content", "media_type"), [(pdf(), PDF), (jpeg(), JPEG)])
def test_a_scan_is_a_document_or_a_picture(desk: Desk, content: bytes, media_type: str) -> None:
    batch = desk.bring()["id"]
    evidence = desk.scanned(batch, content=content, media_type=media_type)
    assert desk.look(evidence).content == content


@ON_SQLITE
def test_a_scan_that_may_not_be_attached_is_not_kept(desk: Desk) -> None:
    batch = desk.bring()["id"]
    assert reasons(desk.scan(batch, kind="photo")) == {"evidence_is_no_scan"}
    assert reasons(desk.scan(batch, by=desk.town.reviewer)) == {"actor_has_no_such_role"}
    assert reasons(desk.scan(batch, pages=0)) == {"pages_are_out_of_bounds"}
    assert code(desk.scan(batch, by=desk.town.other_recorder)) == (404, "nothing_to_see")
    assert code(desk.scan(batch, by=desk.session.herself)) == (404, "nothing_to_see")
    assert code(desk.scan(UUID(int=9))) == (404, "nothing_to_see")
    assert reasons(desk.scan(batch, content=b"<svg>")) == {"evidence_is_of_another_type"}
    assert list(desk.files.names()) == []
    later = row(开始时间="14:00", 结束时间="15:00", 服务时长="1")
    electronic = desk.bring(later, carrier="electronic")["id"]
    assert reasons(desk.scan(electronic)) == {"import_is_not_of_paper"}
    assert desk.scan(batch).status_code == 201
    assert reasons(desk.scan(batch)) == {"evidence_is_known"}


@ON_SQLITE
def test_a_file_that_is_kept_already_is_attached_by_its_id(desk: Desk) -> None:
    batch = desk.bring()["id"]
    evidence = _kept(desk, png(), "sign_in_sheet")
    path = f"{IMPORTS}/{batch}/scans/{evidence}"
    assert code(desk.client.send("POST", path, desk.town.other_recorder))[0] == 404
    version = desk.read(f"imports/{batch}")["version"]
    stale = {"if-match": f'"v{version - 1}"'}
    assert desk.client.send("POST", path, desk.town.recorder, headers=stale).status_code == 412
    answer = desk.client.send("POST", path, desk.town.recorder, params={"pages": 2})
    assert answer.status_code == 201, answer.text
    again = desk.client.send("POST", path, desk.town.recorder)
    assert reasons(again) == {"scan_is_attached"}
    photo = _kept(desk, png(text=b"photo"), "photo")
    path = f"{IMPORTS}/{batch}/scans/{photo}"
    assert reasons(desk.client.send("POST", path, desk.town.recorder)) == {
        "evidence_is_no_scan"
    }
    # It names one of the two: the other one's erasing would leave her line in it.
    desk.look(evidence)
    assert reasons(desk.check(batch)) == {"scan_lacks_volunteers"}


def _kept(desk: Desk, content: bytes, kind: str) -> str:
    answer = desk.client.send(
        "POST",
        "/api/v1/evidence",
        desk.town.recorder,
        content=content,
        headers={"content-type": PNG},
        params={
            "activity": str(desk.session.activity),
            "kind": kind,
            "volunteer": str(desk.session.volunteer),
        },
    )
    assert answer.status_code == 201, answer.text
    evidence: str = answer.json()["id"]
    return evidence


@ON_SQLITE
def test_pages_are_scanned_one_by_one(desk: Desk) -> None:
    batch = desk.bring()["id"]
    first = desk.scanned(batch, first_row=2, last_row=2)
    desk.look(first)
    assert persons_of(desk, png()) == [str(desk.session.volunteer)]
    assert reasons(desk.check(batch)) == {"scan_lacks_volunteers"}
    second = desk.scanned(batch, content=pdf(), media_type=PDF, first_row=3, last_row=3)
    assert reasons(desk.check(batch)) == {"scan_was_not_looked_at"}
    desk.look(second)
    assert desk.check(batch).status_code == 201


@ON_SQLITE
def test_the_same_file_again_keeps_its_scans_and_its_check(desk: Desk) -> None:
    batch, _ = agreed(desk)
    told = desk.bring()
    assert (told["id"], told["duplicates"]) == (batch, 2)
    found = desk.read(f"imports/{batch}")
    assert (len(found["scans"]), len(found["checks"])) == (1, 1)
    assert desk.read(f"imports/{batch}/reconciliation")["standing"] == "agrees"


@ON_SQLITE
def test_the_same_file_is_not_imported_as_if_it_were_electronic(desk: Desk) -> None:
    desk.bring()
    answer = desk.client.send(
        "POST",
        IMPORTS,
        desk.town.recorder,
        params={"activity": str(desk.session.activity)},
        content=_file(),
        headers={"content-type": "text/csv"},
    )
    assert code(answer) == (409, "import_carrier_is_another")


def _file() -> bytes:
    return text(HEAD, row(), other()).getvalue()


@ON_SQLITE
def test_who_typed_it_for_somebody_else_does_not_check_it(desk: Desk) -> None:
    keyer = desk.town.reviewer.actor.id
    batch = desk.bring(keyed_by=str(keyer))["id"]
    desk.look(desk.scanned(batch))
    assert reasons(desk.check(batch)) == {"checker_is_keyer"}
    desk.look(desk.read(f"imports/{batch}")["scans"][0]["evidence"], desk.town.second_reviewer)
    assert desk.check(batch, desk.town.second_reviewer).status_code == 201


@ON_SQLITE
def test_erasing_one_of_them_takes_the_scan_and_a_copy_without_her_is_checked(
    desk: Desk,
) -> None:
    batch = desk.bring()["id"]
    evidence = desk.scanned(batch)
    desk.look(evidence)
    erase(desk.session.house, desk.other)
    assert code(desk.look(evidence)) == (410, "evidence_is_erased")
    assert reasons(desk.check(batch)) == {"scan_is_erased"}
    covered = png(text=b"covered")
    assert reasons(desk.scan(batch, content=covered)) == {"volunteer_is_erased"}
    copy = desk.client.send(
        "POST",
        "/api/v1/evidence",
        desk.town.recorder,
        content=covered,
        headers={"content-type": PNG},
        params={
            "activity": str(desk.session.activity),
            "kind": "sign_in_sheet",
            "volunteer": str(desk.session.volunteer),
            "redacted_from": evidence,
        },
    ).json()["id"]
    path = f"{IMPORTS}/{batch}/scans/{copy}"
    assert desk.client.send("POST", path, desk.town.recorder).status_code == 201
    desk.look(copy)
    assert desk.check(batch).status_code == 201


@ON_SQLITE
def test_a_scan_in_which_she_is_covered_needs_only_the_others(desk: Desk) -> None:
    batch = desk.bring()["id"]
    erase(desk.session.house, desk.other)
    desk.look(desk.scanned(batch, covered="true"))
    assert desk.check(batch).status_code == 201


@ON_SQLITE
def test_a_single_record_of_paper_needs_a_scan_that_is_kept(desk: Desk) -> None:
    assert reasons(_typed(desk)) == {"paper_has_no_scan"}
    digest = _digest(png())
    named = [{"kind": "sign_in_sheet", "sha256": digest}]
    assert reasons(_typed(desk, evidence=named)) == {"paper_has_no_scan"}
    _kept(desk, png(), "sign_in_sheet")
    answer = _typed(desk, evidence=named)
    assert answer.status_code == 201, answer.text
    record = answer.json()["id"]
    assert desk.read(f"records/{record}")["paper"] is None
    shown(desk, [record])
    desk.session.house.clock.set(REVIEWED)
    assert desk.confirm(record).status_code == 200


def _typed(desk: Desk, **changes: Any) -> Any:
    said = {
        "activity": str(desk.session.activity),
        "volunteer": str(desk.session.volunteer),
        "channel": "paper",
        "start": "2026-11-20T09:00+08:00",
        "end": "2026-11-20T11:00+08:00",
        "content": "陪伴老人。",
        "evaluation": {
            "date": "2026-11-23",
            "punctuality": 5,
            "attitude": 5,
            "skill": 5,
            "evaluator": str(desk.town.reviewer.actor.id),
        },
        **changes,
    }
    return desk.client.post("/api/v1/records", desk.town.recorder, said)


def test_imports_are_listed_page_by_page_with_how_they_stand(desk: Desk) -> None:
    paper = desk.bring()["id"]
    desk.session.house.clock.advance(minutes=1)
    desk.bring(row(开始时间="14:00", 结束时间="15:00", 服务时长="1"), carrier="electronic")
    page = desk.read("imports", limit=1)
    assert [each["standing"] for each in page["items"]] == ["electronic"]
    rest = desk.read("imports", limit=1, cursor=page["next"])
    (row_,) = rest["items"]
    assert (row_["id"], row_["standing"], row_["accepted"]) == (paper, "awaits_scan", 2)
    assert rest["next"] is None
    only = desk.read("imports", standing="awaits_scan")["items"]
    assert [each["id"] for each in only] == [paper]
    for who in (desk.town.other_recorder, desk.session.herself):
        hidden = desk.client.get(IMPORTS, who, params={"organization": str(desk.town.station)})
        assert hidden.status_code == 404
    above = desk.read(
        "imports", desk.town.association_reviewer, organization=str(desk.town.station)
    )
    assert len(above["items"]) == 2


@ON_SQLITE
def test_others_see_nothing_of_a_batch_and_check_nothing(desk: Desk) -> None:
    batch = desk.bring()["id"]
    for who in (desk.town.other_reviewer, desk.session.herself):
        assert code(desk.check(batch, who)) == (404, "nothing_to_see")
        path = f"{IMPORTS}/{batch}/reconciliation"
        assert desk.client.get(path, who).status_code == 404
    assert desk.check(desk.session.activity).status_code == 404
    desk.look(desk.scanned(batch))
    many = [{"record": str(UUID(int=n)), "difference": "another_time"} for n in range(201)]
    assert desk.check(batch, agrees=False, differing=many).status_code == 422
    foreign = [{"record": str(UUID(int=9)), "difference": "another_time"}]
    answer = desk.check(batch, agrees=False, differing=foreign)
    assert reasons(answer) == {"record_is_of_another_import"}
    assert desk.check(batch, rows_on_paper=True).status_code == 422


@ON_SQLITE
def test_a_row_that_stands_there_twice_leaves_no_batch_unchecked(desk: Desk) -> None:
    told = desk.bring(row(), other(), row())
    assert (told["accepted"], told["duplicates"]) == (2, 1)
    desk.look(desk.scanned(told["id"]))
    assert reasons(desk.check(told["id"], rows_on_paper=4)) == {"check_contradicts_itself"}
    assert desk.check(told["id"]).status_code == 201
    found = desk.read(f"imports/{told['id']}/reconciliation")
    assert (found["rows"], found["rows_in_force"], found["records"]) == (3, 3, 2)
    assert found["discrepancies"] == ["head_count_differs"]


class Cut(BaseException):
    """The process ends here."""


@ON_SQLITE
def test_a_batch_that_was_cut_off_takes_its_scans_once_it_is_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.application.importing.rows.BATCH_ROWS", 1)

    def cut(_: RowOutcome) -> None:
        raise Cut

    session = desk.session
    order = Order(activity=session.activity, carrier=Carrier.PAPER)
    with pytest.raises(Cut):
        import_file(session.office, desk.town.recorder, io.BytesIO(_file()), order, tell=cut)
    (cut_off,) = desk.read("imports")["items"]
    assert cut_off["is_open"] is True
    assert reasons(desk.scan(cut_off["id"])) == {"import_is_unfinished"}
    told = desk.bring()
    assert (told["id"], told["accepted"], told["duplicates"]) == (cut_off["id"], 1, 1)
    desk.look(desk.scanned(told["id"]))
    assert desk.check(told["id"]).status_code == 201


def test_a_scan_that_is_attached_after_the_check_is_compared_before_anything_counts(
    desk: Desk,
) -> None:
    batch, (mine, hers) = agreed(desk)
    shown(desk, [mine, hers])
    late = desk.scanned(batch, content=png(text=b"second page"))
    assert desk.read(f"imports/{batch}/reconciliation")["standing"] == "awaits_check"
    assert tasks(desk) == ["check_import"]
    desk.session.house.clock.set("2026-12-01 09:00")
    assert code(desk.confirm(mine)) == (409, "paper_is_not_checked")
    desk.look(late)
    assert desk.check(batch).status_code == 201
    assert desk.confirm(mine).status_code == 200


def test_who_typed_the_file_does_not_confirm_what_was_made_of_it(desk: Desk) -> None:
    typist = desk.town.reviewer
    told = desk.bring(keyed_by=str(typist.actor.id))
    records = [each["record"] for each in told["results"]]
    desk.look(desk.scanned(told["id"]), desk.town.second_reviewer)
    assert desk.check(told["id"], desk.town.second_reviewer).status_code == 201
    shown(desk, records)
    desk.session.house.clock.set("2026-12-01 09:00")
    assert reasons(desk.confirm(records[0], typist)) == {"reviewer_is_recorder"}
    assert desk.confirm(records[0], desk.town.second_reviewer).status_code == 200

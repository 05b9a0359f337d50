"""What an audit is asked, in how many processes, and what it keeps to itself."""

import json

import pytest

from ledger.application import auditing
from ledger.application.auditing import AuditReport, audit
from ledger.application.telling import report_lines
from ledger.audit import finding
from ledger.audit.finding import Code, Finding
from tests.audit.house import House, places, unchecked
from tests.audit.plan import SIZE, event_at

K = 333


def test_what_lies_before_the_asked_for_entry_is_counted_as_not_read(house: House) -> None:
    report = house.audit(from_seq=500)
    assert report.ok
    assert unchecked(report)["not_read_again"] == 500


def test_facts_before_the_asked_for_entry_are_not_read(house: House) -> None:
    house.edit(K, plain=None)
    assert house.found(from_seq=500) == set()
    assert house.found(from_seq=K) == {("facts_missing", K)}


def test_the_tree_is_checked_whichever_entry_is_asked_for(house: House) -> None:
    house.edit(K, entry=house.kept(K).entry.replace(b"audit.", b"other."))
    assert house.found(from_seq=500) == {
        ("subtree_differs", 256),
        ("checkpoint_inconsistent", 300),
        ("head_differs", None),
        ("stream_previous", 370),
    }


def test_from_beyond_the_end_reads_nothing_but_the_tree(house: House) -> None:
    report = house.audit(from_seq=10**9)
    assert report.ok
    assert unchecked(report)["not_read_again"] == SIZE


def test_one_process_and_two_give_the_same_report(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.edit(K, plain=None)
    house.edit(500, topic="record.praised")
    house.edit(600, entry=b"")
    one = _without_time(house.audit(processes=1))
    monkeypatch.setattr(auditing, "SMALL", 0)
    assert _without_time(house.audit(processes=2)) == one


def _without_time(report: AuditReport) -> dict[str, object]:
    return {name: value for name, value in report.as_json().items() if name != "seconds"}


def test_findings_beyond_the_limit_are_counted_by_code(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FINDINGS_MAX", 5)
    house.lie("UPDATE entries SET leaf = ? WHERE {log} AND seq < 20", b"?")
    house.edit(600, plain=None)
    report = house.audit()
    assert not report.ok
    assert len(report.tally.findings) == 5
    assert report.as_json()["not_listed"] == {"leaf_differs": 15, "facts_missing": 1}
    lines = list(report_lines(report, "en"))
    assert "21 findings" in lines[0]
    assert any("16 more: leaf_differs, facts_missing" in line for line in lines)


def test_a_report_is_json_whatever_somebody_wrote_into_the_database(house: House) -> None:
    for size, note in ((100, b"\xff\xfe"), (256, b"\xe5" * 60_000), (300, b"")):
        query = "UPDATE checkpoints SET note = ? WHERE {log} AND size = ?"
        house.lie(query, note, size)
    house.edit(K, entry=b"\xff" * 60_000, leaf=b"\xff" * 60_000, plain=b"\xff" * 60_000)
    report = house.audit()
    text = json.dumps(report.as_json(), ensure_ascii=False)
    assert len(text.encode("utf-8")) < 200_000


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (7, 7),
        ("text", "text"),
        (b"\xff", "b'\\xff'"),
        ((1, b"\xff", ["x"]), [1, "b'\\xff'", ["x"]]),
        ("\ud800", "\\ud800"),
        ({"a": 1}, "{'a': 1}"),
    ],
)
def test_want_and_got_are_what_json_can_show(value: object, shown: object) -> None:
    told = Finding(Code.LEAF_DIFFERS, 0, "", value, value)
    assert (told.want, told.got) == (shown, shown)
    json.dumps([told.want, told.got], ensure_ascii=False).encode("utf-8")


def test_want_and_got_are_kept_short() -> None:
    told = Finding(Code.LEAF_DIFFERS, 0, "", "x" * 10**6, ["y"] * 10**6)
    assert len(str(told.want)) <= 400
    assert len(list(told.got)) == 256  # type: ignore[call-overload]


def test_an_audit_tells_how_far_it_is(house: House) -> None:
    told: list[tuple[int, int]] = []
    report = audit(
        house.wiring.opener(),
        house.question(),
        scope="database",
        progress=lambda done, size: told.append((done, size)),
        processes=1,
    )
    assert report.ok
    assert told == [(SIZE, SIZE)]


def test_an_audit_does_not_mind_what_is_appended_meanwhile(house: House) -> None:
    opener = house.wiring.opener()
    first = True

    def grow(_done: int, _size: int) -> None:
        nonlocal first
        if first:
            house.append(*(event_at(seq) for seq in range(601, 606)))
            house.wiring.publisher.publish()
            first = False

    report = audit(opener, house.question(), scope="database", progress=grow, processes=1)
    assert places(report) == set()
    assert report.checkpoint.size == SIZE
    assert house.audit().checkpoint.size == SIZE + 5

"""Appending: all or none of a submission, each alone, gap-free, and never the same salts."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.proof.canonical import Value
from ledger.proof.entry import parse_entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import parse_group
from ledger.proof.personal import parse_personal
from ledger.proof.shapes import OPAQUE
from ledger.store.event import (
    Appended,
    NewEvent,
    PersonErased,
    StreamMovedOn,
    Tracking,
    TrackingMovedOn,
)
from tests.store.clocks import Ticking
from tests.store.ledgers import (
    STAFF,
    Ledger,
    Place,
    founded,
    noted,
    registered,
    some_uuid,
    submission,
    times,
)


def opaque(stream: str, number: int) -> NewEvent:
    return NewEvent(
        stream=stream,
        type=OPAQUE,
        shape=1,
        by=STAFF,
        facts={"originator_version": number, "state": "e30=", "topic": "dog:Dog"},
    )


def test_an_answer_says_where_the_entries_are(ledger: Ledger) -> None:
    assert ledger.append(noted(), noted()) == Appended(0, 2)
    assert ledger.append(noted()) == Appended(2, 1)
    assert ledger.seqs() == [0, 1, 2]
    assert ledger.codes() == []


def test_a_refused_event_leaves_no_gap(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(noted(stream=stream, version=1))
    for _ in range(3):
        with pytest.raises(StreamMovedOn) as refused:
            ledger.append(noted(), noted(stream=stream, version=1))
        assert (refused.value.stream, refused.value.want, refused.value.got) == (stream, 2, 1)
    assert ledger.append(noted(stream=stream, version=2)) == Appended(1, 1)
    assert ledger.seqs() == [0, 1]
    assert ledger.codes() == []


def test_a_submission_is_appended_whole_or_not_at_all(ledger: Ledger) -> None:
    stream = some_uuid()
    events = [noted(stream=stream, version=number) for number in (1, 2, 4)]
    with pytest.raises(StreamMovedOn):
        ledger.append(*events)
    assert ledger.seqs() == []
    assert ledger.append(*events[:2]) == Appended(0, 2)


def test_a_refused_submission_does_not_disturb_its_neighbours(place: Place) -> None:
    stream, erased, other_key = some_uuid(), some_uuid(), some_uuid()
    with founded(place, clock=Ticking()) as ledger:
        ledger.append(noted(stream=stream), registered(other_key))
        ledger.vault.close(erased)
        _spoil_key(ledger, other_key)
        with ledger.locked():
            first = ledger.begin(noted())
            accepted = [ledger.submit(noted(stream=stream, version=2))]
            refused = {
                StreamMovedOn: ledger.submit(noted(), noted(stream=stream, version=2)),
                PersonErased: ledger.submit(noted(), registered(erased)),
                ProofError: ledger.submit(registered(other_key)),
            }
            accepted.append(
                ledger.submit(noted(stream=stream, version=3), registered(some_uuid()))
            )
        assert first.result() == Appended(2, 1)
        assert [each.result() for each in accepted] == [Appended(3, 1), Appended(4, 2)]
        for refusal, answer in refused.items():
            assert isinstance(answer.exception(), refusal)
        by_seq = times(ledger)
        # All of them waited for one lock, so what was accepted is one commit.
        assert by_seq[3] == by_seq[4] == by_seq[5] != by_seq[2]
        assert ledger.seqs() == list(range(6))


def test_a_refusal_is_given_when_what_it_rests_on_can_be_read(ledger: Ledger) -> None:
    """A neighbour in the same commit was first; deciding anew must meet its entry."""
    stream, seen = some_uuid(), list[list[int]]()
    with ledger.locked():
        ledger.begin(noted())
        ledger.submit(noted(stream=stream, version=1))
        refused = ledger.submit(noted(stream=stream, version=1))
        refused.add_done_callback(lambda _: seen.append(ledger.seqs()))
    assert isinstance(refused.exception(), StreamMovedOn)
    ledger.appender.close()
    assert seen == [[0, 1]]


def _spoil_key(ledger: Ledger, person: str) -> None:
    with ledger.vault._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE data_keys SET wrapped = zeroblob(60) WHERE person = ?",
            (person.replace("-", ""),),
        )


def test_a_submission_that_was_cancelled_in_time_is_not_appended(ledger: Ledger) -> None:
    with ledger.locked():
        begun, *waiting = ledger.begin(noted()), ledger.submit(noted()), ledger.submit(noted())
        assert not begun.cancel()
        assert [each.cancel() for each in waiting] == [True, True]
    assert begun.result() == Appended(0, 1)
    assert ledger.append(noted()) == Appended(1, 1)
    assert ledger.codes() == []


def test_a_cancelled_submission_does_not_spoil_the_answers_of_others(ledger: Ledger) -> None:
    with ledger.locked():
        answers = [ledger.begin(noted()), *(ledger.submit(noted()) for _ in range(3))]
        answers[2].cancel()
    assert answers[3].result().count == 1
    assert answers[1].result().count == 1
    assert len(ledger.seqs()) == 3


def test_a_refused_tracking_position_refuses_its_events(ledger: Ledger) -> None:
    ledger.appender.append(submission(noted(), tracking=Tracking("upstream", 5)))
    with pytest.raises(TrackingMovedOn) as refused:
        ledger.appender.append(submission(noted(), tracking=Tracking("upstream", 5)))
    assert (refused.value.want, refused.value.got) == (6, 5)
    assert ledger.appender.append(submission(tracking=Tracking("upstream", 6))).count == 0
    assert ledger.recorder.max_tracking_id("upstream") == 6
    assert ledger.seqs() == [0]


def test_an_impossible_tracking_position_is_refused_before_it_waits() -> None:
    with pytest.raises(MalformedError):
        Tracking("up\x00stream", 1)
    with pytest.raises(MalformedError):
        Tracking("upstream", 2**63)


def test_an_event_appended_again_has_fresh_seeds_and_salts(ledger: Ledger) -> None:
    stream, person = some_uuid(), some_uuid()
    event = replace(registered(person, stream=stream), version=1)
    ledger.append(event)
    with pytest.raises(StreamMovedOn):
        ledger.append(event)
    ledger.append(replace(event, version=2))
    first, second = ledger.rows()
    assert parse_group(first.plain).seed != parse_group(second.plain).seed
    one, two = parse_personal(first.personal)[person], parse_personal(second.personal)[person]
    assert one.keys() == two.keys()
    assert not set(one.values()) & set(two.values())


def test_no_two_events_of_a_submission_share_a_seed(ledger: Ledger) -> None:
    ledger.append(*[noted("the same") for _ in range(20)])
    rows = ledger.rows()
    assert len({parse_group(row.plain).seed for row in rows}) == 20
    assert len({parse_entry(row.entry).facts for row in rows}) == 20


@pytest.mark.parametrize("count", [1, 7, 8, 300])
def test_few_and_many_rows_are_written_alike(ledger: Ledger, count: int) -> None:
    person = some_uuid()
    ledger.append(*[registered(person) for _ in range(count)])
    assert ledger.seqs() == list(range(count))
    assert ledger.codes() == []


def test_an_event_of_another_application_is_kept_as_facts(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(opaque(stream, 0), opaque(stream, 7))
    second = ledger.rows()[1]
    facts = parse_group(second.plain).facts
    assert facts["type"] == "opaque.recorded"
    assert (facts["topic"], facts["state"]) == ("dog:Dog", "e30=")
    assert (facts["originator_version"], facts["version"]) == (7, 2)
    assert (second.topic, second.originator_version, second.version) == ("dog:Dog", 7, 2)
    assert str(second.stream) == stream


def test_another_application_never_numbers_backwards(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(opaque(stream, 7))
    for number in (7, 6, 0):
        with pytest.raises(StreamMovedOn):
            ledger.append(opaque(stream, number))
    ledger.append(opaque(stream, 8))
    assert ledger.codes() == []


def test_no_event_of_ours_stands_behind_a_larger_number(ledger: Ledger) -> None:
    stream = some_uuid()
    ledger.append(opaque(stream, 7))
    for event in (noted(stream=stream), noted(stream=stream, version=2)):
        with pytest.raises(StreamMovedOn):
            ledger.append(event)
    ledger.append(opaque(stream, 8))
    assert [row.version for row in ledger.rows()] == [1, 2]
    assert ledger.codes() == []


def test_a_shape_that_is_not_published_is_refused_at_once(ledger: Ledger) -> None:
    event = noted()
    for wrong in (
        replace(event, shape=2),
        replace(event, facts={}),
        replace(event, type="a.b"),
    ):
        with pytest.raises(MalformedError):
            ledger.submit(noted(), wrong)
    assert ledger.seqs() == []


def test_the_time_of_the_log_never_goes_back(place: Place, tmp_path: Path) -> None:
    clock = Ticking()
    with founded(place, clock=clock) as ledger:
        ledger.append(noted())
        ledger.append(noted())
        clock.now = clock.now.replace(year=1969)
        ledger.append(noted())
        first, second, third = times(ledger).values()
        assert first < second == third
        assert ledger.codes() == []


def test_what_waits_is_committed_when_the_appender_closes(ledger: Ledger) -> None:
    with ledger.locked():
        answers = [ledger.submit(noted()) for _ in range(5)]
    ledger.appender.close()
    assert sorted(each.result(timeout=0).first_seq for each in answers) == list(range(5))
    with pytest.raises(RuntimeError):
        ledger.submit(noted())


def test_a_submission_is_found_again_by_its_id(ledger: Ledger) -> None:
    wanted = submission(noted(), noted())
    ledger.append(noted())
    ledger.appender.append(wanted)
    assert ledger.submission_seqs(wanted.id) == [1, 2]
    assert ledger.submission_seqs(uuid.uuid4()) == []


def test_facts_are_taken_as_they_stood_when_they_were_submitted(ledger: Ledger) -> None:
    tags: list[Value] = ["community"]
    event = replace(noted(), facts={"note": tags})
    with ledger.locked():
        answer = ledger.submit(event)
        tags.append("changed while it waited")
    answer.result()
    assert [parse_group(row.plain).facts["note"] for row in ledger.rows()] == [["community"]]
    assert ledger.codes() == []

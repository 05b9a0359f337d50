"""One lie at a time about plain facts and the columns beside them → exactly these findings."""

import pytest

from ledger.proof.facts import parse_group
from tests.audit.house import House, unchecked
from tests.audit.plan import Found, next_in_stream, stream_of

K = 333
"""A record, version 9 of its stream."""
ABOUT = 335
"""An event with personal facts."""
OPAQUE = 357


def test_an_edited_value_is_named(house: House) -> None:
    plain = house.kept(K).plain
    assert plain is not None
    edited = plain.replace(b'"minutes":93', b'"minutes":930')
    assert edited != plain
    house.edit(K, plain=edited)
    assert house.found() == {("facts_commitment", K)}


def test_an_edited_seed_is_named(house: House) -> None:
    plain = house.kept(K).plain or b""
    seed = parse_group(plain).seed.hex().encode()
    house.edit(K, plain=plain.replace(seed, seed[::-1]))
    assert house.found() == {("facts_commitment", K)}


def test_the_facts_of_another_event_are_named(house: House) -> None:
    house.edit(K, plain=house.kept(K + 1).plain)
    # The facts that lie there now name the leaf before them in another stream.
    assert house.found() == {("facts_commitment", K), ("stream_previous", K)}


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", b'"', b"\xff", b"{" * 5_000])
def test_facts_that_are_no_facts_are_named(house: House, text: bytes) -> None:
    house.edit(K, plain=text)
    assert house.found() == {("facts_not_canonical", K)}


def test_facts_in_another_spelling_are_named(house: House) -> None:
    plain = house.kept(K).plain or b""
    house.edit(K, plain=plain.replace(b'"minutes":93', b'"minutes": 93'))
    assert house.found() == {("facts_not_canonical", K)}


def test_facts_that_are_gone_are_named(house: House) -> None:
    house.edit(K, plain=None)
    assert house.found() == {("facts_missing", K)}


def test_a_removed_fact_is_named(house: House) -> None:
    plain = house.kept(K).plain or b""
    house.edit(K, plain=plain.replace(b'"minutes":93,', b""))
    assert house.found() == {("facts_commitment", K)}


def test_edited_digests_of_personal_facts_are_named(house: House) -> None:
    personal = house.kept(ABOUT).personal or b""
    digit = b"0" if personal[-5:-4] != b"0" else b"1"
    house.edit(ABOUT, personal=personal[:-5] + digit + personal[-4:])
    assert house.found() == {("facts_commitment", ABOUT)}


def test_removed_digests_of_personal_facts_are_named(house: House) -> None:
    house.edit(ABOUT, personal=None)
    assert house.found() == {("facts_commitment", ABOUT)}


def test_digests_added_where_there_were_none_are_named(house: House) -> None:
    house.edit(K, personal=house.kept(ABOUT).personal)
    assert house.found() == {("facts_commitment", K)}


def test_digests_that_are_no_digests_are_named(house: House) -> None:
    house.edit(ABOUT, personal=b"[]")
    assert house.found() == {("facts_not_canonical", ABOUT)}


def _columns(found: Found) -> Found:
    return found | {("facts_columns", K)}


def test_an_edited_topic_is_named(house: House) -> None:
    house.edit(K, topic="record.praised")
    assert house.found() == _columns(set())


def test_an_event_moved_to_another_stream_is_named(house: House) -> None:
    nobody = "7aaaaaaa-0000-4000-8000-000000000000"
    house.edit(K, stream=house.outsider.uuid(nobody))
    follower = next_in_stream(K)
    # It is no first version there, and where it came from there is a gap.
    assert house.found() == _columns({("stream_version", K), ("stream_version", follower)})


def test_an_edited_version_is_named(house: House) -> None:
    house.edit(K, version=99)
    follower = next_in_stream(K)
    assert house.found() == _columns({("stream_version", K), ("stream_version", follower)})


def test_an_edited_number_of_the_writer_is_named(house: House) -> None:
    house.edit(K, originator_version=99)
    follower = next_in_stream(K)
    # The index by stream now has it last.
    assert house.found() == _columns({("stream_version", K), ("stream_version", follower)})


def test_the_number_of_another_application_is_compared_with_its_fact(house: House) -> None:
    assert stream_of(OPAQUE) == stream_of(7)
    house.edit(OPAQUE, originator_version=3 * OPAQUE + 1)
    assert house.found() == {("facts_columns", OPAQUE)}


def test_a_finding_names_columns_and_no_value(house: House) -> None:
    house.edit(K, topic="record.praised", version=99)
    told = [finding for finding in house.audit().tally.findings if finding.seq == K]
    assert told[0].got == ["version", "topic"]


def test_which_append_wrote_a_row_is_bound_by_nothing(house: House) -> None:
    house.edit(K, submission=house.outsider.uuid("7aaaaaaa-0000-4000-8000-000000000000"))
    report = house.audit()
    assert report.ok
    assert set(unchecked(report)) == {"not_witnessed"}

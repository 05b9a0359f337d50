"""Facts, salts, digests and the commitment, against the golden vectors."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import MalformedError
from ledger.proof.facts import (
    FACT_BYTES_MAX,
    Fact,
    FactGroup,
    check_actor,
    check_type,
    check_uuid,
    commitment,
    fact_digest,
    merge_digests,
    parse_group,
    parse_hex,
    salts,
)
from ledger.proof.personal import parse_personal, personal_text
from tests.proof.test_canonical import NAMES, VALUES
from tests.proof.vectors import ROWS, groups_of

SEED = bytes(range(32))
GROUPS = st.builds(
    FactGroup,
    st.binary(min_size=32, max_size=32),
    st.dictionaries(NAMES, VALUES, max_size=6),
)
by_row = pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))


@by_row
def test_every_salt_is_the_one_of_the_vector(row: dict[str, Any]) -> None:
    plain, personal = groups_of(row)
    got = {
        fact.name: fact.salt
        for group in (plain, *personal.values())
        for fact in group.disclosed()
    }
    assert {name: salt.hex() for name, salt in got.items()} == {
        name: salt for name, _, salt in row["facts"]
    }


@by_row
def test_every_digest_is_the_one_of_the_vector(row: dict[str, Any]) -> None:
    plain, personal = groups_of(row)
    digests = merge_digests(
        [plain.digests(), *(group.digests() for group in personal.values())]
    )
    assert {name: digest.hex() for name, digest in digests.items()} == row["digests"]
    for name, value, salt in row["facts"]:
        assert Fact(name, value, bytes.fromhex(salt)).digest().hex() == row["digests"][name]


@by_row
def test_the_commitment_stands_in_the_entry(row: dict[str, Any]) -> None:
    digests = [bytes.fromhex(digest) for _, digest in sorted(row["digests"].items())]
    assert commitment(digests).hex() in row["entry"]


def test_the_order_and_the_number_of_digests_are_committed_to() -> None:
    one, two = bytes(32), bytes([1]) * 32
    assert len({commitment(each) for each in ([one, two], [two, one], [one], [])}) == 4


def test_a_fact_stands_in_one_group_only() -> None:
    with pytest.raises(MalformedError) as refused:
        merge_digests([{"name": bytes(32)}, {"name": bytes(32)}])
    assert refused.value.got == ["name"]


def test_salts_are_cut_from_one_stream_in_order() -> None:
    assert salts(SEED, 3) == salts(SEED, 5)[:3]
    assert len(set(salts(SEED, 50))) == 50
    assert salts(SEED, 0) == []


@given(GROUPS)
def test_a_group_is_read_back_from_its_text(group: FactGroup) -> None:
    assert parse_group(group.text()) == group
    assert {fact.name: fact.digest() for fact in group.disclosed()} == group.digests()


@pytest.mark.parametrize(
    "text",
    [
        b'{"facts":{},"seed":"00"}',
        b'{"facts":{},"seed":"' + b"AA" * 32 + b'"}',
        b'{"facts":[],"seed":"' + b"00" * 32 + b'"}',
        b'{"facts":{}}',
        b'{"facts":{"A":1},"seed":"' + b"00" * 32 + b'"}',
    ],
)
def test_a_malformed_group_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_group(text)


def test_a_group_needs_a_whole_seed_and_values_of_the_logs_world() -> None:
    for seed, facts in ((b"short", {}), (SEED, {"a": 1.5}), (SEED, {"A": 1})):
        with pytest.raises(MalformedError):
            FactGroup(seed, facts)  # type: ignore[arg-type]


def test_a_fact_too_large_for_a_log_is_refused() -> None:
    with pytest.raises(MalformedError) as refused:
        fact_digest("scan", "x" * FACT_BYTES_MAX, bytes(16))
    assert refused.value.want == f"at most {FACT_BYTES_MAX} bytes"


@given(
    st.dictionaries(
        st.uuids().map(str),
        st.dictionaries(NAMES, st.binary(min_size=32, max_size=32), max_size=3),
        min_size=1,
        max_size=3,
    )
)
def test_digests_of_personal_facts_are_read_back(digests: dict[str, dict[str, bytes]]) -> None:
    assert parse_personal(personal_text(digests)) == digests


def test_personal_digests_have_one_spelling() -> None:
    assert personal_text({}) is None
    assert parse_personal(None) == {}
    for text in (b"[]", b"{}", b"null", b'[["x",{}]]', b'[["' + b"0" * 36 + b'",{}]]'):
        with pytest.raises(MalformedError):
            parse_personal(text)


@pytest.mark.parametrize(
    "value", [None, 1, "", "0" * 63, "0" * 65, "G" * 64, "AB" * 32, " " * 64]
)
def test_hex_has_one_spelling(value: object) -> None:
    with pytest.raises(MalformedError):
        parse_hex(value, 32, what="hash")


def test_streams_types_and_actors_keep_to_their_form() -> None:
    uuid = "0b7a1f52-98a4-4b6e-8f6c-6a3c9d0e2a11"
    assert check_uuid(uuid, what="stream") == uuid
    assert check_type("record.confirmed") == "record.confirmed"
    for kind in ("staff", "volunteer", "key", "system"):
        assert check_actor(f"{kind}:{uuid}") == f"{kind}:{uuid}"
    for check, wrong in (
        (lambda value: check_uuid(value, what="stream"), uuid.upper()),
        (lambda value: check_uuid(value, what="stream"), f"{uuid}\n"),
        (check_type, "RecordConfirmed"),
        (check_type, "ledger.domain:Record"),
        (check_actor, f"office:{uuid}"),
        (check_actor, "staff:everybody"),
        (check_actor, None),
    ):
        with pytest.raises(MalformedError):
            check(wrong)

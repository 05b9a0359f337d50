"""Disclosure: any choice of facts adds up to the entry, and nothing else does."""

import base64
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.canonical import encode
from ledger.proof.disclosure import (
    Disclosure,
    ProvenEvent,
    disclose,
    disclosed_facts,
    disclosure_text,
    parse_disclosure,
    parse_proven_event,
    verify_disclosure,
)
from ledger.proof.entry import parse_entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import Fact, commitment, merge_digests
from ledger.proof.shapes import Shapes
from ledger.proof.tlog_proof import parse_tlog_proof
from tests.proof.vectors import ROWS, VECTORS, groups_of, shapes_of_rows

SHAPES = shapes_of_rows()
ALWAYS = {"type", "shape"}


def disclosure_of(row: dict[str, Any], names: set[str] | None) -> Disclosure:
    plain, personal = groups_of(row)
    groups = [plain, *personal.values()]
    return disclose(merge_digests(group.digests() for group in groups), groups, names)


def commitment_of(row: dict[str, Any]) -> bytes:
    return parse_entry(row["entry"].encode()).facts


@given(st.sampled_from(ROWS), st.data())
def test_any_choice_of_facts_adds_up_to_the_entry(
    row: dict[str, Any], data: st.DataObject
) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(row["digests"])))) | ALWAYS
    disclosure = disclosure_of(row, names)
    assert verify_disclosure(disclosure, facts=commitment_of(row), shapes=SHAPES) is None
    assert disclosed_facts(disclosure) == {
        name: value for name, value, _ in row["facts"] if name in names
    }
    assert parse_disclosure(disclosure_text(disclosure)) == disclosure


@given(st.sampled_from(ROWS), st.data())
def test_no_changed_fact_adds_up(row: dict[str, Any], data: st.DataObject) -> None:
    disclosure = disclosure_of(row, None)
    at = data.draw(st.integers(0, len(disclosure) - 1))
    fact = disclosure[at]
    assert isinstance(fact, Fact)
    for lie in (
        dataclasses.replace(fact, value="another"),
        dataclasses.replace(fact, salt=bytes(16)),
        dataclasses.replace(fact, name="zzz"),
        bytes(32),
    ):
        lied = [*disclosure[:at], lie, *disclosure[at + 1 :]]
        with pytest.raises(ProofError) as refused:
            verify_disclosure(lied, facts=commitment_of(row), shapes=SHAPES)
        assert refused.value.step == "commitment"
        assert refused.value.want == commitment_of(row).hex()
    for lied in (disclosure[:-1], [*disclosure, bytes(32)], disclosure[::-1]):
        with pytest.raises(ProofError):
            verify_disclosure(lied, facts=commitment_of(row), shapes=SHAPES)


def test_type_and_shape_are_never_withheld() -> None:
    for hidden in ALWAYS:
        disclosure = disclosure_of(ROWS[2], set(ROWS[2]["digests"]) - {hidden})
        with pytest.raises(ProofError) as refused:
            verify_disclosure(disclosure, facts=commitment_of(ROWS[2]), shapes=SHAPES)
        assert refused.value.step == "shape"


def test_an_unpublished_shape_is_said_not_passed() -> None:
    disclosure = disclosure_of(ROWS[2], None)
    said = verify_disclosure(disclosure, facts=commitment_of(ROWS[2]), shapes=Shapes())
    assert said == "shape 1 of record.submitted is not among the published ones"


def test_a_fact_stands_where_its_shape_has_it() -> None:
    # An issuer who commits under another name than the published one is found out.
    plain, _ = groups_of(ROWS[2])
    renamed = {("minutez" if name == "minutes" else name): v for name, v in plain.facts.items()}
    group = dataclasses.replace(plain, facts=renamed)
    digests = group.digests()
    disclosure = disclose(digests, [group], None)
    entry = dataclasses.replace(parse_entry(ROWS[2]["entry"].encode()), facts=_commit(digests))
    with pytest.raises(ProofError) as refused:
        verify_disclosure(disclosure, facts=entry.facts, shapes=SHAPES)
    assert (refused.value.want, refused.value.got) == ("minutes", "minutez")


def test_the_number_of_facts_is_that_of_the_shape() -> None:
    plain, _ = groups_of(ROWS[2])
    group = dataclasses.replace(plain, facts={**plain.facts, "zzz": None})
    digests = group.digests()
    with pytest.raises(ProofError) as refused:
        verify_disclosure(
            disclose(digests, [group], ALWAYS), facts=_commit(digests), shapes=SHAPES
        )
    assert (refused.value.want, refused.value.got) == (len(plain.facts), len(group.facts))


def test_a_fact_that_no_group_holds_cannot_be_shown() -> None:
    with pytest.raises(MalformedError) as refused:
        disclosure_of(ROWS[2], {"type", "shape", "blood_type"})
    assert refused.value.got == ["blood_type"]


def test_the_extra_of_the_vectors_proof_comes_out() -> None:
    extra = parse_tlog_proof(VECTORS["tlog_proof"].encode()).extra
    assert extra is not None
    proven = parse_proven_event(extra)
    assert proven.text() == extra
    assert verify_disclosure(proven.disclosure, facts=proven.entry.facts, shapes=SHAPES) is None
    built = ProvenEvent(
        parse_entry(ROWS[2]["entry"].encode()),
        disclosure_of(ROWS[2], {"minutes", "shape", "type", "volunteer"}),
    )
    assert built == proven
    assert base64.b64encode(built.text()).decode() in VECTORS["tlog_proof"]


@pytest.mark.parametrize(
    "value",
    [
        {},
        [1],
        ["zz"],
        [["a", 1]],
        [["a", 1, "00"]],
        [["A", 1, "00" * 16]],
        [[1, 1, "00" * 16]],
        [["b", 1, "00" * 16], ["a", 1, "00" * 16]],
        [["a", 1, "00" * 16], "00" * 32, ["a", 1, "00" * 16]],
    ],
)
def test_a_malformed_disclosure_is_refused(value: Any) -> None:
    with pytest.raises(MalformedError):
        parse_disclosure(encode(value))


@pytest.mark.parametrize(
    "text", [b"{}", b'{"entry":1,"facts":[]}', b'{"entry":"x","facts":[]}']
)
def test_a_malformed_extra_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_proven_event(text)


def _commit(digests: dict[str, bytes]) -> bytes:
    return commitment([digests[name] for name in sorted(digests)])

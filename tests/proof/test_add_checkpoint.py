"""Requests to a witness: one spelling, bounded, whatever they claim."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.add_checkpoint import (
    REQUEST_BYTES_MAX,
    AddCheckpoint,
    parse_add_checkpoint,
)
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.errors import MalformedError
from ledger.proof.note import SignatureLine, SignedNote

LINE = SignatureLine("a", b"\x01\x02\x03\x04", b"\x05")
NOTE = SignedNote(Checkpoint("a", 11, bytes(32)).text(), (LINE,))
# The example of C2SP tlog-witness.
EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc\
yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""

REQUESTS = st.builds(
    AddCheckpoint,
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=4).map(tuple),
    st.just(NOTE),
)


def test_the_example_of_the_specification_is_read_and_written_alike() -> None:
    request = parse_add_checkpoint(EXAMPLE.encode())
    assert request.encode() == EXAMPLE.encode()
    assert (request.old_size, len(request.proof)) == (20_852_014, 4)
    assert request.checkpoint.origin == "example.com/behind-the-sofa"
    assert request.checkpoint.size == 20_852_163


@given(REQUESTS)
def test_what_is_written_is_read_as_the_same_request(request: AddCheckpoint) -> None:
    assert parse_add_checkpoint(request.encode()) == request


@given(REQUESTS, st.data())
def test_one_byte_changed_is_refused_or_another_request(
    request: AddCheckpoint, data: st.DataObject
) -> None:
    encoded = bytearray(request.encode())
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(MalformedError):
        assert parse_add_checkpoint(bytes(encoded)).encode() == encoded


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_in_one_way(data: bytes) -> None:
    for lie in (data, b"old 1\n" + data):
        with pytest.raises(MalformedError):
            parse_add_checkpoint(lie)


@pytest.mark.parametrize(
    "lie",
    [
        EXAMPLE.replace("old 2", "old 02"),
        EXAMPLE.replace("old 2", "old -2"),
        EXAMPLE.replace("old 2", "Old 2"),
        EXAMPLE.replace("old 20852014", f"old {2**63}"),
        EXAMPLE.replace("old 20852014\n", ""),
        EXAMPLE.replace("kaw=", "kax="),
        EXAMPLE.replace("kaw=", "ka=="),
        EXAMPLE.replace("\n\nexample", "\nexample"),
        EXAMPLE.replace("\n\nexample", "\n\n\nexample"),
        EXAMPLE.replace("20852163", "x"),
        EXAMPLE.replace("\n", "\r\n"),
        EXAMPLE + "\n",
        "\n" + EXAMPLE,
    ],
)
def test_another_spelling_is_refused(lie: str) -> None:
    assert lie != EXAMPLE
    with pytest.raises(MalformedError):
        parse_add_checkpoint(lie.encode())


def test_what_a_witness_answers_itself_is_not_refused_here() -> None:
    for old_size in (0, 12):
        request = AddCheckpoint(old_size, (bytes(32),), NOTE)
        assert parse_add_checkpoint(request.encode()) == request


def test_a_proof_has_at_most_63_hashes() -> None:
    longest = AddCheckpoint(1, (bytes(32),) * 63, NOTE)
    assert parse_add_checkpoint(longest.encode()) == longest
    with pytest.raises(MalformedError) as refused:
        AddCheckpoint(1, (bytes(32),) * 64, NOTE)
    assert refused.value.got == 64
    for more in (1, 2, 1_000):
        lines = b"old 1\n" + (b"A" * 43 + b"=\n") * more
        with pytest.raises(MalformedError):
            parse_add_checkpoint(longest.encode().replace(b"old 1\n", lines))
    with pytest.raises(MalformedError) as refused:
        parse_add_checkpoint(bytes(REQUEST_BYTES_MAX + 1))
    assert refused.value.got == REQUEST_BYTES_MAX + 1


def test_what_is_no_request_cannot_be_built() -> None:
    for old_size, proof in [(-1, ()), (2**63, ()), (1, (bytes(31),))]:
        with pytest.raises(MalformedError):
            AddCheckpoint(old_size, proof, NOTE)
    with pytest.raises(MalformedError):
        AddCheckpoint(1, (), SignedNote("text\n", (LINE,)))

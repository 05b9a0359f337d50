"""Proof files: one spelling, bounded, and about an entry that the tree can have."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.checkpoint import Checkpoint, open_checkpoint
from ledger.proof.errors import MalformedError
from ledger.proof.note import SignatureLine, SignedNote, parse_vkey
from ledger.proof.tlog_proof import (
    EXTRA_BYTES_MAX,
    PROOF_BYTES_MAX,
    TlogProof,
    parse_tlog_proof,
)

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "log-format-v1.json").read_text("utf-8")
)
TEXT: str = VECTORS["tlog_proof"]
LINE = SignatureLine("a", b"\x01\x02\x03\x04", b"\x05")
EMPTY_TREE = "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
NOTE = SignedNote(Checkpoint("a", 11, bytes(32)).text(), (LINE,))

HASHES = st.binary(min_size=32, max_size=32)
PROOFS = st.builds(
    TlogProof,
    st.integers(0, 10),
    st.lists(HASHES, max_size=4).map(tuple),
    st.just(NOTE),
    st.none() | st.binary(min_size=1, max_size=20),
)


def test_the_vector_is_read_and_written_alike() -> None:
    proof = parse_tlog_proof(TEXT.encode())
    assert proof.encode() == TEXT.encode()
    assert proof.index == 2
    assert [each.hex() for each in proof.path] == VECTORS["inclusion"][2]["proof"]
    assert proof.extra is not None
    assert json.loads(proof.extra)["entry"] == VECTORS["rows"][2]["entry"]
    assert proof.note.encode() == VECTORS["checkpoint"]["note"].encode()
    key = parse_vkey(VECTORS["checkpoint"]["vkey"])
    assert open_checkpoint(proof.note.encode(), key) == proof.checkpoint


def test_the_example_of_the_specification_has_this_shape() -> None:
    proof = TlogProof(7, (bytes(32),), NOTE, b"x")
    zeros = "A" * 43 + "="
    assert proof.encode().decode() == (
        f"c2sp.org/tlog-proof@v1\nextra eA==\nindex 7\n{zeros}\n\na\n11\n{zeros}\n\n"
        "— a AQIDBAU=\n"
    )


@given(PROOFS)
def test_what_is_written_is_read_as_the_same_proof(proof: TlogProof) -> None:
    assert parse_tlog_proof(proof.encode()) == proof


@given(PROOFS, st.data())
def test_one_byte_changed_is_refused_or_another_proof(
    proof: TlogProof, data: st.DataObject
) -> None:
    encoded = bytearray(proof.encode())
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(MalformedError):
        assert parse_tlog_proof(bytes(encoded)).encode() == encoded


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_in_one_way(data: bytes) -> None:
    for lie in (data, b"c2sp.org/tlog-proof@v1\n" + data):
        with pytest.raises(MalformedError):
            parse_tlog_proof(lie)


@pytest.mark.parametrize(
    "lie",
    [
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("index 2", "index 02"),
        TEXT.replace("index 2", "index -2"),
        TEXT.replace("index 2", "index 11"),
        TEXT.replace("index 2", "index  2"),
        TEXT.replace("index 2\n", ""),
        TEXT.replace("index 2", "extra eA==\nindex 2"),
        TEXT.replace("extra ", "extra"),
        TEXT.replace("dkro4VD3", "dkro4VD="),
        TEXT.replace("\ndkro4VD3", "\n\ndkro4VD3"),
        TEXT.replace("\n\nledger", "\nledger"),
        TEXT.replace("\n\nledger", "\n\n\nledger"),
        TEXT.replace("\n", "\r\n"),
        TEXT + "\n",
        "\n" + TEXT,
        "c2sp.org/tlog-proof@v1\nextra \n" + TEXT[TEXT.index("index") :],
    ],
)
def test_another_spelling_is_refused(lie: str) -> None:
    assert lie != TEXT
    with pytest.raises(MalformedError):
        parse_tlog_proof(lie.encode())


def test_the_index_is_of_an_entry_in_the_tree() -> None:
    for index in (-1, 11, 2**63):
        with pytest.raises(MalformedError) as refused:
            TlogProof(index, (), NOTE)
        assert refused.value.got == index
    empty = SignedNote(EMPTY_TREE, (LINE,))
    with pytest.raises(MalformedError):
        TlogProof(0, (), empty)


def test_a_path_has_at_most_63_hashes() -> None:
    longest = TlogProof(0, (bytes(32),) * 63, NOTE)
    assert parse_tlog_proof(longest.encode()) == longest
    with pytest.raises(MalformedError) as refused:
        TlogProof(0, (bytes(32),) * 64, NOTE)
    assert refused.value.got == 64
    hash_line = b"A" * 43 + b"=\n"
    for more in (1, 2, 3, 1_000):
        with pytest.raises(MalformedError):
            parse_tlog_proof(
                longest.encode().replace(b"index 0\n", b"index 0\n" + hash_line * more)
            )
    with pytest.raises(MalformedError):
        TlogProof(0, (bytes(31),), NOTE)


def test_extra_is_bounded_and_never_empty() -> None:
    largest = TlogProof(0, (), NOTE, bytes(EXTRA_BYTES_MAX))
    assert parse_tlog_proof(largest.encode()) == largest
    for extra in (b"", bytes(EXTRA_BYTES_MAX + 1)):
        with pytest.raises(MalformedError) as refused:
            TlogProof(0, (), NOTE, extra)
        assert refused.value.got == len(extra)
    with pytest.raises(MalformedError) as refused:
        parse_tlog_proof(bytes(PROOF_BYTES_MAX + 1))
    assert refused.value.got == PROOF_BYTES_MAX + 1


def test_a_note_that_is_no_checkpoint_proves_nothing() -> None:
    with pytest.raises(MalformedError):
        TlogProof(0, (), SignedNote("text\n", (LINE,)))

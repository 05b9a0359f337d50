"""Checkpoints: their text, the three kinds of signature, and who may vouch for what."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dilithium_py.ml_dsa import ML_DSA_44
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_lines,
    verify_signature,
)
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import EMPTY_ROOT
from ledger.proof.note import KeyType, SignatureLine, SignedNote, parse_note, parse_vkey
from ledger.proof.signers import SigningKey

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "log-format-v1.json").read_text("utf-8")
)
LOG = SigningKey("log.example/1", KeyType.ED25519, b"L" * 32)
WITNESS = SigningKey("witness.example/w", KeyType.COSIGNATURE, b"W" * 32)
QUANTUM = SigningKey("log.example/1", KeyType.MLDSA44, b"Q" * 32)
KEYS = [LOG, WITNESS, QUANTUM]
HEAD = Checkpoint("log.example/1", 11, b"r" * 32)
EXTENDED = Checkpoint("log.example/1", 11, b"r" * 32, ("more",))

LINES = st.text(
    st.characters(exclude_categories=["Cs"], min_codepoint=0x20),
    min_size=1,
    max_size=20,
)
CHECKPOINTS = st.builds(
    Checkpoint,
    LINES,
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(LINES, max_size=2).map(tuple),
) | st.builds(Checkpoint, LINES, st.just(0), st.just(EMPTY_ROOT))


def time_of(key: SigningKey) -> int | None:
    return None if key.type is KeyType.ED25519 else 1_679_315_147


def signed_by(*keys: SigningKey, checkpoint: Checkpoint = HEAD) -> SignedNote:
    return add_signatures(
        checkpoint, [sign_checkpoint(checkpoint, key, timestamp=time_of(key)) for key in keys]
    )


def test_the_vector_opens_and_is_signed_alike() -> None:
    vector = VECTORS["checkpoint"]
    checkpoint = open_checkpoint(vector["note"].encode(), parse_vkey(vector["vkey"]))
    assert (checkpoint.origin, checkpoint.size) == (VECTORS["log"], 11)
    assert checkpoint.root.hex() == VECTORS["rows"][-1]["root"]
    key = SigningKey(VECTORS["log"], KeyType.ED25519, bytes.fromhex(vector["secret_key"]))
    line = sign_checkpoint(checkpoint, key, timestamp=None)
    assert add_signatures(checkpoint, [line]).encode() == vector["note"].encode()


@given(CHECKPOINTS)
def test_what_is_written_is_read_as_the_same_checkpoint(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(checkpoint.text(), extensions_allowed=True) == checkpoint


@given(CHECKPOINTS, st.data())
def test_one_character_changed_is_refused_or_another_checkpoint(
    checkpoint: Checkpoint, data: st.DataObject
) -> None:
    text = checkpoint.text()
    at = data.draw(st.integers(0, len(text) - 1))
    other = text[:at] + data.draw(st.characters()) + text[at + 1 :]
    with contextlib.suppress(MalformedError):
        assert parse_checkpoint(other, extensions_allowed=True).text() == other


@given(st.text(max_size=100))
def test_random_text_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "lie",
    [
        HEAD.text().replace("11", "011"),
        HEAD.text().replace("11", "0"),
        HEAD.text().replace("11", str(2**63)),
        HEAD.text().replace("cnI=", "cnJ="),
        HEAD.text().replace("log.example/1", ""),
        HEAD.text().replace("\n", "\r\n"),
        HEAD.text() + "\n",
        HEAD.text().removesuffix("\n"),
        "\n" + HEAD.text(),
        EXTENDED.text() + "\n",
        "x" * (1 << 20) + HEAD.text(),
    ],
)
def test_another_spelling_is_refused(lie: str) -> None:
    assert lie != HEAD.text()
    with pytest.raises(MalformedError):
        parse_checkpoint(lie, extensions_allowed=True)


def test_extension_lines_are_refused_unless_asked_for() -> None:
    with pytest.raises(MalformedError) as refused:
        parse_checkpoint(EXTENDED.text())
    assert refused.value.got == "more"
    assert parse_checkpoint(EXTENDED.text(), extensions_allowed=True) == EXTENDED


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        *((origin, 1, bytes(32), ()) for origin in ("", "a\nb", "\ud800")),
        *(("a", size, bytes(32), ()) for size in (-1, 2**63, True, 0)),
        ("a", 1, bytes(31), ()),
        *(("a", 1, bytes(32), (line,)) for line in ("", "a\n")),
    ],
)
def test_what_is_no_checkpoint_cannot_be_built(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    with pytest.raises(MalformedError) as refused:
        Checkpoint(origin, size, root, extensions)
    assert refused.value.got in (origin, size, root, *extensions)


@pytest.mark.parametrize("key", KEYS)
def test_each_kind_of_signature_holds_and_tells_its_time(key: SigningKey) -> None:
    note = parse_note(signed_by(*KEYS).encode())
    assert verify_signature(note, key.verifier_key) == time_of(key)


@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_no_bit_of_a_signature_can_change(key: SigningKey, data: st.DataObject) -> None:
    line = sign_checkpoint(HEAD, key, timestamp=time_of(key))
    blob = bytearray(line.blob)
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    lie = SignatureLine(line.name, line.key_id, bytes(blob))
    with pytest.raises(ProofError):
        verify_signature(add_signatures(HEAD, [lie]), key.verifier_key)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "change",
    [{"origin": "log.example/2"}, {"size": 12}, {"root": bytes(32)}, {"extensions": ("x",)}],
)
def test_a_signature_holds_for_one_checkpoint_only(
    key: SigningKey, change: dict[str, Any]
) -> None:
    other = add_signatures(replace(HEAD, **change), signed_by(key).signatures)
    with pytest.raises(ProofError):
        verify_signature(other, key.verifier_key)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("length", [1, 7, 8, 63, 65, 71, 73, 2427, 2429])
def test_a_signature_of_another_length_fails(key: SigningKey, length: int) -> None:
    lie = SignatureLine(key.name, key.verifier_key.id, bytes(length))
    with pytest.raises(ProofError):
        verify_signature(add_signatures(HEAD, [lie]), key.verifier_key)


def test_one_failing_line_of_a_known_key_spoils_the_note() -> None:
    good = sign_checkpoint(HEAD, LOG, timestamp=None)
    bad = SignatureLine(good.name, good.key_id, bytes(64))
    for lines in ([good, bad], [bad, good]):
        with pytest.raises(ProofError) as failed:
            verify_signature(add_signatures(HEAD, lines), LOG.verifier_key)
        assert failed.value.got == bytes(64)


def test_lines_of_unknown_keys_are_ignored() -> None:
    strange = [(LOG.name, b"none"), ("other", LOG.verifier_key.id)]
    lines = [SignatureLine(name, key_id, b"x") for name, key_id in strange]
    assert verify_signature(add_signatures(signed_by(LOG), lines), LOG.verifier_key) is None


def test_a_key_without_a_line_has_not_signed() -> None:
    note = signed_by(LOG)
    assert verify_lines(note, WITNESS.verifier_key) == []
    with pytest.raises(ProofError) as failed:
        verify_signature(note, WITNESS.verifier_key)
    assert failed.value.want == f"a line by {WITNESS.name}"
    assert failed.value.got == [LOG.name]


def test_of_several_times_the_latest_counts() -> None:
    lines = [sign_checkpoint(HEAD, WITNESS, timestamp=time) for time in (5, 9, 7)]
    note = add_signatures(HEAD, lines)
    assert verify_lines(note, WITNESS.verifier_key) == [5, 9, 7]
    assert verify_signature(note, WITNESS.verifier_key) == 9


def test_a_time_beyond_the_bound_fails() -> None:
    line = sign_checkpoint(HEAD, WITNESS, timestamp=2**63 - 1)
    assert verify_signature(add_signatures(HEAD, [line]), WITNESS.verifier_key) == 2**63 - 1
    beyond = SignatureLine(line.name, line.key_id, b"\x80" + bytes(7) + line.blob[8:])
    with pytest.raises(ProofError) as failed:
        verify_signature(add_signatures(HEAD, [beyond]), WITNESS.verifier_key)
    assert failed.value.got == 2**63


@pytest.mark.parametrize(
    ("key", "timestamp"),
    [(LOG, 1), (WITNESS, None), (QUANTUM, None), (WITNESS, -1), (QUANTUM, 2**63)],
)
def test_a_time_stands_where_it_belongs(key: SigningKey, timestamp: int | None) -> None:
    with pytest.raises(MalformedError) as refused:
        sign_checkpoint(HEAD, key, timestamp=timestamp)
    assert refused.value.got == timestamp


def test_extension_lines_are_signed_or_refused() -> None:
    for key in (LOG, WITNESS):
        note = signed_by(key, checkpoint=EXTENDED)
        assert verify_signature(note, key.verifier_key) == time_of(key)
    with pytest.raises(MalformedError):
        signed_by(QUANTUM, checkpoint=EXTENDED)
    for text in (EXTENDED.text(), "no checkpoint\n"):
        with pytest.raises(ProofError):
            verify_signature(
                SignedNote(text, signed_by(QUANTUM).signatures), QUANTUM.verifier_key
            )


def test_a_name_too_long_for_its_count_is_refused() -> None:
    long = SigningKey("n" * 256, KeyType.MLDSA44, bytes(32))
    fits = SigningKey("n" * 255, KeyType.MLDSA44, bytes(32))
    assert verify_signature(signed_by(fits), fits.verifier_key) == time_of(fits)
    with pytest.raises(MalformedError):
        signed_by(long)
    line = SignatureLine(long.name, long.verifier_key.id, bytes(2_428))
    with pytest.raises(ProofError):
        verify_signature(add_signatures(HEAD, [line]), long.verifier_key)
    with pytest.raises(MalformedError):
        signed_by(QUANTUM, checkpoint=Checkpoint("历" * 86, 1, bytes(32)))


def test_an_ed25519_cosignature_is_made_as_the_specification_says() -> None:
    line = sign_checkpoint(HEAD, WITNESS, timestamp=1_679_315_147)
    message = b"cosignature/v1\ntime 1679315147\n" + HEAD.text().encode()
    assert line.blob == (1_679_315_147).to_bytes(8, "big") + WITNESS.sign(message)


# Label, cosigner, time, origin, first leaf, size, root (C2SP tlog-cosignature).
MLDSA44_MESSAGE = (
    b"subtree/v1\n\x00" + b"\x0dlog.example/1" + bytes.fromhex("00000000641850cb")
    + b"\x0dlog.example/1" + bytes(8) + bytes.fromhex("000000000000000b") + b"r" * 32
)  # fmt: skip


def test_a_second_implementation_accepts_our_mldsa44_line() -> None:
    line = sign_checkpoint(HEAD, QUANTUM, timestamp=1_679_315_147)
    public, _ = ML_DSA_44.key_derive(QUANTUM.seed)
    assert line.blob[:8] == (1_679_315_147).to_bytes(8, "big")
    assert ML_DSA_44.verify(public, MLDSA44_MESSAGE, line.blob[8:])


def test_we_accept_the_mldsa44_line_of_a_second_implementation() -> None:
    _, private = ML_DSA_44.key_derive(QUANTUM.seed)
    blob = (1_679_315_147).to_bytes(8, "big") + ML_DSA_44.sign(private, MLDSA44_MESSAGE)
    line = SignatureLine(QUANTUM.name, QUANTUM.verifier_key.id, blob)
    assert verify_signature(add_signatures(HEAD, [line]), QUANTUM.verifier_key) == 1_679_315_147


def test_signatures_are_added_once_and_in_order() -> None:
    first, second = signed_by(LOG, WITNESS).signatures
    note = add_signatures(signed_by(LOG), [second, first, second])
    assert note.signatures == (first, second)
    with pytest.raises(MalformedError):
        add_signatures(HEAD, [])


def test_a_checkpoint_opens_for_its_own_log_only() -> None:
    data = signed_by(LOG, WITNESS).encode()
    assert open_checkpoint(data, LOG.verifier_key) == HEAD
    assert open_checkpoint(data, WITNESS.verifier_key, origin=HEAD.origin) == HEAD
    with pytest.raises(ProofError) as failed:
        open_checkpoint(data, WITNESS.verifier_key)
    assert (failed.value.want, failed.value.got) == (WITNESS.name, HEAD.origin)
    with pytest.raises(ProofError):
        open_checkpoint(data, LOG.verifier_key, origin="log.example/2")
    with pytest.raises(MalformedError):
        open_checkpoint(signed_by(LOG, checkpoint=EXTENDED).encode(), LOG.verifier_key)

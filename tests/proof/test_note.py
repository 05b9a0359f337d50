"""Signed notes and verifier keys: one spelling each, whatever the bytes."""

import contextlib
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.encoding64 import decode_base64, decode_decimal, encode_base64
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import (
    NOTE_BYTES_MAX,
    SIGNATURES_MAX,
    KeyType,
    SignatureLine,
    SignedNote,
    VerifierKey,
    parse_note,
    parse_signature_lines,
    parse_vkey,
)

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "log-format-v1.json").read_text("utf-8")
)
# The example of C2SP signed-note, and the one of golang.org/x/mod/sumdb/note.
SPEC_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3"
    "mFXmRKuwHjG1Yu72IneyaQM=\n"
)
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

LINE = SignatureLine("a", b"\x01\x02\x03\x04", b"\x05")
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"),
    min_size=1,
    max_size=12,
)
LINES = st.builds(
    SignatureLine,
    NAMES,
    st.binary(min_size=4, max_size=4),
    st.binary(min_size=1, max_size=80),
)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], min_codepoint=0x20) | st.just("\n"),
    max_size=60,
).map(lambda text: text + "\n")
NOTES = st.builds(SignedNote, TEXTS, st.lists(LINES, min_size=1, max_size=4).map(tuple))
KEYS = st.sampled_from(KeyType).flatmap(
    lambda kind: st.builds(
        VerifierKey,
        NAMES,
        st.just(kind),
        st.binary(min_size=kind.public_bytes, max_size=kind.public_bytes),
    )
)


def test_the_example_of_the_specification_is_read_and_holds() -> None:
    note = parse_note(SPEC_NOTE.encode())
    key = parse_vkey(SPEC_VKEY)
    assert note.text == "This is an example message.\n"
    assert [(line.name, line.key_id) for line in note.signatures] == [(key.name, key.id)]
    key.verify(message=note.text.encode(), signature=note.signatures[0].blob)


@pytest.mark.parametrize("text", [SPEC_VKEY, GO_VKEY, VECTORS["checkpoint"]["vkey"]])
def test_a_published_key_is_written_as_it_was_read(text: str) -> None:
    assert parse_vkey(text).text() == text


def test_the_vector_is_written_as_it_was_read() -> None:
    published = VECTORS["checkpoint"]["note"].encode()
    assert parse_note(published).encode() == published


def test_the_key_id_binds_name_type_and_key() -> None:
    key = VerifierKey("a", KeyType.COSIGNATURE, bytes(32))
    assert key.id == hashlib.sha256(b"a\n\x04" + bytes(32)).digest()[:4]


@given(NOTES)
def test_what_is_written_is_read_as_the_same_note(note: SignedNote) -> None:
    assert parse_note(note.encode()) == note


@given(KEYS)
def test_what_is_written_is_read_as_the_same_key(key: VerifierKey) -> None:
    assert parse_vkey(key.text()) == key


@given(NOTES, st.data())
def test_one_byte_changed_is_refused_or_another_note(
    note: SignedNote, data: st.DataObject
) -> None:
    encoded = bytearray(note.encode())
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(MalformedError):
        assert parse_note(bytes(encoded)).encode() == encoded


@given(st.data())
def test_one_character_changed_in_a_key_is_refused(data: st.DataObject) -> None:
    # The key ID binds the rest, and 32 bits do not collide by chance in a test.
    at = data.draw(st.integers(0, len(SPEC_VKEY) - 1))
    other = data.draw(st.characters())
    if other != SPEC_VKEY[at]:
        with pytest.raises(MalformedError):
            parse_vkey(SPEC_VKEY[:at] + other + SPEC_VKEY[at + 1 :])


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_note(data)
    with pytest.raises(MalformedError):
        parse_vkey(data.decode("latin-1"))


def test_the_last_empty_line_ends_the_text() -> None:
    note = SignedNote("one\n\ntwo\n\n", (LINE,))
    assert parse_note(note.encode()).text == "one\n\ntwo\n\n"


@pytest.mark.parametrize(
    "lie",
    [
        SPEC_NOTE.replace("\n\n", "\n"),
        SPEC_NOTE.removesuffix("\n"),
        SPEC_NOTE + "\n",
        SPEC_NOTE.replace("— ", "- "),
        SPEC_NOTE.replace("— ", "—"),
        SPEC_NOTE.replace("foo U", "foo  U"),
        SPEC_NOTE.replace("aQM=", "aQM"),
        SPEC_NOTE.replace("aQM=", "aQN="),
        SPEC_NOTE.replace("aQM=", "aQM=="),
        SPEC_NOTE.replace("aQM=", "aQM= "),
        SPEC_NOTE.replace("aQM=\n", "aQM=\r\n"),
        SPEC_NOTE.replace("example m", "example\tm"),
        SPEC_NOTE.replace("foo ", "foo+bar "),
        SPEC_NOTE.replace("foo ", "foo\u00a0bar "),
        SPEC_NOTE.replace("foo ", "foo\x7f "),
        "text\n\n— name AAAAAA==\n",
    ],
)
def test_another_spelling_is_refused(lie: str) -> None:
    assert lie != SPEC_NOTE
    with pytest.raises(MalformedError):
        parse_note(lie.encode())


@pytest.mark.parametrize(
    "lie",
    [
        SPEC_VKEY.replace("530d903a", "530D903A"),
        SPEC_VKEY.replace("530d903a", "530d903b"),
        SPEC_VKEY.replace("+530d903a", ""),
        SPEC_VKEY + "\n",
        SPEC_VKEY.replace("3U2k", "3U0="),
        "+".join(["example.com/foo", "530d903a", encode_base64(b"\x02" + bytes(32))]),
        "x" * 5_000,
        "\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "",
    ],
)
def test_another_spelling_of_a_key_is_refused(lie: str) -> None:
    with pytest.raises(MalformedError):
        parse_vkey(lie)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\x85", "\ud800"])
def test_what_is_no_key_name_names_nobody(name: str) -> None:
    with pytest.raises(MalformedError):
        SignatureLine(name, bytes(4), b"x")
    with pytest.raises(MalformedError):
        VerifierKey(name, KeyType.ED25519, bytes(32))


def test_bounds_are_met_and_not_passed() -> None:
    many = (LINE,) * SIGNATURES_MAX
    assert parse_note(SignedNote("t\n", many).encode()).signatures == many
    with pytest.raises(MalformedError) as refused:
        SignedNote("t\n", (*many, LINE))
    assert refused.value.got == SIGNATURES_MAX + 1
    overhead = len(SignedNote("\n", (LINE,)).encode())
    largest = SignedNote("x" * (NOTE_BYTES_MAX - overhead) + "\n", (LINE,))
    assert parse_note(largest.encode()) == largest
    with pytest.raises(MalformedError):
        SignedNote("x" + largest.text, (LINE,))
    with pytest.raises(MalformedError) as refused:
        parse_note(b"x" + largest.encode())
    assert refused.value.got == NOTE_BYTES_MAX + 1
    with pytest.raises(MalformedError):
        parse_signature_lines(LINE.text() * (SIGNATURES_MAX + 1))


def test_a_note_needs_a_text_and_a_signature() -> None:
    for text, lines in [("t", (LINE,)), ("", (LINE,)), ("t\n", ()), ("\ud800\n", (LINE,))]:
        with pytest.raises(MalformedError):
            SignedNote(text, lines)


@pytest.mark.parametrize(("key_id", "blob"), [(b"123", b"x"), (b"12345", b"x"), (b"1234", b"")])
def test_a_line_needs_a_key_id_and_a_signature(key_id: bytes, blob: bytes) -> None:
    with pytest.raises(MalformedError):
        SignatureLine("a", key_id, blob)


def test_a_witness_answer_is_lines_without_a_text() -> None:
    assert parse_signature_lines(LINE.text() * 2) == (LINE, LINE)
    for answer in ["", "\n", LINE.text() + "\n", LINE.text().removesuffix("\n")]:
        with pytest.raises(MalformedError):
            parse_signature_lines(answer)


@pytest.mark.parametrize("kind", KeyType)
def test_a_signature_of_any_length_fails_in_one_way(kind: KeyType) -> None:
    key = VerifierKey("a", kind, bytes(kind.public_bytes))
    for length in (0, 1, kind.signature_bytes, kind.signature_bytes + 1):
        with pytest.raises(ProofError) as failed:
            key.verify(message=b"", signature=b"\xff" * length)
        assert failed.value.want == f"one by a+{key.id.hex()}"
        assert failed.value.got == b"\xff" * length


def test_a_wrong_key_id_is_reported_the_right_way_round() -> None:
    with pytest.raises(MalformedError) as refused:
        parse_vkey(SPEC_VKEY.replace("530d903a", "530d903b"))
    assert (refused.value.want, refused.value.got) == ("530d903a", "530d903b")


@given(st.binary(max_size=40))
def test_base64_has_one_spelling(data: bytes) -> None:
    text = encode_base64(data)
    assert decode_base64(text, "data") == data
    for other in (text + "=", text + "\n", " " + text, text.rstrip("=") + "==="):
        with pytest.raises(MalformedError):
            decode_base64(other, "data")


@pytest.mark.parametrize("text", ["QQ", "QR==", "Q Q==", "-_==", "ＱＱ==", "\ud800", "=", "A"])
def test_another_base64_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        decode_base64(text, "data")


@pytest.mark.parametrize(
    "text", ["", "00", "01", "+1", "-0", "1_0", " 1", "1\n", "٤", "9" * 19]
)
def test_another_decimal_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        decode_decimal(text, "number")


def test_the_largest_decimal_is_read() -> None:
    assert decode_decimal(str(2**63 - 1), "number") == 2**63 - 1
    with pytest.raises(MalformedError):
        decode_decimal(str(2**63), "number")

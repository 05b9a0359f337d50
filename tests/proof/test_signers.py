"""Signing keys: the text of key files, and secrecy."""

import json
import traceback
from pathlib import Path

import pytest
from dilithium_py.ml_dsa import ML_DSA_44
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.proof.encoding64 import encode_base64
from ledger.proof.errors import MalformedError
from ledger.proof.note import KeyType, parse_vkey
from ledger.proof.signers import SigningKey, parse_signing_key

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "log-format-v1.json").read_text("utf-8")
)
# The example key of golang.org/x/mod/sumdb/note, with the note that it signs there.
GO_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJ"
    "nAM="
)

KEYS = st.builds(
    SigningKey,
    st.sampled_from(["a", "witness.example/w1", "见证"]),
    st.sampled_from(KeyType),
    st.binary(min_size=32, max_size=32),
)


def test_the_example_of_the_go_library_is_read_and_signs_alike() -> None:
    key = parse_signing_key(GO_KEY)
    assert key.text() == GO_KEY
    assert key.verifier_key.text() == GO_VKEY
    signed = key.verifier_key.id + key.sign(GO_TEXT.encode())
    assert encode_base64(signed) == GO_SIGNATURE


def test_the_vector_has_the_published_key() -> None:
    vector = VECTORS["checkpoint"]
    seed = bytes.fromhex(vector["secret_key"])
    key = SigningKey(VECTORS["log"], KeyType.ED25519, seed)
    assert key.verifier_key == parse_vkey(vector["vkey"])
    assert key.verifier_key.text() == vector["vkey"]


@given(KEYS)
@settings(deadline=None)
def test_what_is_written_is_read_as_the_same_key(key: SigningKey) -> None:
    assert parse_signing_key(key.text()) == key
    key.verifier_key.verify(message=b"m", signature=key.sign(b"m"))


@given(st.data())
@settings(deadline=None)
def test_one_character_changed_is_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GO_KEY) - 1))
    other = data.draw(st.characters())
    if other != GO_KEY[at]:
        with pytest.raises(MalformedError):
            parse_signing_key(GO_KEY[:at] + other + GO_KEY[at + 1 :])


@given(st.text(max_size=100))
def test_random_text_is_refused_in_one_way(text: str) -> None:
    for lie in (text, "PRIVATE+KEY+" + text, "PRIVATE+KEY+a+00000000+" + text):
        with pytest.raises(MalformedError):
            parse_signing_key(lie)


@pytest.mark.parametrize(
    "lie",
    [
        GO_KEY + "\n",
        GO_KEY.removeprefix("PRIVATE+KEY+"),
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY[:-1],
        GO_KEY + "A" * 5_000,
    ],
)
def test_another_spelling_is_refused_without_being_quoted(lie: str) -> None:
    with pytest.raises(MalformedError) as refused:
        parse_signing_key(lie)
    assert refused.value.__context__ is None
    shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
    assert "FALVFGyNhPJEMzD1QIDr" not in shown


@pytest.mark.parametrize("kind", KeyType)
def test_a_seed_is_not_shown(kind: KeyType) -> None:
    seed = b"0123456789abcdef0123456789abcdef"
    shown = repr(SigningKey("a", kind, seed))
    assert "0123456789" not in shown
    assert "seed" not in shown
    with pytest.raises(MalformedError) as refused:
        SigningKey("a", kind, seed[1:])
    assert "123456789" not in repr(refused.value)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedError):
        SigningKey("a b", KeyType.ED25519, bytes(32))


def test_two_implementations_derive_and_check_alike() -> None:
    seed = bytes(range(32))
    key = SigningKey("a", KeyType.MLDSA44, seed)
    public, private = ML_DSA_44.key_derive(seed)
    assert key.verifier_key.public == public
    assert ML_DSA_44.verify(public, b"message", key.sign(b"message"))
    assert not ML_DSA_44.verify(public, b"other", key.sign(b"message"))
    key.verifier_key.verify(message=b"message", signature=ML_DSA_44.sign(private, b"message"))

"""The envelope of a signed submission: one form, one spelling, one key (fault case 38)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.application.signed_body import (
    SMALL,
    SignedBody,
    UnusableSubmissionError,
    parse_body,
    read_manifest,
    verify,
)
from tests.application.signing import (
    as_bytes,
    base64url,
    manifest_of,
    private_key,
    public_hex,
    signed,
    submission,
)

KEY = private_key("station")
KID = "00000000-0000-4000-8000-000000000600"
ITEMS = ({"act": "record.publicize", "id": KID},)
GOOD = submission(KEY, KID, ITEMS)
# The order of the group of points (RFC 8032, 5.1).
ORDER = 2**252 + 27742317777372353535851937790883648493


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    body = json.loads(GOOD)
    change(body)
    return as_bytes(body)


def with_header(header: Mapping[str, Any]) -> bytes:
    records = json.loads(GOOD)["records"]
    payload = json.dumps(manifest_of(records)).encode()
    return as_bytes(signed(KEY, header, payload, records))


@pytest.mark.parametrize("alg", ["Ed25519", "EdDSA"])
def test_what_an_organization_signs_is_taken(alg: str) -> None:
    body = parse_body(submission(KEY, KID, ITEMS, alg=alg))
    assert body.key == UUID(KID)
    assert verify(body, public_hex(KEY))
    assert read_manifest(body).mode == "atomic"


def test_the_digest_is_of_the_signature_and_what_it_covers_alone() -> None:
    again = json.loads(GOOD)
    reordered = as_bytes(dict(reversed(again.items())))
    assert parse_body(reordered).digest == parse_body(GOOD).digest
    other = submission(KEY, KID, ITEMS, jti="jti-00000002")
    assert parse_body(other).digest != parse_body(GOOD).digest


def test_another_keys_signature_does_not_hold() -> None:
    assert not verify(parse_body(GOOD), public_hex(private_key("another")))


def _high_s(signature: bytes) -> bytes:
    s = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + s.to_bytes(32, "little")


def test_a_malleated_signature_does_not_hold() -> None:
    body = json.loads(GOOD)
    raw = KEY.sign(f"{body['protected']}.{body['payload']}".encode())
    body["signature"] = base64url(_high_s(raw))
    assert not verify(parse_body(as_bytes(body)), public_hex(KEY))


@given(st.integers(0, 511))
def test_no_bit_of_the_signature_may_differ(bit: int) -> None:
    body = json.loads(GOOD)
    raw = bytearray(KEY.sign(f"{body['protected']}.{body['payload']}".encode()))
    raw[bit // 8] ^= 1 << bit % 8
    body["signature"] = base64url(bytes(raw))
    assert not verify(parse_body(as_bytes(body)), public_hex(KEY))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none", "kid": KID}, "algorithm_is_not_taken"),
        ({"alg": "HS256", "kid": KID}, "algorithm_is_not_taken"),
        ({"alg": "ES256", "kid": KID}, "algorithm_is_not_taken"),
        ({"alg": ["EdDSA"], "kid": KID}, "algorithm_is_not_taken"),
        ({"kid": KID}, "algorithm_is_not_taken"),
        ({"alg": "EdDSA"}, "key_is_not_named"),
        ({"alg": "EdDSA", "kid": 7}, "key_is_not_named"),
        ({"alg": "EdDSA", "kid": "station"}, "key_is_not_named"),
        ({"alg": "EdDSA", "kid": KID.replace("-", "")}, "key_is_not_named"),
        ({"alg": "EdDSA", "kid": KID, "b64": False}, "submission_has_other_header"),
        ({"alg": "EdDSA", "kid": KID, "crit": ["b64"]}, "submission_has_other_header"),
        ({"alg": "EdDSA", "kid": KID, "jwk": {}}, "submission_has_other_header"),
        ({"alg": "EdDSA", "kid": KID, "x5u": "http://a"}, "submission_has_other_header"),
    ],
)
def test_a_header_says_algorithm_and_key_and_nothing_else(
    header: Mapping[str, Any], code: str
) -> None:
    with pytest.raises(UnusableSubmissionError) as refused:
        parse_body(with_header(header))
    assert refused.value.code == code


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda body: body.pop(name)


def _with(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda body: body.update({name: value})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_without("records"), "submission_has_other_members"),
        (_without("signature"), "submission_has_other_members"),
        (_with("header", {"kid": KID}), "submission_has_other_members"),
        (_with("records", [7]), "submission_has_other_members"),
        (_with("records", "x"), "submission_has_other_members"),
        (_with("signature", 7), "submission_is_not_base64url"),
        (_with("signature", "A"), "submission_is_not_base64url"),
        (_with("signature", "AB"), "submission_is_not_base64url"),
        (_with("signature", "AA=="), "submission_is_not_base64url"),
        (_with("payload", "a+b/"), "submission_is_not_base64url"),
    ],
)
def test_a_body_has_one_form(change: Callable[[dict[str, Any]], None], code: str) -> None:
    with pytest.raises(UnusableSubmissionError) as refused:
        parse_body(changed(change))
    assert refused.value.code == code


LARGE = '{"text":"%s"}' % ("一" * 20_000)


def test_a_large_body_is_texts_and_nothing_else() -> None:
    items = [{"act": "record.submit", "text": f'"[{LARGE}]"\\'} for _ in range(8)]
    content = submission(KEY, KID, items)
    assert len(content) > SMALL
    body = parse_body(b" \n" + content.replace(b'"records"', b' "records"\t') + b" ")
    assert verify(body, public_hex(KEY))
    assert len(read_manifest(body).records) == len(items)
    for inner in (b"{},", b"[],", b"1,", b"null,"):
        filled = GOOD.replace(b'"records": [', b'"records": [' + inner * SMALL)
        with pytest.raises(UnusableSubmissionError) as refused:
            parse_body(filled)
        assert refused.value.code == "submission_has_other_members"


@pytest.mark.parametrize("name", ["protected", "payload", "signature", "records.0"])
def test_no_part_of_a_body_is_endless(name: str) -> None:
    long = "A" * (SMALL + 4)
    change = _with("records", [long]) if name == "records.0" else _with(name, long)
    with pytest.raises(UnusableSubmissionError) as refused:
        parse_body(changed(change))
    assert (refused.value.code, refused.value.name) == ("body_is_too_large", name)


def test_a_body_that_is_no_object_is_refused() -> None:
    for content in (b"[]", b"7", b'"x"', b"null"):
        with pytest.raises(UnusableSubmissionError) as refused:
            parse_body(content)
        assert refused.value.code == "submission_has_other_members"


def manifest(records: list[str], **members: Any) -> SignedBody:
    payload = json.dumps(manifest_of(records, **members)).encode()
    return parse_body(as_bytes(signed(KEY, {"alg": "EdDSA", "kid": KID}, payload, records)))


@pytest.mark.parametrize(
    "jti", ["short", "x" * 101, "has space", "汉字汉字汉字汉字", "a/b-0000"]
)
def test_a_jti_is_short_and_plain(jti: str) -> None:
    with pytest.raises(UnusableSubmissionError) as refused:
        read_manifest(manifest(["{}"], jti=jti))
    assert refused.value.code == "jti_is_malformed"


def test_each_record_is_what_was_signed() -> None:
    body = manifest(["{}", "[]"])
    other = replace(body, records=("{}", "[ ]"))
    with pytest.raises(UnusableSubmissionError) as refused:
        read_manifest(other)
    assert (refused.value.code, refused.value.name) == (
        "record_is_not_what_was_signed",
        "records.1",
    )
    for records in (("{}",), ("{}", "[]", "[]"), ("[]", "{}")):
        with pytest.raises(UnusableSubmissionError) as refused:
            read_manifest(replace(body, records=records))
        assert refused.value.code == "record_is_not_what_was_signed"


def test_no_record_is_sent_twice() -> None:
    with pytest.raises(UnusableSubmissionError) as refused:
        read_manifest(manifest(["{}", "{}"]))
    assert refused.value.code == "record_is_repeated"

"""A submission that the key did not sign: refused, written down, and nothing comes of it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.api.v1.running import KEY, RunningTown, told
from tests.application.signing import base64url, private_key
from tests.faults.conftest import Shown

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519 (RFC 8032, 5.1): a signature plus this is the same point."""

Body = dict[str, Any]
Tamper = Callable[[RunningTown, Body], Body]


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signing_input(body: Body) -> bytes:
    return f"{body['protected']}.{body['payload']}".encode()


def with_header(body: Body, **header: Any) -> Body:
    """Say something else in the protected header, under the signature as it is."""
    said = json.loads(raw(body["protected"])) | header
    return body | {"protected": base64url(json.dumps(said).encode())}


def signed_anew(body: Body, name: str = KEY) -> Body:
    """Sign what the body says now, by some key's private half."""
    return body | {"signature": base64url(private_key(name).sign(signing_input(body)))}


def without_algorithm(town: RunningTown, body: Body) -> Body:
    return with_header(body, alg="none") | {"signature": ""}


def by_hmac(town: RunningTown, body: Body) -> Body:
    """Take the public key, which everybody knows, for a secret that both share."""
    forged = with_header(body, alg="HS256")
    public = private_key(KEY).public_key().public_bytes_raw()
    mac = hmac.digest(public, signing_input(forged), hashlib.sha256)
    return forged | {"signature": base64url(mac)}


def by_another_curve(town: RunningTown, body: Body) -> Body:
    return signed_anew(with_header(body, alg="ES256"))


def by_key_in_header(town: RunningTown, body: Body) -> Body:
    """Bring the key along by which it is to be verified (RFC 7515, 4.1.3)."""
    own = private_key("thief").public_key().public_bytes_raw()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(own)}
    return signed_anew(with_header(body, jwk=jwk), "thief")


def by_another_key(town: RunningTown, body: Body) -> Body:
    return signed_anew(body, "thief")


def by_unknown_key(town: RunningTown, body: Body) -> Body:
    return signed_anew(with_header(body, kid=town.id("station")), "thief")


def by_name_of_a_person(town: RunningTown, body: Body) -> Body:
    return signed_anew(with_header(body, kid=town.id("entrusted.head")))


def plus_order(town: RunningTown, body: Body) -> Body:
    """Add the order of the group to S: the same point, another text (RFC 8032, 5.1.7)."""
    signature = raw(body["signature"])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    return body | {"signature": base64url(signature[:32] + scalar.to_bytes(32, "little"))}


def one_bit(town: RunningTown, body: Body) -> Body:
    signature = bytearray(raw(body["signature"]))
    signature[40] ^= 1
    return body | {"signature": base64url(bytes(signature))}


def of_zeros(town: RunningTown, body: Body) -> Body:
    return body | {"signature": base64url(bytes(64))}


def cut_short(town: RunningTown, body: Body) -> Body:
    return body | {"signature": base64url(raw(body["signature"])[:63])}


def with_another_payload(town: RunningTown, body: Body) -> Body:
    manifest = json.loads(raw(body["payload"])) | {"jti": "jti-forged-0001"}
    return body | {"payload": base64url(json.dumps(manifest).encode())}


def with_padding(town: RunningTown, body: Body) -> Body:
    return body | {"signature": body["signature"] + "=="}


def with_spare_bits(town: RunningTown, body: Body) -> Body:
    """Set the bits of the last character that mean nothing: another spelling."""
    *most, last = body["signature"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return body | {"signature": "".join(most) + letters[letters.index(last) | 1]}


def with_a_critical_member(town: RunningTown, body: Body) -> Body:
    return signed_anew(with_header(body, crit=["b64"], b64=False))


def with_another_record(town: RunningTown, body: Body) -> Body:
    record = json.loads(body["records"][0]) | {"break_minutes": 0}
    return body | {"records": [json.dumps(record, ensure_ascii=False)]}


UNPROVEN: Mapping[str, Tamper] = {
    "another key": by_another_key,
    "S plus the group's order": plus_order,
    "one bit": one_bit,
    "all zeros": of_zeros,
    "cut short": cut_short,
    "another payload": with_another_payload,
}
"""Signatures in the name of a key that is known: an entry of the ledger's own."""

NOBODYS: Mapping[str, tuple[Tamper, int, str]] = {
    "alg none": (without_algorithm, 422, "algorithm_is_not_taken"),
    "alg HS256 by the public key": (by_hmac, 422, "algorithm_is_not_taken"),
    "alg ES256": (by_another_curve, 422, "algorithm_is_not_taken"),
    "key in the header": (by_key_in_header, 422, "submission_has_other_header"),
    "critical member": (with_a_critical_member, 422, "submission_has_other_header"),
    "unknown key": (by_unknown_key, 401, "signature_is_unproven"),
    "a person's id as key": (by_name_of_a_person, 401, "signature_is_unproven"),
    "padding": (with_padding, 422, "submission_is_not_base64url"),
    "another spelling": (with_spare_bits, 422, "submission_is_not_base64url"),
}
"""What names no known key, or is no submission at all: a line of the security log."""


def body_of(town: RunningTown, jti: str) -> Body:
    """Return an honest submission of one activity, as it could be captured."""
    item = {"act": "activity.register", **town.activity_said()}
    body: Body = json.loads(town.signed(item, jti=jti))
    return body


def send(town: RunningTown, body: Body) -> tuple[int, set[str]]:
    return told(town.submit(json.dumps(body, ensure_ascii=False).encode()))


@pytest.mark.parametrize("how", UNPROVEN)
@pytest.mark.case(38, "forged signature in the name of a known key")
def test_a_forged_signature_is_an_entry_and_changes_nothing(
    town: RunningTown, how: str, shown: Shown
) -> None:
    shown.by(f"POST /submissions, signature: {how}")
    size = town.size()
    answer = send(town, UNPROVEN[how](town, body_of(town, "jti-forged-0000")))
    assert answer == (401, {"signature_is_unproven"})
    (entry,) = town.entries(after=size - 1)
    assert entry.type == "act.refused"
    assert entry.by.startswith("system:")
    assert entry.facts["claimed"] == town.id("key")
    assert entry.facts["codes"] == ["signature_is_unproven"]
    shown.saw(answer=401, entries="act.refused", claimed="the key that was named")


@pytest.mark.parametrize("how", NOBODYS)
@pytest.mark.case(38, "no signature, another algorithm, another spelling")
def test_what_no_known_key_has_signed_is_a_line_of_the_security_log(
    town: RunningTown, how: str, shown: Shown
) -> None:
    shown.by(f"POST /submissions: {how}")
    size, lines = town.size(), len(town.security_lines())
    tamper, status, code = NOBODYS[how]
    answer = send(town, tamper(town, body_of(town, "jti-forged-0000")))
    assert answer == (status, {code})
    assert town.size() == size
    *_, line = town.security_lines()
    assert len(town.security_lines()) == lines + 1
    assert line["event"] == "act.refused"
    shown.saw(answer=status, entries=0, security_log=code)


@pytest.mark.parametrize(
    ("path", "token", "act"),
    [
        ("/records", "A" * 43, "session.use"),
        ("/me", "A" * 43, "session.use"),
        ("/me", "e30.e30.AA", "session.use"),
        ("/records", "e30.e30.AA", "token.read"),
    ],
)
def test_a_token_that_opens_nothing_is_one_line(
    town: RunningTown, path: str, token: str, act: str
) -> None:
    lines = len(town.security_lines())
    answer = town.send("GET", path, headers={"authorization": f"Bearer {token}"})
    assert told(answer) == (401, {"sign_in_is_needed"})
    (line,) = town.security_lines()[lines:]
    assert (line["event"], line["act"]) == ("act.refused", act)
    assert token not in str(line)


@pytest.mark.case(38, "signed manifest, other records beside it")
def test_a_record_that_the_manifest_does_not_list_is_refused_in_the_keys_name(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("POST /submissions: an honest signature, one record exchanged")
    size = town.size()
    body = with_another_record(town, body_of(town, "jti-forged-0000"))
    assert send(town, body) == (422, {"record_is_not_what_was_signed"})
    (attempt,) = town.attempts(size - 1)
    assert attempt == (
        f"key:{town.id('key')}",
        "submission.submit",
        {"record_is_not_what_was_signed"},
    )
    shown.saw(answer=422, entries="act.refused")


@pytest.mark.case(38, "forged signatures by the dozen")
def test_forgeries_of_one_key_do_not_fill_the_log(town: RunningTown, shown: Shown) -> None:
    shown.by("60 forged signatures in a row; then an honest one")
    size = town.size()
    for number in range(60):
        assert send(town, one_bit(town, body_of(town, f"jti-flood-{number:04}")))[0] == 401
    written = len(town.attempts(size - 1))
    assert written <= 30
    honest = town.submit(
        town.signed({"act": "activity.register", **town.activity_said()}, jti="jti-honest-38")
    )
    assert honest.status_code == 201, honest.text
    shown.saw(refused=60, entries=written, honest=honest.status_code)

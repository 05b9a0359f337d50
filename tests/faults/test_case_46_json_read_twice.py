"""JSON that two readers would read as two things: refused before any form sees it."""

import json
from collections.abc import Mapping

import httpx
import pytest

from tests.api.v1.running import JSON, RunningTown, told
from tests.application.serving import activity_said
from tests.faults.conftest import Shown

HUGE = "9" * 5_000
COUNT, FLAG, DAY = '"head_count":12', '"declared":true', '"starts_on":"2026-11-01"'

BODIES: Mapping[str, tuple[str, str, str]] = {
    "two members of one name": (COUNT, '"head_count":1,' + COUNT, "json_member_is_repeated"),
    "one of them escaped": (COUNT, '"head_co\\u0075nt":1,' + COUNT, "json_member_is_repeated"),
    "NaN": (COUNT, '"head_count":NaN', "json_number_is_no_integer"),
    "Infinity": (COUNT, '"head_count":-Infinity', "json_number_is_no_integer"),
    "a float": (COUNT, '"head_count":12.0', "json_number_is_no_integer"),
    "an exponent": (COUNT, '"head_count":12e0', "json_number_is_no_integer"),
    "an overflow": (COUNT, '"head_count":1e400', "json_number_is_no_integer"),
    "2^53": (COUNT, f'"head_count":{2**53}', "json_number_is_too_large"),
    "5,000 digits": (COUNT, f'"head_count":{HUGE}', "json_number_is_too_large"),
    "true for a number": (COUNT, '"head_count":true', "not_an_integer"),
    "a text for a number": (COUNT, '"head_count":"12"', "not_an_integer"),
    "null for a number": (COUNT, '"head_count":null', "not_an_integer"),
    "1 for true": (FLAG, '"declared":1', "not_a_truth_value"),
    "a text for true": (FLAG, '"declared":"true"', "not_a_truth_value"),
    "a number for a day": (DAY, '"starts_on":1793491200', "not_a_day"),
    "full-width digits": (DAY, '"starts_on":"２０２６-11-01"', "not_a_day"),
    "a comma too many": (FLAG, FLAG + ",", "json_is_malformed"),
    "a comment": (FLAG, FLAG + "/*x*/", "json_is_malformed"),
    "a second value": ('"declared":true}', '"declared":true}{}', "json_is_malformed"),
    "a byte order mark": ("{", "\ufeff{", "json_is_malformed"),
}
"""What is exchanged for what in an honest body, and how it is told."""


def register(town: RunningTown, content: bytes) -> httpx.Response:
    """Post a body by which an activity would be registered."""
    return town.send("POST", "/activities", "station.recorder", content=content, headers=JSON)


def body() -> str:
    return json.dumps(activity_said(), ensure_ascii=False, separators=(",", ":"))


def tampered(how: str, honest: str) -> tuple[bytes, str]:
    """Return the body and the code that it is refused with."""
    found, given, code = BODIES[how]
    assert found in honest
    return honest.replace(found, given, 1).encode(), code


@pytest.mark.parametrize("how", BODIES)
@pytest.mark.case(46, "JSON with two readings, or of another kind, from a person")
def test_a_persons_json_has_one_reading(town: RunningTown, how: str, shown: Shown) -> None:
    shown.by(f"POST /activities with {how}")
    size = len(town.entries("activity.registered"))
    content, code = tampered(how, body())
    status, codes = told(register(town, content))
    assert status == 422
    assert code in codes
    assert len(town.entries("activity.registered")) == size
    shown.saw(answer=422, code=code)


@pytest.mark.parametrize("how", BODIES)
@pytest.mark.case(46, "JSON with two readings, or of another kind, under a signature")
def test_a_signed_record_has_one_reading(town: RunningTown, how: str, shown: Shown) -> None:
    shown.by(f"POST /submissions, an item with {how}")
    size = town.size()
    item = {"act": "activity.register", "nonce": "n" * 22, **town.activity_said()}
    honest = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    content, code = tampered(how, honest)
    status, codes = told(town.submit(town.signed_texts(content.decode(), jti="jti-readings-1")))
    assert status == 422
    assert code in codes
    (attempt,) = town.attempts(size - 1)
    assert code in attempt[2]
    assert town.size() == size + 1
    shown.saw(answer=422, code=code, entries="act.refused")


@pytest.mark.case(46, "JSON that is no object, or no UTF-8")
def test_a_body_is_one_object_in_utf8(town: RunningTown, shown: Shown) -> None:
    shown.by("POST /activities with arrays, texts, numbers, nothing, UTF-16, Latin-1, overlong")
    bodies = [b"[]", b'"x"', b"1", b"null", b"", b" ", b"\x00", body().encode("utf-16")]
    bodies += ['{"name":"é"}'.encode("latin-1"), b'{"name":"\xc0\xaf"}', b'{"a"']
    for content in bodies:
        assert register(town, content).status_code == 422, content
    shown.saw(bodies=len(bodies), answer=422)

"""Names that look like others, or cannot be read back: one form, or none; rare Hanzi stay."""

import hashlib
import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from tests.api.v1.running import JSON, RunningTown, told
from tests.application.volunteering import ENTRY, NOTICE, WANG
from tests.faults.conftest import Shown

NAMES = (
    "王𠮷祥",  # U+20BB7, outside the BMP
    "㐂子",  # extension A
    "欧阳𫍯",  # extension C, in the table of GB 18030-2022's level 2
    "鿫文",  # U+9FEB, of Unicode 10
    "𬬭明",  # extension E
    "𰻝面",  # extension G
    "\U00032350\U000323af",  # extension H
    "\U0002ebf0山",  # extension I, newer than this Python's tables
    "\ufa11大郎",  # U+FA11: a compatibility ideograph, which NFC would exchange
    "\U0002f800\ufa1e",  # the same of plane 2, and of the BMP
    "阿卜杜拉·买买提",
    "O'Brien-Smith",
    "Nguyễn Văn Tý",
    "བསྟན་འཛིན",
)
"""Accepted, and read back as they were sent."""

DECOMPOSED, COMPOSED = "Nguye\u0302\u0303n Va\u0306n A", "Nguyễn Văn A"

REFUSED: Mapping[str, tuple[str, str]] = {
    "right-to-left override": ("王\u202e祥", "text_has_forbidden_character"),
    "direction isolate": ("王\u2067祥", "text_has_forbidden_character"),
    "zero-width space": ("王\u200b祥", "text_has_forbidden_character"),
    "zero-width joiner": ("王\u200d祥", "text_has_forbidden_character"),
    "byte order mark inside": ("王\ufeff祥", "text_has_forbidden_character"),
    "variation selector": ("葛\ufe00城", "text_has_forbidden_character"),
    "variation selector of Hanzi": ("葛\U000e0100城", "text_has_forbidden_character"),
    "tag characters": ("王祥\U000e0061", "text_has_forbidden_character"),
    "Hangul filler": ("王\u3164", "text_has_forbidden_character"),
    "private use": ("王\ue000", "text_has_forbidden_character"),
    "private use of plane 15": ("王\U000f0000", "text_has_forbidden_character"),
    "noncharacter": ("王\uffff", "text_has_forbidden_character"),
    "replacement character": ("王\ufffd", "text_has_forbidden_character"),
    "line break": ("王\n祥", "text_has_forbidden_character"),
    "line separator": ("王\u2028祥", "text_has_forbidden_character"),
    "no-break space": ("Li\u00a0Lei", "text_has_forbidden_character"),
    "ideographic space": ("王\u3000祥", "name_has_other_character"),
    "full-width letters": ("Ｌｉ", "name_has_other_character"),
    "full-width digits": ("王１", "name_has_other_character"),
    "Kangxi radical for a Hanzi": ("\u2f08大", "name_has_other_character"),
    "radical supplement for a Hanzi": ("\u2ea0大", "name_has_other_character"),
    "mathematical letters": ("\U0001d40ai", "name_has_other_character"),
    "Cyrillic letter among Latin": ("L\u0456 Lei", "name_mixes_alphabets"),
    "Greek letter among Latin": ("\u039fBrien", "name_mixes_alphabets"),
    "space between Hanzi": ("王 祥", "name_is_padded"),
    "outer space": (" 王祥", "text_has_outer_space"),
    "emoji": ("王😀", "name_has_other_character"),
}
OTHERS: Mapping[str, tuple[str, str, str]] = {
    "full-width digits in an ID number": (
        "id_number",
        "１１０１０５１８０００１０１００２９",
        "resident_id_is_malformed",
    ),
    "Arabic digits in a telephone": ("contact", "\u0661\u0663800000001", "phone_is_malformed"),
    "full-width digits in a telephone": (
        "contact",
        "１３８０００００００１",
        "phone_is_malformed",
    ),
    "full-width digits in a division": (
        "residence_area",
        "１１０１０１",
        "division_is_malformed",
    ),
}

_numbers = count(20_000_000)


def item(name: str, **changes: Any) -> dict[str, Any]:
    """Return the registration of somebody who never lived, each with a passport of her own."""
    passport = {"id_type": "passport", "id_number": f"E{next(_numbers)}"}
    said = WANG | passport | {"name": name} | changes
    body = {"particulars": said, "policy": NOTICE, "consents": [ENTRY]}
    return {"act": "volunteer.register", "nonce": "n" * 22, **body}


def text_of(said: Mapping[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)


def in_clear(town: RunningTown, volunteer: str, by: str) -> str:
    """Return a volunteer's name as it is read back."""
    said = {"purpose": "identity"}
    shown = town.post(f"/volunteers/{volunteer}/disclosures", by, said)
    name: str = shown["profile"]["particulars"]["name"]
    return name


@pytest.mark.case(45, "rare Hanzi and letters of other scripts")
def test_rare_names_are_read_back_as_they_were_sent(town: RunningTown, shown: Shown) -> None:
    shown.by("volunteers registered under a signature, and read back in clear")
    texts = [text_of(item(name)) for name in NAMES]
    answer = town.submit(town.signed_texts(*texts, jti="jti-rare-names"))
    assert answer.status_code == 201, answer.text
    ids = [each["id"] for each in answer.json()["items"]]
    assert [in_clear(town, each, "entrusted.head") for each in ids] == list(NAMES)
    by_hand = {
        name: said
        for name, said in item(NAMES[0]).items()
        if name in ("particulars", "policy", "consents")
    }
    volunteer = town.post("/volunteers", "station.recorder", by_hand)["id"]
    assert in_clear(town, volunteer, "station.head") == NAMES[0]
    shown.saw(names=len(NAMES), changed=0)


@pytest.mark.case(45, "NFC and NFD of one name")
def test_two_spellings_of_one_name_are_one_and_what_was_signed_is_kept(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("the same name decomposed and composed; the decomposed one under a signature")
    size = town.size()
    texts = [text_of(item(DECOMPOSED)), text_of(item(COMPOSED))]
    answer = town.submit(town.signed_texts(*texts, jti="jti-two-forms-1"))
    assert answer.status_code == 201, answer.text
    ids = [each["id"] for each in answer.json()["items"]]
    assert [in_clear(town, each, "entrusted.head") for each in ids] == [COMPOSED, COMPOSED]
    for spelling in (DECOMPOSED, COMPOSED):
        found = town.post("/volunteers/searches", "entrusted.head", {"name": spelling})
        assert {each["id"] for each in found["items"]} == set(ids)
    kept = [each.facts["digest"] for each in town.entries("statement.kept", after=size - 1)]
    assert kept == [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    shown.saw(read_back="NFC", found_by="both", signed_bytes="kept")


@pytest.mark.case(45, "names that hide, reverse, imitate")
def test_no_name_has_what_is_unseen_or_looks_like_something_else(
    town: RunningTown, shown: Shown
) -> None:
    shown.by(f"{len(REFUSED) + len(OTHERS)} registrations under one signature, item by item")
    items = [item(name) for name, _ in REFUSED.values()]
    items += [
        item(
            "王祥",
            **({"id_type": "resident_id"} if name == "id_number" else {}),
            **{name: value},
        )
        for name, value, _ in OTHERS.values()
    ]
    wanted = [code for _, code in REFUSED.values()] + [code for *_, code in OTHERS.values()]
    content = town.signed_texts(*map(text_of, items), jti="jti-odd-names-1", mode="itemised")
    size = town.size()
    answer = town.submit(content)
    assert answer.status_code == 201, answer.text
    got = [{reason["code"] for reason in each["reasons"]} for each in answer.json()["items"]]
    assert {
        how: codes
        for how, code, codes in zip([*REFUSED, *OTHERS], wanted, got, strict=True)
        if code not in codes
    } == {}
    types = [each.type for each in town.entries(after=size - 1)]
    assert types == ["act.refused"] * len(items) + ["submission.received"]
    shown.saw(refused=len(items), taken_in=0)


@pytest.mark.parametrize(
    ("how", "name", "code"),
    [
        ("a lone surrogate as an escape", b"\\ud800", "json_text_is_unusable"),
        ("half a pair as an escape", b"\\udc00x", "json_text_is_unusable"),
        ("NUL as an escape", b"\\u0000", "json_text_is_unusable"),
        ("a surrogate in UTF-8", b"\xed\xa0\x80", "json_is_not_utf8"),
        ("an overlong NUL", b"\xc0\x80", "json_is_not_utf8"),
        ("NUL as it is", b"\x00", "json_is_malformed"),
        ("GB 18030 bytes", "王祥".encode("gb18030"), "json_is_not_utf8"),
    ],
)
@pytest.mark.case(45, "texts that cannot be read back")
def test_what_cannot_be_read_back_is_no_text(
    town: RunningTown, how: str, name: bytes, code: str, shown: Shown
) -> None:
    shown.by(f"a name with {how}, from a person and under a signature")
    size = town.size()
    text = text_of(item("NAME"))
    content = text.encode().replace(b"NAME", name)
    by = "station.recorder"
    answer = told(town.send("POST", "/volunteers", by, content=content, headers=JSON))
    assert answer == (422, {code})
    if name.isascii() and b"\x00" not in name:
        signed = town.signed_texts(content.decode(), jti="jti-no-text-01")
    else:  # then it is no JSON that could be signed over
        signed = town.signed_texts(text, jti="jti-no-text-01").replace(b"NAME", name)
    status, codes = told(town.submit(signed))
    assert (status, codes & {code}) == (422, {code})
    assert not town.entries("volunteer.registered", after=size - 1)
    shown.saw(answer=422, code=code)

"""Names, places and texts that would be obeyed elsewhere: on a certificate they are letters.

Fault cases 46 and 48, as far as they are about certificates.
"""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from ledger.certificates.checking import Answer
from ledger.certificates.pdf_reading import read_pdf
from ledger.certificates.printed import printed
from ledger.domain.certificate import CertificateIssued
from ledger.domain.event import Erased
from tests.application.certifying import TYPESETTER, checker_of, handing_out_of, open_bureau
from tests.application.homes import (
    ON_SQLITE,
    home,
    house,
    postgres_town,
    sqlite_town,
    town,
)
from tests.application.house import House
from tests.application.town import Town
from tests.application.volunteering import codes
from tests.domain.samples_certificate import ISSUED

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]

SITE = "https://ledger.example.gov.cn/verify"
PAYLOADS = {
    "typst code": '#panic("x") #read("/etc/passwd") #import "main.typ" #eval("1")',
    "typst markup": "= 标题 *粗* _斜_ `码` $x^2$ - 项 + 项 / 词: 义",
    "typst labels": "<label> @label // 注释 /* 注释 */ \\ ~ -- ---",
    "typst file": '#image("qr.svg") #pdf.attach("x") #link("https://evil.example")',
    "typst delimiters": '")]}); #]#[ #{ "',
    "PDF strings": ") Tj ET (x) /JavaScript /OpenAction << /S /JS >> \\051\\( endstream endobj",
    "XML": "</rdf:li><x:y>&amp;&lt;<![CDATA[x]]>-->",
    "HTML": '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "templates": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} %s %(x)s {0.__class__}",
    "JSON": '","hours":"900.00","x":"',
    "lines of a log": "%0d%0a level=info msg=ok \\n\\r",
    "no place to break": "1234567890" * 8,
    "formulas": "=1+1 +1 -1 @SUM(A1)",
    "links": "https://evil.example/verify javascript:alert(1)",
    "proof": "c2sp.org/tlog-proof@v1 %% — ledger.example.gov.cn/log/110000",
}
"""Texts of one line that entry accepts."""


@pytest.fixture(scope="module")
def plain() -> bytes:
    """Return what is printed of a face that nobody put anything into."""
    return TYPESETTER.typeset(printed(face_with("普通的文字"), site=SITE))


def face_with(text: str) -> CertificateIssued:
    """Return a face with a text wherever somebody could have written one."""
    assert isinstance(ISSUED.lines, tuple)
    (line,) = ISSUED.lines
    said = replace(line, activity_name=text, content=text, place=text)
    names = ("holder_name", "issuer_name", "responsible_name", "handler_name")
    fields: dict[str, Any] = dict.fromkeys(names, text)
    return replace(
        ISSUED,
        lines=(said,),
        open_lines=(),
        predecessors=tuple(replace(each, name=text) for each in ISSUED.predecessors),
        volunteer_number=text,
        **fields,
    )


def shown(pdf: bytes) -> str:
    """Return what is on the pages, without spaces and ends of lines."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def kinds(pdf: bytes) -> list[str]:
    """Return of which kinds the objects are that are no pieces of text and structure."""
    objects: Any = pypdf.PdfReader(io.BytesIO(pdf))
    found = []
    for number in range(1, objects.trailer["/Size"]):
        each: Any = objects.get_object(number)
        if isinstance(each, dict):
            found.append(f"{each.get('/Type')} {each.get('/S')} {each.get('/Subtype')}")
    seldom = ("Annot", "Action", "URI", "JavaScript", "Filespec", "Catalog", "EmbeddedFile")
    return sorted(each for each in found if any(word in each for word in seldom))


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_what_would_be_obeyed_is_printed_letter_by_letter(text: str, plain: bytes) -> None:
    pdf = TYPESETTER.typeset(printed(face_with(text), site=SITE))
    # Holder twice, in the statement as well and in English, then the others.
    assert shown(pdf).count(re.sub(r"\s+", "", text)) >= 6
    assert kinds(pdf) == kinds(plain)
    reader, other = (pypdf.PdfReader(io.BytesIO(each)) for each in (pdf, plain))
    assert reader.root_object.keys() == other.root_object.keys()
    assert not any("/Annots" in page for page in reader.pages)
    assert reader.metadata is not None
    assert reader.metadata.author == text
    assert read_pdf(pdf).attached == {}


def test_the_code_to_scan_has_nothing_that_anybody_wrote() -> None:
    for text in PAYLOADS.values():
        address = printed(face_with(text), site=SITE).data["address"]
        assert address == f"{SITE}#{ISSUED.number}"


@ON_SQLITE
@pytest.mark.parametrize("name", ["typst code", "proof", "no place to break"])
def test_recorded_texts_are_certified_as_they_are_and_checked(
    house: House, town: Town, name: str
) -> None:
    bureau, text = open_bureau(house, town), PAYLOADS[name]
    bureau.session.confirmed(content=text)
    certificate = bureau.request(mode="self_printed", language="zh_en")
    pdf = handing_out_of(house).pdf(bureau.session.herself, certificate)
    report = checker_of(house).check(pdf)
    assert report.verdict is Answer.YES
    assert report.face is not None
    lines = report.face.lines
    assert not isinstance(lines, Erased)
    assert [each.content for each in lines] == [text]
    assert re.sub(r"\s+", "", text) in shown(pdf)


@ON_SQLITE
def test_texts_that_hide_or_reverse_never_come_so_far(house: House, town: Town) -> None:
    session = open_bureau(house, town).session
    for character in "\u202e\u2066\u200b\u200f\u2028\u0007\ufeff\x1b\x00":
        refused = codes(session.enter, content=f"服务{character}时间")
        assert "text_has_forbidden_character" in refused


@pytest.mark.tool("pdftotext")
@pytest.mark.parametrize(
    "text",
    ["8" * 200, "W" * 200, "志愿" * 100, "8" * 15, "WWW.EXAMPLE.ORG"],
    ids=["digits", "wide", "han", "few digits", "address"],
)
def test_a_text_without_a_place_to_break_stays_on_the_page(text: str, tmp_path: Path) -> None:
    path = tmp_path / "c.pdf"
    path.write_bytes(TYPESETTER.typeset(printed(face_with(text), site=SITE)))
    assert text in shown(path.read_bytes())
    # Where each word stands, in points.
    said = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    boxes = re.findall(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', said)
    margin = 18 / 25.4 * 72
    assert len(boxes) > 20
    assert min(float(left) for left, _ in boxes) >= margin - 1
    assert max(float(right) for _, right in boxes) <= 595.3 - margin + 1

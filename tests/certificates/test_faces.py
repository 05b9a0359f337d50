"""A face is looked at by itself; files are read in one way only, whatever they make one do."""

import io
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from pypdf.generic import NameObject, StreamObject

from ledger.certificates.face_checking import contradictions
from ledger.certificates.pdf_reading import UnreadablePdfError, read_pdf
from ledger.certificates.printed import printed
from ledger.certificates.typesetting import Typesetter
from ledger.domain.certificate import FaceLanguage, IssueMode
from tests.domain.samples_certificate import ISSUED

LINE = ISSUED.lines[0] if isinstance(ISSUED.lines, tuple) else None
SITE = "https://ledger.example.gov.cn/verify"


def test_the_sample_of_a_face_agrees_with_itself() -> None:
    assert contradictions(ISSUED, seq=60) == []


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"minutes": 60_000, "hours": "1000.00"}, "minutes"),
        ({"hours": "2.51"}, "hours"),
        ({"number": "0000-0000-0000-0000-0000-0000-0000"}, "number"),
        ({"records": ()}, "records"),
        ({"handler": ISSUED.responsible}, "handler"),
        ({"on_behalf_of": ISSUED.handler}, "organization"),
        ({"to_day": ISSUED.from_day}, "period"),
        ({"verified_size": 57}, "entries"),
        ({"verified_size": 61}, "verified_size"),
    ],
)
def test_a_face_that_contradicts_itself_is_found(change: dict[str, Any], wrong: str) -> None:
    assert contradictions(replace(ISSUED, **change), seq=60) == [wrong]


def test_a_record_that_is_listed_twice_is_found() -> None:
    assert LINE is not None
    twice = replace(
        ISSUED, lines=(LINE, LINE), records=(LINE.record,) * 2, minutes=300, hours="5.00"
    )
    assert contradictions(twice, seq=60) == ["records"]


def attached_with(filter_: str, packed: bytes) -> bytes:
    """Return a PDF whose attachment says that it is packed in some way."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(10, 10)
    writer.add_attachment("certificate.tlog-proof", b"x")
    first = io.BytesIO()
    writer.write(first)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(first.getvalue()))
    for each in writer._objects:
        if isinstance(each, StreamObject) and each.get("/Type") == "/EmbeddedFile":
            each._data = packed
            each[NameObject("/Filter")] = NameObject(filter_)
    second = io.BytesIO()
    writer.write(second)
    return second.getvalue()


@pytest.mark.parametrize(
    "filter_",
    ["/Foo", "/JBIG2Decode", "/RunLengthDecode", "/LZWDecode", "/DCTDecode", "/Crypt"],
)
def test_nothing_is_unpacked_by_what_no_certificate_is_packed_with(filter_: str) -> None:
    with pytest.raises(UnreadablePdfError):
        read_pdf(attached_with(filter_, b"\x81A\x80"))


@pytest.mark.parametrize("content", [b"%PDF-", b"%PDF-1.7\ntrailer\n", b"%PDF-1.7" * 9])
def test_what_is_no_pdf_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadablePdfError):
        read_pdf(content)


@pytest.mark.parametrize("language", FaceLanguage)
@pytest.mark.parametrize("mode", IssueMode)
def test_every_form_of_a_face_is_typeset_the_same_each_time(
    language: FaceLanguage, mode: IssueMode
) -> None:
    face = printed(replace(ISSUED, language=language, mode=mode), site=SITE)
    typesetter = Typesetter()
    pdf = typesetter.typeset(face)
    assert pdf == Typesetter().typeset(face)
    # What it says of itself: two standards, asked for and met.
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf
    shown = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ).replace("\n", "")
    for text in (ISSUED.number, "多福巷社区志愿者服务站", "2.50"):
        assert text in shown.replace(" ", "") or text in shown


def test_glyphs_are_known_before_anything_is_printed() -> None:
    typesetter = Typesetter()
    assert typesetter.has_glyphs(["王𠮷祥䶮㛃", "abc", " \n"])
    assert not typesetter.has_glyphs(["王\U0003134b"])
    assert typesetter.has_glyphs(["王𠮷"])

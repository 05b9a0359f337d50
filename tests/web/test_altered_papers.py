"""Papers that look otherwise than the text that they carry: never called valid themselves."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from tests.web.browser import Visitor, visiting
from tests.web.conftest import Papers
from tests.web.test_verify_page import with_annotation, with_content, written

pytestmark = pytest.mark.tool("chromium")


@pytest.fixture(scope="module")
def visitor(browser: Browser, papers: Papers) -> Iterator[Visitor]:
    with visiting(browser, papers.served) as somebody:
        somebody.come()
        yield somebody


def around(content: bytes, before: bytes, after: bytes) -> bytes:
    """Return a PDF with operators before and behind those of its first page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    page = writer.pages[0]
    streams = []
    for operators in (before, after):
        stream = DecodedStreamObject()
        stream.set_data(operators)
        streams.append(writer._add_object(stream))
    own = page.raw_get("/Contents")
    page[NameObject("/Contents")] = ArrayObject([streams[0], own, streams[1]])
    return written(writer)


def with_layer(content: bytes) -> bytes:
    """Return a PDF whose first page is shown or not as a reader chooses."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    layer = {
        NameObject("/Type"): NameObject("/OCG"),
        NameObject("/Name"): TextStringObject("x"),
    }
    ref = writer._add_object(DictionaryObject(layer))
    groups = ArrayObject([ref])
    shown = DictionaryObject({NameObject("/OFF"): groups, NameObject("/Order"): groups})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): groups, NameObject("/D"): shown}
    )
    resources: Any = writer.pages[0]["/Resources"].get_object()
    resources[NameObject("/Properties")] = DictionaryObject({NameObject("/Layer"): ref})
    return around(written(writer), b"/OC /Layer BDC\n", b"EMC\n")


def with_two_fonts(content: bytes) -> bytes:
    """Return a PDF in which one more font draws 9 and says 2."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    resources: Any = writer.pages[0]["/Resources"]
    fonts = resources["/Font"].get_object()
    font = fonts["/f0"].get_object()
    said = font["/ToUnicode"].get_object().get_data()
    swapped = DecodedStreamObject()
    swapped.set_data(re.sub(rb"<0039>\n", b"<0032>\n", said))
    other = DictionaryObject(font)
    other[NameObject("/ToUnicode")] = writer._add_object(swapped)
    fonts[NameObject("/f9")] = writer._add_object(other)
    return with_content(written(writer), b"BT /f9 9 Tf 1 0 0 1 90 600 Tm ET\n")


def with_printed_stamp(content: bytes) -> bytes:
    """Return a PDF with a stamp that is printed, and not seen on a screen."""
    stamp = {
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/Stamp"),
        NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (90, 600, 490, 660)]),
        NameObject("/F"): NumberObject(36),
    }
    return with_annotation(content, DictionaryObject(stamp))


ALTERED: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "a white stroke": (
        lambda pdf: with_content(pdf, b"q 1 G 400 w 0 600 m 600 600 l S Q\n"),
        {"unknown"},
    ),
    "a wide stroke": (
        lambda pdf: with_content(pdf, b"q 0 G 40 w 0 600 m 600 600 l S Q\n"),
        {"unknown"},
    ),
    "text too small to be seen": (
        lambda pdf: around(pdf, b"q 0.001 0 0 0.001 100 100 cm\n", b"Q\n"),
        {"unknown"},
    ),
    "a layer": (with_layer, {"unknown"}),
    "a second font": (with_two_fonts, {"unknown"}),
    "a stamp for the printer": (with_printed_stamp, {"invalid"}),
}


@pytest.mark.parametrize("name", ALTERED)
def test_a_paper_that_may_look_otherwise_is_not_passed(
    visitor: Visitor, papers: Papers, name: str
) -> None:
    alter, wanted = ALTERED[name]
    assert visitor.give(alter(papers.plain.pdf)) in wanted

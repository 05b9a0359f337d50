"""The page `/verify` in a real browser: what it says of true papers, and of every lie."""

import io

import pypdf
import pytest
from playwright.sync_api import Browser, expect
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

from ledger.application.forms.certificate import RevocationForm
from ledger.application.forms.record import AmendmentForm
from ledger.certificates.attached import FACE, RECORDS
from ledger.certificates.pdf_reading import read_pdf
from ledger.certificates.printed import printed
from ledger.certificates.typesetting import Attachment
from tests.application.certifying import TYPESETTER, checker_of
from tests.application.serving import SERVICE
from tests.web.browser import AXE, INTRANET, PHONE, WIDE, Visitor, visiting
from tests.web.conftest import HOSTILE, NOVEMBER, Papers
from tests.web.served import SITE

pytestmark = pytest.mark.tool("chromium")
NAME, DOCUMENT = "王𠮷祥", "110105180001010029"
ALL_STEPS = ["in_the_log", "facts_add_up", "face_agrees", "lines_follow", "pages_agree"]


@pytest.fixture(scope="module")
def visitor(browser: Browser, papers: Papers):  # type: ignore[no-untyped-def]
    """Return a visitor whose page is open; a new result takes the place of the one before."""
    with visiting(browser, papers.served) as somebody:
        somebody.come()
        yield somebody


def test_a_true_pdf_is_proved_step_by_step_and_its_status_is_told(
    visitor: Visitor, papers: Papers
) -> None:
    assert visitor.give(papers.both.pdf, "hers.pdf") == "contents"
    box = visitor.page.locator(".verdict")
    for each in (
        "纸面外观未核",
        "hers.pdf",
        "王*",
        "2.50 小时",
        "多福巷社区志愿者服务站",
        "2026-",
    ):
        expect(box).to_contain_text(each)
    assert visitor.steps("yes") == ALL_STEPS
    assert not visitor.steps("no")
    assert not visitor.steps("unknown")
    # What identifies people is hidden until the visitor, who holds the paper, asks for it.
    assert NAME not in visitor.text()
    assert DOCUMENT not in visitor.text()
    visitor.page.get_by_role("button", name="显示完整信息").click()
    assert NAME in visitor.text()
    assert DOCUMENT in visitor.text()
    visitor.page.locator("#language").click()
    expect(visitor.page.locator("#verdict")).to_contain_text("rely on this, not on the paper")
    assert NAME in visitor.text()
    visitor.page.locator("#language").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_a_lone_proof_is_checked_as_well(visitor: Visitor, papers: Papers) -> None:
    assert visitor.give(papers.plain.proof, "certificate.tlog-proof") == "valid"
    assert visitor.steps("yes") == ALL_STEPS[:3]


def test_another_name_around_a_true_proof_is_not_valid(
    visitor: Visitor, papers: Papers
) -> None:
    data = papers.served.printed_data(papers.plain)
    holder = [[label, "李示例" if text == NAME else text] for label, text in data["holder"]]
    forged = papers.served.typeset_again(papers.plain, holder=holder)
    assert visitor.give(forged) == "invalid"
    assert visitor.steps("no") == ["pages_differ"]
    # What is shown is what was proved, whatever the paper says.
    assert "李" not in visitor.text()


def test_more_hours_or_one_more_line_on_the_paper_is_not_valid(
    visitor: Visitor, papers: Papers
) -> None:
    data = papers.served.printed_data(papers.plain)
    more = data["statement"].replace("2.50", "902.50")
    lines = [*data["lines"], ["2", *data["lines"][0][1:]]]
    for forged in (
        papers.served.typeset_again(papers.plain, statement=more),
        papers.served.typeset_again(papers.plain, lines=lines),
        papers.served.typeset_again(papers.plain, check=data["check"] + "另有 100 小时。"),
    ):
        assert visitor.give(forged) == "invalid"
        assert visitor.steps("no") == ["pages_differ"]


def with_content(content: bytes, operators: bytes) -> bytes:
    """Return a PDF with something more drawn on its first page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    page, more = writer.pages[0], DecodedStreamObject()
    more.set_data(operators)
    before = page.raw_get("/Contents")
    page[NameObject("/Contents")] = ArrayObject([before, writer._add_object(more)])
    return written(writer)


def with_annotation(content: bytes, annotation: DictionaryObject) -> bytes:
    """Return a PDF with something laid over its first page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.add_annotation(0, annotation)
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_what_no_certificate_has_on_its_pages_is_not_valid(
    visitor: Visitor, papers: Papers
) -> None:
    image = b"q 90 0 0 20 90 600 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q\n"
    note = FreeText(text="900 小时", rect=(90, 600, 200, 620))
    for forged in (
        with_content(papers.plain.pdf, image),
        with_content(papers.plain.pdf, b"BT 3 Tr ET\n"),
        with_annotation(papers.plain.pdf, note),
    ):
        assert visitor.give(forged) == "invalid"
        assert visitor.steps("no") == ["pages_have_more"]
        assert "pages_agree" not in visitor.steps("yes")


@pytest.mark.parametrize(
    "painted",
    [
        b"1 g 90 600 99 20 re f\n",
        b"90 600 m 95 620 l 99 600 l S\n",
        b"90 600 m 92 610 95 610 99 600 c S\n",
        b"q 0 0 9 9 re W n 1 1 1 rg Q\n",
        b"0 0 m 9 9 l 9 0 l b\n",
    ],
    ids=["a white box", "a slanted stroke", "a curve", "white letters", "another filled path"],
)
def test_what_may_cover_the_text_is_not_passed_as_sound(
    visitor: Visitor, papers: Papers, painted: bytes
) -> None:
    assert visitor.give(with_content(papers.plain.pdf, painted)) == "unknown"
    assert visitor.steps("unknown") == ["pages_drawn_otherwise"]


def test_a_signature_that_shows_nothing_is_not_in_the_way_and_not_checked(
    visitor: Visitor, papers: Papers
) -> None:
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
        }
    )
    assert visitor.give(with_annotation(papers.plain.pdf, field)) == "contents"
    assert "数字签名未在此核验" in visitor.text()


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.999])
def test_a_truncated_pdf_is_not_valid(visitor: Visitor, papers: Papers, cut: float) -> None:
    content = papers.plain.pdf
    assert visitor.give(content[: int(len(content) * cut)]) == "invalid"
    assert visitor.steps("no") == ["pdf_unreadable"]


def test_the_proof_of_another_certificate_is_not_valid(
    visitor: Visitor, papers: Papers
) -> None:
    mine, theirs = read_pdf(papers.plain.pdf).attached, read_pdf(papers.amended.pdf).attached
    face = checker_of(papers.served.bureau.house).check(papers.plain.proof).face
    assert face is not None
    for files, wrong in (
        ({FACE: theirs[FACE], RECORDS: theirs[RECORDS]}, "pages_differ"),
        ({FACE: mine[FACE], RECORDS: theirs[RECORDS]}, "lines_do_not_follow"),
        ({FACE: mine[FACE], RECORDS: b""}, "lines_do_not_follow"),
        ({FACE: mine[FACE], RECORDS: mine[RECORDS][:-90]}, "records_not_proved"),
    ):
        attached = [Attachment(name, each, "text/plain", "p") for name, each in files.items()]
        forged = TYPESETTER.typeset(printed(face, site=SITE), attached)
        assert visitor.give(forged) == "invalid"
        assert wrong in visitor.steps("no")


def test_a_fact_that_was_altered_and_another_log_prove_nothing(
    visitor: Visitor, papers: Papers
) -> None:
    head, extra, rest = papers.plain.proof.split(b"\n", 2)
    place = len(extra) // 2
    letter = b"A" if extra[place : place + 1] != b"A" else b"B"
    altered = b"\n".join([head, extra[:place] + letter + extra[place + 1 :], rest])
    assert visitor.give(altered, "altered.tlog-proof") == "invalid"
    # No key of this page has signed what another log says.
    signature = papers.plain.proof.rindex(b" ") + 1
    key_id = b"AAAAAA" if papers.plain.proof[signature:].startswith(b"B") else b"BBBBBB"
    foreign = papers.plain.proof[:signature] + key_id + papers.plain.proof[signature + 6 :]
    assert visitor.give(foreign, "foreign.tlog-proof") == "unknown"
    assert visitor.steps("unknown") == ["other_log"]


REFUSED = """async (proofs) => {
    const [{ Trust, checkProof }, { parsePolicy }] = await Promise.all(
        ["proof", "policy"].map((name) => import(`/verify/${name}.js`)));
    const fetched = await Promise.all(
        ["policy", "shapes.json"].map((name) => fetch(`/verify/${name}`)));
    const trust = new Trust(parsePolicy(await fetched[0].text()), await fetched[1].json());
    const holds = async (proof) => checkProof(new TextEncoder().encode(proof), trust)
        .then(() => true, () => false);
    return Promise.all(proofs.map(holds));
}"""


def test_no_letter_of_a_proof_can_be_another(visitor: Visitor, papers: Papers) -> None:
    proof = papers.plain.proof.decode()
    places = range(3, len(proof) - 1, max(1, len(proof) // 150))
    altered = [
        proof[:at] + ("A" if proof[at] != "A" else "B") + proof[at + 1 :] for at in places
    ]
    assert visitor.page.evaluate(REFUSED, [proof, *altered]) == [True] + [False] * len(altered)


def test_what_is_no_certificate_is_told(visitor: Visitor) -> None:
    assert visitor.give(b"hello", "letter.txt") == "unknown"
    assert visitor.give(b"%PDF-1.7\n%%EOF\n") == "invalid"
    assert visitor.steps("no") == ["pdf_unreadable"]


def test_hostile_texts_are_texts(visitor: Visitor, papers: Papers) -> None:
    assert visitor.give(papers.hostile.pdf) == "contents"
    expect(visitor.page.locator("#result")).to_contain_text(HOSTILE)
    assert visitor.page.locator("#result img, #result script").count() == 0
    assert visitor.complaints == []


def test_a_record_that_was_amended_since_changes_what_the_page_says(
    visitor: Visitor, papers: Papers
) -> None:
    bureau = papers.served.bureau
    town, reviewing = bureau.session.town, bureau.session.reviewing
    longer = {**SERVICE, **NOVEMBER[18], "end": "2026-11-18T13:00+08:00", "reason": "填错。"}
    form = AmendmentForm.model_validate(longer)
    amendment = reviewing.propose_amendment(town.recorder, papers.amended_record, form).value
    assert visitor.give(papers.amended.pdf) == "contents"
    bureau.house.clock.set("2026-12-28 09:00")
    reviewing.accept(town.reviewer, papers.amended_record, amendment)
    assert visitor.give(papers.amended.pdf) == "changed"
    expect(visitor.page.locator(".change")).to_have_text(
        "第 1 项:更正了结束时间;2.50 → 3.50 小时。"
    )
    expect(visitor.page.locator(".verdict")).to_contain_text("现计 3.50 小时")


def test_a_revoked_one_is_no_longer_in_force_by_its_file_and_by_its_number(
    visitor: Visitor, papers: Papers
) -> None:
    bureau = papers.served.bureau
    day = {"from_day": "2026-11-20", "to_day": "2026-11-20"}
    paper = papers.served.paper(**day)
    form = RevocationForm.model_validate({"ground": "issued_in_error"})
    bureau.certifying.revoke(bureau.head, paper.certificate, form)
    assert visitor.give(paper.pdf) == "ended"
    expect(visitor.page.locator(".verdict")).to_contain_text("出具有误")
    visitor.ask(paper.number, NAME)
    assert visitor.verdict() == "ended"


def test_the_qr_code_fills_the_number_in_and_the_name_opens_it(
    browser: Browser, papers: Papers
) -> None:
    with visiting(browser, papers.served, locale="en-GB") as visitor:
        asked: list[str] = []
        visitor.page.on("request", lambda request: asked.append(request.url))
        visitor.come(f"#{papers.plain.number}")
        expect(visitor.page.locator("#number")).to_have_value(papers.plain.number)
        visitor.page.fill("#holder", NAME)
        visitor.page.keyboard.press("Enter")
        assert visitor.verdict() == "valid"
        assert visitor.steps("yes") == ALL_STEPS[:2]
        text = visitor.text()
        assert "王*" in text
        assert "2.50 hours" in text
        assert DOCUMENT not in text
        assert not [url for url in asked if papers.plain.number in url or "%" in url]
        assert not visitor.complaints


def test_wrong_names_and_wrong_numbers_find_nothing(visitor: Visitor, papers: Papers) -> None:
    error = visitor.page.locator("#ask-error")
    visitor.ask(papers.plain.number, "李示例")
    expect(error).to_contain_text("未查到")
    visitor.ask(papers.plain.number[:-1], NAME)
    expect(error).to_contain_text("28个字符")
    expect(visitor.page.locator("#number")).to_have_attribute("aria-invalid", "true")
    visitor.ask(papers.plain.number, "  ")
    expect(error).to_contain_text("请填写")
    expect(visitor.page.locator("#result")).to_be_hidden()


@pytest.mark.parametrize("host", [None, INTRANET], ids=["localhost", "plain http"])
def test_without_network_a_pdf_is_proved_and_its_status_is_not_known(
    browser: Browser, papers: Papers, host: str | None
) -> None:
    """A name by plain http is no secure context: @noble stands in for WebCrypto."""
    with visiting(browser, papers.served, locale="en-GB", host=host) as visitor:
        visitor.come()
        has_subtle = visitor.page.evaluate("() => Boolean(crypto.subtle)")
        by = visitor.page.locator("#pinned").text_content() or ""
        assert has_subtle is (host is None)
        assert has_subtle or "@noble/curves" in by
        visitor.context.set_offline(True)
        assert visitor.give(papers.plain.pdf) == "genuine"
        assert visitor.steps("yes") == ALL_STEPS
        assert "its status is not known" in visitor.text()
        assert not visitor.complaints


@pytest.mark.parametrize(("locale", "size"), [("en-GB", WIDE), ("zh-CN", PHONE)])
def test_everybody_can_use_it(
    browser: Browser, papers: Papers, locale: str, size: dict[str, int]
) -> None:
    with visiting(browser, papers.served, locale=locale, size=size, script=AXE) as visitor:
        visitor.come()
        visitor.page.locator("#trust summary").click()
        for content in (papers.both.pdf, papers.plain.pdf[:5_000]):
            visitor.give(content)
            assert violations(visitor) == []
            width = visitor.page.evaluate("() => document.documentElement.scrollWidth")
            assert width <= size["width"]


def violations(visitor: Visitor) -> list[str]:
    """Return what axe-core finds wrong, in short."""
    found = visitor.page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]

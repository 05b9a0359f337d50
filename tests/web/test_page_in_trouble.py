"""The page `/verify` where something is amiss: the network, the file, or whom one asks."""

import base64

import httpx
import pytest
from playwright.sync_api import Browser, expect

from ledger.application import organizations
from ledger.application.forms.organization import ReinstatementForm
from tests.application.becoming import amend, suspend
from tests.application.certifying import Bureau
from tests.web.browser import visiting
from tests.web.conftest import NOVEMBER, Papers
from tests.web.served import ServedPage

pytestmark = pytest.mark.tool("chromium")
NAME = "王𠮷祥"
DROP = """([all]) => {
    const carried = new DataTransfer();
    for (const [name, text] of all) carried.items.add(new File([text], name));
    dispatchEvent(new DragEvent("drop", { dataTransfer: carried }));
}"""
GIVE_UP = """async ([content]) => {
    const { HeavyPdf, readPaper } = await import("/verify/paper.js");
    const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    try {
        await readPaper(bytes, 0);
    } catch (error) {
        return error instanceof HeavyPdf && error.message;
    }
    return "it was read";
}"""
WAITED = "() => document.getAnimations().forEach((each) => each.finish())"


def test_where_the_script_does_not_come_the_page_says_so_after_a_while(
    browser: Browser, served: ServedPage
) -> None:
    with visiting(browser, served) as visitor:
        visitor.page.route("**/page.js", lambda route: route.abort())
        visitor.page.goto(visitor.address)
        late = visitor.page.locator("#late")
        expect(late).to_be_hidden()
        visitor.page.evaluate(WAITED)
        expect(late).to_be_visible()
        expect(late).to_contain_text("页面未能完整载入")
        expect(visitor.page.locator("#file")).to_be_disabled()


def test_where_the_trusted_keys_do_not_come_nothing_can_be_checked(
    browser: Browser, served: ServedPage
) -> None:
    with visiting(browser, served, locale="en-GB") as visitor:
        visitor.page.route("**/policy", lambda route: route.abort())
        visitor.page.goto(visitor.address)
        expect(visitor.page.locator("#trouble")).to_contain_text("did not load as a whole")
        expect(visitor.page.locator("#file")).to_be_disabled()
        expect(visitor.page.locator("#ask button")).to_be_disabled()


def test_where_what_reads_pdfs_does_not_come_a_number_can_still_be_looked_up(
    browser: Browser, papers: Papers
) -> None:
    with visiting(browser, papers.served) as visitor:
        visitor.page.route("**/pdf.min.mjs", lambda route: route.abort())
        visitor.page.goto(visitor.address)
        expect(visitor.page.locator("#trouble")).to_contain_text("凭编号查询仍可用")
        visitor.ask(papers.plain.number, NAME)
        assert visitor.verdict() == "valid"


def test_of_several_files_at_once_none_is_checked(browser: Browser, papers: Papers) -> None:
    with visiting(browser, papers.served) as visitor:
        visitor.come()
        assert visitor.give(papers.plain.proof, "certificate.tlog-proof") == "valid"
        visitor.page.evaluate(DROP, [[["a.pdf", "%PDF-"], ["b.pdf", "%PDF-"]]])
        expect(visitor.page.locator("#working")).to_have_text(
            "一次只能核验一个文件,请逐个核验。"
        )
        expect(visitor.page.locator("#result")).to_be_hidden()


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(
    browser: Browser, papers: Papers
) -> None:
    with visiting(browser, papers.served) as visitor:
        visitor.come()
        content = base64.b64encode(papers.plain.pdf).decode("ascii")
        assert visitor.page.evaluate(GIVE_UP, [content]) == "time"
        assert visitor.give(papers.plain.pdf) == "contents"
        assert not visitor.complaints


def test_wrong_names_by_others_hide_nothing_from_who_has_the_file(
    browser: Browser, papers: Papers
) -> None:
    """Ten wrong names are the bound of one address; the salt in the file is nobody's guess."""
    with visiting(browser, papers.served) as visitor:
        visitor.come()
        _guess_names(papers.served, papers.both.number)
        visitor.ask(papers.both.number, NAME)
        expect(visitor.page.locator("#ask-error")).to_contain_text("查询过多")
        assert visitor.give(papers.both.pdf) == "contents"
        expect(visitor.page.locator(".verdict")).to_contain_text("账本确认其目前有效")


def test_that_the_issuer_is_suspended_is_said_beside_what_changed(
    browser: Browser, papers: Papers
) -> None:
    bureau = papers.served.bureau
    longer = NOVEMBER[17] | {"end": "2026-11-17T13:00+08:00"}
    amend(bureau, papers.lengthened_record, **longer)
    suspend(bureau)
    try:
        with visiting(browser, papers.served) as visitor:
            visitor.come()
            assert visitor.give(papers.lengthened.pdf) == "changed"
            expect(visitor.page.locator(".verdict")).to_contain_text("另外:出具单位目前")
            assert visitor.give(papers.plain.pdf) == "ended"
            expect(visitor.page.locator(".verdict")).to_contain_text("出具单位目前")
    finally:
        _reinstate(bureau)


def _guess_names(served: ServedPage, number: str) -> None:
    address = served.address.replace("/verify", "/api/v1/verifications")
    for guess in range(11):
        answer = httpx.post(address, json={"number": number, "holder": f"李示例{guess}"})
        assert answer.status_code == (404 if guess < 10 else 429)


def _reinstate(bureau: Bureau) -> None:
    form = ReinstatementForm.model_validate({"reason": "整改完毕。"})
    town, office = bureau.session.town, bureau.session.office
    organizations.change_standing(office, town.district_head, town.station, form)

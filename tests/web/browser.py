"""A real Chromium: Debian's, or whichever is installed; driven by playwright."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.served import ServedPage

INTRANET = "ledger.intranet.test"
"""A name that is not localhost: by http no secure context, so no `crypto.subtle`."""
WIDE, PHONE = {"width": 1100, "height": 900}, {"width": 320, "height": 640}
_DEADLINE_MS = 30_000
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """Run a browser, with nothing of anybody in it."""
    options = [f"--host-resolver-rules=MAP {INTRANET} 127.0.0.1"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # the browser's own rule: as root there is none
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """Somebody at the page, in a context of her own; what the browser complains of is kept."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self.context = context
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("console", lambda said: self._complain(said.type, said.text))
        page.on("pageerror", lambda error: self._complain("error", str(error)))
        page.on("dialog", lambda dialog: self._complain("error", dialog.message))

    def come(self, fragment: str = "") -> None:
        """Open the page, and wait until it needs no network any more."""
        self.page.goto(f"{self.address}{fragment}")
        expect(self.page.locator("html[data-ready=yes]")).to_be_attached(timeout=_DEADLINE_MS)

    def give(self, content: bytes, name: str = "certificate.pdf") -> str:
        """Choose a file; return the verdict."""
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.set_input_files("#file", files=[file])  # type: ignore[arg-type]
        return self.verdict()

    def ask(self, number: str, holder: str) -> None:
        """Send the form."""
        self.page.fill("#number", number)
        self.page.fill("#holder", holder)
        self.page.locator("#ask button").click()

    def verdict(self) -> str:
        """Return the one word above everything, by its class."""
        expect(self.page.locator("#verdict")).to_be_visible(timeout=_DEADLINE_MS)
        shown = self.page.locator(".verdict").get_attribute("class") or ""
        return shown.removeprefix("verdict ")

    def steps(self, answer: str) -> list[str]:
        """Return the codes of the steps with an answer, in order."""
        found = self.page.locator(f".steps li.{answer}").all()
        return [step.get_attribute("data-code") or "" for step in found]

    def text(self) -> str:
        """Return what is to be read on the page."""
        return self.page.locator("body").inner_text()

    def _complain(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@contextmanager
def visiting(
    browser: Browser,
    served: ServedPage,
    *,
    locale: str = "zh-CN",
    size: dict[str, int] | None = None,
    host: str | None = None,
    script: Path | None = None,
) -> Iterator[Visitor]:
    """Yield a visitor, before she opens the page."""
    context = browser.new_context(locale=locale, viewport=size or WIDE)  # type: ignore[arg-type]
    if script is not None:
        context.add_init_script(path=script)
    address = served.address.replace("127.0.0.1", host or "127.0.0.1")
    try:
        yield Visitor(context, context.new_page(), address)
    finally:
        context.close()

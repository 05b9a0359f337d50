"""What the page's server sends: its own files, under strict rules, and whom it trusts."""

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.application.published_shapes import SHAPES
from ledger.proof.policy import parse_policy
from ledger.proof.shapes import parse_shapes
from ledger.web.static_files import page_files
from ledger.web.verify_routes import FIXED, verify_routes
from tests.api.v1.client import Client, TownSessions

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "ledger" / "web" / "static"
POLICY = (
    "log ledger.example.gov.cn/log/110000+d6d2c0e3+"
    "AWaF9aRaUrd4GsreZTdiL8K5gFfarfcFaUbNYPGJZqFH\n"
    "quorum none\n"
)


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(TownSessions(), [verify_routes(lambda: parse_policy(POLICY), SHAPES)])


def test_the_page_runs_nothing_but_its_own_files(client: Client) -> None:
    for path in ("", "/page.js", "/policy", "/vendor/pdfjs-5.6.205/pdf.min.mjs"):
        headers = client.get(f"/verify{path}").headers
        rules = dict(
            rule.split(" ", 1) for rule in headers["content-security-policy"].split("; ")
        )
        assert rules["default-src"] == "'none'"
        assert set(rules.values()) == {"'none'", "'self'"}
        assert rules["frame-ancestors"] == rules["form-action"] == rules["base-uri"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]
        assert "set-cookie" not in headers
    page = client.get("/verify").text
    assert not re.search(
        r"<script(?! type=\"module\" src=\"/verify/)|<style|\son\w+=|style=", page
    )


def test_no_file_of_the_page_names_another_server() -> None:
    own = [path for path in STATIC.iterdir() if path.is_file()]
    assert len(own) > 15
    for path in own:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "innerHTML" not in text
        assert re.findall(r"https?://(?!\$\{)[^\s\"'`]+", text) == [], path


def test_files_are_validated_and_packed(client: Client) -> None:
    plain = client.get("/verify/page.js", headers={"accept-encoding": "identity"})
    assert plain.headers["cache-control"] == "no-cache"
    packed = client.get("/verify/page.js", headers={"accept-encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    for etag in (plain.headers["etag"], packed.headers["etag"]):
        again = client.get("/verify/page.js", headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
    refused = client.get("/verify/page.js", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers
    vendored = client.get("/verify/vendor/noble-2.4.0/noble.js")
    assert vendored.headers["cache-control"] == FIXED
    assert client.send("HEAD", "/verify").status_code == 200


def test_it_pins_the_ledgers_own_policy_and_shapes(client: Client) -> None:
    assert client.get("/verify/policy").text == POLICY
    assert parse_shapes(client.get("/verify/shapes.json").content).text() == SHAPES.text()
    assert ["姓名", "Name"] in client.get("/verify/words.json").json()["labels"]


@pytest.mark.parametrize(
    "path",
    [
        "/index.html",
        "/nothing.js",
        "/vendor/SHA256SUMS",
        "/../pinned.py",
        "/%2e%2e/pinned.py",
        "/vendor/noble-2.4.0/LICENSE",
    ],
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    answer = client.get(f"/verify{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_slash_too_many_leads_to_the_page(client: Client) -> None:
    answer = client.get("/verify/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/verify")


def test_what_others_made_is_what_was_taken_in() -> None:
    sums = (STATIC / "vendor" / "SHA256SUMS").read_text("ascii").splitlines()
    listed = {path: digest for digest, path in (line.split("  ", 1) for line in sums)}
    for folder in (STATIC / "vendor", ROOT / "tests" / "web" / "vendor"):
        files = [
            each for each in folder.rglob("*") if each.is_file() and each.name != "SHA256SUMS"
        ]
        assert any(each.name == "LICENSE" for each in files)
        for each in files:
            digest = sha256(each.read_bytes()).hexdigest()
            assert listed.pop(str(each.relative_to(ROOT))) == digest
    assert not listed


def test_every_module_that_the_page_names_is_there() -> None:
    served = page_files()
    for name, file in served.items():
        if name.endswith(".js") and not name.startswith("vendor/"):
            for each in re.findall(r'from "\./([^"]+)"', file.content.decode("utf-8")):
                assert each in served
    assert gzip.decompress(served["index.html"].packed or b"") == served["index.html"].content

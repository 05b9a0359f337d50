"""The page's own modules against what they are ports of: vectors, faces, numbers, papers."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from ledger.certificates.face_checking import contradictions
from ledger.certificates.printed import printed
from ledger.domain.certificate import (
    CertificateIssued,
    FaceLanguage,
    IssueMode,
    Line,
    OpenLine,
    Predecessor,
    certificate_number,
    read_number,
)
from ledger.domain.certificate.face import decimal_hours
from ledger.domain.stored import encode_event
from tests.application.certifying import TYPESETTER
from tests.domain.samples_certificate import ISSUED
from tests.web.browser import Visitor, visiting
from tests.web.glyphs import folded_file
from tests.web.noted import cases
from tests.web.served import SITE, ServedPage

pytestmark = pytest.mark.tool("chromium")
VECTORS = Path(__file__).parents[1] / "vectors" / "log-format-v1.json"


@pytest.fixture(scope="module")
def visitor(browser: Browser, served: ServedPage) -> Iterator[Visitor]:
    with visiting(browser, served) as somebody:
        somebody.come()
        yield somebody


VECTORS_HOLD = """async (vectors) => {
    const at = (name) => import(`/verify/${name}.js`);
    const [bytes, canonical, note, policy, proof] = await Promise.all(
        ["bytes", "canonical", "note", "policy", "proof"].map(at));
    const { fromHex, hexOf, utf8, areEqual } = bytes;
    const wrong = [];
    const expect = (holds, what) => holds || wrong.push(what);
    const refuses = (act, what) => { try { act(); wrong.push(what); } catch (error) {
        expect(error instanceof bytes.Malformed, `${what}: ${error}`); } };
    let leaves = 0;
    for (const [seq, row] of vectors.rows.entries()) {
        for (const [name, value, salt] of row.facts) {
            const got = hexOf(proof.factDigest(name, value, fromHex(salt, 16, "salt")));
            expect(got === row.digests[name], `digest ${seq} ${name}`);
        }
        const names = Object.keys(row.digests).sort();
        const sum = proof.commitment(names.map((name) => fromHex(row.digests[name], 32, "d")));
        const entry = proof.parseEntry(row.entry);
        expect(entry.facts === hexOf(sum) && entry.seq === seq, `commitment ${seq}`);
        expect(hexOf(entry.leaf) === row.leaf, `leaf ${seq}`);
        leaves += 1;
    }
    for (const { index, size, proof: path } of vectors.inclusion) {
        const leaf = fromHex(vectors.rows[index].leaf, 32, "leaf");
        const hashes = path.map((each) => fromHex(each, 32, "node"));
        const root = proof.climb(leaf, BigInt(index), BigInt(size), hashes);
        expect(hexOf(root) === vectors.rows[size - 1].root, `inclusion ${index}`);
    }
    const { vkey, note: signed } = vectors.checkpoint;
    const trusted = policy.parsePolicy(`log ${vkey}\\nquorum none\\n`);
    const under = await policy.verifyNote(trusted, note.parseNote(utf8(signed)));
    expect(Number(under.checkpoint.size) === leaves, "checkpoint");
    const shapes = {};
    for (const row of vectors.rows) {
        const facts = Object.fromEntries(row.facts.map(([name, value]) => [name, value]));
        const names = Object.keys(row.digests).sort();
        if (facts.type) (shapes[facts.type] ??= {})[facts.shape] = names;
    }
    const trust = new proof.Trust(trusted, shapes);
    const checked = await proof.checkProof(utf8(vectors.tlog_proof), trust);
    expect(checked.facts.size > 2, "proof");
    for (const { what, json } of vectors.refuse.values) {
        refuses(() => canonical.decode(utf8(json), "value"), what);
    }
    for (const { what, entry } of vectors.refuse.entries) {
        refuses(() => proof.parseEntry(entry), what);
    }
    return { wrong, leaves };
}"""


def test_the_golden_vectors_of_the_log_format_hold_in_the_browser(visitor: Visitor) -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))
    found = visitor.page.evaluate(VECTORS_HOLD, vectors)
    assert found == {"wrong": [], "leaves": len(vectors["rows"])}


NOTES_HOLD = """async (cases) => {
    const [note, policy] = await Promise.all(
        ["note", "policy"].map((name) => import(`/verify/${name}.js`)));
    return Promise.all(cases.map(async ([text, spelled]) => {
        const bytes = Uint8Array.from(atob(spelled), (each) => each.charCodeAt(0));
        try {
            await policy.verifyNote(policy.parsePolicy(text), note.parseNote(bytes));
            return true;
        } catch (error) {
            const isOurs = ["Malformed", "Unproved"].includes(error.constructor.name);
            return isOurs ? false : String(error);
        }
    }));
}"""


def test_notes_and_policies_are_judged_as_the_ledger_judges_them(visitor: Visitor) -> None:
    judged = cases()
    sent = [[each.policy, base64.b64encode(each.note).decode()] for each in judged]
    said = visitor.page.evaluate(NOTES_HOLD, sent)
    assert {each.name: got for each, got in zip(judged, said, strict=True)} == {
        each.name: each.holds for each in judged
    }
    assert 10 < sum(each.holds for each in judged) < len(judged) - 100


def facts_of(face: CertificateIssued) -> Mapping[str, Any]:
    """Return the facts of a face by name, those about persons too."""
    stored = encode_event(face)
    facts = dict(stored.plain)
    for group in stored.personal.values():
        facts |= group
    return {"type": face.TYPE, "shape": face.SHAPE, **facts}


def line_of(face: CertificateIssued) -> Line:
    assert isinstance(face.lines, tuple)
    return face.lines[0]


LINE = line_of(ISSUED)
OPEN = OpenLine(
    record=UUID(int=0x77),
    activity_name="重阳助老",
    start=LINE.start,
    end=LINE.end,
    minutes=61,
    stage="publicized",
)


def with_lines(count: int, content: str) -> CertificateIssued:
    lines = tuple(
        replace(LINE, record=UUID(int=0x900 + at), content=content) for at in range(count)
    )
    minutes = sum(line.minutes for line in lines)
    return replace(
        ISSUED,
        lines=lines,
        records=tuple(line.record for line in lines),
        minutes=minutes,
        hours=decimal_hours(minutes),
    )


BOTH = FaceLanguage.BOTH
FACES: dict[str, CertificateIssued] = {
    "sealed": replace(ISSUED, mode=IssueMode.SEALED),
    "sealed in both": replace(ISSUED, mode=IssueMode.SEALED, language=BOTH),
    "self-printed in both": replace(ISSUED, mode=IssueMode.SELF_PRINTED, language=BOTH),
    "with open lines": replace(ISSUED, open_lines=(OPEN, OPEN), language=BOTH),
    "of a successor": replace(
        ISSUED, predecessors=(Predecessor(organization=UUID(int=5), name="旧站 Old ① Station"),)
    ),
    "without an end": replace(ISSUED, from_day=None, to_day=None, volunteer_number=None),
    "of many pages": with_lines(90, "陪伴老人,打扫居室。"),
    "of rows that fill pages": with_lines(7, "陪伴老人，打扫居室，𠮷 and so on; " * 28),
    "of other minutes": replace(ISSUED, minutes=151),
    "of texts without a place to break": with_lines(3, "1" * 120),
    "of another number": replace(ISSUED, number="0000-0000-0000-0000-0000-0000-0000"),
}

SHARED = "清洁·陪聊•读报‧慰问・等候⋯⋯和……，2026‑11‑20‐-—―⻓长⼾户戶⻚页⺠民 〜~ éa"
FACES |= {
    "of characters that share a glyph": with_lines(1, SHARED),
}

FACE_SAYS = """async ([facts, seq, site, pdf]) => {
    const at = (name) => import(`/verify/${name}.js`);
    const [face, printed, paper] = await Promise.all(["face", "printed", "paper"].map(at));
    const words = await (await fetch("/verify/words.json")).json();
    words.labels = Object.fromEntries(words.labels);
    const kinds = Object.entries(words.codes);
    const codes = Object.fromEntries(kinds.map(([kind, all]) => [kind, Object.keys(all)]));
    const read = face.faceOf(new Map(Object.entries(facts)), codes);
    if (read === null) return null;
    const { parts } = printed.printedParts(read, site, words);
    const bytes = Uint8Array.from(atob(pdf), (each) => each.charCodeAt(0));
    const { pages } = await paper.readPaper(bytes);
    const { agrees, fields, strange } = paper.comparePaper(pages, read, site, words);
    return {
        wrong: face.contradictions(read, seq),
        texts: parts.flatMap(([, cells]) => cells),
        paper: { agrees, fields, strange },
    };
}"""


@pytest.mark.parametrize("name", FACES)
def test_a_face_is_printed_and_compared_as_the_ledger_does(visitor: Visitor, name: str) -> None:
    face = FACES[name]
    paper = printed(face, site=SITE)
    pdf = base64.b64encode(TYPESETTER.typeset(paper)).decode()
    said = visitor.page.evaluate(FACE_SAYS, [facts_of(face), 60, SITE, pdf])
    assert said["wrong"] == list(contradictions(face, seq=60))
    assert sorted(texts(said["texts"])) == sorted(expected(paper.data))
    assert said["paper"] == {"agrees": True, "fields": [], "strange": []}


def test_the_page_takes_characters_that_share_a_glyph_for_one() -> None:
    kept = resources.files("ledger.web") / "static" / "folded.js"
    assert kept.read_text("ascii") == folded_file()


ROWS = """async ([pages, rows]) => {
    const { haveRows } = await import("/verify/layout.js");
    return haveRows(pages, rows, []);
}"""


def test_rows_that_can_be_cut_in_too_many_ways_are_not_called_wrong(visitor: Visitor) -> None:
    cells = ["a" * 40] * 6
    assert visitor.page.evaluate(ROWS, [["b"], [["a"]]]) is False
    assert visitor.page.evaluate(ROWS, [["a" * 120, "a" * 119 + "b"], [cells]]) is None


def texts(parts: Sequence[str]) -> list[str]:
    return ["".join(part.split()) for part in parts]


BESIDE = {"address", "author", "number", "issued_on"}
"""What of the form's data is not a text on the page by itself."""


def expected(data: Mapping[str, Any]) -> list[str]:
    """Return the texts of a form's data; heads of tables as one, as the page has them."""
    found: list[str] = []
    for name, value in data.items():
        if name in BESIDE or (name.startswith("open_head") and not data["open_lines"]):
            continue
        if name in ("head", "open_head"):
            found.append("".join(value))
        else:
            found += flat(value)
    return texts([text for text in found if text])


def flat(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for item in value for text in flat(item)]


def test_a_fact_of_another_kind_makes_no_face(visitor: Visitor) -> None:
    facts = dict(facts_of(ISSUED))
    for name, value in (
        ("minutes", "150"),
        ("issued_on", "2026-02-30"),
        ("mode", "printed"),
        ("lines", {}),
        ("volunteer", "王"),
        ("shape", 2),
    ):
        assert visitor.page.evaluate(FACE_SAYS, [{**facts, name: value}, 60, SITE, ""]) is None
    del facts["hours"]
    assert visitor.page.evaluate(FACE_SAYS, [facts, 60, SITE, ""]) is None


def test_numbers_are_read_as_the_ledger_reads_them(visitor: Visitor) -> None:
    ids = [UUID(int=(0x9E3779B97F4A7C15F39CC0605CEDC835 * at) % 2**128) for at in range(40)]
    right = [certificate_number(each) for each in ids]
    said = [
        *right,
        *(each.lower().replace("-", " ").replace("0", "o").replace("1", "l") for each in right),
        *(each[:5] + ("A" if each[5] != "A" else "B") + each[6:] for each in right),
        *(each[:-1] for each in right[:3]),
        "",
        "王" * 28,
    ]
    script = """async (said) => {
        const { readNumber } = await import("/verify/face.js");
        return said.map(readNumber);
    }"""
    want = [
        None if (id_ := read_number(each)) is None else certificate_number(id_) for each in said
    ]
    assert visitor.page.evaluate(script, said) == want

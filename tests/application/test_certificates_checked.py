"""Certificates checked offline: one verdict for each way in which a file can be wrong."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ledger.application.reading import HiddenError
from ledger.certificates.attached import FACE, RECORDS, unbundled
from ledger.certificates.checking import Answer, Report
from ledger.certificates.pdf_reading import read_pdf
from ledger.certificates.printed import printed
from ledger.certificates.proof_checking import check_proof
from ledger.certificates.record_checking import line_follows, owners_of
from ledger.certificates.typesetting import Attachment, Typesetter
from ledger.domain.codes import Channel
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.event import Erased
from tests.application.certifying import Bureau, checker_of, handing_out_of, open_bureau
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.town import Town

pytestmark = ON_SQLITE
SITE = "https://ledger.example.gov.cn/verify"
OTHER = {"start": "2026-11-21T09:00+08:00", "end": "2026-11-21T10:00+08:00", "break_minutes": 0}


@pytest.fixture
def bureau(house: House, town: Town) -> Bureau:
    return open_bureau(house, town)


def pdf_of(bureau: Bureau, **said: Any) -> bytes:
    certificate = bureau.request(mode="self_printed", **said)
    return handing_out_of(bureau.house).pdf(bureau.session.herself, certificate)


def checked(bureau: Bureau, content: bytes) -> Report:
    return checker_of(bureau.house).check(content)


def codes_of(report: Report, answer: Answer) -> list[str]:
    return [step.code for step in report.steps if step.answer is answer]


def test_an_issued_pdf_is_proved_step_by_step(bureau: Bureau) -> None:
    bureau.session.confirmed()
    report = checked(bureau, pdf_of(bureau, language="zh_en"))
    assert report.verdict is Answer.YES
    assert codes_of(report, Answer.YES) == [
        "verify_entry_is_in_log",
        "verify_facts_are_shown",
        "verify_face_is_covered",
        "verify_records_are_proved",
        "verify_paper_is_the_facts",
    ]
    assert [step.code for step in report.unproved] == ["verify_status_is_not_told"]
    assert report.face is not None
    assert report.face.minutes == 150


def test_the_proof_alone_is_checked_as_well(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    proof = handing_out_of(bureau.house).proof(bureau.session.herself, certificate)
    report = checked(bureau, proof)
    assert report.verdict is Answer.YES


def test_a_pdf_with_another_face_around_a_true_proof_is_changed(bureau: Bureau) -> None:
    bureau.session.confirmed()
    pdf = pdf_of(bureau)
    read, report = read_pdf(pdf), checked(bureau, pdf)
    assert report.face is not None
    face = printed(report.face, site=SITE)
    data = {**face.data, "statement": "兹证明此人参加志愿服务 900 次。"}
    forged = Typesetter().typeset(
        type(face)(face.template, data),
        [
            Attachment(name, read.attached[name], "text/plain", "proof")
            for name in (FACE, RECORDS)
        ],
    )
    found = checked(bureau, forged)
    assert found.verdict is Answer.NO
    assert codes_of(found, Answer.NO) == ["verify_paper_was_changed"]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_pdf_is_not_valid(bureau: Bureau, cut: float) -> None:
    bureau.session.confirmed()
    pdf = pdf_of(bureau)
    assert checked(bureau, pdf[: int(len(pdf) * cut)]).verdict is Answer.NO


def test_what_was_appended_to_a_pdf_is_told(bureau: Bureau) -> None:
    bureau.session.confirmed()
    pdf = pdf_of(bureau)
    assert checked(bureau, pdf + b"\n% a remark\n").verdict is Answer.NO


def test_the_proofs_of_another_certificate_prove_nothing_of_this_one(bureau: Bureau) -> None:
    second = bureau.session.publicized(**OTHER)
    bureau.session.confirmed()
    bureau.session.reviewing.confirm(bureau.session.town.reviewer, second)
    one = pdf_of(bureau, to_day="2026-11-20")
    other = pdf_of(bureau, from_day="2026-11-21")
    mine, theirs = read_pdf(one), read_pdf(other)
    face = checked(bureau, one).face
    assert face is not None
    for attached in (
        {FACE: theirs.attached[FACE], RECORDS: theirs.attached[RECORDS]},
        {FACE: mine.attached[FACE], RECORDS: theirs.attached[RECORDS]},
        {FACE: mine.attached[FACE], RECORDS: b""},
    ):
        files = [
            Attachment(name, content, "text/plain", "proof")
            for name, content in attached.items()
        ]
        forged = Typesetter().typeset(printed(face, site=SITE), files)
        assert checked(bureau, forged).verdict is Answer.NO


def test_a_line_that_says_more_than_the_record_does_not_follow_from_it(bureau: Bureau) -> None:
    bureau.session.confirmed()
    pdf = pdf_of(bureau)
    report, checker = checked(bureau, pdf), checker_of(bureau.house)
    assert report.face is not None
    assert not isinstance(report.face.lines, Erased)
    (line,) = report.face.lines
    proofs = [
        check_proof(each, checker.policy, checker.shapes)
        for each in unbundled(read_pdf(pdf).attached[RECORDS])
    ]
    history = {each.entry.seq: each for each in proofs}
    hers = {report.face.volunteer}
    assert owners_of(report.face, history) == hers
    assert line_follows(line, history, hers)
    assert not line_follows(line, history, {report.face.responsible})
    for missing in line.entries:
        others = {seq: each for seq, each in history.items() if seq != missing}
        assert not line_follows(line, others, hers)
        entries = tuple(seq for seq in line.entries if seq != missing)
        assert not line_follows(replace(line, entries=entries), history, hers)
    for name, value in (("stream", str(report.face.volunteer)), ("previous", "ab" * 32)):
        other = dict(history)
        middle = other[line.entries[1]]
        other[line.entries[1]] = replace(middle, facts={**middle.facts, name: value})
        assert not line_follows(line, other, hers)
    assert not line_follows(replace(line, minutes=151), history, hers)
    assert not line_follows(replace(line, end=line.end + timedelta(minutes=1)), history, hers)
    assert not line_follows(replace(line, channel=Channel.SIGNED_IN), history, hers)


def test_a_fact_that_was_changed_in_the_proof_is_found(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    proof = handing_out_of(bureau.house).proof(bureau.session.herself, certificate)
    head, extra, rest = proof.split(b"\n", 2)
    for at in range(6, len(extra), max(1, len(extra) // 40)):
        changed = bytearray(extra)
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        forged = b"\n".join([head, bytes(changed), rest])
        assert checked(bureau, forged).verdict is Answer.NO


def test_whoever_trusts_another_log_cannot_tell(bureau: Bureau) -> None:
    bureau.session.confirmed()
    pdf = pdf_of(bureau)
    checker = checker_of(bureau.house)
    nobody = type(checker.policy)((), (), (), "none")
    report = type(checker)(nobody, checker.shapes, checker.typesetter, checker.site_of).check(
        pdf
    )
    assert report.verdict is Answer.UNKNOWN


def test_what_is_no_certificate_is_told(bureau: Bureau) -> None:
    assert checked(bureau, b"hello").verdict is Answer.UNKNOWN
    assert checked(bureau, b"%PDF-1.7\n%%EOF\n").verdict is Answer.NO


def test_others_do_not_see_it_and_who_issues_is_written_down(bureau: Bureau) -> None:
    bureau.session.confirmed()
    certificate = bureau.issued()
    handing_out = handing_out_of(bureau.house)
    with pytest.raises(HiddenError):
        handing_out.pdf(bureau.session.town.other_head, certificate)
    assert handing_out.pdf(bureau.handler, certificate).startswith(b"%PDF")
    rows = bureau.house.ledger.rows()
    assert rows[-1].topic == "profile.disclosed"
    assert DisclosurePurpose.CERTIFICATE.value.encode() in rows[-1].plain

"""Signed certificates checked offline: one verdict for each way in which one can be wrong."""

import io
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf.annotations import FreeText

from ledger.certificates.attached import FACE, RECORDS, attachments
from ledger.certificates.checking import Answer
from ledger.certificates.demonstration_keys import DemonstrationAuthority, subject
from ledger.certificates.pdf_reading import read_pdf
from ledger.certificates.printed import printed, site_of
from ledger.certificates.signature_checking import SignatureBrokenError, check_signature
from ledger.certificates.signatures import CannotSign
from ledger.certificates.signing_files import ROOTS, STAMP_ROOTS
from ledger.certificates.tail_reading import TailError
from ledger.store import chance
from tests.application.certifying import TYPESETTER, handing_out_of
from tests.application.homes import TownBase, postgres_town, sqlite_town
from tests.certificates.signed import Scene, codes, pem, signed_scene, signing_of, write_key
from tests.conftest import RequireTool

__all__ = ["postgres_town", "sqlite_town"]


@pytest.fixture(scope="module")
def scene(
    sqlite_town: TownBase,
    tmp_path_factory: pytest.TempPathFactory,
    require_tool: RequireTool,
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("signed")
    with signed_scene(sqlite_town, folder, require_tool("openssl")) as made:
        yield made


@pytest.fixture
def stranger() -> DemonstrationAuthority:
    """Return an authority that nobody named."""
    return DemonstrationAuthority("别的根证书", chance.now())


def test_what_was_typeset_stays_as_it_was_and_a_signature_follows(scene: Scene) -> None:
    assert scene.signed.startswith(scene.typeset)
    report = scene.check(scene.signed, scene.roots)
    assert report.verdict is Answer.YES
    assert codes(report, Answer.YES)[-2:] == [
        "verify_signed_paper_is_the_facts",
        "verify_signature_is_trusted",
    ]
    said = report.steps[-1].facts
    assert scene.issuer.name in str(said["subject"])
    assert "时间戳" in str(said["authority"])
    assert str(said["time"]).startswith(f"{chance.now().date()}T")


def test_the_file_is_the_one_of_the_standards_and_nothing_more_is_seen(scene: Scene) -> None:
    tail = scene.signed[len(scene.typeset) :]
    for word in (b"/Version", b"/Extensions", b"/Metadata 1 0", b"/ModDate", b"/AP"):
        assert word not in tail
    before, after = (
        pypdf.PdfReader(io.BytesIO(each)) for each in (scene.typeset, scene.signed)
    )
    assert after.metadata == before.metadata
    pages = zip(before.pages, after.pages, strict=True)
    assert all(one.extract_text() == other.extract_text() for one, other in pages)
    (mark,) = [each for page in after.pages for each in page.get("/Annots", [])]
    assert mark.get_object()["/Rect"][0] == mark.get_object()["/Rect"][2] < 0
    assert mark.get_object()["/F"] & 4  # printed, as PDF/A asks, though there is nothing


def test_without_authorities_it_is_told_that_nobody_here_vouches(scene: Scene) -> None:
    report = scene.check(scene.signed)
    assert report.verdict is Answer.YES
    assert [each.code for each in report.unproved] == [
        "verify_status_is_not_told",
        "verify_signature_is_not_checked",
    ]


def test_the_signature_taken_off_leaves_what_the_log_proves(scene: Scene) -> None:
    assert scene.check(scene.typeset).verdict is Answer.YES
    asked = scene.check(scene.typeset, scene.roots)
    assert codes(asked, Answer.UNKNOWN) == ["verify_paper_is_not_signed"]


def test_each_part_that_is_cut_off_is_missed(scene: Scene) -> None:
    size, tail = len(scene.typeset), len(scene.signed) - len(scene.typeset)
    for length in (*range(size + 1, size + tail, tail // 12), len(scene.signed) - 1):
        assert scene.check(scene.signed[:length], scene.roots).verdict is Answer.NO


def test_no_byte_outside_of_the_signature_can_be_another(scene: Scene) -> None:
    digits = re.search(rb"/Contents <([0-9A-F]+)>", scene.signed)
    assert digits is not None
    places = [
        *range(len(scene.typeset), digits.start(1), 131),
        *range(digits.end(1), len(scene.signed), 37),
        # Padding after the signature is nobody's to fill.
        *range(digits.end(1) - 64, digits.end(1), 16),
    ]
    now = chance.now()
    for place in places:
        changed = bytearray(scene.signed)
        changed[place] ^= 1
        with pytest.raises((TailError, SignatureBrokenError)):
            check_signature(bytes(changed), len(scene.typeset), roots=[], now=now)


def test_a_signature_that_was_changed_is_broken(scene: Scene) -> None:
    start = scene.signed.index(b"/Contents <") + len(b"/Contents <")
    cms = bytes.fromhex(scene.signed[start : scene.signed.index(b">", start)].decode("ascii"))
    digest = cms.index(bytes.fromhex("06092a864886f70d010904"))  # message-digest
    changed = bytearray(scene.signed)
    at = start + 2 * (digest + 20)
    changed[at] = ord("0") if changed[at] != ord("0") else ord("1")
    report = scene.check(bytes(changed), scene.roots)
    assert codes(report, Answer.NO) == ["verify_signature_is_broken"]


def test_a_second_time_stamp_which_anybody_could_add_is_one_too_many(scene: Scene) -> None:
    start = scene.signed.index(b"/Contents <") + len(b"/Contents <")
    end = scene.signed.index(b">", start)
    signature = cms.ContentInfo.load(bytes.fromhex(scene.signed[start:end].decode("ascii")))
    (signer,) = signature["content"]["signer_infos"]
    (stamp,) = signer["unsigned_attrs"]
    signer["unsigned_attrs"] = cms.CMSAttributes([stamp, stamp])
    digits = signature.dump().hex().upper().encode("ascii").ljust(end - start, b"0")
    report = scene.check(scene.signed[:start] + digits + scene.signed[end:], scene.roots)
    assert codes(report, Answer.NO) == ["verify_signature_is_broken"]


def with_note(content: bytes) -> bytes:
    """Return a PDF with a text laid over its first page, by an incremental update."""
    writer = pypdf.PdfWriter(io.BytesIO(content), incremental=True)
    note = FreeText(text="服务时间 900.00 小时", rect=(50, 550, 300, 600))
    writer.add_annotation(0, note)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def with_update(content: bytes, **root: object) -> bytes:
    """Return a PDF with an update that says something more in its catalogue."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    for name, value in root.items():
        writer.root[NameObject(f"/{name}")] = value
    writer.update_root()
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_what_is_added_after_signing_makes_it_a_changed_file(scene: Scene) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    for added in (
        with_note(scene.signed),
        with_update(scene.signed, OpenAction=action),
        with_update(scene.signed, Nothing=NumberObject(1)),
        scene.signed + b"% a remark\n",
        scene.signed + b"\n",
        scene.signed[: len(scene.typeset)] + b"\n%\n" + scene.signed[len(scene.typeset) :],
    ):
        for roots in (None, scene.roots):
            report = scene.check(added, roots)
            assert codes(report, Answer.NO) == ["verify_paper_was_added_to"]


def test_what_is_added_before_signing_is_a_changed_file_though_it_is_signed(
    scene: Scene,
) -> None:
    noted = with_note(scene.typeset)
    # The ledger's own check refuses it already; a forger leaves that out.
    signing = scene.signing()
    signing._check = lambda *_: None  # type: ignore[method-assign]
    report = scene.check(signing.sign(noted, scene.issuer), scene.roots)
    assert codes(report, Answer.NO) == ["verify_paper_was_added_to"]


def test_a_signature_that_can_be_seen_is_none_of_ours(scene: Scene) -> None:
    size = len(scene.typeset)
    for before, after in (
        (b"/Rect [ -9999 -9999 -9999 -9999 ]", b"/Rect [ 0 0 600 900 ]            "),
        (b"/Type /Annot\n", b"/AP << >>\n    "),
        (b"/FT /Sig\n", b"/FT /Btn\n"),
    ):
        tail = scene.signed[size:]
        assert tail.count(before) >= 1
        changed = scene.signed[:size] + tail.replace(before, after[: len(before)], 1)
        assert scene.check(changed, scene.roots).verdict is Answer.NO


def test_a_second_signature_is_one_too_many(scene: Scene) -> None:
    signing = scene.signing()
    signing._check = lambda *_: None  # type: ignore[method-assign]
    fresh = PdfFileReader(io.BytesIO(scene.signed))
    assert len(fresh.embedded_signatures) == 1
    with pytest.raises(CannotSign, match="filled already"):
        signing.sign(scene.signed, scene.issuer)


def test_somebody_elses_signature_is_told(
    scene: Scene, stranger: DemonstrationAuthority, tmp_path: Path
) -> None:
    folder = scene.copied(tmp_path / "keys")
    theirs = stranger.certify(subject("别的单位", "别的志愿者服务站", "52110101MJ0000002X"))
    write_key(scene.key_file(folder), theirs)
    (folder / ROOTS).write_bytes(pem(stranger.root))
    (folder / "theirs.crl").write_bytes(stranger.revocation_list())
    other = type(scene.issuer)(scene.issuer.organization, "别的志愿者服务站", None)
    shutil.copy(scene.key_file(folder), folder / f"{other.organization}.pem")
    (folder / f"{other.organization}.pem").chmod(0o600)
    signed = scene.signing(folder).sign(scene.typeset, other)
    for roots in (None, scene.roots, pem(stranger.root) + scene.roots):
        report = scene.check(signed, roots)
        assert codes(report, Answer.NO) == ["verify_signer_is_not_the_issuer"]
        assert "别的单位" in str(report.steps[-1].facts["subject"])


def test_who_takes_the_issuers_name_is_vouched_for_by_nobody(
    scene: Scene, stranger: DemonstrationAuthority, tmp_path: Path
) -> None:
    folder = scene.copied(tmp_path / "keys")
    name = subject("电子印章", scene.issuer.name, scene.issuer.credit_code)
    write_key(scene.key_file(folder), stranger.certify(name))
    (folder / ROOTS).write_bytes(pem(stranger.root))
    (folder / "theirs.crl").write_bytes(stranger.revocation_list())
    signed = scene.signing(folder).sign(scene.typeset, scene.issuer)
    report = scene.check(signed, scene.roots)
    assert codes(report, Answer.UNKNOWN) == ["verify_signer_is_not_trusted"]
    assert report.verdict is Answer.UNKNOWN
    alone = scene.check(signed)
    assert [each.code for each in alone.unproved][1:] == ["verify_signature_is_not_checked"]


def test_a_time_stamp_of_an_authority_that_nobody_named_is_told(
    scene: Scene, stranger: DemonstrationAuthority, tmp_path: Path
) -> None:
    folder = scene.copied(tmp_path / "keys")
    stamps = stranger.certify(subject("别的时间戳"), stamps=True)
    write_key(folder / "tsa.pem", stamps)
    (folder / STAMP_ROOTS).write_bytes(pem(stranger.root))
    (folder / "theirs.crl").write_bytes(stranger.revocation_list())
    signed = signing_of(folder, None).sign(scene.typeset, scene.issuer)
    report = scene.check(signed, scene.roots)
    assert codes(report, Answer.UNKNOWN) == ["verify_time_stamp_is_not_trusted"]
    both = scene.check(signed, scene.roots + pem(stranger.root))
    assert both.verdict is Answer.YES


def test_a_certificate_that_ran_out_since_signed_within_its_life(
    scene: Scene, tmp_path: Path
) -> None:
    folder = scene.copied(tmp_path / "keys")
    authority = scene.stamps.authority
    name = subject("电子印章", scene.issuer.name, scene.issuer.credit_code)
    write_key(scene.key_file(folder), authority.certify(name, life=timedelta(days=2)))
    # A list that lives a day, as in life.
    (folder / "day.crl").write_bytes(authority.revocation_list(life=timedelta(days=1)))
    signed = scene.signing(folder).sign(scene.typeset, scene.issuer)
    now = chance.now()
    later = scene.check(signed, scene.roots, now + timedelta(days=400))
    assert codes(later, Answer.YES)[-1] == "verify_signature_is_trusted"
    # Nobody vouches any more for who stamped it: sign it anew.
    last = scene.check(signed, scene.roots, now + timedelta(days=4_000))
    assert codes(last, Answer.UNKNOWN) == ["verify_time_stamp_is_not_trusted"]


def test_the_proofs_of_another_certificate_in_a_signed_file_are_found(scene: Scene) -> None:
    bureau = scene.bureau
    other = bureau.issued()
    out, herself = handing_out_of(bureau.house), bureau.session.herself
    theirs = read_pdf(out.pdf(herself, other)).attached
    face = bureau.state(scene.certificate).issued
    assert face is not None
    site = site_of(bureau.house.office.origin)
    forged = TYPESETTER.typeset(
        printed(face, site=site), attachments(theirs[FACE], theirs[RECORDS])
    )
    signed = scene.signing().sign(forged, scene.issuer)
    report = scene.check(signed, scene.roots)
    assert codes(report, Answer.NO) == ["verify_paper_was_changed"]

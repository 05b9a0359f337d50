"""Signing: an authority that is away or lies, keys that are no good. Nothing is half done."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ledger.api.v1.certificate_routes import certificate_routes
from ledger.certificates.checking import Answer
from ledger.certificates.demonstration_keys import (
    DemonstrationAuthority,
    make_signing_folder,
    subject,
)
from ledger.certificates.signatures import CannotSign, Hindrance, Issuer
from ledger.certificates.signing import AT_ONCE, _Appending
from ledger.certificates.signing_files import ROOTS, STAMP_ROOTS, SigningFolder
from ledger.store import chance
from tests.api.v1.client import Client, TownSessions
from tests.application.certifying import handing_out_of
from tests.application.homes import TownBase, postgres_town, sqlite_town
from tests.certificates.signed import Scene, codes, pem, signed_scene, signing_of, write_key
from tests.conftest import RequireTool

__all__ = ["postgres_town", "sqlite_town"]
PATH = "/api/v1/certificates"


@pytest.fixture(scope="module")
def opened(
    sqlite_town: TownBase,
    tmp_path_factory: pytest.TempPathFactory,
    require_tool: RequireTool,
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("signing")
    with signed_scene(sqlite_town, folder, require_tool("openssl")) as made:
        yield made


@pytest.fixture
def scene(opened: Scene) -> Iterator[Scene]:
    """Return the scene, whose authority answers honestly again afterwards."""
    yield opened
    opened.stamps.way = "honest"


def hindrance(scene: Scene, folder: Path | None = None, timeout_s: float = 20.0) -> Hindrance:
    """Return why nothing was signed."""
    with pytest.raises(CannotSign) as caught:
        scene.signing(folder, timeout_s).sign(scene.typeset, scene.issuer)
    return caught.value.hindrance


@pytest.mark.parametrize(
    "way",
    [
        "refusing",
        "rambling",
        "endless",
        "not granting",
        "without nonce",
        "of another nonce",
        "of another hash",
        "replaying",
    ],
)
def test_an_authority_that_does_not_answer_this_request_signs_nothing(
    scene: Scene, way: str
) -> None:
    scene.stamps.way = way
    assert hindrance(scene) is Hindrance.AWAY


def test_an_authority_that_lets_one_wait_is_not_waited_for(scene: Scene) -> None:
    scene.stamps.way = "mute"
    assert hindrance(scene, timeout_s=0.3) is Hindrance.AWAY


def test_an_authority_that_is_not_there_is_away(scene: Scene) -> None:
    signing = signing_of(scene.folder, "http://127.0.0.1:9/tsa")
    with pytest.raises(CannotSign) as caught:
        signing.sign(scene.typeset, scene.issuer)
    assert caught.value.hindrance is Hindrance.AWAY


def test_a_stamp_of_another_day_is_not_believed(scene: Scene) -> None:
    late = signing_of(
        scene.folder, scene.stamps.url, clock=lambda: chance.now() + timedelta(hours=1)
    )
    with pytest.raises(CannotSign, match="its clock and ours differ"):
        late.sign(scene.typeset, scene.issuer)


def test_a_stamp_that_no_root_vouches_for_is_not_believed(scene: Scene, tmp_path: Path) -> None:
    folder = scene.copied(tmp_path / "keys")
    stranger = DemonstrationAuthority("别的根证书", chance.now())
    (folder / STAMP_ROOTS).write_bytes(pem(stranger.root))
    assert hindrance(scene, folder) is Hindrance.AWAY


def test_one_signature_asks_the_authority_once_after_the_first(scene: Scene) -> None:
    signing = scene.signing()
    signing.sign(scene.typeset, scene.issuer)
    before = scene.stamps.asked
    signing.sign(scene.typeset, scene.issuer)
    assert scene.stamps.asked == before + 1


def test_the_list_of_the_revoked_is_fetched_and_goes_into_the_file(scene: Scene) -> None:
    before = scene.stamps.lists
    signed = scene.signing().sign(scene.typeset, scene.issuer)
    assert scene.stamps.lists > before
    assert b"/CRLs" in signed[len(scene.typeset) :]


def test_a_list_that_is_not_to_be_had_signs_nothing_for_now(scene: Scene) -> None:
    scene.stamps.way = "without list"
    assert hindrance(scene) is Hindrance.AWAY


def test_a_slow_authority_does_not_take_up_every_thread(scene: Scene) -> None:
    signing = scene.signing(timeout_s=0.4)
    for _ in range(AT_ONCE):
        signing._places.acquire()
    with pytest.raises(CannotSign, match="too many at once"):
        signing.sign(scene.typeset, scene.issuer)


def test_keys_that_are_no_good_sign_nothing(scene: Scene, tmp_path: Path) -> None:
    authority = scene.stamps.authority
    name = subject("电子印章", scene.issuer.name, scene.issuer.credit_code)
    good = authority.certify(name)
    past = DemonstrationAuthority(
        authority.name, authority.now - timedelta(days=30), authority.list_url, authority.key
    )
    stranger = DemonstrationAuthority("别的根证书", chance.now())
    bad = {
        "expired": past.certify(name, life=timedelta(days=10)),
        "of nobody": stranger.certify(name),
        "another's": authority.certify(subject("别的单位", "别的志愿者服务站")),
        "mixed up": replace(good, key=authority.certify(name).key),
    }
    for what, key in bad.items():
        folder = scene.copied(tmp_path / what)
        write_key(scene.key_file(folder), key)
        assert hindrance(scene, folder) is Hindrance.UNFIT, what
    open_to_others = scene.copied(tmp_path / "open")
    scene.key_file(open_to_others).chmod(0o644)
    assert hindrance(scene, open_to_others) is Hindrance.UNFIT
    empty = scene.copied(tmp_path / "empty")
    scene.key_file(empty).write_bytes(b"")
    assert hindrance(scene, empty) is Hindrance.UNFIT


def test_a_revoked_key_signs_nothing(scene: Scene, tmp_path: Path) -> None:
    folder = scene.copied(tmp_path / "keys")
    authority = DemonstrationAuthority("根证书", chance.now())
    stamps = authority.certify(subject("时间戳"), stamps=True)
    name = subject("电子印章", scene.issuer.name, scene.issuer.credit_code)
    key = authority.certify(name)
    write_key(folder / "tsa.pem", stamps)
    write_key(scene.key_file(folder), key)
    for file in (ROOTS, STAMP_ROOTS):
        (folder / file).write_bytes(pem(authority.root))
    (folder / "list.crl").write_bytes(authority.revocation_list(key.certificate))
    with pytest.raises(CannotSign) as caught:
        signing_of(folder, None).sign(scene.typeset, scene.issuer)
    assert caught.value.hindrance is Hindrance.UNFIT
    (folder / "list.crl").unlink()  # and without any list it is not known to be good
    with pytest.raises(CannotSign):
        signing_of(folder, None).sign(scene.typeset, scene.issuer)
    (folder / "list.crl").write_bytes(authority.revocation_list())
    assert signing_of(folder, None).sign(scene.typeset, scene.issuer) != scene.typeset


def test_a_key_in_pkcs_12_signs_as_well(scene: Scene, tmp_path: Path) -> None:
    folder = scene.copied(tmp_path / "keys")
    name = subject("电子印章", scene.issuer.name, scene.issuer.credit_code)
    key = scene.stamps.authority.certify(name)
    scene.key_file(folder).unlink()
    path = scene.key_file(folder).with_suffix(".p12")
    password = path.with_suffix(".password")
    encryption = BestAvailableEncryption(b"correct horse")
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", key.key, key.certificate, None, encryption
        )
    )
    password.write_text("correct horse\n", "utf-8")
    for file in (path, password):
        file.chmod(0o600)
    signed = scene.signing(folder).sign(scene.typeset, scene.issuer)
    assert scene.check(signed, scene.roots).verdict is Answer.YES
    password.write_text("wrong\n", "utf-8")
    assert hindrance(scene, folder) is Hindrance.UNFIT


def test_who_has_no_key_is_not_signed_for(scene: Scene) -> None:
    nobody = Issuer(UUID(int=7), "无密钥的服务站", None)
    assert scene.signing().sign(scene.typeset, nobody) == scene.typeset


def test_a_folder_without_roots_or_authority_is_named_at_once(tmp_path: Path) -> None:
    make_signing_folder(tmp_path / "keys", [], chance.now())
    signing_of(tmp_path / "keys", None)
    for file in ("tsa.pem", STAMP_ROOTS, ROOTS):
        (tmp_path / "keys" / file).unlink()
        with pytest.raises(CannotSign, match=r"LEDGER_TSA_URL|roots\.pem"):
            signing_of(tmp_path / "keys", None)


def test_a_demonstration_signs_without_a_network(scene: Scene, tmp_path: Path) -> None:
    make_signing_folder(tmp_path / "keys", [scene.issuer], chance.now())
    signed = signing_of(tmp_path / "keys", None).sign(scene.typeset, scene.issuer)
    (root,) = SigningFolder(tmp_path / "keys").roots(ROOTS)
    report = scene.check(signed, (tmp_path / "keys" / ROOTS).read_bytes())
    assert report.verdict is Answer.YES
    assert "演示用,无效力" in str(report.steps[-1].facts["subject"])
    assert "演示" in root.subject.human_friendly


def test_over_http_a_missing_authority_is_a_503_and_says_what_to_do(scene: Scene) -> None:
    bureau = scene.bureau
    sessions, herself = TownSessions(), bureau.session.herself
    out = replace(handing_out_of(bureau.house), signing=scene.signing())
    client = Client(sessions, [certificate_routes(sessions, bureau.certifying, out)])
    path = f"{PATH}/{scene.certificate}/certificate.pdf"
    scene.stamps.way = "refusing"
    refused = client.get(path, herself)
    assert refused.status_code == 503
    (reason,) = refused.json()["reasons"]
    assert reason["code"] == "certificate_cannot_be_signed_now"
    assert bureau.house.attempts()[-1].codes == ("certificate_cannot_be_signed_now",)
    proof = client.get(f"{PATH}/{scene.certificate}/certificate.tlog-proof", herself)
    assert proof.status_code == 200
    scene.stamps.way = "honest"
    handed = client.get(path, herself).content
    assert scene.check(handed, scene.roots).verdict is Answer.YES


def test_what_she_prints_herself_says_that_nobody_signed_it_and_nobody_does(
    scene: Scene,
) -> None:
    bureau = scene.bureau
    certificate = bureau.request(mode="self_printed")
    plain = handing_out_of(bureau.house)
    signing = replace(plain, signing=scene.signing())
    herself = bureau.session.herself
    assert signing.pdf(herself, certificate).count(b"%%EOF") == 1
    assert scene.check(signing.pdf(herself, certificate)).verdict is Answer.YES


def signed_otherwise(scene: Scene, stamps: TimeStamper | None, md_algorithm: str) -> bytes:
    """Return the certificate as another program signs it, with the issuer's own key."""
    key = SigningFolder(scene.folder).key_of(scene.issuer)
    assert key is not None
    metadata = PdfSignatureMetadata(
        field_name="Signature", md_algorithm=md_algorithm, subfilter=SigSeedSubFilter.PADES
    )
    signer = PdfSigner(
        metadata,
        SimpleSigner(key.certificate, key.key, SimpleCertificateStore()),
        timestamper=stamps,
        new_field_spec=SigFieldSpec(
            "Signature", invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)
        ),
    )
    return bytes(signer.sign_pdf(_Appending(io.BytesIO(scene.typeset))).getvalue())


def test_a_signature_without_a_time_stamp_does_not_tell_since_when(scene: Scene) -> None:
    report = scene.check(signed_otherwise(scene, None, "sha256"), scene.roots)
    assert codes(report, Answer.UNKNOWN) == ["verify_time_stamp_is_not_trusted"]
    assert report.steps[-1].facts["time"] == "–"


def test_a_signature_over_a_weak_digest_is_trusted_by_nobody(scene: Scene) -> None:
    report = scene.check(signed_otherwise(scene, None, "sha1"), scene.roots)
    assert codes(report, Answer.NO) == ["verify_signature_is_broken"]


def test_json_of_a_request_has_one_reading(scene: Scene) -> None:
    bureau = scene.bureau
    sessions, herself = TownSessions(), bureau.session.herself
    out = handing_out_of(bureau.house)
    client = Client(sessions, [certificate_routes(sessions, bureau.certifying, out)])
    issuer = str(bureau.session.town.station)
    for said in (
        {"issuer": issuer, "with_open": 1},
        {"issuer": issuer, "from_day": 20261101},
        {"issuer": issuer, "minutes": 60_000},
        {"issuer": issuer, "mode": "SEALED"},
    ):
        assert client.post(PATH, herself, said).status_code == 422, said

"""Whose certificate signs: by its credit code if there is one, and only one for documents.

It signs what is in force.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger.application.forms.certificate import RevocationForm
from ledger.certificates import signing_files
from ledger.certificates.checking import Answer
from ledger.certificates.demonstration_keys import (
    Certified,
    DemonstrationAuthority,
    make_signing_folder,
    subject,
)
from ledger.certificates.signatures import CannotSign, Hindrance, Issuer
from ledger.certificates.signers import may_sign_documents, names_issuer
from ledger.certificates.signing import Signing
from ledger.certificates.signing_files import SigningFolder
from ledger.store import chance
from tests.application import becoming
from tests.application.certifying import handing_out_of
from tests.application.homes import TownBase, postgres_town, sqlite_town
from tests.certificates.signed import Scene, codes, signed_scene, write_key
from tests.conftest import RequireTool

__all__ = ["postgres_town", "sqlite_town"]

NAME, CODE, OTHER = "多福巷社区志愿者服务站", "51110000500012345X", "91110000000000000X"
STATION = Issuer(UUID(int=1), NAME, CODE)
Said = Sequence[tuple[x509.ObjectIdentifier, str]]
ORGANIZATION, COMMON = NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME
IDENTIFIER, SERIAL = NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER
UNIT = NameOID.ORGANIZATIONAL_UNIT_NAME
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@pytest.fixture(scope="module")
def authority() -> DemonstrationAuthority:
    return DemonstrationAuthority("测试根证书", chance.now())


def read(key: Certified) -> asn1.Certificate:
    return asn1.Certificate.load(key.certificate.public_bytes(Encoding.DER))


@pytest.mark.parametrize(
    ("said", "is_theirs"),
    [
        ([(ORGANIZATION, "别名"), (IDENTIFIER, f"NTRCN-{CODE}")], True),
        ([(IDENTIFIER, CODE)], True),
        ([(SERIAL, f"USCC: {CODE}")], True),
        ([(ORGANIZATION, NAME)], True),
        ([(COMMON, NAME), (SERIAL, "20260317-0042")], True),
        ([(ORGANIZATION, NAME), (IDENTIFIER, f"NTRCN-{OTHER}")], False),
        ([(ORGANIZATION, NAME), (IDENTIFIER, "VATCN-123")], False),
        ([(ORGANIZATION, NAME), (SERIAL, OTHER)], False),
        ([(IDENTIFIER, f"NTRCN-{CODE}"), (SERIAL, OTHER)], False),
        ([(ORGANIZATION, "别的公司"), (UNIT, f"dept-{CODE}")], False),
        ([(ORGANIZATION, "别的公司"), (COMMON, CODE)], False),
        ([(IDENTIFIER, f"NTRCN-{CODE}0")], False),
        ([(UNIT, NAME)], False),
    ],
)
def test_a_code_alone_decides_and_a_name_where_there_is_none(
    authority: DemonstrationAuthority, said: Said, is_theirs: bool
) -> None:
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in said])
    assert names_issuer(read(authority.certify(name)), STATION) is is_theirs


def test_an_organization_without_a_code_is_known_by_its_name(
    authority: DemonstrationAuthority,
) -> None:
    nobody = replace(STATION, credit_code=None)
    for name, is_theirs in ((NAME, True), ("别的志愿者服务站", False)):
        key = authority.certify(subject("电子印章", name, CODE))
        assert names_issuer(read(key), nobody) is is_theirs


@pytest.mark.parametrize(
    ("usages", "is_for_documents"),
    [
        ([], True),
        ([DOCUMENT_SIGNING], True),
        ([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION], True),
        ([x509.ObjectIdentifier("1.2.840.113583.1.1.5")], True),
        ([x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")], True),
        ([ExtendedKeyUsageOID.SERVER_AUTH], False),
        ([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.CODE_SIGNING], False),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], False),
    ],
)
def test_a_certificate_is_for_documents_or_for_whatever_it_may_be(
    authority: DemonstrationAuthority,
    usages: Sequence[x509.ObjectIdentifier],
    is_for_documents: bool,
) -> None:
    key = authority.certify(subject("电子印章"), usages=usages)
    assert may_sign_documents(read(key)) is is_for_documents


def test_a_demonstration_has_a_key_that_fits_whatever_an_organization_is_called(
    tmp_path: Path,
) -> None:
    long = replace(STATION, name="演示" * 40)
    make_signing_folder(tmp_path / "keys", [long], chance.now())
    key = SigningFolder(tmp_path / "keys").key_of(long)
    assert key is not None
    assert CODE in str(key.certificate.subject.native)


@pytest.fixture(scope="module")
def scene(
    sqlite_town: TownBase,
    tmp_path_factory: pytest.TempPathFactory,
    require_tool: RequireTool,
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("signers")
    with signed_scene(sqlite_town, folder, require_tool("openssl")) as made:
        yield made


def unfit(scene: Scene, folder: Path, key: Certified) -> str:
    """Return why a key in place of the issuer's signs nothing."""
    write_key(scene.key_file(scene.copied(folder)), key)
    with pytest.raises(CannotSign) as caught:
        scene.signing(folder).sign(scene.typeset, scene.issuer)
    assert caught.value.hindrance is Hindrance.UNFIT
    return caught.value.detail


def test_keys_of_others_and_for_other_things_sign_nothing(scene: Scene, tmp_path: Path) -> None:
    authority, code = scene.stamps.authority, scene.issuer.credit_code
    namesake = authority.certify(subject("电子印章", scene.issuer.name, OTHER))
    assert "another organization" in unfit(scene, tmp_path / "namesake", namesake)
    server = authority.certify(
        subject("www.example.org", scene.issuer.name, code),
        usages=[ExtendedKeyUsageOID.SERVER_AUTH],
    )
    assert "documents" in unfit(scene, tmp_path / "server", server)


def test_what_a_namesake_signed_is_somebody_elses(scene: Scene, tmp_path: Path) -> None:
    folder, namesake = scene.copied(tmp_path / "keys"), replace(scene.issuer, credit_code=None)
    key = scene.stamps.authority.certify(subject("电子印章", scene.issuer.name, OTHER))
    write_key(folder / f"{namesake.organization}.pem", key)
    report = scene.check(scene.signing(folder).sign(scene.typeset, namesake), scene.roots)
    assert codes(report, Answer.NO) == ["verify_signer_is_not_the_issuer"]


def test_what_a_servers_certificate_signed_is_vouched_for_by_nobody(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = scene.copied(tmp_path / "keys")
    key = scene.stamps.authority.certify(
        subject("www.example.org", scene.issuer.name, scene.issuer.credit_code),
        usages=[ExtendedKeyUsageOID.SERVER_AUTH],
    )
    write_key(scene.key_file(folder), key)
    with monkeypatch.context() as careless:
        careless.setattr(signing_files, "may_sign_documents", lambda _: True)
        careless.setattr(Signing, "_check", lambda *_: None)
        signed = scene.signing(folder).sign(scene.typeset, scene.issuer)
    report = scene.check(signed, scene.roots)
    assert codes(report, Answer.UNKNOWN) == ["verify_signer_is_not_trusted"]


def test_what_is_in_force_no_more_is_handed_out_unsigned(scene: Scene) -> None:
    bureau = scene.bureau
    out = replace(handing_out_of(bureau.house), signing=scene.signing())
    herself, issue = bureau.session.herself, bureau.issued
    revoked, superseded = issue(), issue()
    other = issue(replaces=str(superseded))
    assert scene.check(out.pdf(herself, other), scene.roots).verdict is Answer.YES
    bureau.certifying.revoke(
        bureau.head, revoked, RevocationForm.model_validate({"ground": "false_records"})
    )
    for certificate in (revoked, superseded):
        unsigned = scene.check(out.pdf(herself, certificate), scene.roots)
        assert codes(unsigned, Answer.UNKNOWN) == ["verify_paper_is_not_signed"]
    becoming.suspend(bureau)
    unsigned = scene.check(out.pdf(herself, other), scene.roots)
    assert codes(unsigned, Answer.UNKNOWN) == ["verify_paper_is_not_signed"]
    assert scene.check(out.pdf(herself, other)).verdict is Answer.YES

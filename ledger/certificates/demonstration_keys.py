"""Keys that sign certificates for demonstration: a root that nobody should trust, and says so.

What is signed with them is checked like anything else, against the root that lies beside them.
It proves nothing to anybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger.certificates.signatures import Issuer
from ledger.certificates.signing_files import OWN_STAMPS, ROOTS, STAMP_ROOTS
from ledger.store.durable_file import PUBLIC, create_file

UNIT = "演示用,无效力 for demonstration only"
_LIFE = timedelta(days=3_650)
_CURVE = ec.SECP256R1()
_RSA_BITS = 2_048
_TEXT_BYTES_MAX = 64
"""Bytes that a certificate's names hold: RFC 5280, Appendix A.1 counts characters, but not all
that write and read certificates do."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Certified:
    """A private key with its certificate."""

    key: Key
    certificate: x509.Certificate

    def pem(self, *chain: x509.Certificate) -> bytes:
        """Return key, certificate and chain as one PEM file."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        pem = serialization.Encoding.PEM
        return key + b"".join(each.public_bytes(pem) for each in (self.certificate, *chain))


@dataclass(slots=True)
class DemonstrationAuthority:
    """An authority of its own, as of a moment; ``list_url`` is where its list can be had."""

    name: str
    now: datetime
    list_url: str | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: _new_key(), repr=False)

    @property
    def root(self) -> x509.Certificate:
        """Its own certificate."""
        builder = self._builder(subject(self.name), self.key, _LIFE)
        usage = _usage(signs=False, certifies=True)
        return (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def certify(
        self,
        name: x509.Name,
        *,
        stamps: bool = False,
        usages: Sequence[x509.ObjectIdentifier] = (),
        life: timedelta = _LIFE,
    ) -> Certified:
        """Return a new key with a certificate, of a signer or of who stamps times.

        With ``usages`` it is for these purposes alone.
        """
        key: Key = _new_key()
        if stamps:
            key = rsa.generate_private_key(public_exponent=65_537, key_size=_RSA_BITS)
        builder = self._builder(name, key, life)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        ).add_extension(_usage(signs=True, certifies=False), critical=True)
        purposes = [ExtendedKeyUsageOID.TIME_STAMPING] if stamps else list(usages)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        if self.list_url is not None:
            place = x509.UniformResourceIdentifier(self.list_url)
            point = x509.DistributionPoint([place], None, None, None)
            points = x509.CRLDistributionPoints([point])
            builder = builder.add_extension(points, critical=False)
        return Certified(key, builder.sign(self.key, hashes.SHA256()))

    def revocation_list(self, *revoked: x509.Certificate, life: timedelta = _LIFE) -> bytes:
        """Return the list of revoked certificates, as DER."""
        before = self.now - timedelta(minutes=1)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(subject(self.name))
            .last_update(before)
            .next_update(self.now + life)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(self._authority(), critical=False)
        )
        for each in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(each.serial_number)
            builder = builder.add_revoked_certificate(one.revocation_date(before).build())
        signed = builder.sign(self.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def _builder(self, name: x509.Name, key: Key, life: timedelta) -> x509.CertificateBuilder:
        subject_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(subject(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=1))
            .not_valid_after(self.now + life)
            .add_extension(subject_key, critical=False)
            .add_extension(self._authority(), critical=False)
        )

    def _authority(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())


def subject(common: str, organization: str = UNIT, code: str | None = None) -> x509.Name:
    """Return a subject: of China, marked as one for demonstration, with a credit code."""
    said = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, _cut(organization)),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, UNIT),
        (NameOID.COMMON_NAME, _cut(common)),
    ]
    if code is not None:
        said.append((NameOID.ORGANIZATION_IDENTIFIER, f"NTRCN-{code}"))
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in said])


def make_signing_folder(folder: Path, organizations: Iterable[Issuer], now: datetime) -> None:
    """Make a folder with a key for each organization, by its id, and with a stamper of its own.

    A name that a certificate has no room for is cut; the credit code tells whose it is.

    Raises:
        FileExistsError: There is something in it.
    """
    authority = DemonstrationAuthority("演示根证书 Demonstration Root", now)
    stamps = authority.certify(subject("演示时间戳 Demonstration Time Stamps"), stamps=True)
    root = authority.root
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files: Sequence[tuple[str, bytes, bool]] = (
        (OWN_STAMPS, stamps.pem(), False),
        (ROOTS, root.public_bytes(serialization.Encoding.PEM), True),
        (STAMP_ROOTS, root.public_bytes(serialization.Encoding.PEM), True),
        ("demonstration.crl", authority.revocation_list(), True),
        *(
            (f"{each.organization}.pem", authority.certify(_subject_of(each)).pem(), False)
            for each in organizations
        ),
    )
    for name, content, is_public in files:
        if is_public:
            create_file(folder / name, content, mode=PUBLIC)
        else:
            create_file(folder / name, content)


def _cut(text: str) -> str:
    return text.encode("utf-8")[:_TEXT_BYTES_MAX].decode("utf-8", "ignore")


def _subject_of(issuer: Issuer) -> x509.Name:
    return subject(issuer.name, issuer.name, issuer.credit_code)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(_CURVE)


def _usage(*, signs: bool, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )

"""The folder of what signs certificates: a key with its chain per organization, and roots.

``<credit code or id>.pem`` holds a private key and certificates, the key's own first;
``<credit code or id>.p12`` the same, its password in ``<…>.password``. ``roots.pem`` has the
authorities of the signers, ``tsa-roots.pem`` those of the time stamps, ``*.crl`` lists of
revoked certificates that are not fetched. Keys are read whenever they are used, so that a new
one is used at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate, load_pem_x509_certificates

from ledger.certificates.signatures import CannotSign, Hindrance, Issuer
from ledger.certificates.signers import may_sign_documents, names_issuer
from ledger.store.keyfiles import KeyFileError, read_container, read_password

ROOTS, STAMP_ROOTS, OWN_STAMPS = "roots.pem", "tsa-roots.pem", "tsa.pem"
_FILE_BYTES_MAX = 16 * 1024 * 1024
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True, slots=True)
class KeyWithChain:
    """A private key, its certificate, and those that lead from it to a root."""

    key: keys.PrivateKeyInfo
    certificate: x509.Certificate
    chain: Sequence[x509.Certificate]


@dataclass(frozen=True, slots=True)
class SigningFolder:
    """What lies in the folder, read anew each time."""

    path: Path

    def key_of(self, issuer: Issuer) -> KeyWithChain | None:
        """Return the key of an organization, None if it has none.

        Raises:
            CannotSign: There is one, and it is not readable, or is not this organization's for
                documents.
        """
        names = [str(issuer.organization)]
        if issuer.credit_code and _CREDIT_CODE.fullmatch(issuer.credit_code):
            names.insert(0, issuer.credit_code)
        for name in names:
            for suffix in (".p12", ".pem"):
                path = self.path / f"{name}{suffix}"
                if path.exists():
                    return _for(issuer, read_key(path))
        return None

    def own_stamps(self) -> KeyWithChain | None:
        """Return the key of an authority of time stamps of one's own, None if there is none."""
        path = self.path / OWN_STAMPS
        return read_key(path) if path.exists() else None

    def roots(self, name: str) -> Sequence[x509.Certificate]:
        """Return the authorities in a file.

        Raises:
            CannotSign: There is no such file, or nothing in it.
        """
        return certificates_in(_public(self.path / name))

    def lists(self) -> Sequence[bytes]:
        """Return the lists of revoked certificates that lie there, as DER."""
        found = [_public(each) for each in sorted(self.path.glob("*.crl"))]
        return [pem.unarmor(each)[2] if pem.detect(each) else each for each in found]


def certificates_in(text: bytes) -> Sequence[x509.Certificate]:
    """Return the certificates of a PEM file.

    Raises:
        CannotSign: There is none.
    """
    try:
        return [_same(each) for each in load_pem_x509_certificates(text)]
    except ValueError as error:
        raise CannotSign(Hindrance.UNFIT, "no certificate in PEM") from error


def read_key(path: Path) -> KeyWithChain:
    """Return a key with its chain, from PEM or PKCS#12.

    Raises:
        CannotSign: It cannot be read, is open to others, or key and certificate differ.
    """
    try:
        content = read_container(path)
        found = _from_p12(path, content) if path.suffix == ".p12" else _from_pem(content)
    except KeyFileError as error:
        raise CannotSign(Hindrance.UNFIT, f"{path.name}: {error.rule}") from error
    except (ValueError, TypeError, LookupError) as error:
        rule = f"{path.name}: no private key with its certificate"
        raise CannotSign(Hindrance.UNFIT, rule) from error
    key, certificate, chain = found
    if key.public_key() != certificate.public_key():
        raise CannotSign(Hindrance.UNFIT, f"{path.name}: key and certificate differ")
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    own, others = _same(certificate), [_same(each) for each in chain]
    return KeyWithChain(keys.PrivateKeyInfo.load(plain), own, others)


_Found = tuple[PrivateKeyTypes, Certificate, Sequence[Certificate]]


def _from_pem(content: bytes) -> _Found:
    first, *others = load_pem_x509_certificates(content)
    return serialization.load_pem_private_key(content, None), first, others


def _from_p12(path: Path, content: bytes) -> _Found:
    beside = path.with_suffix(".password")
    password = read_password(beside).encode() if beside.exists() else None
    key, certificate, others = pkcs12.load_key_and_certificates(content, password)
    if key is None or certificate is None:
        raise ValueError(path.name)
    return key, certificate, others


def _for(issuer: Issuer, found: KeyWithChain) -> KeyWithChain:
    if not names_issuer(found.certificate, issuer):
        raise CannotSign(Hindrance.UNFIT, "the certificate names another organization")
    if not may_sign_documents(found.certificate):
        raise CannotSign(Hindrance.UNFIT, "the certificate is not one for signing documents")
    return found


def _public(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise CannotSign(Hindrance.UNFIT, f"{path.name}: {error.strerror}") from error


def _same(certificate: Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))

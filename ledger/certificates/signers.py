"""Whose a signer's certificate is and what it is for, by what an authority wrote into it.

A credit code tells organizations apart; names do not. Where there is one, it alone decides.
"""

import re
from collections.abc import Iterator

from asn1crypto import x509

from ledger.certificates.signatures import Issuer

_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_DOCUMENTS = frozenset(
    {
        "1.3.6.1.5.5.7.3.4",  # email protection
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.2.840.113583.1.1.5",  # Adobe's authentic documents
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft's document signing
    }
)


def names_issuer(certificate: x509.Certificate, issuer: Issuer) -> bool:
    """Return whether a certificate is one of an organization, by what its subject says.

    If the organization has a credit code and the subject has any, every one of the subject's
    is that code. Otherwise its name is the subject's.
    """
    codes = set(_codes(certificate.subject))
    if issuer.credit_code and codes:
        return codes == {issuer.credit_code}
    return issuer.name in _values(certificate.subject, "organization_name", "common_name")


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is for documents, or for whatever it may be.

    One whose extended usages are others, be it a server's, is not (RFC 5280, 4.2.1.12).
    """
    usages = certificate.extended_key_usage_value
    return usages is None or any(each.dotted in _DOCUMENTS for each in usages)


def _codes(subject: x509.Name) -> Iterator[str]:
    """Yield what identifies the subject.

    That is an organization's identifier, behind its scheme (``NTRCN-…``), and a credit code
    in a serial number, which may as well be the authority's own count.
    """
    for value in _values(subject, "organization_identifier"):
        yield from _CODE.findall(value.upper()) or [value]
    for value in _values(subject, "serial_number"):
        yield from _CODE.findall(value.upper())


def _values(subject: x509.Name, *kinds: str) -> list[str]:
    return [
        str(each["value"].native)
        for part in subject.chosen
        for each in part
        if each["type"].native in kinds
    ]

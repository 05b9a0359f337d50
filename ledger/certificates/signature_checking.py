"""The signature after a typeset PDF checked offline: what it covers, whose it is, since when.

    typeset bytes ─► one update: the signature, and what validates it later (PAdES B-LT)

Nothing else may follow, nothing of it may be seen on the page, and nothing is fetched. The
signer's certificate counts as of the time stamp, by the lists that the file brings along; the
authority of the time stamp as of now. The libraries' verdict is `bottom_line`.
"""

import asyncio
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import (
    SignatureCoverageLevel,
    async_validate_pdf_signature,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from ledger.certificates.signature_update import check_update
from ledger.certificates.signers import may_sign_documents
from ledger.certificates.tail_reading import TailError, Update, read_update

_USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_NAME_MAX = 200
_DIGESTS = {"sha256", "sha384", "sha512"}
_LISTED = RevocationCheckingPolicy.from_legacy("require")
_UNLISTED = RevocationCheckingPolicy(
    RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK
)
"""Whether a list has to say of each certificate that it was not revoked (later ones count)."""


# They would tell of what is expected, and name subjects; what matters is raised.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class SignatureBrokenError(Exception):
    """The signature, or its time stamp, is not one of these bytes."""


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """An intact signature, its signer, and what vouches for them.

    ``stamped_at`` is None where there is no time stamp. ``is_stamp_trusted``: a root at hand
    vouches for the time stamp; ``is_signer_trusted``: for the signer at that time, whose
    certificate is for documents.
    """

    certificate: x509.Certificate
    stamped_at: datetime | None
    authority: str
    is_stamp_trusted: bool
    is_signer_trusted: bool

    @property
    def subject(self) -> str:
        """The signer as the certificate names it, in one line that is safe to print."""
        return shown(self.certificate)


def check_signature(
    content: bytes, typeset: int, *, roots: Sequence[x509.Certificate], now: datetime
) -> SignatureFound:
    """Return the one signature after the first ``typeset`` bytes.

    ``roots`` are the authorities to trust, of signers and of time stamps; without any, what
    is found is trusted by nobody.

    Raises:
        TailError: Something else follows, or changes what is seen.
        SignatureBrokenError: The signature does not hold.
    """
    update = read_update(content, typeset)
    try:
        found = asyncio.run(_checked(content, update, roots, now))
    except (TailError, SignatureBrokenError):
        raise
    except Exception as error:
        raise TailError(type(error).__name__) from error
    return found


def shown(certificate: x509.Certificate) -> str:
    """Return a subject as one line without anything that a terminal would obey."""
    text = str(certificate.subject.human_friendly)[:_NAME_MAX]
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


async def _checked(
    content: bytes, update: Update, roots: Sequence[x509.Certificate], now: datetime
) -> SignatureFound:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    check_update(content, reader, update)
    (signature,) = reader.embedded_regular_signatures
    if signature.md_algorithm not in _DIGESTS:
        raise SignatureBrokenError
    return await _of(signature, reader, roots, now)


async def _of(
    signature: EmbeddedPdfSignature,
    reader: PdfFileReader,
    roots: Sequence[x509.Certificate],
    now: datetime,
) -> SignatureFound:
    stamps = list(extract_tst_data_iter(signature.signer_info, signed=False))
    if len(stamps) > 1:
        raise SignatureBrokenError  # anybody could add another; the ledger asks for one
    stamped_at: datetime | None = None
    authority = ""
    if stamps:
        stamped_at = stamps[0]["encap_content_info"]["content"].parsed["gen_time"].native
        authority = shown(extract_certificate_info(stamps[0]).signer_cert)
    known = _brought_along(reader)
    status = await async_validate_pdf_signature(
        signature,
        _context(roots, stamped_at or now, _LISTED, **known),
        # By now its lists have run out as well; they are asked as of then.
        _context(roots, now, _UNLISTED, **known),
        key_usage_settings=_USAGE,
    )
    stamp = status.timestamp_validity
    if not _is_intact(status) or (stamp is not None and not (stamp.intact and stamp.valid)):
        raise SignatureBrokenError
    is_stamped = stamp is not None and bool(stamp.trusted)
    if stamps and is_stamped:
        context = _context(roots, stamped_at or now, _LISTED, **known)
        is_stamped = await _could_stamp(stamps[0], context)
    is_trusted = status.bottom_line if is_stamped else bool(status.trusted)
    return SignatureFound(
        certificate=signature.signer_cert,
        stamped_at=stamped_at,
        authority=authority,
        is_stamp_trusted=is_stamped,
        is_signer_trusted=is_trusted and may_sign_documents(signature.signer_cert),
    )


async def _could_stamp(signed: cms.SignedData, context: ValidationContext) -> bool:
    """Return whether an authority's certificate was good when it stamped."""
    found = extract_certificate_info(signed)
    validator = CertificateValidator(
        found.signer_cert, found.other_certs, validation_context=context
    )
    try:
        await validator.async_validate_usage(set(), {"time_stamping"})
    except (PathError, ValidationError):
        return False
    return True


def _is_intact(status: PdfSignatureStatus) -> bool:
    is_whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid and is_whole)


def _brought_along(reader: PdfFileReader) -> Mapping[str, Any]:
    """Return the certificates and lists that the file has for whoever validates it."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except ValidationInfoReadingError:
        return {"crls": [], "ocsps": []}
    return {
        "other_certs": list(store.load_certs()),
        "crls": [each.get_object().data for each in store.crls],
        "ocsps": [each.get_object().data for each in store.ocsps],
    }


def _context(
    roots: Sequence[x509.Certificate],
    moment: datetime,
    checks: RevocationCheckingPolicy,
    **known: Any,
) -> ValidationContext:
    return ValidationContext(
        # Never the system's: an empty list would mean those.
        trust_manager=SimpleTrustManager.build(trust_roots=list(roots)),
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(checks, retroactive_revinfo=True),
        **known,
    )

"""The signature after a typeset PDF checked offline: what it covers, whose it is, since when.

    typeset bytes ─► update: the signature ─► update: what validates it later (PAdES B-LT)

Nothing else may follow, nothing of it may be seen on the page, and nothing is fetched. The
signer's certificate counts as of the time stamp, by the lists that the file brings along; the
authority of the time stamp as of now. The libraries' verdict is `bottom_line`.
"""

import asyncio
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import (
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleTrustManager

from ledger.certificates.signature_update import POLICY, check_fields, check_first, check_later
from ledger.certificates.tail_reading import TailError, Update, updates_of

_USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_NAME_MAX = 200


class SignatureBrokenError(Exception):
    """The signature, or its time stamp, is not one of these bytes."""


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """An intact signature, its signer, and what vouches for them.

    ``stamped_at`` is None where there is no time stamp. ``is_stamp_trusted``: a root at hand
    vouches for the time stamp; ``is_signer_trusted``: for the signer at that time.
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
    updates = updates_of(content, typeset)
    try:
        found = asyncio.run(_checked(content, updates, roots, now))
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
    content: bytes,
    updates: Sequence[Update],
    roots: Sequence[x509.Certificate],
    now: datetime,
) -> SignatureFound:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    if reader.xrefs.total_revisions != len(updates) + 1:
        raise TailError("updates")
    check_first(reader, updates[0])
    check_fields(reader)
    check_later(reader)
    signatures = list(reader.embedded_regular_signatures)
    if len(signatures) != 1:
        raise TailError("not one signature")
    for each in reader.embedded_timestamp_signatures:
        stamp = await async_validate_pdf_timestamp(each, _context([], now), skip_diff=True)
        if not (stamp.intact and stamp.valid):
            raise SignatureBrokenError
    return await _of(signatures[0], reader, roots, now)


async def _of(
    signature: EmbeddedPdfSignature,
    reader: PdfFileReader,
    roots: Sequence[x509.Certificate],
    now: datetime,
) -> SignatureFound:
    stamps = list(extract_tst_data_iter(signature.signer_info, signed=False))
    stamped_at: datetime | None = None
    authority = ""
    if stamps:
        stamped_at = stamps[0]["encap_content_info"]["content"].parsed["gen_time"].native
        authority = shown(extract_certificate_info(stamps[0]).signer_cert)
    known = _brought_along(reader)
    status = await async_validate_pdf_signature(
        signature,
        _context(roots, stamped_at or now, mode="hard-fail", **known),
        # Its own list has run out by the time that somebody checks it offline.
        _context(roots, now, mode="soft-fail", **known),
        diff_policy=POLICY,
        key_usage_settings=_USAGE,
    )
    stamp = status.timestamp_validity
    if not _is_intact(status) or (stamp is not None and not (stamp.intact and stamp.valid)):
        raise SignatureBrokenError
    is_stamped = stamp is not None and bool(stamp.trusted)
    return SignatureFound(
        certificate=signature.signer_cert,
        stamped_at=stamped_at,
        authority=authority,
        is_stamp_trusted=is_stamped,
        is_signer_trusted=status.bottom_line if is_stamped else bool(status.trusted),
    )


def _is_intact(status: PdfSignatureStatus) -> bool:
    covered = (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)
    return bool(status.intact and status.valid and status.coverage in covered)


def _brought_along(reader: PdfFileReader) -> Mapping[str, Any]:
    """Return the certificates and lists that the file has for whoever validates it."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except ValidationInfoReadingError:
        return {}
    return {
        "other_certs": list(store.load_certs()),
        "crls": [each.get_object().data for each in store.crls],
        "ocsps": [each.get_object().data for each in store.ocsps],
    }


def _context(
    roots: Sequence[x509.Certificate],
    moment: datetime,
    *,
    mode: str = "soft-fail",
    **known: Any,
) -> ValidationContext:
    return ValidationContext(
        # Never the system's: an empty list would mean those.
        trust_manager=SimpleTrustManager.build(trust_roots=list(roots)),
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revocation_mode=mode,
        # What a later list says of an earlier day counts.
        retroactive_revinfo=True,
        **known,
    )

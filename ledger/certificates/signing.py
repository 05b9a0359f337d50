"""Signing a certificate's PDF as its issuer: PAdES B-LT, checked before it is handed out.

    typeset PDF ─► signature, time stamp, lists, certificates ─► checked as a reader does

The file that was typeset stays as it is, byte by byte; all else is appended. The page shows
nothing of it, and no claim of a signature.
"""

import asyncio
import io
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager

from ledger.certificates.list_fetching import list_fetchers
from ledger.certificates.signature_checking import SignatureBrokenError, check_signature
from ledger.certificates.signatures import CannotSign, Hindrance, Issuer
from ledger.certificates.signing_files import ROOTS, STAMP_ROOTS, KeyWithChain, SigningFolder
from ledger.certificates.tail_reading import TailError
from ledger.certificates.time_stamping import Ask, StampHttp, Stamps, own_authority
from ledger.store.look_up_loop import LookUpLoop

FIELD = "Signature"
AT_ONCE = 8
_STAMP_BYTES = 8_000
_SIGNATURE_BYTES = 3_000


class _Appending(IncrementalPdfFileWriter):
    """Appends objects; says nothing new of the document, which stays PDF/A-3a as it was."""

    def _update_meta(self) -> None:
        """Leave description and dates as they were typeset."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave the version: PDF/A-3 is PDF 1.7, and what is appended is of that."""

    def register_extension(self, ext: Any) -> None:
        """Leave the catalogue without extensions of PDF 2.0."""


class Signing:
    """Signs with the keys of one folder, from any thread."""

    def __init__(
        self,
        folder: SigningFolder,
        *,
        url: str | None,
        timeout_s: float,
        clock: Callable[[], datetime],
    ) -> None:
        """``url`` is that of the time-stamp authority; without it, ``tsa.pem`` is one.

        Raises:
            CannotSign: Roots are missing, or there is no authority at all.
        """
        self._folder = folder
        self._timeout_s = timeout_s
        self._clock = clock
        self._ask = _authority(folder, url)
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._known: tuple[datetime, Stamps] | None = None
        folder.roots(ROOTS)
        folder.roots(STAMP_ROOTS)

    def sign(self, pdf: bytes, issuer: Issuer) -> bytes:
        """Return the PDF with the issuer's signature after it; as it is, if it has no key.

        Raises:
            CannotSign: It has one, and nothing was signed with it.
        """
        key = self._folder.key_of(issuer)
        if key is None:
            return pdf
        # An authority that is slow must not take up all of the service's threads.
        if not self._places.acquire(timeout=self._timeout_s / 4):
            raise CannotSign(Hindrance.AWAY, "too many at once")
        try:
            return self._made(pdf, key)
        finally:
            self._places.release()

    def _made(self, pdf: bytes, key: KeyWithChain) -> bytes:
        try:
            with asyncio.Runner(loop_factory=LookUpLoop) as runner:
                signed: bytes = runner.run(self._within_time(pdf, key))
        except TimeoutError as error:
            raise CannotSign(Hindrance.AWAY, f"not within {self._timeout_s:g} s") from error
        except CannotSign:
            raise
        except Exception as error:
            raise CannotSign(_hindrance(error), f"{type(error).__name__}: {error}") from error
        try:
            self._check(signed, len(pdf))
        except CannotSign:
            self._known = None  # another of the authority's keys may be in use by now
            raise
        return signed

    async def _within_time(self, pdf: bytes, key: KeyWithChain) -> bytes:
        async with asyncio.timeout(self._timeout_s):
            return await self._signed(pdf, key)

    async def _signed(self, pdf: bytes, key: KeyWithChain) -> bytes:
        store = SimpleCertificateStore.from_certs(
            each for each in key.chain if not each.self_issued
        )
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=True,
            validation_context=self._context(),
            # In the same update, so that all of it is signed, and nothing can follow.
            dss_settings=DSSContentSettings(
                include_vri=False,
                placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
            ),
            signer_key_usage=set(),  # is checked as a reader checks it
        )
        signer = PdfSigner(
            metadata,
            SimpleSigner(key.certificate, key.key, store),
            timestamper=self._stamps(),
            # Outside of the page: PDF/UA-1 asks nothing of what is not there to be seen.
            new_field_spec=SigFieldSpec(
                FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)
            ),
        )
        made = await signer.async_sign_pdf(
            _Appending(io.BytesIO(pdf)), bytes_reserved=_reserved(key)
        )
        return bytes(made.getvalue())

    def _context(self) -> ValidationContext:
        """Return what gathers all that a reader needs who validates it without a network."""
        folder = self._folder
        return ValidationContext(
            trust_manager=SimpleTrustManager.build(
                trust_roots=[*folder.roots(ROOTS), *folder.roots(STAMP_ROOTS)]
            ),
            crls=list(folder.lists()),
            allow_fetching=True,
            fetchers=list_fetchers(),
            revocation_mode="require",
            moment=self._clock(),
        )

    def _stamps(self) -> Stamps:
        """Return the authority; who it is, is asked again after an hour."""
        now = self._clock()
        found = self._known
        if found is None or not now - timedelta(hours=1) < found[0] <= now:
            folder = self._folder
            stamps = Stamps(
                self._ask,
                roots=folder.roots(STAMP_ROOTS),
                lists=folder.lists(),
                clock=self._clock,
            )
            found = self._known = (now, stamps)
        return found[1]

    def _check(self, signed: bytes, typeset: int) -> None:
        """Check it as a reader does who trusts the same roots."""
        roots = [*self._folder.roots(ROOTS), *self._folder.roots(STAMP_ROOTS)]
        try:
            found = check_signature(signed, typeset, roots=roots, now=self._clock())
        except (TailError, SignatureBrokenError) as error:
            raise CannotSign(Hindrance.UNFIT, f"it does not hold: {error}") from error
        if not (found.is_signer_trusted and found.is_stamp_trusted):
            raise CannotSign(Hindrance.UNFIT, "no root of roots.pem vouches for the key")


def _authority(folder: SigningFolder, url: str | None) -> Ask:
    if url is not None:
        return StampHttp(url)
    own = folder.own_stamps()
    if own is None:
        raise CannotSign(Hindrance.UNFIT, "LEDGER_TSA_URL: no time-stamp authority is named")
    return own_authority(own)


def _hindrance(error: BaseException | None) -> Hindrance:
    """Return whether a list of revoked certificates was not to be had, or a key is no good."""
    while error is not None:
        if isinstance(error, InsufficientRevinfoError):
            return Hindrance.AWAY
        error = error.__cause__ or error.__context__
    return Hindrance.UNFIT


def _reserved(key: KeyWithChain) -> int:
    """Return the room for the signature, in hexadecimal digits."""
    chain = sum(len(each.dump()) for each in [key.certificate, *key.chain])
    return 2 * (_SIGNATURE_BYTES + _STAMP_BYTES + chain)

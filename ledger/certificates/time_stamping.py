"""Time stamps 时间戳 (RFC 3161): asked for within bounds, and believed once checked.

What comes back has to be for this request (nonce, hash), signed by an authority that leads to
the roots at hand and may stamp, and of about now.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager

from ledger.certificates.asking_outside import STEP_S, ask_outside
from ledger.certificates.signatures import CannotSign, Hindrance
from ledger.certificates.signing_files import KeyWithChain

ANSWER_BYTES_MAX = 256 * 1024
APART_MAX = timedelta(minutes=5)
"""How far an authority's clock may be from ours."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"

Ask = Callable[[bytes], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class StampHttp:
    """Asks an authority over HTTP; whoever calls bounds the time as a whole."""

    url: str
    step_s: float = STEP_S

    async def __call__(self, query: bytes) -> bytes:
        """Return the answer to a TimeStampReq in DER.

        Raises:
            CannotSign: There is none, or it is no answer.
        """
        headers = {"Content-Type": _QUERY, "Accept": _REPLY}
        return await ask_outside(
            self.url,
            headers=headers,
            bytes_max=ANSWER_BYTES_MAX,
            content=query,
            step_s=self.step_s,
        )


def own_authority(own: KeyWithChain) -> Ask:
    """Return an authority of one's own, which proves nothing to others: RSA alone."""
    chain = SimpleCertificateStore.from_certs(own.chain)
    stamper = DummyTimeStamper(own.certificate, own.key, chain)

    async def ask(query: bytes) -> bytes:
        answer = stamper.request_tsa_response(tsp.TimeStampReq.load(query))
        return bytes(answer.dump())

    return ask


class Stamps(TimeStamper):
    """The stamps of one authority, each checked before anything rests on it."""

    def __init__(
        self,
        ask: Ask,
        *,
        roots: Sequence[x509.Certificate],
        lists: Sequence[bytes],
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # typed in part
        self._ask = ask
        self._roots = roots
        self._lists = lists
        self._clock = clock

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """Return a token for a digest.

        Raises:
            CannotSign: There was none, or it was not one to believe.
        """
        nonce, request = self.request_cms(  # type: ignore[no-untyped-call]  # typed in part
            message_digest, md_algorithm
        )
        answer = await self._ask(request.dump())
        try:
            token = _granted(answer)
            said = token["content"]["encap_content_info"]["content"].parsed
            _check_answer(said, request, nonce)
            await self._check_signature(token["content"], message_digest, md_algorithm)
        except CannotSign:
            raise
        except Exception as error:
            raise _not_believed(type(error).__name__) from error
        if abs(said["gen_time"].native - self._clock()) > APART_MAX:
            raise _not_believed("its clock and ours differ")
        return token

    async def _check_signature(
        self, signed: cms.SignedData, digest: bytes, md_algorithm: str
    ) -> None:
        context = ValidationContext(
            trust_manager=SimpleTrustManager.build(trust_roots=list(self._roots)),
            crls=list(self._lists),
            allow_fetching=False,
            moment=self._clock(),
        )
        said = await validate_tst_signed_data(
            signed, context, lambda name: digest if name == md_algorithm else b""
        )
        status = TimestampSignatureStatus(**said)
        if not (status.intact and status.valid):
            raise _not_believed("its signature does not hold")
        if not status.trusted:
            raise _not_believed("no root of tsa-roots.pem vouches for it")


def _granted(answer: bytes) -> cms.ContentInfo:
    response = tsp.TimeStampResp.load(answer, strict=True)
    status = response["status"]["status"].native
    if status != "granted":
        raise _not_believed(f"not granted: {status}")
    token = response["time_stamp_token"]
    if token["content_type"].native != "signed_data":
        raise _not_believed("no signed data")
    return token


def _check_answer(said: tsp.TSTInfo, request: tsp.TimeStampReq, nonce: int | None) -> None:
    if nonce is None or said["nonce"].native != nonce:
        raise _not_believed("nonce")
    if said["message_imprint"].native != request["message_imprint"].native:
        raise _not_believed("hash")


def _not_believed(why: str) -> CannotSign:
    return CannotSign(Hindrance.AWAY, f"time stamp: {why}")

"""Lists of revoked certificates 吊销列表: fetched within bounds from where certificates say.

Lists alone: nobody is asked over OCSP, and no certificates are fetched.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator
from typing import Any

from asn1crypto import crl, ocsp, pem, x509
from pyhanko_certvalidator.errors import CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers import (
    CertificateFetcher,
    CRLFetcher,
    Fetchers,
    OCSPFetcher,
)

from ledger.certificates.asking_outside import ask_outside
from ledger.certificates.signatures import CannotSign

LIST_BYTES_MAX = 8 * 1024 * 1024
REQUESTS_MAX = 8
"""Of one signature: its signer, the authority of the stamp, and those above them."""
_Certificates = AsyncGenerator[x509.Certificate, None]
_NONE: tuple[x509.Certificate, ...] = ()


def list_fetchers() -> Fetchers:
    """Return what fetches for one signature: lists, and nothing else."""
    return Fetchers(
        ocsp_fetcher=_NoAnswers(), crl_fetcher=ListFetcher(), cert_fetcher=_NoCertificates()
    )


class ListFetcher(CRLFetcher):
    """Fetches lists by HTTP, each once, and remembers them."""

    def __init__(self) -> None:
        self._asked: dict[str, crl.CertificateList | None] = {}
        self._found: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(
        self, cert: Any, *, use_deltas: bool | None = True
    ) -> Iterable[crl.CertificateList]:
        """Return the lists that a certificate names.

        Raises:
            CRLFetchError: It names some, and one of them is not to be had.
        """
        points = list(cert.crl_distribution_points)
        if use_deltas:
            points += cert.delta_crl_distribution_points
        found = [await self._first(list(_addresses(each))) for each in points]
        self._found[cert.issuer_serial] = found
        return found

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        """Return every list that was fetched."""
        return [each for each in self._asked.values() if each is not None]

    def fetched_crls_for_cert(self, cert: Any) -> Iterable[crl.CertificateList]:
        """Return the lists of a certificate.

        Raises:
            KeyError: They were not asked for.
        """
        return self._found[cert.issuer_serial]

    async def _first(self, urls: list[str]) -> crl.CertificateList:
        """Return the list that stands at several addresses, from the first that has it."""
        for url in urls:
            if url not in self._asked:
                self._asked[url] = await self._list(url)
            found = self._asked[url]
            if found is not None:
                return found
        raise CRLFetchError("no list of revoked certificates was to be had")

    async def _list(self, url: str) -> crl.CertificateList | None:
        if len(self._asked) >= REQUESTS_MAX:
            return None
        headers = {"Accept": "application/pkix-crl"}
        try:
            got = await ask_outside(url, headers=headers, bytes_max=LIST_BYTES_MAX)
            der = pem.unarmor(got)[2] if pem.detect(got) else got
            found = crl.CertificateList.load(der, strict=True)
            _ = found["tbs_cert_list"]["issuer"]  # what is no list is found out here
        except (CannotSign, ValueError, TypeError):
            return None
        return found


class _NoAnswers(OCSPFetcher):
    async def fetch(self, cert: Any, authority: Any) -> ocsp.OCSPResponse:  # noqa: ARG002
        raise OCSPFetchError("lists alone are asked for")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return ()

    def fetched_responses_for_cert(self, cert: Any) -> Iterable[ocsp.OCSPResponse]:  # noqa: ARG002
        return ()


class _NoCertificates(CertificateFetcher):
    async def fetch_cert_issuers(self, cert: Any) -> _Certificates:  # noqa: ARG002
        for each in _NONE:
            yield each

    async def fetch_crl_issuers(self, certificate_list: Any) -> _Certificates:  # noqa: ARG002
        for each in _NONE:
            yield each

    def fetched_certs(self) -> Iterable[x509.Certificate]:
        return _NONE


def _addresses(point: x509.DistributionPoint) -> Iterator[str]:
    """Yield where a list can be had by HTTP."""
    name = point["distribution_point"]
    if name.name != "full_name":
        return
    for each in name.chosen:
        if each.name == "uniform_resource_identifier":
            url = str(each.native)
            if url.lower().startswith(("http://", "https://")):
                yield url

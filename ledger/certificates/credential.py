"""A certificate as a credential for wallets: an SD-JWT VC with the same facts as the paper.

The token names the issuer and its kind; whoever holds it shows the rest fact by fact. It has
the log's proof of the certificate's entry, which withholds what the token withholds: each claim
that is shown is compared with what the log commits to (draft-ietf-oauth-sd-jwt-vc; RFC 9901).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ledger.certificates.es256 import CredentialKey
from ledger.certificates.sd_jwt import issue
from ledger.domain.certificate import CertificateIssued
from ledger.domain.stored import slots_of
from ledger.proof.disclosure import Disclosure, ProvenEvent, parse_proven_event
from ledger.proof.facts import STANDARD_FACTS, Fact
from ledger.proof.tlog_proof import TlogProof

ALWAYS = ("issued_on", "issuer_credit_code", "issuer_name", "mode", "on_behalf_of")
"""Facts that every reader sees: who certifies, how, and on which day; nothing of the holder."""
KNOWN_BY_TYPE = ("shape", "type")
"""Facts that every proof shows; the credential's own type says the same."""
WITHHELD = tuple(
    sorted({*slots_of(CertificateIssued), *STANDARD_FACTS} - {*ALWAYS, *KNOWN_BY_TYPE})
)
"""Facts that are shown as the holder chooses, each by itself."""
PROOF, STATUS = "tlog_proof", "status"
TOKEN_CLAIMS = frozenset({"iss", "iat", "vct", STATUS, PROOF, "_sd", "_sd_alg", *ALWAYS})
"""All that the token of a certificate says."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where what belongs to the credentials of one log is found: at its host, by its name."""

    origin: str

    @property
    def issuer(self) -> str:
        """The `iss` of credentials: the log's name as an address."""
        return f"https://{self.origin}"

    @property
    def type(self) -> str:
        """The `vct` of a certificate, an address that describes it."""
        return f"{self._host}/api/v1/credential-types/certificate-1"

    def status_list(self, number: int) -> str:
        """The address of a status list."""
        return f"{self._host}/api/v1/status-lists/{number}"

    @property
    def _host(self) -> str:
        return f"https://{self.origin.partition('/')[0]}"


def make_credential(
    proof: TlogProof, *, key: CredentialKey, now: datetime, place: tuple[int, int]
) -> str:
    """Return the credential of a face whose proof shows all of its facts.

    ``place`` is its place: the number of the status list, and the index in it.

    Raises:
        ValueError: The proof shows no event, or not all facts: a programmer's mistake.
    """
    if proof.extra is None:
        raise ValueError("a proof of an event is wanted")
    event = parse_proven_event(proof.extra)
    facts = {each.name: each for each in event.disclosure if isinstance(each, Fact)}
    if len(facts) != len(event.disclosure):
        raise ValueError("all facts are wanted")
    site, (number, index) = Site(proof.checkpoint.origin), place
    claims: dict[str, Any] = {
        "iss": site.issuer,
        "iat": int(now.timestamp()),
        "vct": site.type,
        STATUS: {"status_list": {"idx": index, "uri": site.status_list(number)}},
        PROOF: _withholding(proof, event.disclosure).encode().decode("utf-8"),
        **{name: facts[name].value for name in ALWAYS},
    }
    return issue(key, claims, [facts[name] for name in WITHHELD])


def _withholding(proof: TlogProof, disclosure: Sequence[Fact | bytes]) -> TlogProof:
    """Return the same proof, showing no more of the facts than the token does."""
    shown = {*ALWAYS, *KNOWN_BY_TYPE}
    rest: Disclosure = [
        each.digest() if isinstance(each, Fact) and each.name not in shown else each
        for each in disclosure
    ]
    event = parse_proven_event(proof.extra or b"")
    return replace(proof, extra=ProvenEvent(event.entry, rest).text())


def issuer_metadata(origin: str, keys: Sequence[CredentialKey]) -> Mapping[str, Any]:
    """Return what the issuer's well-known address says (draft, section 4)."""
    jwks = {"keys": [each.public_jwk for each in keys]}
    return {"issuer": Site(origin).issuer, "jwks": jwks}

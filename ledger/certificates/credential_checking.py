"""A credential checked offline: each claim that is shown against what the log commits to.

    token ─► the log's proof ─► commitments of all facts ◄─ claims that are shown, with salts
      └► digests ◄─ the same claims      issuer's keys ─► signature      status list ─► status

Only the trust policy is believed, and, where they are given, the issuer's keys. A claim that is
withheld stays so; nobody learns from here what it might have been.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.certificates.checking import Answer, Checker, Report, Step
from ledger.certificates.credential import ALWAYS, PROOF, STATUS, TOKEN_CLAIMS, Site
from ledger.certificates.es256 import UnsignedError, read_token, verify_token
from ledger.certificates.proof_checking import CheckedProof
from ledger.certificates.sd_jwt import CREDENTIAL_BYTES_MAX, SdJwt, parse
from ledger.certificates.status_list import MEDIA_TYPE as STATUS_LIST
from ledger.certificates.status_list import StatusType, status_in
from ledger.domain.certificate import CertificateIssued
from ledger.proof.canonical import Value
from ledger.proof.disclosure import parse_proven_event
from ledger.proof.errors import MalformedError
from ledger.proof.facts import Fact

CREDENTIAL = b"eyJ"
"""How every token begins: the base64url of a JSON object."""
LEEWAY = timedelta(minutes=1)
"""By so much a reader's clock may be wrong."""
_STATUS_CODES: Mapping[int, str] = {
    StatusType.VALID: "verify_status_is_valid",
    StatusType.INVALID: "verify_status_is_invalid",
    StatusType.SUSPENDED: "verify_status_is_suspended",
    StatusType.CHANGED: "verify_status_is_changed",
}


@dataclass(frozen=True, slots=True)
class Lookups:
    """What a reader has beside the credential: the issuer's keys as JWKs, a status list.

    ``issuer`` is whose keys they are, where that is said; ``now`` the instant by which the
    list is judged.
    """

    keys: Sequence[Mapping[str, Any]] | None = None
    status: bytes | None = None
    now: datetime | None = None
    issuer: str | None = None


@dataclass(slots=True)
class CheckedCredential:
    """What a credential proves: ``claims`` are those that are shown and proved."""

    report: Report = field(default_factory=Report)
    claims: Mapping[str, Value] = field(default_factory=dict)


def check_credential(
    content: bytes, checker: Checker, lookups: Lookups | None = None
) -> CheckedCredential:
    """Return what a credential proves, with what else is at hand."""
    checked = CheckedCredential()
    report = checked.report
    try:
        read = _read(content)
    except MalformedError as error:
        report.add("verify_credential_is_malformed", Answer.NO, what=error.what)
        return checked
    proof = checker.proved(report, read.token.claims[PROOF].encode("utf-8"))
    if proof is None:
        return checked
    if proof.facts["type"] != CertificateIssued.TYPE:
        report.add("verify_proof_is_of_no_certificate", Answer.NO)
        return checked
    if _agrees(report, read, proof, checker):
        checked.claims = _claims(read)
        _look_at_whole(report, read, proof, checker)
    _check_outside(report, read, lookups or Lookups())
    return checked


def _read(content: bytes) -> SdJwt:
    """Return a credential of ours, unproved.

    Raises:
        MalformedError: It is none: another kind of token, or it says what no certificate does.
    """
    if len(content) > CREDENTIAL_BYTES_MAX:
        raise MalformedError("SD-JWT", f"at most {CREDENTIAL_BYTES_MAX} bytes", len(content))
    try:
        text = content.decode("ascii").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise MalformedError("SD-JWT", "ASCII", error.reason) from error
    read = parse(text)
    claims, digests = read.token.claims, set(read.digests)
    if not read.shown.keys() <= digests:
        raise MalformedError("disclosure", "one that the token has a digest of", "another")
    if claims.keys() != TOKEN_CLAIMS or not isinstance(claims[PROOF], str):
        raise MalformedError("claims", sorted(TOKEN_CLAIMS), sorted(claims))
    return read


def _agrees(report: Report, read: SdJwt, proof: CheckedProof, checker: Checker) -> bool:
    """Report whether every claim is a fact of the entry that was proved."""
    site, claims = Site(proof.entry.log), read.token.claims
    if (claims["iss"], claims["vct"]) != (site.issuer, site.type):
        report.add("verify_credential_names_another_log", Answer.NO)
        return False
    wrong = sorted(_differing(read, proof, checker))
    if wrong:
        report.add("verify_credential_differs_from_log", Answer.NO, detail=", ".join(wrong))
        return False
    shown = len(read.shown) + len(ALWAYS)
    report.add("verify_credential_is_facts", Answer.YES, count=shown)
    return True


def _differing(read: SdJwt, proof: CheckedProof, checker: Checker) -> Iterator[str]:
    """Yield the names of claims that are not what the log commits to."""
    committed = dict(_committed(proof, checker))
    for name in ALWAYS:
        item = committed.get(name)
        if not isinstance(item, Fact) or not _same(item.value, read.token.claims[name]):
            yield name
    for fact in read.shown.values():
        item = committed.get(fact.name)
        digest = item.digest() if isinstance(item, Fact) else item
        if fact.digest() != digest:
            yield fact.name


def _same(fact: Value, claim: object) -> bool:
    return type(fact) is type(claim) and fact == claim


def _committed(proof: CheckedProof, checker: Checker) -> Iterator[tuple[str, Fact | bytes]]:
    """Yield what the proof has of each fact: the fact, or its digest alone."""
    shape = checker.shapes.find(proof.facts["type"], proof.facts["shape"])
    if shape is not None and proof.proof.extra is not None:
        event = parse_proven_event(proof.proof.extra)
        yield from zip(shape.names, event.disclosure, strict=True)


def _claims(read: SdJwt) -> Mapping[str, Value]:
    shown = {fact.name: fact.value for fact in read.shown.values()}
    return {**{name: read.token.claims[name] for name in ALWAYS}, **shown}


def _look_at_whole(report: Report, read: SdJwt, proof: CheckedProof, checker: Checker) -> None:
    """Look at the face if all of it is shown, and say so if it is not."""
    facts = {**proof.facts, **{fact.name: fact.value for fact in read.shown.values()}}
    withheld = sum(name not in facts for name, _ in _committed(proof, checker))
    if withheld:
        said = {"count": withheld}
        report.unproved.append(Step("verify_credential_withholds", Answer.UNKNOWN, said))
    elif checker.face_of(report, replace(proof, facts=facts, is_whole=True)) is not None:
        report.unproved.append(Step("verify_records_are_not_here", Answer.UNKNOWN))


def _check_outside(report: Report, read: SdJwt, lookups: Lookups) -> None:
    """Check what is no fact of the log: signature, status, and who presents it."""
    if read.key_binding:
        report.unproved.append(Step("verify_key_binding_is_not_checked", Answer.UNKNOWN))
    if lookups.keys is None:
        report.unproved.append(Step("verify_credential_is_signed_unchecked", Answer.UNKNOWN))
    else:
        is_theirs = lookups.issuer in (None, read.token.claims["iss"])
        is_signed = is_theirs and _is_signed(read.text, lookups.keys)
        code = "verify_credential_is_signed" if is_signed else "verify_credential_is_unsigned"
        report.add(code, Answer.YES if is_signed else Answer.NO)
    if lookups.status is not None:
        not_told = "verify_status_is_not_told"
        report.unproved = [each for each in report.unproved if each.code != not_told]
        try:
            _check_status(report, read, lookups, lookups.status)
        except MalformedError as error:
            report.add("verify_status_list_is_malformed", Answer.UNKNOWN, what=error.what)


def _check_status(report: Report, read: SdJwt, lookups: Lookups, status: bytes) -> None:
    """Report what a status list says of the credential.

    Raises:
        MalformedError: It is no such list, or not the one that the credential names.
    """
    text = status.decode("ascii", "replace").removesuffix("\n")
    claims = read_token(text, media_type=STATUS_LIST).claims
    match read.token.claims[STATUS]:
        case {"status_list": {"idx": int(index), "uri": str(uri)}}:
            pass
        case other:
            raise MalformedError("status", "a place in a list", type(other).__name__)
    if claims.get("sub") != uri:
        raise MalformedError("sub", uri, claims.get("sub"))
    issued, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(ends, int):
        raise MalformedError("exp", "instants", type(ends).__name__)
    try:
        at = datetime.fromtimestamp(issued, UTC).isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedError("iat", "an instant", issued) from error
    if lookups.keys is None or not _is_signed(text, lookups.keys):
        report.add("verify_status_list_is_unsigned", Answer.UNKNOWN)
    elif lookups.now is None or not _is_of_now(issued, ends, lookups.now):
        report.add("verify_status_list_is_of_another_day", Answer.UNKNOWN, at=at)
    else:
        found = status_in(claims, index)
        answer = Answer.YES if found == StatusType.VALID else Answer.NO
        report.add(_STATUS_CODES[found], answer, at=at)


def _is_of_now(issued: int, ends: int, now: datetime) -> bool:
    early, late = (now - LEEWAY).timestamp(), (now + LEEWAY).timestamp()
    return issued <= late and early < ends


def _is_signed(text: str, keys: Sequence[Mapping[str, Any]]) -> bool:
    try:
        verify_token(text, keys)
    except UnsignedError:
        return False
    return True

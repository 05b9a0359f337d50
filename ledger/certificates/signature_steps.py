"""What is told of a certificate's signature: whose it is, since when, and who vouches for it.

The log's proofs stand without it. A signature of somebody else, or one that does not hold,
is nothing that the ledger hands out, and makes the file a changed one.
"""

from datetime import UTC, datetime

from ledger.certificates.signature_checking import (
    SignatureBrokenError,
    SignatureFound,
    check_signature,
)
from ledger.certificates.signatures import Issuer, SignatureTrust
from ledger.certificates.signers import names_issuer
from ledger.certificates.signing_files import certificates_in
from ledger.certificates.tail_reading import TailError
from ledger.certificates.verdicts import Answer, Report, Step
from ledger.domain.certificate import CertificateIssued

_NOBODY = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment for what nobody vouches for, whenever that is."""


def add_signature(
    report: Report,
    face: CertificateIssued,
    content: bytes,
    typeset: int,
    trust: SignatureTrust | None,
) -> None:
    """Add what the bytes after the first ``typeset`` ones come to.

    Raises:
        CannotSign: The file of authorities has none.
    """
    roots = [] if trust is None else certificates_in(trust.roots)
    now = _NOBODY if trust is None else trust.now
    try:
        found = check_signature(content, typeset, roots=roots, now=now)
    except TailError as error:
        report.add("verify_paper_was_added_to", Answer.NO, detail=error.detail)
        return
    except SignatureBrokenError:
        report.add("verify_signature_is_broken", Answer.NO)
        return
    report.add("verify_signed_paper_is_the_facts", Answer.YES)
    facts = {"subject": found.subject, "time": _time(found), "authority": found.authority}
    issuer = Issuer(face.on_behalf_of, face.issuer_name, face.issuer_credit_code)
    if not names_issuer(found.certificate, issuer):
        report.add(
            "verify_signer_is_not_the_issuer", Answer.NO, **facts, issuer=face.issuer_name
        )
    elif trust is None:
        report.unproved.append(Step("verify_signature_is_not_checked", Answer.UNKNOWN, facts))
    elif not found.is_stamp_trusted:
        report.add("verify_time_stamp_is_not_trusted", Answer.UNKNOWN, **facts)
    elif not found.is_signer_trusted:
        report.add("verify_signer_is_not_trusted", Answer.UNKNOWN, **facts)
    else:
        report.add("verify_signature_is_trusted", Answer.YES, **facts)


def _time(found: SignatureFound) -> str:
    at = found.stamped_at
    return "–" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")

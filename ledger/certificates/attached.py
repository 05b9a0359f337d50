"""What is attached to a certificate's PDF: the proof of its face, and those of its records.

``certificate.tlog-proof`` is a C2SP tlog-proof of the ``certificate.issued`` entry with all of
its facts. ``records.tlog-proofs`` has a tlog-proof of every entry that a line rests on, with
the plain facts; each is followed by a line of its own, ``%%``.
"""

from collections.abc import Sequence

from ledger.certificates.typesetting import Attachment
from ledger.proof.tlog_proof import TlogProof

FACE, RECORDS = "certificate.tlog-proof", "records.tlog-proofs"
_TYPE = "text/plain"
_END = b"%%\n"
PROOFS_MAX = 20_000
"""Entries that one certificate's lines rest on, at most, as a reader takes them."""


class BundleError(Exception):
    """The bytes are no bundle of proofs."""


def bundled(records: Sequence[TlogProof]) -> bytes:
    """Return the proofs of records as one file."""
    return b"".join(each.encode() + _END for each in records)


def attachments(face: bytes, bundle: bytes) -> Sequence[Attachment]:
    """Return the files that are attached, in their order, by their contents."""
    return (
        Attachment(FACE, face, _TYPE, "日志包含证明 proof of this certificate"),
        Attachment(RECORDS, bundle, _TYPE, "各条记录的日志包含证明 proofs of its records"),
    )


def unbundled(bundle: bytes) -> Sequence[bytes]:
    """Return the proofs of a bundle, each as the content of a `.tlog-proof` file.

    Raises:
        BundleError: It does not end as a bundle does, or has too many.
    """
    if not bundle:
        return []
    *proofs, rest = bundle.split(b"\n" + _END)
    if rest or len(proofs) > PROOFS_MAX:
        raise BundleError
    return [each + b"\n" for each in proofs]

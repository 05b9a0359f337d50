"""The use cases of one ledger put together: its office, sign-ins, submissions and views."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from ledger.application.certifying.acting import Certifying
from ledger.application.certifying.credentials import Credentials, KeyMissingError
from ledger.application.certifying.handing_out import HandingOut
from ledger.application.change_feed import ChangeFeed
from ledger.application.evidence_keeping import EvidenceKeeping
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.office import Office
from ledger.application.own_notes import own_notes
from ledger.application.receipts import Receipts
from ledger.application.submissions import Submissions
from ledger.application.texts import say
from ledger.application.view_answers import ViewAnswers
from ledger.certificates.es256 import CredentialKey
from ledger.certificates.signatures import PdfSigning
from ledger.certificates.typesetting import Typesetter
from ledger.certificates.vouching import Vouching
from ledger.proof.policy import NO_QUORUM
from ledger.store.chance import random_bytes
from ledger.store.entry_rows import BoundEntry, bound_entries
from ledger.store.keyfiles import KeyFileError
from ledger.wiring.access import Access, open_access
from ledger.wiring.evidence import evidence_files
from ledger.wiring.parts import Wiring
from ledger.wiring.viewing import Views, open_views

_OPERATOR = logging.getLogger("uvicorn.error")


@dataclass(frozen=True, slots=True)
class OpenOffice:
    """An office that is open, with what it was put together from."""

    office: Office
    access: Access
    views: Views
    submissions: Submissions
    feed: ChangeFeed
    keeping: EvidenceKeeping
    looking: EvidenceReading
    certifying: Certifying
    handing_out: HandingOut
    credentials: Credentials

    def close(self) -> None:
        """Follow the log no more, and let go of what this process holds."""
        self.views.close()
        self.access.close()


def open_office(wiring: Wiring, signing: PdfSigning | None = None) -> OpenOffice:
    """Return a ledger's office; its views are up to date in their form, not yet filled.

    ``signing`` signs certificates; without it, none is signed.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The store of the views cannot be reached.
    """
    access, views = open_access(wiring), open_views(wiring)
    answers = ViewAnswers(views.reader, views.projector, views.boxes, now=wiring.clock)
    receipts = Receipts(
        wiring.engine,
        origin=wiring.origin,
        publish=wiring.publisher.publish,
        is_signed=own_notes(wiring.keys_at, origin=wiring.origin),
        tree=wiring.memory.tree,
    )
    office = Office(
        origin=wiring.origin,
        desk=access.desk,
        views=answers,
        receipts=receipts,
        colleagues=access.sign_ins,
        index_key=wiring.index_key,
    )
    files, typesetter = evidence_files(wiring), Typesetter()
    handing_out = HandingOut(
        office,
        wiring.source,
        wiring.subtrees,
        partial(_checkpoint, wiring),
        typesetter,
        signing,
    )
    return OpenOffice(
        office=office,
        access=access,
        views=views,
        submissions=Submissions(office, access.refusals),
        feed=ChangeFeed(office, partial(_entries, wiring.engine, wiring.origin)),
        keeping=EvidenceKeeping(office, files),
        looking=EvidenceReading(office, files),
        certifying=_certifying(wiring, office, typesetter),
        handing_out=handing_out,
        credentials=Credentials(handing_out, partial(credential_keys, wiring)),
    )


def _certifying(wiring: Wiring, office: Office, typesetter: Typesetter) -> Certifying:
    vouching = Vouching(
        wiring.engine,
        origin=wiring.origin,
        tree=wiring.memory.tree,
        checkpoint=partial(_checkpoint, wiring),
    )
    # A whole UUID of chance: one of version 4 has six bits less than are promised.
    return Certifying(office, vouching, lambda: UUID(bytes=random_bytes(16)), typesetter)


def _checkpoint(wiring: Wiring) -> bytes | None:
    """Return the newest note that meets the policy: signed now where it asks nobody."""
    if wiring.policy.quorum == NO_QUORUM:
        return wiring.publisher.publish()
    return wiring.cosignatures.newest()


def credential_keys(wiring: Wiring) -> Sequence[CredentialKey]:
    """Return the key that signs credentials, read anew, then those that did before it.

    Raises:
        KeyMissingError: One is not there, or cannot be used.
    """
    files = wiring.credential_keys
    try:
        secrets = [files.current(), *(secret for _, secret in files.retired())]
    except KeyFileError as error:
        _OPERATOR.error(say("bad_key_file", "en", what=error))
        raise KeyMissingError from error
    return [CredentialKey(secret) for secret in secrets]


def _entries(engine: sa.Engine, origin: str, seqs: Sequence[int]) -> Sequence[BoundEntry]:
    return bound_entries(engine, origin=origin, seqs=seqs)

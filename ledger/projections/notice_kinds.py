"""What persons are told, and what a notice is before it is a row."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from ledger.projections.rows import Rows
from ledger.projections.taken import Taken
from ledger.projections.view import Values


class NoticeKind(StrEnum):
    """What somebody is told."""

    RECORD_RETURNED = "record_returned"
    OBJECTION_RAISED = "objection_raised"
    OBJECTION_UPHELD = "objection_upheld"
    OBJECTION_REJECTED = "objection_rejected"
    RECORD_CREDITED = "record_credited"
    AMENDMENT_PROPOSED = "amendment_proposed"
    VOIDING_PROPOSED = "voiding_proposed"
    AMENDMENT_REPLIED = "amendment_replied"
    RECORD_AMENDED = "record_amended"
    AMENDMENT_REJECTED = "amendment_rejected"
    RECORD_VOIDED = "record_voided"
    ACTIVITY_AMENDED = "activity_amended"
    ACTIVITY_AMENDMENT_REJECTED = "activity_amendment_rejected"
    PARTICULARS_AMENDED = "particulars_amended"
    IDENTITY_CONFIRMED = "identity_confirmed"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTION_WITHDRAWN = "correction_withdrawn"
    REGISTRATIONS_MERGED = "registrations_merged"
    REGISTRATIONS_PARTED = "registrations_parted"
    PARTICULARS_SHOWN = "particulars_shown"
    EVIDENCE_SHOWN = "evidence_shown"
    SIGN_IN_OPENED = "sign_in_opened"
    SIGN_IN_CLOSED = "sign_in_closed"
    CERTIFICATE_REQUESTED = "certificate_requested"
    CERTIFICATE_ACCEPTED = "certificate_accepted"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_DECLINED = "certificate_declined"
    CERTIFICATE_SUPERSEDED = "certificate_superseded"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_CHANGED = "certificate_changed"
    CERTIFICATE_ISSUER_SUSPENDED = "certificate_issuer_suspended"
    CERTIFICATE_ISSUER_REINSTATED = "certificate_issuer_reinstated"


class To(NamedTuple):
    """Who is told, as whose staff; a volunteer is told for herself."""

    recipient: str
    organization: str = ""


class Notice(NamedTuple):
    """What is told, about what, and to whom."""

    kind: NoticeKind
    about: Values
    to: Iterable[To]


Tell: TypeAlias = Callable[[Taken, Rows], Iterable[Notice]]

"""Every event of the domain, by the type and shape under which it is stored for ever.

An event class is never changed once an entry holds it. A new list of facts is a new class
under the next shape; the class of the old shape stays here and is read as it was written.
"""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, get_args

from ledger.domain.access.events import SignInEvent
from ledger.domain.account.events import AccountEvent
from ledger.domain.activity.events import ActivityEvent
from ledger.domain.activity.project_numbers import ProjectNoClaimed
from ledger.domain.certificate.events import CertificateEvent
from ledger.domain.disclosed import ProfileDisclosed
from ledger.domain.event import Event
from ledger.domain.evidence_files.events import EvidenceFileEvent
from ledger.domain.identity.events import IdentityEvent
from ledger.domain.imports.events import ImportEvent, RowKept
from ledger.domain.notices import InboxEvent
from ledger.domain.organization.credit_code_claims import CreditCodeEvent
from ledger.domain.organization.events import OrganizationEvent
from ledger.domain.presence.events import PresenceEvent
from ledger.domain.record.events import RecordEvent
from ledger.domain.refused_acts import ActRefused
from ledger.domain.rules.events import Event as RulesEvent
from ledger.domain.stored import slots_of
from ledger.domain.submissions import SubmissionEvent
from ledger.domain.volunteer.events import VolunteerEvent

_UNIONS: tuple[UnionType | type, ...] = (
    AccountEvent,
    ActRefused,
    ActivityEvent,
    CertificateEvent,
    CreditCodeEvent,
    EvidenceFileEvent,
    IdentityEvent,
    ImportEvent,
    InboxEvent,
    OrganizationEvent,
    PresenceEvent,
    ProfileDisclosed,
    ProjectNoClaimed,
    RecordEvent,
    RowKept,
    RulesEvent,
    SignInEvent,
    SubmissionEvent,
    VolunteerEvent,
)


def _members() -> Iterator[type[Event]]:
    for union in _UNIONS:
        kinds: tuple[Any, ...] = get_args(union) or (union,)
        yield from kinds


EVENTS: Mapping[tuple[str, int], type[Event]] = {
    (kind.TYPE, kind.SHAPE): kind for kind in _members()
}
"""Event classes by type and shape."""


def fact_names(kind: type[Event]) -> tuple[str, ...]:
    """Return the names of a class's own facts, ascending: its published shape."""
    return tuple(slots_of(kind))

"""Credentials for wallets, and what their readers look up: metadata, type and status lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.certifying.handing_out import HandingOut
from ledger.application.certifying.status_lists import StatusLists
from ledger.application.office import Office
from ledger.certificates.credential import issuer_metadata, make_credential
from ledger.certificates.credential_type import type_metadata
from ledger.certificates.es256 import CredentialKey
from ledger.domain.refusal import refuse
from ledger.projections.certificate_views import CERTIFICATES
from ledger.store.view_query import Query

KeySource = Callable[[], Sequence[CredentialKey]]


class KeyMissingError(Exception):
    """The key of credentials is not there or cannot be used: the operator puts it back."""


@dataclass(slots=True)
class Credentials:
    """Credentials of one ledger, from any thread.

    ``keys`` returns the key that signs, then those that did before it.
    """

    out: HandingOut
    keys: KeySource
    _lists: StatusLists = field(init=False)

    def __post_init__(self) -> None:
        self._lists = StatusLists(self.out)

    @property
    def office(self) -> Office:
        """The office whose certificates they are."""
        return self.out.office

    def credential(self, caller: Caller, certificate: UUID) -> str:
        """Return a certificate as a credential, for whoever may take its PDF.

        Raises:
            KeyMissingError: There is no key to sign it with.
            ActRefused: It has no place in a status list yet, or as `HandingOut.pdf`.
            As `HandingOut.pdf`.
        """
        (key, *_) = self.keys()
        ready = self.out.ready(caller, certificate)
        place = self._place(certificate, ready.seq)
        if place is None:
            self.out.refuse(caller, certificate, refuse("certificate_has_no_status_yet"))
        (proof,) = self.out.shown(caller, ready, [ready.seq])
        return make_credential(proof, key=key, now=self.office.desk.now(), place=place)

    def metadata(self) -> Mapping[str, Any]:
        """Return the issuer's metadata, with all keys that may have signed.

        Raises:
            KeyMissingError: As `credential`.
        """
        return issuer_metadata(self.office.origin, self.keys())

    def type(self) -> Mapping[str, Any]:
        """Return the description of the credentials' type."""
        return type_metadata(self.office.origin)

    def status_list(self, number: int) -> str:
        """Return a signed status list.

        Raises:
            KeyMissingError: As `credential`.
            As `StatusLists.token`.
        """
        (key, *_) = self.keys()
        return self._lists.token(number, key)

    def _place(self, certificate: UUID, seq: int) -> tuple[int, int] | None:
        """Return the number of the list and the place in it, once the views have them."""
        self.office.views.wait_until(seq)
        query = Query(equal={"certificate": str(certificate)}, limit=1)
        row = next(iter(self.office.views.page(CERTIFICATES, query).value.rows), None)
        if row is None or row["status_index"] is None:
            return None
        return row["status_list"], row["status_index"]

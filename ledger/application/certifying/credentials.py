"""Credentials for wallets, and what their readers look up: metadata, type and status lists.

A list costs what its exceptions cost: who is valid is not read at all. It is made anew when the
views have moved on, or it is half as old as a reader may go by it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.certifying.handing_out import HAND_OUT, HandingOut
from ledger.application.certifying.status import Status
from ledger.application.desk import Intent
from ledger.application.office import Office
from ledger.certificates.credential import Site, issuer_metadata, make_credential
from ledger.certificates.credential_type import type_metadata
from ledger.certificates.es256 import CredentialKey
from ledger.certificates.status_list import TTL, StatusType, status_list_token
from ledger.domain.organization.kinds import Status as Standing
from ledger.domain.refusal import refuse
from ledger.projections.certificate_views import CERTIFICATES, STATUS_LISTS
from ledger.projections.view import View
from ledger.projections.views import ORGANIZATIONS
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.store.view_query import Query
from ledger.store.view_reader import Row

_AT_ONCE = 1_000
_NUMBER_MAX = 2**31
_STOPPED = (Standing.SUSPENDED.value, Standing.REVOKED.value)
TYPES: Mapping[str, StatusType] = {
    Status.CHANGED.value: StatusType.CHANGED,
    Status.SUPERSEDED.value: StatusType.INVALID,
    Status.REVOKED.value: StatusType.INVALID,
    Status.ERASED.value: StatusType.INVALID,
}
"""What a list says of whatever is not valid."""
KeySource = Callable[[], Sequence[CredentialKey]]


class NoSuchListError(Exception):
    """There is no status list of this number."""


class ListBehindError(Exception):
    """The views are on their way to where the log is; a list of now cannot be made."""


class KeyMissingError(Exception):
    """The key of credentials is not there or cannot be used: the operator puts it back."""


@dataclass(frozen=True, slots=True)
class _Made:
    size: int
    at: datetime
    key: str
    token: str


@dataclass(slots=True)
class Credentials:
    """Credentials of one ledger, from any thread.

    ``keys`` returns the key that signs, then those that did before it.
    """

    out: HandingOut
    keys: KeySource
    _made: dict[int, _Made] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

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
        proof = self.out.proven(caller, certificate)
        self.office.views.wait_until(proof.index)
        query = Query(equal={"certificate": str(certificate)}, limit=1)
        row = next(iter(self.office.views.page(CERTIFICATES, query).value.rows), None)
        if row is None or row["status_index"] is None:
            refused = refuse("certificate_has_no_status_yet")
            self.office.desk.refuse(caller, Intent(act=HAND_OUT, target=certificate), refused)
            raise AssertionError
        place = row["status_list"], row["status_index"]
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
            NoSuchListError: There is none of this number.
            ListBehindError: It cannot be made now.
            KeyMissingError: As `credential`.
        """
        (key, *_) = self.keys()
        size, now = self._sized(number), self.office.desk.now()
        made = self._fresh(number, size, now, key.id)
        if made is not None:
            return made
        with self._making:
            made = self._fresh(number, size, now, key.id)
            if made is not None:
                return made
            uri = Site(self.office.origin).status_list(number)
            token = status_list_token(self._exceptions(number), uri=uri, key=key, now=now)
            self._made[number] = _Made(size, now, key.id, token)
            return token

    def _fresh(self, number: int, size: int, now: datetime, key: str) -> str | None:
        """Return the list as it was made last, if it is still what would be made."""
        made = self._made.get(number)
        if made is None or made.size < size or made.key != key or now - made.at >= TTL / 2:
            return None
        return made.token

    def _sized(self, number: int) -> int:
        """Return the size of the views, once they hold all that is published of the log.

        Raises:
            NoSuchListError: There is no list of this number.
            ListBehindError: They do not hold it, so that what is revoked might pass as valid.
        """
        if not 1 <= number <= _NUMBER_MAX:
            raise NoSuchListError
        note = self.out.checkpoint()
        published = 0 if note is None else parse_checkpoint(parse_note(note).text).size
        self.office.views.wait_until(published - 1)
        query = Query(equal={"status_list": number}, limit=1)
        found = self.office.views.page(STATUS_LISTS, query)
        if found.is_rebuilding or found.size < published:
            raise ListBehindError
        # The first one is there before any certificate is: its readers find it empty.
        if number > 1 and not found.value.rows:
            raise NoSuchListError
        return found.size

    def _exceptions(self, number: int) -> Mapping[int, StatusType]:
        """Return what the places say that are not valid."""
        found: dict[int, StatusType] = {}
        for row in self._stopped(number):
            found[row["status_index"]] = StatusType.SUSPENDED
        # One after the other: a page of one standing begins where the index says.
        for standing, status in TYPES.items():
            query = Query(
                equal={"status_list": number, "standing": standing},
                between={"status_index": (0, None)},
                order=("status_index",),
                limit=_AT_ONCE,
            )
            found |= {row["status_index"]: status for row in self._all(CERTIFICATES, query)}
        return found

    def _stopped(self, number: int) -> Iterator[Row]:
        """Yield the certificates whose issuers are not in force."""
        stopped = Query(among={"status": _STOPPED}, order=("organization",), limit=_AT_ONCE)
        for issuer in self._all(ORGANIZATIONS, stopped):
            equal = {
                "issuer": issuer["organization"],
                "stage": "issued",
                "status_list": number,
            }
            query = Query(equal=equal, order=("requested_at",), limit=_AT_ONCE)
            yield from self._all(CERTIFICATES, query)

    def _all(self, view: View, query: Query) -> Iterator[Row]:
        while True:
            page = self.office.views.page(view, query).value
            yield from page.rows
            if page.after is None:
                return
            query = replace(query, after=page.after)

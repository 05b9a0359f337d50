"""Status lists as they are served: made of one moment of the views, or not at all.

A list is made anew once it is half as old as a reader may go by it. Whoever asks while another
one makes it gets the last one. Where the views may lack something, none is signed.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from ledger.application.certifying.handing_out import HandingOut
from ledger.application.certifying.status import Status, status_of
from ledger.application.office import Office
from ledger.application.states import CERTIFICATE
from ledger.certificates.credential import Site
from ledger.certificates.es256 import CredentialKey
from ledger.certificates.status_list import TTL, StatusType, status_list_token
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from ledger.store.view_statuses import FROZEN_MAX, StatusRows

WAIT_S = 1.0
"""How long a list waits for the views, or for another one who makes it: anybody may ask."""
_NUMBER_MAX = 2**31
_OPERATOR = logging.getLogger("uvicorn.error")
TYPES: Mapping[str, StatusType] = {
    Status.CHANGED.value: StatusType.CHANGED,
    Status.SUPERSEDED.value: StatusType.INVALID,
    Status.REVOKED.value: StatusType.INVALID,
    Status.ERASED.value: StatusType.INVALID,
}
"""What a list says of whatever is not valid."""
_OF_LOG = {**TYPES, Status.ISSUER_SUSPENDED.value: StatusType.SUSPENDED}


class NoSuchListError(Exception):
    """There is no status list of this number."""


class ListBehindError(Exception):
    """The views are not, or not surely, where the log is; a list of now cannot be made."""


@dataclass(frozen=True, slots=True)
class _Made:
    at: datetime
    key: str
    token: str


@dataclass(slots=True)
class StatusLists:
    """The status lists of one ledger, from any thread."""

    out: HandingOut
    _made: dict[int, _Made] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)
    _told: Sequence[int] = ()

    @property
    def _office(self) -> Office:
        return self.out.office

    def token(self, number: int, key: CredentialKey) -> str:
        """Return a signed list, at most half as old as a reader may go by it.

        Raises:
            NoSuchListError: There is none of this number.
            ListBehindError: It cannot be made now.
        """
        made = self._younger(TTL / 2, number, key)
        if made is not None:
            return made
        self._check(number)
        if not self._making.acquire(blocking=False):
            made = self._younger(TTL, number, key)
            if made is not None:
                return made
            if not self._making.acquire(timeout=WAIT_S):
                raise ListBehindError
        try:
            made = self._younger(TTL / 2, number, key)
            return self._make(number, key) if made is None else made
        finally:
            self._making.release()

    def _younger(self, age: timedelta, number: int, key: CredentialKey) -> str | None:
        """Return the list as it was made last, if that is not so long ago."""
        made = self._made.get(number)
        if made is None or made.key != key.id:
            return None
        is_young = timedelta() <= self._office.desk.now() - made.at < age
        return made.token if is_young else None

    def _check(self, number: int) -> None:
        """Look whether there is such a list, without waiting for anything.

        Raises:
            NoSuchListError: There is no list of this number.
            ListBehindError: The views are filled anew.
        """
        if not 1 <= number <= _NUMBER_MAX:
            raise NoSuchListError
        found = self._office.views.status_list_exists(number)
        if found.is_rebuilding:
            raise ListBehindError
        # The first one is there before any certificate is: its readers find it empty.
        if number > 1 and not found.value:
            raise NoSuchListError

    def _make(self, number: int, key: CredentialKey) -> str:
        now, views = self._office.desk.now(), self._office.views
        note = self.out.checkpoint()
        published = 0 if note is None else parse_checkpoint(parse_note(note).text).size
        views.wait_until(published - 1, WAIT_S)
        found = views.status_rows(number, tuple(TYPES))
        if found.is_rebuilding or found.size < published:
            raise ListBehindError
        uri = Site(self._office.origin).status_list(number)
        token = status_list_token(self._exceptions(found.value), uri=uri, key=key, now=now)
        self._made[number] = _Made(now, key.id, token)
        return token

    def _exceptions(self, rows: StatusRows) -> Mapping[int, StatusType]:
        """Return what the places say that are not valid.

        Raises:
            ListBehindError: Entries could not be folded, and whom they concern is not known.
        """
        if rows.missed or len(rows.frozen) > FROZEN_MAX:
            self._tell(rows.missed)
            raise ListBehindError
        found = dict.fromkeys(rows.stopped, StatusType.SUSPENDED)
        for standing, places in rows.standing.items():
            found |= dict.fromkeys(places, TYPES[standing])
        for certificate, place in rows.frozen.items():
            found.pop(place, None)
            status = self._status_of_log(certificate)
            if status is not None:
                found[place] = status
        return found

    def _status_of_log(self, certificate: str) -> StatusType | None:
        """Return what the log itself tells of a certificate, None if it is valid."""
        state = self._office.states.get(CERTIFICATE, UUID(certificate), fresh=True).state
        if state is None:
            raise ListBehindError
        return _OF_LOG.get(status_of(self._office, state).status.value)

    def _tell(self, missed: Sequence[int]) -> None:
        """Tell the operator, once of the same entries."""
        if missed != self._told:
            self._told = missed
            _OPERATOR.error(
                "no status list is signed: entries that may concern certificates could not"
                " be folded (%s, from entry %s on); `ledger projections status` names them",
                len(missed) or f"more than {FROZEN_MAX}",
                missed[0] if missed else "?",
            )

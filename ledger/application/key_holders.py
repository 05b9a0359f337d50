"""Whose key has signed: an organization's, found in its proved stream; or nobody known has."""

from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from ledger.application.callers import Caller, as_key
from ledger.application.desk import Intent
from ledger.application.office import Office
from ledger.application.refusals import Claim, Refusals
from ledger.application.signed_body import SignedBody, verify
from ledger.application.states import ORGANIZATION
from ledger.domain.organization.state import SigningKey


class UnprovenSignatureError(Exception):
    """Nobody known has signed this: no such key, or a signature that is not its own."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """No key that is known has signed; ``claimed`` is whose key was named, if it is known."""

    claimed: UUID | None


class KeyHolders:
    """The keys of one ledger's organizations."""

    def __init__(self, office: Office, refusals: Refusals) -> None:
        self._office = office
        self._refusals = refusals
        # A key never moves to another organization; only those that have signed are kept.
        self._owners: dict[UUID, UUID] = {}

    def caller(self, body: SignedBody, act: str, address: str) -> Caller:
        """Return who has signed, in force or not; ``act`` is what is asked for.

        Raises:
            UnprovenSignatureError: Nobody known has; the attempt is written down.
        """
        found = self.find(body)
        if isinstance(found, Unproven):
            self.refuse(body, found, act, address)
        return found

    def find(self, body: SignedBody) -> Caller | Unproven:
        """Return who has signed, in force or not; or that nobody known has, for `refuse`."""
        organization = self._owners.get(body.key)
        if organization is None:
            organization = self._office.views.organization_of_key(body.key)
        key = None if organization is None else self._key(organization, body.key)
        if key is None or organization is None:
            return Unproven(None)
        if not verify(body, key.public_key):
            return Unproven(organization)
        self._owners[body.key] = organization
        return as_key(body.key, organization)

    def refuse(self, body: SignedBody, found: Unproven, act: str, address: str) -> NoReturn:
        """Write down that a signature is nobody's.

        Raises:
            UnprovenSignatureError: Always, once it is written down.
        """
        if found.claimed is None:
            self._refusals.note_anonymous(act, "key_is_unknown", address)
        else:
            claim = Claim(key=body.key, organization=found.claimed, address=address)
            self._refusals.record_claim(claim, Intent(act=act, digest=body.digest))
        raise UnprovenSignatureError

    def _key(self, organization: UUID, key: UUID) -> SigningKey | None:
        """Return a key; what is remembered of its organization may be older than it."""
        states = self._office.states
        for fresh in (False, True):
            state = states.get(ORGANIZATION, organization, fresh=fresh).state
            found = None if state is None else state.key(key)
            if found is not None:
                return found
        return None

"""Whose key has signed: an organization's, found in its proved stream; or nobody known has."""

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
        organization = self._owners.get(body.key)
        if organization is None:
            organization = self._office.views.organization_of_key(body.key)
        key = None if organization is None else self._key(organization, body.key)
        if key is None or organization is None:
            self._refusals.note_anonymous(act, "key_is_unknown", address)
            raise UnprovenSignatureError
        if not verify(body, key.public_key):
            claim = Claim(key=body.key, organization=organization, address=address)
            self._refusals.record_claim(claim, Intent(act=act, digest=body.digest))
            raise UnprovenSignatureError
        self._owners[body.key] = organization
        return as_key(body.key, organization)

    def _key(self, organization: UUID, key: UUID) -> SigningKey | None:
        """Return a key; what is remembered of its organization may be older than it."""
        states = self._office.states
        for fresh in (False, True):
            state = states.get(ORGANIZATION, organization, fresh=fresh).state
            found = None if state is None else state.key(key)
            if found is not None:
                return found
        return None

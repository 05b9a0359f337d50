"""Tokens by which an organization's system reads: signed by its key, short-lived.

A compact JWS (RFC 7515) as a bearer token, whose payload is `{aud, iat}`. It says who asks, as
a signed submission does, and nothing else: what is to be written has to be signed itself.
"""

from datetime import timedelta

from pydantic import ValidationError

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.forms.fields import Count, Form, Text
from ledger.application.key_holders import KeyHolders, UnprovenSignatureError
from ledger.application.office import Office
from ledger.application.refusals import Refusals
from ledger.application.signed_body import SignedBody, UnusableSubmissionError, parse_compact
from ledger.application.states import ORGANIZATION
from ledger.application.strict_json import UnreadableJsonError, read_json
from ledger.domain.civil_time import civil_date
from ledger.domain.refusal import Refused, refuse

READ = "token.read"
LASTS = timedelta(minutes=5)
"""How far from now a token's `iat` may lie; our own bound [P]."""


class TokenForm(Form):
    """What a token says: for which ledger it is meant, and when it was made, in seconds."""

    aud: Text
    iat: Count


class KeyTokens:
    """Reads tokens that organizations' systems have signed."""

    def __init__(self, office: Office, holders: KeyHolders, refusals: Refusals) -> None:
        self._office = office
        self._holders = holders
        self._refusals = refusals

    def caller(self, token: str, address: str) -> Caller | None:
        """Return whose token it is, or None where it is good for nobody, here or now.

        Whoever is refused is written down.

        Raises:
            SecurityLogError: It could not be written down.
        """
        try:
            body = parse_compact(token)
            said = TokenForm.model_validate(read_json(body.payload))
            caller = self._holders.caller(body, READ, address)
        except (UnusableSubmissionError, UnreadableJsonError, ValidationError):
            self._refusals.note_anonymous(READ, "token_is_malformed", address)
            return None
        except UnprovenSignatureError:
            return None
        refused = self._check(said, body, caller)
        if refused is None:
            return caller
        self._refusals.record_reading(caller, Intent(act=READ), refused)
        return None

    def _check(self, said: TokenForm, body: SignedBody, caller: Caller) -> Refused | None:
        """Return why a token that its key has signed is not good here and now."""
        now = self._office.desk.now()
        if said.aud != self._office.origin:
            return refuse("submission_is_for_another_ledger", "aud")
        if abs(now.timestamp() - said.iat) > LASTS.total_seconds():
            return refuse("submission_is_stale", "iat")
        state = None
        if caller.organization is not None:
            states = self._office.states
            state = states.get(ORGANIZATION, caller.organization, fresh=True).state
        if state is None or not state.key_in_force(body.key, civil_date(now)):
            return refuse("key_is_not_in_force")
        return None

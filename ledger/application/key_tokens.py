"""Tokens by which an organization's system reads: signed by its key, short-lived.

A compact JWS (RFC 7515) as a bearer token, whose payload is `{aud, iat}`. It says who asks, as
a signed submission does, and nothing else: what is to be written has to be signed itself.
"""

from datetime import timedelta

from pydantic import ValidationError

from ledger.application.callers import Caller
from ledger.application.forms.fields import Count, Form, Text
from ledger.application.key_holders import KeyHolders, UnprovenSignatureError
from ledger.application.office import Office
from ledger.application.signed_body import UnusableSubmissionError, parse_compact
from ledger.application.states import ORGANIZATION
from ledger.application.strict_json import UnreadableJsonError, read_json
from ledger.domain.civil_time import civil_date

READ = "token.read"
LASTS = timedelta(minutes=5)
"""How far from now a token's `iat` may lie; our own bound [P]."""


class TokenForm(Form):
    """What a token says: for which ledger it is meant, and when it was made, in seconds."""

    aud: Text
    iat: Count


class KeyTokens:
    """Reads tokens that organizations' systems have signed."""

    def __init__(self, office: Office, holders: KeyHolders) -> None:
        self._office = office
        self._holders = holders

    def caller(self, token: str, address: str) -> Caller | None:
        """Return whose token it is, or None where it is good for nobody, here or now.

        A signature that is not the named key's is written down.
        """
        try:
            body = parse_compact(token)
            said = TokenForm.model_validate(read_json(body.payload))
            caller = self._holders.caller(body, READ, address)
        except (UnusableSubmissionError, UnreadableJsonError, ValidationError):
            return None
        except UnprovenSignatureError:
            return None
        now = self._office.desk.now()
        is_now = abs(now.timestamp() - said.iat) <= LASTS.total_seconds()
        if said.aud != self._office.origin or not is_now or caller.organization is None:
            return None
        state = self._office.states.get(ORGANIZATION, caller.organization, fresh=True).state
        is_in_force = state is not None and state.key_in_force(body.key, civil_date(now))
        return caller if is_in_force else None

"""Who calls: a bearer token of a sign-in, and in whose name its person acts."""

from collections.abc import Callable
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ledger.application.callers import Caller, as_staff, as_volunteer
from ledger.application.office import Office

ORGANIZATION_HEADER = "Ledger-Organization"
BEARER = HTTPBearer(
    auto_error=False, description="The token that `POST /api/v1/sessions` returned 登录令牌"
)
_IN_WHOSE_NAME = Header(
    alias=ORGANIZATION_HEADER,
    description="The organization in whose name you act; needed where you work for several. "
    "代表哪个组织操作。",
)


class NotSignedInError(Exception):
    """Nobody is signed in, or no more; ``is_noted`` says that it is written down already."""

    def __init__(self, *, is_noted: bool = False) -> None:
        super().__init__()
        self.is_noted = is_noted


class UnclearCapacityError(Exception):
    """It cannot be told in whose name she acts; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Signed(Protocol):
    """One sign-in: a staff person, a volunteer, or one human who is both."""

    @property
    def sign_in(self) -> UUID: ...  # noqa: D102 - columns
    @property
    def staff(self) -> UUID | None: ...  # noqa: D102
    @property
    def volunteer(self) -> UUID | None: ...  # noqa: D102


class Sessions(Protocol):
    """Knows whose tokens are in force."""

    def find(self, token: str) -> Signed | None:
        """Return who is signed in by a token, or None."""


class KeyTokens(Protocol):
    """Knows which tokens organizations' systems have signed."""

    def caller(self, token: str, address: str) -> Caller | None:
        """Return whose token it is, or None where it is good for nobody, here or now."""


READING = frozenset({"GET", "HEAD"})


def calling(office: Office, sessions: Sessions) -> Callable[..., Caller]:
    """Return a dependency that tells who calls, and in whose name."""

    def who(
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
        named: Annotated[str | None, _IN_WHOSE_NAME] = None,
    ) -> Caller:
        token = "" if bearer is None else bearer.credentials
        if "." in token:
            caller = _system(request, token)
        else:
            signed = sessions.find(token) if token else None
            if signed is None:
                raise NotSignedInError
            caller = caller_of(office, signed, named)
        # What is wrong with her form is found without a word of her.
        request.state.caller = caller
        return caller

    return who


def _system(request: Request, token: str) -> Caller:
    """Return the organization's system that has signed a token; it may read, no more."""
    if request.method not in READING:
        raise UnclearCapacityError("key_token_is_for_reading")
    tokens: KeyTokens | None = getattr(request.app.state, "key_tokens", None)
    address = request.client.host if request.client else "unknown"
    caller = None if tokens is None else tokens.caller(token, address)
    if caller is None:
        raise NotSignedInError(is_noted=tokens is not None)
    return caller


def caller_of(office: Office, signed: Signed, named: str | None) -> Caller:
    """Return the caller of a sign-in; who names no organization acts as herself, if she can.

    Raises:
        UnclearCapacityError: The name is none, or one of several has to be named.
    """
    if named is None and signed.volunteer is not None:
        return as_volunteer(signed.volunteer, staff=signed.staff)
    if signed.staff is None:
        raise UnclearCapacityError("sign_in_is_for_no_organization")
    if named is not None:
        try:
            organization = UUID(named)
        except ValueError:
            raise UnclearCapacityError("organization_header_is_malformed") from None
        return as_staff(signed.staff, organization, volunteer=signed.volunteer)
    employers = office.views.employers(signed.staff)
    if len(employers) != 1:
        raise UnclearCapacityError("organization_is_not_named")
    return as_staff(signed.staff, employers[0], volunteer=signed.volunteer)

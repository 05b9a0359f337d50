"""Which stream holds what: ids that follow from what they stand for, the same for ever.

A thing's own stream has the thing's id. What belongs to a thing, or is unique in a ledger, has
an id derived from its name, so that two who claim it at once meet in one stream.
"""

import hmac
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5

from ledger.domain.codes import IdType

_MARKS = 0xF << 76 | 0x3 << 62
_VERSION_8 = 0x8 << 76 | 0x2 << 62
"""Version and variant of a UUID whose other bits are its maker's own (RFC 9562, 5.8)."""


@lru_cache(maxsize=16)
def rules_stream(origin: str) -> UUID:
    """Return the stream of a ledger's rule sets and calendars."""
    return uuid5(NAMESPACE_URL, f"https://{origin}/rules")


def credit_code_stream(origin: str, credit_code: str) -> UUID:
    """Return the stream of a unified social credit code, well-formed or not."""
    return uuid5(NAMESPACE_URL, f"https://{origin}/credit-codes/{credit_code}")


def project_no_stream(origin: str, project_no: str) -> UUID:
    """Return the stream of the number of an activity: it is claimed once in a ledger."""
    return uuid5(NAMESPACE_URL, f"https://{origin}/project-numbers/{project_no}")


def account_stream(volunteer: UUID) -> UUID:
    """Return the stream of the account on which a volunteer's minutes count."""
    return uuid5(volunteer, "account")


def disclosures_stream(volunteer: UUID) -> UUID:
    """Return the stream of who was shown a volunteer's particulars in clear."""
    return uuid5(volunteer, "disclosures")


def evidence_stream(organization: UUID, sha256: str) -> UUID:
    """Return the stream of a file that an organization keeps: the same file is kept once."""
    return uuid5(organization, f"evidence/{sha256}")


@lru_cache(maxsize=20_000)
def presence_stream(activity: UUID, volunteer: UUID) -> UUID:
    """Return the stream of when a volunteer signed in and out in an activity."""
    return uuid5(activity, f"presence/{volunteer}")


def inbox_stream(person: UUID) -> UUID:
    """Return the stream of what a person has seen of her notices, and where she wants mail."""
    return uuid5(person, "inbox")


@lru_cache(maxsize=20_000)
def sign_in_stream(person: UUID) -> UUID:
    """Return the stream of a volunteer's sign-in, or of a staff person's who has no other."""
    return uuid5(person, "sign-in")


def city_bureau_stream(origin: str) -> UUID:
    """Return the stream of a ledger's first organization, which is its city bureau."""
    return uuid5(NAMESPACE_URL, f"https://{origin}/city-bureau")


def first_person(origin: str) -> UUID:
    """Return the id of the person whom a ledger itself appoints and invites: its first."""
    return uuid5(NAMESPACE_URL, f"https://{origin}/first-person")


def refusals_stream(actor: UUID) -> UUID:
    """Return the stream of what a person or key attempted and was refused."""
    return uuid5(actor, "refusals")


def submission_stream(organization: UUID, jti: str) -> UUID:
    """Return the stream of one signed submission: its `jti` is used once in an organization."""
    return uuid5(organization, f"submissions/{jti}")


def import_stream(organization: UUID, digest: str) -> UUID:
    """Return the stream of a file that an organization imports, by its SHA-256."""
    return uuid5(organization, f"imports/{digest}")


def imported_record(activity: UUID, volunteer: UUID, start: datetime) -> UUID:
    """Return the id of the record of a volunteer's session that a file says; one a session.

    It follows from what the record is of, in whichever file it stands.
    """
    return uuid5(activity, f"imported/{volunteer}/{start:%Y-%m-%dT%H:%MZ}")


def row_stream(record: UUID) -> UUID:
    """Return the stream of the row that an imported record was made from."""
    return uuid5(record, "row")


def identity_stream(index_key: bytes, id_type: IdType, id_number: str) -> UUID:
    """Return the stream of one number of an identity document (architecture, 4.3).

    A keyed digest: without ``index_key`` nobody finds the stream of a number that he knows,
    and nobody the number of a stream (PIPL 51, 73).
    """
    said = f"identity\n{id_type}\n{id_number}".encode()
    digest = int.from_bytes(hmac.digest(index_key, said, sha256)[:16])
    return UUID(int=digest & ~_MARKS | _VERSION_8)

"""Who signs a certificate's PDF, as the rest of the house knows it 电子签名."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Hindrance(StrEnum):
    """Why no signature was made: somebody outside did not answer, or a file here is no good."""

    AWAY = "away"
    UNFIT = "unfit"


class CannotSign(Exception):
    """Nothing was signed; ``detail`` is for who runs the service, of certificates alone."""

    def __init__(self, hindrance: Hindrance, detail: str) -> None:
        super().__init__(f"{hindrance}: {detail}")
        self.hindrance = hindrance
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Issuer:
    """The organization that a face names as its issuer."""

    organization: UUID
    name: str
    credit_code: str | None


@dataclass(frozen=True, slots=True)
class SignatureTrust:
    """Whom a reader of signatures trusts: authorities in PEM, as of a moment."""

    roots: bytes
    now: datetime


class PdfSigning(Protocol):
    """Signs what was typeset, from any thread."""

    def sign(self, pdf: bytes, issuer: Issuer) -> bytes:
        """Return the PDF with the issuer's signature after it; as it is, if it has no key.

        Raises:
            CannotSign: It has one, and nothing was signed with it.
        """

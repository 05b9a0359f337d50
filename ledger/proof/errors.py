"""Two faults: bytes that are not what they claim to be, and proofs that do not hold."""

from dataclasses import dataclass


@dataclass(eq=False)
class MalformedError(Exception):
    """Input is not the one accepted spelling of what it claims to be.

    Every parser of this package raises this and nothing else; nothing has been
    accepted, in whole or in part. ``what`` names the thing that was read, ``want`` the
    rule, ``got`` the offending part, shortened.
    """

    what: str
    want: object
    got: object

    def __str__(self) -> str:
        return f"{self.what}: want {self.want}, got {shorten(self.got)}"


@dataclass(eq=False)
class ProofError(Exception):
    """A proof, signature or commitment does not hold; ``got`` is what it adds up to."""

    step: str
    want: object
    got: object

    def __str__(self) -> str:
        return f"{self.step}: want {shorten(self.want)}, got {shorten(self.got)}"


def shorten(value: object, *, characters_max: int = 80) -> str:
    """Return ``repr(value)`` cut to a length that is safe to print."""
    if isinstance(value, (str, bytes)):
        value = value[: characters_max + 1]
    text = repr(value)
    return text if len(text) <= characters_max else text[: characters_max - 1] + "…"

"""The clock and the source of chance: the only two places where the world leaks in."""

import secrets
import uuid
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def random_bytes(count: int) -> bytes:
    """Return bytes from the operating system's generator."""
    return secrets.token_bytes(count)


def random_uuid() -> uuid.UUID:
    """Return a random UUID (RFC 9562, version 4)."""
    return uuid.uuid4()

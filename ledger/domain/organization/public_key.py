"""Ed25519 public keys: a point of the curve in its one spelling, and none of small order.

Under a key of small order a signature can be made that fits any text, without a private key;
libraries that check signatures take such keys. So they are refused here, before they can
stand for an organization (RFC 8032, sections 5.1.3 and 5.1.7).
"""

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)
_DOUBLINGS_TO_COFACTOR = 3
_HEX_LENGTH = 64


def is_public_key(text: str) -> bool:
    """Return whether 64 lower-case hex digits spell a usable Ed25519 public key."""
    if len(text) != _HEX_LENGTH or not set(text) <= set("0123456789abcdef"):
        return False
    point = _point(bytes.fromhex(text))
    return point is not None and not _is_of_small_order(*point)


def _point(key: bytes) -> tuple[int, int] | None:
    """Return the point that 32 bytes spell, or None (RFC 8032, section 5.1.3)."""
    number = int.from_bytes(key, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P != u:
        x = x * _ROOT_OF_MINUS_1 % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else _P - x), y


def _is_of_small_order(x: int, y: int) -> bool:
    """Return whether eight times the point is the neutral one, (0, 1)."""
    for _ in range(_DOUBLINGS_TO_COFACTOR):
        product = _D * x * x * y * y % _P
        x, y = (
            2 * x * y * pow(1 + product, -1, _P) % _P,
            (y * y + x * x) * pow(1 - product, -1, _P) % _P,
        )
    return (x, y) == (0, 1)

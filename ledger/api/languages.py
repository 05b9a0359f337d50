"""In which language a reader is told (RFC 9110, 12.5.4): Chinese or English."""

from fastapi import Request

from ledger.application.texts import Language

_OFFERED: tuple[Language, ...] = ("zh", "en")


def language_of(request: Request) -> Language:
    """Return the offered language that Accept-Language weighs most, English without one."""
    weights: dict[Language, float] = {}
    for part in request.headers.get("accept-language", "").split(","):
        name, _, parameter = part.strip().lower().partition(";")
        for offered in _OFFERED:
            if name.strip().partition("-")[0] == offered:
                weights.setdefault(offered, _weight(parameter))
    best, weight = max(weights.items(), key=lambda each: each[1], default=("en", 0.0))
    return best if weight else "en"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

"""Errors as RFC 9457 problems: a code, a text in the reader's language, what to do next."""

from fastapi import Request
from fastapi.responses import JSONResponse

from ledger.application.texts import Language, say


def problem(request: Request, status: int, code: str, **facts: object) -> JSONResponse:
    """Return a problem response whose text follows Accept-Language."""
    language: Language = (
        "zh" if request.headers.get("accept-language", "").startswith("zh") else "en"
    )
    body = {
        "type": f"urn:ledger:problem:{code}",
        "title": say(code, language, **facts),
        "status": status,
        "code": code,
    }
    return JSONResponse(body, status, media_type="application/problem+json")

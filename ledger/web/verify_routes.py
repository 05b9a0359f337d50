"""The public page `/verify`, where anybody checks a certificate: files, it decides nothing.

What is proved, the visitor's browser proves; the page has what it takes with it, and fetches
nothing from elsewhere.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from ledger.proof.policy import Policy
from ledger.proof.shapes import Shapes
from ledger.web.pinned import pinned_files, policy_file
from ledger.web.static_files import StaticFile, page_files

PAGE = "/verify"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing runs, is shown or is asked but what this server has; nobody frames it."""
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
FIXED = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"
"""Kept, and asked for again each time: parts of two releases never meet."""


def verify_routes(policy: Callable[[], Policy], shapes: Shapes) -> APIRouter:
    """Return the page with its files; ``policy`` is asked each time, for keys are rotated."""
    served = page_files() | pinned_files(shapes)
    router = APIRouter(include_in_schema=False)

    @router.api_route(PAGE, methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        return _answer(request, served["index.html"])

    # A plain function, run on a thread: the policy is a file.
    @router.api_route(f"{PAGE}/policy", methods=["GET", "HEAD"])
    def trusted(request: Request) -> Response:
        return _answer(request, policy_file(policy()))

    @router.api_route(f"{PAGE}/{{path:path}}", methods=["GET", "HEAD"])
    async def part(request: Request, path: str) -> Response:
        if not path:
            return RedirectResponse(PAGE, HTTPStatus.PERMANENT_REDIRECT)
        return _answer(request, _found(served, path))

    return router


def _found(served: Mapping[str, StaticFile], path: str) -> StaticFile:
    if path not in served or path == "index.html":
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return served[path]


def _answer(request: Request, file: StaticFile) -> Response:
    headers = {
        **HEADERS,
        "cache-control": FIXED if file.is_fixed else ASKED_AGAIN,
        "etag": file.etag,
    }
    known = request.headers.get("if-none-match", "").split(",")
    if {"*", file.etag, f"W/{file.etag}"} & {each.strip() for each in known}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = file.content
    if file.packed is not None and _takes_gzip(request):
        # Packed it is another representation, so the validator is a weak one.
        content, headers = file.packed, headers | {"etag": f"W/{file.etag}"}
        headers["content-encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.media_type)


def _takes_gzip(request: Request) -> bool:
    for each in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = each.strip().partition(";")
        if name == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0")
    return False

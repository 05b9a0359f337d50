"""One request to somebody outside, within bounds: one address, so many bytes, nothing packed.

No redirect is followed, no proxy or password is taken from the environment, and what comes is
counted as it is sent: nothing is unpacked that could be larger than it looks.
"""

import ssl
from collections.abc import Mapping

import httpx

from ledger.certificates.signatures import CannotSign, Hindrance

STEP_S = 10.0
"""How long each step of a request may take; whoever asks bounds the time as a whole."""


async def ask_outside(
    url: str,
    *,
    headers: Mapping[str, str],
    bytes_max: int,
    content: bytes | None = None,
    step_s: float = STEP_S,
) -> bytes:
    """Return the body of an answer: to a POST where there is ``content``, to a GET otherwise.

    Raises:
        CannotSign: There is none within the bounds.
    """
    try:
        return await _exchange(url, headers, bytes_max, content, step_s)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise CannotSign(Hindrance.AWAY, type(error).__name__) from error


async def _exchange(
    url: str, headers: Mapping[str, str], bytes_max: int, content: bytes | None, step_s: float
) -> bytes:
    verify = ssl.create_default_context() if url.lower().startswith("https:") else False
    asked = {**headers, "Accept-Encoding": "identity"}
    got = bytearray()
    async with (
        httpx.AsyncClient(
            verify=verify,
            timeout=step_s,
            headers=asked,
            trust_env=False,
            follow_redirects=False,
        ) as client,
        client.stream("GET" if content is None else "POST", url, content=content) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise CannotSign(Hindrance.AWAY, f"status {response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise CannotSign(Hindrance.AWAY, "packed")
        async for part in response.aiter_raw():
            got += part
            if len(got) > bytes_max:
                raise CannotSign(Hindrance.AWAY, "too large")
    return bytes(got)

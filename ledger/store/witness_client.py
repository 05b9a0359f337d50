"""Asking a witness over HTTP: bounded in time and bytes, whatever it answers.

One exchange takes at most ``total_s`` seconds from the first look-up of the name to the last
byte of the answer: a server that drips a byte now and then is cut off, not waited for, and
so is a name server that says nothing. No
redirect is followed, no proxy of the environment is used, and no answer is unpacked, so that
a small answer stays small.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

ANSWER_BYTES_MAX = 64 * 1024
_USER_AGENT = "volunteer-service-ledger"


class Trouble(StrEnum):
    """Why a witness did not cosign; `docs/witness.md` says what each means."""

    BAD_URL = "bad_url"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    STATUS = "status"
    BAD_REQUEST = "bad_request"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_LOG = "unknown_log"
    REFUSED = "refused"
    AHEAD = "ahead"
    MOVING = "moving"
    LOST_STATE = "lost_state"
    GARBAGE = "garbage"
    NO_LINE = "no_line"
    BAD_SIGNATURE = "bad_signature"
    BAD_TIME = "bad_time"


class WitnessAway(Exception):
    """A witness gave nothing that counts; ``trouble`` names why, ``detail`` shows a part."""

    def __init__(self, trouble: Trouble, detail: object = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = str(detail)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most 64 KiB, believed by nobody yet."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class WitnessHttp:
    """Sends one request at a time; may be used by many threads at once."""

    connect_s: float = 5.0
    read_s: float = 5.0
    total_s: float = 10.0

    def add_checkpoint(self, url: str, body: bytes) -> Answer:
        """Return the answer to a new checkpoint (C2SP tlog-witness, add-checkpoint).

        Raises:
            WitnessAway: There was none, or it was too slow or too large.
        """
        return self._ask("POST", f"{_prefix(url)}/add-checkpoint", body)

    def latest(self, url: str, origin_hash: str) -> Answer:
        """Return the answer to which checkpoint was cosigned last (C2SP tlog-witness).

        ``origin_hash`` is SHA-256 of the log's origin in lower-case hex.

        Raises:
            WitnessAway: There was none, or it was too slow or too large.
        """
        return self._ask("GET", f"{_prefix(url)}/{origin_hash}/checkpoint", None)

    def _ask(self, method: str, url: str, body: bytes | None) -> Answer:
        try:
            with asyncio.Runner(loop_factory=LookUpLoop) as runner:
                answer = runner.run(self._within_time(method, url, body))
        except TimeoutError as error:
            raise WitnessAway(Trouble.TIMEOUT, f"{self.total_s:g} s") from error
        except httpx.TimeoutException as error:
            raise WitnessAway(Trouble.TIMEOUT, type(error).__name__) from error
        except httpx.InvalidURL as error:
            raise WitnessAway(Trouble.BAD_URL, url) from error
        except (httpx.RemoteProtocolError, httpx.LocalProtocolError) as error:
            raise WitnessAway(Trouble.GARBAGE, "not HTTP") from error
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise WitnessAway(Trouble.UNREACHABLE, type(error).__name__) from error
        if 300 <= answer.status < 400:
            raise WitnessAway(Trouble.REDIRECT, answer.status)
        return answer

    async def _within_time(self, method: str, url: str, body: bytes | None) -> Answer:
        # The limits of httpx are for one step each; a drip passes all of them for ever.
        async with asyncio.timeout(self.total_s):
            return await self._exchange(method, url, body)

    async def _exchange(self, method: str, url: str, body: bytes | None) -> Answer:
        timeout = httpx.Timeout(self.read_s, connect=self.connect_s)
        headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        # The system's certificates, so that a site's own authority can be added to them.
        verify = ssl.create_default_context() if url.startswith("https:") else False
        async with (
            httpx.AsyncClient(
                verify=verify,
                timeout=timeout,
                headers=headers,
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream(method, url, content=body) as response,
        ):
            got = bytearray()
            async for part in response.aiter_raw():
                got += part
                if len(got) > ANSWER_BYTES_MAX:
                    raise WitnessAway(Trouble.TOO_LARGE, f"more than {ANSWER_BYTES_MAX} bytes")
            content_type = response.headers.get("content-type", "")
            return Answer(response.status_code, content_type, bytes(got))


class LookUpLoop(asyncio.SelectorEventLoop):
    """Looks names up in threads that are left behind, where others wait for theirs."""

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - it is called so
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        """Return the addresses of a host."""
        found: asyncio.Future[Any] = self.create_future()

        def tell(settle: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.call_soon_threadsafe(lambda: None if found.done() else settle())

        def look_up() -> None:
            try:
                addresses = socket.getaddrinfo(host, port, family, type, proto, flags)
            except Exception as error:  # noqa: BLE001 - told to whoever asked
                fault = error
                tell(lambda: found.set_exception(fault))
            else:
                tell(lambda: found.set_result(addresses))

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        return await found


def _prefix(url: str) -> str:
    """Return a submission prefix without its last slash.

    Raises:
        WitnessAway: It is no address of a witness.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise WitnessAway(Trouble.BAD_URL, url)
    return url.rstrip("/")

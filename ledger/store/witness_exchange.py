"""One exchange with a witness, within its time and bytes; loaded where a witness is asked."""

import asyncio
import ssl
from dataclasses import dataclass

import httpx

from ledger.store.look_up_loop import LookUpLoop
from ledger.store.witness_answer import Answer, Trouble, WitnessAway

ANSWER_BYTES_MAX = 64 * 1024
_USER_AGENT = "volunteer-service-ledger"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Sends one request and reads its answer; each limit is in seconds."""

    connect_s: float
    read_s: float
    total_s: float

    def ask(self, method: str, url: str, body: bytes | None) -> Answer:
        """Return what came back, redirects excepted.

        Raises:
            WitnessAway: Nothing did, or it was too slow or too large.
        """
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

"""An event loop that a silent name server cannot keep from ending."""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


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

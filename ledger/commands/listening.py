"""Listening: how many may come at once, how long they may take, and how the service ends."""

import signal
import threading

import typer
import uvicorn

from ledger.commands.console import CANNOT
from ledger.wiring.instance_signs import LOST_WRITE

KEEP_ALIVE_S = 10
SHUTDOWN_S = 10
"""So long a request may still take when the service is told to end."""


def serve_until_told(host: str, port: int, workers: int, proxies: str) -> None:
    """Serve until a signal says to end; ``proxies`` are believed whence a request came.

    Raises:
        typer.Exit: The address cannot be listened on, or a write was lost.
    """
    lost = threading.Event()

    def end_for_good(_signal: int, _frame: object) -> None:
        lost.set()
        signal.raise_signal(signal.SIGTERM)

    def end(_signal: int, _frame: object) -> None:
        # uvicorn raises the signal that ended it once more, when all is shut down.
        raise SystemExit(CANNOT if lost.is_set() else 0)

    signal.signal(LOST_WRITE, end_for_good)
    signal.signal(signal.SIGTERM, end)
    try:
        _run(host, port, workers, proxies)
    except SystemExit as error:
        # uvicorn has said why; its own numbers mean other things than ours.
        if error.code:
            raise typer.Exit(CANNOT) from error
    if lost.is_set():
        raise typer.Exit(CANNOT)


def _run(host: str, port: int, workers: int, proxies: str) -> None:
    uvicorn.run(
        "ledger.wiring.serving:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="info",
        access_log=False,  # readers' addresses are nobody's business
        http="ledger.api.bounded_http:BoundedHttp",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_S,
        server_header=False,
        # Those that the operator names, whatever the environment tells uvicorn.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )

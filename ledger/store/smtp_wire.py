"""A connection to a mail server, from its first packet on, that another thread may cut.

`smtplib` shows no socket before a server has greeted, and another one once TLS has begun. So a
second handle on the same connection is kept beside its own: to shut that down ends every wait.
"""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any


class Wire:
    """One connection, being opened or open; once it was cut it opens no more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._is_cut = False

    def open(self, host: str, port: int, timeout_s: float) -> socket.socket:
        """Return a connection to the first address of a host that takes one.

        Only looking up the name cannot be cut: the system bounds it.

        Raises:
            OSError: None takes one in time, or it was cut.
        """
        failed = OSError()
        for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            family, kind, protocol, _, address = found
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(timeout_s)
                self._hold(connection)
                connection.connect(address)
                self._check()  # to be cut may look like success
            except OSError as error:
                connection.close()
                failed = error
            else:
                return connection
        raise failed

    def cut(self) -> None:
        """Let whoever waits for an answer on it wait no more."""
        with self._lock:
            self._is_cut = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Hold it no more; whoever has it closes it."""
        with self._lock:
            handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()

    def _hold(self, connection: socket.socket) -> None:
        self.let_go()
        with self._lock:
            self._check()
            self._handle = connection.dup()

    def _check(self) -> None:
        if self._is_cut:
            raise ConnectionAbortedError


class WiredSmtp(smtplib.SMTP):
    """An SMTP session over a wire; with ``trust`` it is TLS from the first byte on.

    Raises:
        smtplib.SMTPException, OSError: There is none; nothing is left open.
    """

    def __init__(
        self,
        wire: Wire,
        host: str,
        port: int,
        *,
        name: str,
        timeout_s: float,
        trust: ssl.SSLContext | None,
    ) -> None:
        self._wire, self._timeout_s, self._trust = wire, timeout_s, trust
        super().__init__(host, port, local_hostname=name, timeout=timeout_s)

    def connect(
        self,
        host: str = "localhost",
        port: int = 0,
        source_address: Any = None,  # noqa: ARG002 - as `SMTP` has it
    ) -> tuple[int, bytes]:
        """Connect over the wire, and return what the server greets with."""
        connection = self._wire.open(host, port, self._timeout_s)
        if self._trust is not None:
            try:
                connection = self._trust.wrap_socket(connection, server_hostname=host)
            except (OSError, ValueError):
                connection.close()
                raise
        self.sock = connection
        self.file = None
        return self.getreply()

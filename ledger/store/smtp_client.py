"""Handing mail to a server (RFC 5321): bounded in time, told apart by what can be done next.

TLS is checked against the system's certificates, or those of a file. No answer of a server is
repeated anywhere: it may hold the address.
"""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Literal

from ledger.store.keyfiles import KeyFileError, read_password
from ledger.store.smtp_wire import Wire, WiredSmtp

ANSWERS_MAX = 15
_PERMANENT = 500
_CLOSING = 421


class Outcome(StrEnum):
    """What became of one mail."""

    SENT = "sent"
    REFUSED = "refused"
    """The server will not take it for this recipient, now or later (5yz)."""
    DEFERRED = "deferred"
    """It does not take it for this recipient now (4yz)."""


class MailAway(Exception):
    """The server takes no mail at all now; ``why`` is a class or a code, and names nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where the server is, and how it is spoken to; ``name`` is who speaks (EHLO).

    ``timeout_s`` bounds each answer, and `ANSWERS_MAX` times it a whole connection, from its
    first packet to its last.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    ca_file: Path | None
    user: str | None
    password_file: Path | None
    sender: str
    name: str
    timeout_s: float


class SmtpClient:
    """Sends mail from one thread; another one may `abort` it."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None
        self._wire: Wire | None = None
        self._is_ended = threading.Event()

    @contextmanager
    def connected(self) -> Iterator["SmtpClient"]:
        """Hold a connection, signed in where that is asked for.

        Raises:
            MailAway: There is none.
        """
        self._wire = wire = Wire()
        # A server that drips a byte now and then is cut off, not waited for.
        cut = threading.Timer(self._server.timeout_s * ANSWERS_MAX, wire.cut)
        cut.daemon = True
        cut.start()
        try:
            try:
                self._connect(wire)
            except (smtplib.SMTPException, OSError, KeyFileError, ValueError) as error:
                raise MailAway(_why(error)) from None
            yield self
        finally:
            client, self._open = self._open, None
            if client is not None:
                _leave(client)
            cut.cancel()
            self._wire = None
            wire.let_go()

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        """Return what became of a mail; it was taken by the server where it was sent.

        Raises:
            MailAway: The connection broke, or the server takes no mail of ours: it may have
                been taken all the same.
        """
        client = self._open
        if client is None:
            raise MailAway("closed")
        try:
            client.send_message(message, self._server.sender, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            return self._outcome(code)
        except smtplib.SMTPDataError as error:
            return self._outcome(error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            raise MailAway(_why(error)) from None
        return Outcome.SENT

    def abort(self) -> None:
        """Let whoever waits for the server wait no more, now and later."""
        self._is_ended.set()
        wire = self._wire
        if wire is not None:
            wire.cut()

    @staticmethod
    def _outcome(code: int) -> Outcome:
        if code == _CLOSING:
            raise MailAway(str(code))
        return Outcome.REFUSED if code >= _PERMANENT else Outcome.DEFERRED

    def _connect(self, wire: Wire) -> None:
        server = self._server
        if self._is_ended.is_set():
            raise MailAway("closed")
        trust = ssl.create_default_context(cafile=server.ca_file)
        self._open = client = WiredSmtp(
            wire,
            server.host,
            server.port,
            name=server.name,
            timeout_s=server.timeout_s,
            trust=trust if server.security == "tls" else None,
        )
        if server.security == "starttls":
            client.starttls(context=trust)
        if server.user is not None and server.password_file is not None:
            client.login(server.user, read_password(server.password_file))


def _leave(client: smtplib.SMTP) -> None:
    """End a session; a server that says nothing to it is not waited for."""
    with suppress(smtplib.SMTPException, OSError, ValueError):
        if client.sock is not None:
            client.sock.settimeout(1.0)
        client.quit()
    with suppress(OSError):
        client.close()


def _why(error: Exception) -> str:
    """Return what is told of an error: its class, and the server's code without its text."""
    code = getattr(error, "smtp_code", None)
    name = type(error).__name__
    return f"{name} {code}" if isinstance(code, int) else name

"""A connection to a mail server is bounded, and can be cut, from its first packet on."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ledger.store.smtp_client import MailAway, MailServer, SmtpClient
from tests.mailing.postbox import Behaviour, Postbox, certificate

DEADLINE_S = 30
PLENTY_S = 600.0
SOON_S = 0.05


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


Says = Callable[[socket.socket, threading.Event, Path], None]
"""What a server says to who has connected; the event tells that she waits for it."""


@contextmanager
def server(says: Says, ca_file: Path) -> Iterator[tuple[int, threading.Event]]:
    """Run a server for one connection, which holds it until the client ends it."""
    waits = threading.Event()
    with socket.create_server(("localhost", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    says(connection, waits, ca_file)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield listening.getsockname()[1], waits
        serving.join(DEADLINE_S)
        assert not serving.is_alive()


def drips(connection: socket.socket, waits: threading.Event, ca_file: Path) -> None:
    """Greet without an end, a line now and then."""
    while True:
        connection.sendall(b"220-wait\r\n")
        waits.set()
        time.sleep(SOON_S / 5)


def drips_in_tls(connection: socket.socket, waits: threading.Event, ca_file: Path) -> None:
    """Take up TLS, and greet without an end."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(ca_file, ca_file.with_name("key.pem"))
    with context.wrap_socket(connection, server_side=True) as secured:
        drips(secured, waits, ca_file)


def falls_silent(connection: socket.socket, waits: threading.Event, ca_file: Path) -> None:
    """Say nothing at all, not even of TLS."""
    waits.set()
    while connection.recv(4096):
        pass


def falls_silent_for_tls(
    connection: socket.socket, waits: threading.Event, ca_file: Path
) -> None:
    """Offer STARTTLS, and say nothing when it begins."""
    connection.sendall(b"220 here\r\n")
    connection.recv(4096)
    connection.sendall(b"250-here\r\n250 STARTTLS\r\n")
    connection.recv(4096)
    connection.sendall(b"220 go on\r\n")
    connection.recv(1)  # its first words in TLS
    falls_silent(connection, waits, ca_file)


def client(port: int, ca_file: Path, **said: object) -> SmtpClient:
    """Return a client of a server, as a postbox is spoken to."""
    box = Postbox(port, Behaviour(), ca_file)
    told: MailServer = box.server(**said)
    return SmtpClient(told)


def connecting(sending: SmtpClient, told: list[str]) -> threading.Thread:
    """Return who connects in a thread of her own; it is told why there is no connection."""

    def connect() -> None:
        try:
            with sending.connected():
                told.append("connected")
        except MailAway as error:
            told.append(error.why)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("security", "says"), [("none", drips), ("starttls", drips), ("tls", drips_in_tls)]
)
def test_a_server_that_drips_its_greeting_is_left(
    security: str, says: Says, ca_file: Path
) -> None:
    told: list[str] = []
    with server(says, ca_file) as (port, _):
        sending = client(port, ca_file, security=security, timeout_s=2 * SOON_S)
        thread = connecting(sending, told)
        thread.join(DEADLINE_S)
        assert told == ["SMTPServerDisconnected"]


@pytest.mark.parametrize(
    ("security", "says"),
    [
        ("none", drips),
        ("none", falls_silent),
        ("starttls", falls_silent_for_tls),
        ("tls", falls_silent),
        ("tls", drips_in_tls),
    ],
)
def test_a_connection_that_is_being_opened_is_cut(
    security: str, says: Says, ca_file: Path
) -> None:
    told: list[str] = []
    with server(says, ca_file) as (port, waits):
        sending = client(port, ca_file, security=security, timeout_s=PLENTY_S)
        thread = connecting(sending, told)
        assert waits.wait(DEADLINE_S)
        sending.abort()
        thread.join(DEADLINE_S)
        assert not thread.is_alive()
        assert len(told) == 1
        assert told != ["connected"]
        # Nothing is opened any more.
        connecting(sending, told).join(DEADLINE_S)
        assert told[1:] == ["closed"]

"""A mail server of a test's own, which takes mail, refuses it, or falls silent."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ledger.store.smtp_client import MailServer
from tests.api.service import free_port

USER, PASSWORD = "ledger", "post-passwort"
FROM, URL = "ledger@example.org", "https://ledger.example.org/"


@dataclass(frozen=True)
class Taken:
    """A mail that the server took, or of which it had every word."""

    to: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def text(self) -> str:
        return str(self.message.get_content())


@dataclass
class Behaviour:
    """What the server does: what it answers to a recipient, or what becomes of the content."""

    to_recipient: str = "250 OK"
    content: str = "take"
    taken: list[Taken] = field(default_factory=list)
    sessions: int = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.sessions += 1
        if self.content == "hang":
            await asyncio.sleep(60)
        self.taken.append(Taken(envelope.rcpt_tos[0], envelope.content))
        if self.content == "drop":
            server.transport.abort()
        return {"refuse": "554 no", "later": "451 later"}.get(self.content, "250 OK")


@dataclass
class Postbox:
    """A running mail server."""

    port: int
    does: Behaviour
    ca_file: Path | None = None

    @property
    def taken(self) -> list[Taken]:
        return self.does.taken

    def server(self, **changes: Any) -> MailServer:
        """Return how the ledger is told of it."""
        said: dict[str, Any] = {
            "host": "localhost",
            "port": self.port,
            "security": "none" if self.ca_file is None else "starttls",
            "ca_file": self.ca_file,
            "user": None,
            "password_file": None,
            "sender": FROM,
            "name": "ledger.example.org",
            "timeout_s": 2.0,
        }
        return MailServer(**said | changes)


@contextmanager
def postbox(
    folder: Path | None = None, *, port: int | None = None, does: Behaviour | None = None
) -> Iterator[Postbox]:
    """Run a mail server; with a folder, one that asks for STARTTLS and a password."""
    behaviour, ca_file = does or Behaviour(), None
    options: dict[str, Any] = {}
    if folder is not None:
        ca_file = certificate(folder)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(ca_file, folder / "key.pem")
        options = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": _authenticate,
        }
    controller = Controller(
        behaviour, hostname="localhost", port=port or free_port(), **options
    )
    controller.start()
    try:
        yield Postbox(controller.port, behaviour, ca_file)
    finally:
        controller.stop(no_assert=True)


def _authenticate(
    server: Any, session: Any, envelope: Any, mechanism: str, data: Any
) -> AuthResult:
    given = isinstance(data, LoginPassword) and (data.login, data.password)
    return AuthResult(success=given == (USER.encode(), PASSWORD.encode()))


def certificate(folder: Path) -> Path:
    """Write a certificate of localhost that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=60))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return folder / "certificate.pem"

"""Mail of a ledger put together: off unless a server is named, sent by one of the workers."""

import atexit
import threading
from dataclasses import dataclass
from pathlib import Path

from ledger.application.log_state import MailState
from ledger.application.mail_text import Sender
from ledger.application.mailing import Mailing, MailParts
from ledger.settings import Settings
from ledger.store.engine import sqlite_module
from ledger.store.outbox import Outbox
from ledger.store.smtp_client import MailServer, SmtpClient
from ledger.wiring.office import OpenOffice
from ledger.wiring.parts import Wiring

POLL_S = 2.0
_STOP_S = 2.0
"""A mail server that dawdles must not keep the process alive."""


def start_mailing(opened: OpenOffice, wiring: Wiring, settings: Settings) -> "MailBoard | None":
    """Send mail from a thread of this process, until the process ends; None where it is off."""
    if settings.smtp_host is None or settings.smtp_from is None or settings.public_url is None:
        return None
    sender = Sender(settings.smtp_from, settings.public_url)
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        ca_file=settings.smtp_ca_file,
        user=settings.smtp_user,
        password_file=settings.smtp_password_file,
        sender=sender.address,
        name=sender.domain,
        timeout_s=settings.smtp_timeout_s,
    )
    outbox, client = Outbox(outbox_path(wiring.paths.data_dir)), SmtpClient(server)
    parts = MailParts(
        outbox=outbox,
        post=client,
        sender=sender,
        interval_s=settings.smtp_interval_s,
        log_size=opened.views.source.size,
    )
    mailing = Mailing(opened.office, opened.views.reader, parts)
    stop = threading.Event()
    thread = threading.Thread(
        target=mailing.run,
        args=(stop,),
        kwargs={
            "poll_s": POLL_S,
            "language": "zh" if (settings.language or "").startswith("zh") else "en",
        },
        name="mailing",
        daemon=True,
    )

    def end() -> None:
        stop.set()
        client.abort()
        thread.join(_STOP_S)

    atexit.register(end)
    thread.start()
    return MailBoard(outbox)


def outbox_path(data_dir: Path) -> Path:
    """Return where a ledger's outbox lies."""
    return data_dir / "outbox.sqlite"


@dataclass(frozen=True, slots=True)
class MailBoard:
    """What every worker tells of the mail that one of them sends."""

    outbox: Outbox

    def state(self) -> MailState:
        """Return how mail stands; an outbox that cannot be read is trouble."""
        try:
            counts = self.outbox.counts()
        except sqlite_module().Error:
            return MailState(sent=0, failed=0, waiting=0, is_stuck=True)
        return MailState(
            sent=counts.sent,
            failed=counts.failed,
            waiting=counts.waiting,
            is_stuck=counts.is_stuck,
        )

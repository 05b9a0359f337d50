"""A house with a session of service, and the mail of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ledger.application.callers import Caller
from ledger.application.disclosing import disclose
from ledger.application.forms.volunteer import DisclosureForm
from ledger.application.inbox import asked_by, mark_seen, owner_of, read, set_address
from ledger.application.mail_text import Sender
from ledger.application.mailing import Mailing, MailParts
from ledger.domain.disclosed import DisclosurePurpose
from ledger.store.outbox import Outbox
from ledger.store.smtp_client import SmtpClient
from tests.application.homes import home, house, postgres_town, sqlite_town, town
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.mailing.postbox import FROM, URL, Postbox

__all__ = ["home", "house", "postgres_town", "sqlite_town", "town"]

HER_ADDRESS = "she@example.org"
INTERVAL_S = 3_600


@dataclass
class Post:
    """The session of a house, and whoever sends its mail; another one remembers nothing."""

    session: Session
    folder: Path
    server: dict[str, Any] = field(default_factory=dict)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.folder / "outbox.sqlite")

    def mailing(self, box: Postbox, **changes: Any) -> Mailing:
        """Return what sends, as a process that has just started has it."""
        house = self.session.house
        parts = MailParts(
            outbox=self.outbox,
            post=SmtpClient(box.server(**self.server | changes)),
            sender=Sender(FROM, URL),
            interval_s=INTERVAL_S,
            log_size=lambda: house.views.projector.catch_up(),
        )
        return Mailing(self.session.office, house.views.answers._reader, parts)

    def with_news(self, box: Postbox, *, looks: int = 1) -> Mailing:
        """Return what sends, where she wants mail and has been told something since."""
        sending = self.mailing(box)
        sending.round()
        self.wants_mail(self.session.herself)
        self.look(looks)
        return sending

    def wants_mail(self, who: Caller, address: str = HER_ADDRESS) -> None:
        """Let somebody give her address."""
        set_address(self.session.office, owner_of(self.session.office, who), address)

    def look(self, times: int = 1) -> None:
        """Let somebody be shown the volunteer's particulars, which she is told of."""
        form = DisclosureForm(purpose=DisclosurePurpose.CONTACT)
        for _ in range(times):
            session = self.session
            disclose(session.office, session.town.reviewer, session.volunteer, form)

    def reads_all(self, who: Caller) -> None:
        """Let somebody see her notices."""
        office = self.session.office
        owner = owner_of(office, who)
        newest = read(office, asked_by(office, owner)).value.rows[0]
        mark_seen(office, owner, int(newest.row["seq"]))

    def later(self, **by: int) -> None:
        """Let time go on."""
        self.session.house.clock.advance(**by)


@pytest.fixture
def post(house: House, town: Town, tmp_path: Path) -> Post:
    return Post(begin(house, town, house.office), tmp_path)

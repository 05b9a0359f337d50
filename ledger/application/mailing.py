"""Mail about notices: looked for in the views, written down, sent, settled; a digest a person.

look through new notices ─► who of those told wants mail ─► waits in the outbox
                                                               │ at most once an interval
    settled ◄─ taken by the server ◄─ sent ◄─ written down ◄───┘ what she has not seen yet

Nothing here stands in anybody's way: no request and no append waits for mail. An address is
opened for the one mail that goes to it, and no error of a server is repeated.
"""

import hmac
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

from ledger.application.due_soon import Looking
from ledger.application.inbox import Owner, address_of, asked_by
from ledger.application.mail_text import Sender, compose
from ledger.application.mailed import (
    Wanting,
    holders,
    owner_of_person,
    those_wanting,
    wanting,
)
from ledger.application.office import Office
from ledger.application.record_surroundings import rules_now
from ledger.application.texts import Language, say
from ledger.domain.civil_time import civil_date, civil_time
from ledger.projections.views import MAILING
from ledger.store.outbox import Kept, Outbox
from ledger.store.smtp_client import MailAway, Outcome
from ledger.store.view_notices import Waiting, new_recipients, waiting
from ledger.store.view_query import Query
from ledger.store.view_reader import ViewReader

MAILS_A_ROUND: Final = 50
SCAN_ENTRIES: Final = 5_000
DUE_PERSONS: Final = 20
"""So many are looked at for what is nearly late in one round; the next one goes on."""
DUE_HOUR: Final = 8
"""From this hour of a working day in Beijing on, people are told what is nearly late."""
REFUSED_MAX: Final = 3
DEFERRED_MAX: Final = 30
_WAIT_S, _WAIT_MAX_S = 30.0, 3_600.0
_ALL = "~"
"""Comes after every id: everybody was looked at."""
_OPERATOR = logging.getLogger("uvicorn.error")


class Post(Protocol):
    """Where mail is handed over, as `ledger.store.smtp_client.SmtpClient` does it."""

    def connected(self) -> "AbstractContextManager[Post]":
        """Hold a connection; raises `MailAway`."""

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        """Return what became of a mail; raises `MailAway`."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One person's mail: what it tells, ``through`` which notice, and where it goes.

    ``waits`` says that there is more to tell her by another one.
    """

    wanting: Wanting
    kept: Kept
    told: Waiting
    through: int
    waits: bool
    due: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailParts:
    """What mail is sent with; ``interval_s`` lies between two mails to one person."""

    outbox: Outbox
    post: Post
    sender: Sender
    interval_s: float
    log_size: Callable[[], int]


class Mailing:
    """The mail of one ledger, sent in rounds by whichever process has the turn."""

    def __init__(self, office: Office, reader: ViewReader, parts: MailParts) -> None:
        self._office = office
        self._reader = reader
        self._outbox = parts.outbox
        self._post = parts.post
        self._sender = parts.sender
        self._interval_s = parts.interval_s
        self._log_size = parts.log_size
        self._is_prepared = False
        self._told = ""
        self._away = 0
        self._not_before = 0.0

    def run(self, stop: threading.Event, *, poll_s: float, language: Language) -> None:
        """Send round after round until told to stop; what goes wrong is told, not raised.

        It is told by its class alone: an outbox that cannot be written stops mail, no more.
        """
        while not stop.wait(poll_s):
            try:
                if self._outbox.take_turn():
                    self.round(language)
                self._told = ""
            except Exception as error:  # noqa: BLE001 - or nobody would send any more
                name = type(error).__name__
                if name != self._told:
                    _OPERATOR.warning(say("mail_failed", language, what=name))
                self._told = name
                stop.wait(_WAIT_S)
        self._outbox.leave()

    def round(self, language: Language = "en") -> None:
        """Look through what is new, and send what may be sent now.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: The views do not answer.
            OSError, sqlite3.Error: The outbox cannot be written.
        """
        if not self._is_prepared:
            self._outbox.prepare()
            self._is_prepared = True
        scanned = self._look_through()
        if scanned is None:
            return
        self._look_for_due(scanned)
        now = self._now()
        if now < self._not_before:
            return
        kept = self._outbox.waiting(now, MAILS_A_ROUND)
        digests = [each for each in map(self._digest_or_none, kept) if each is not None]
        if digests:
            self._send_all(digests, language)

    def _look_through(self) -> int | None:
        """Return below which entry notices were looked through; None while views are made."""
        found = self._office.views.page(MAILING, Query(limit=1))
        if found.is_rebuilding:
            return None
        outbox, stop = self._outbox, found.size
        start = outbox.number("scanned")
        if start is None or start > self._log_size():
            # The outbox is new, or the log is an older one: what there is, was told before.
            outbox.scanned(stop, [])
            return stop
        if start > stop:
            return None  # the views have not come to where they were
        if not found.value.rows:
            outbox.scanned(stop, [])  # nobody wants mail
            return stop
        while start < stop:
            part = min(stop, start + SCAN_ENTRIES)
            persons = new_recipients(self._reader, start=start, stop=part).value
            told = [
                (str(each.person), max(start - 1, each.since))
                for each in holders(self._office, persons)
            ]
            outbox.scanned(part, told)
            start = part
        return stop

    def _look_for_due(self, scanned: int) -> None:
        """Look for some people at what is nearly late for them, once on a working day."""
        now = self._office.desk.now()
        today = civil_date(now)
        calendar = rules_now(self._office).calendar
        if civil_time(now).hour < DUE_HOUR or not calendar.is_working(today):
            return
        day, outbox = today.isoformat(), self._outbox
        after = outbox.word("due_after") if outbox.word("due_day") == day else ""
        if after == _ALL:
            return
        page = those_wanting(self._office, after=after, limit=DUE_PERSONS)
        # Who gave an address under two ids of hers is told at one of them.
        theirs = set(holders(self._office, [str(each.person) for each in page]))
        looking = Looking(self._office)
        found: list[tuple[str, int, int]] = []
        for each in page:
            if each in theirs:
                count = len(looking.of(owner_of_person(self._office, each.person)))
                if count:
                    found.append((str(each.person), max(scanned - 1, each.since), count))
        last = str(page[-1].person) if len(page) == DUE_PERSONS else _ALL
        outbox.due(found, day=day, after=last)

    def _digest_or_none(self, kept: Kept) -> Digest | None:
        """Return somebody's mail; what is wrong with one person's rows concerns nobody else."""
        try:
            return self._digest(kept)
        except Exception as error:  # noqa: BLE001 - others are mailed all the same
            _OPERATOR.warning(say("mail_person_failed", "en", what=type(error).__name__))
            self._outbox.put_off(kept.person, next_at=self._now() + _WAIT_MAX_S)
            return None

    def _digest(self, kept: Kept) -> Digest | None:
        """Return the mail that somebody is to get; None where there is none, which is kept."""
        office, person = self._office, UUID(kept.person)
        wants = wanting(office, person)
        if wants is None or kept.given_up_for == wants.since:
            self._outbox.rest(kept.person)
            return None
        if kept.deferred >= DEFERRED_MAX:
            self._give_up(kept, None)
            return None
        owner = owner_of_person(office, person)
        after = max(kept.told_through, wants.since)
        told = self._waiting(owner, after, kept.pending_through)
        is_today = kept.due_day == civil_date(office.desk.now()).isoformat()
        due = kept.due if is_today or kept.pending_through is not None else 0
        address = address_of(office, owner) if told.kinds or due else None
        through = max(told.through, kept.pending_through or 0)
        # What the views have not told by now is looked through in a later round.
        waits = bool(self._waiting(owner, max(through, after)).kinds)
        if address is None:
            self._outbox.settle(kept.person, through=through, next_at=kept.next_at, waits=waits)
            return None
        return Digest(wants, kept, told, through, waits, due, address)

    def _send_all(self, digests: list[Digest], language: Language) -> None:
        try:
            with self._post.connected() as post:
                for digest in digests:
                    self._send(post, digest)
                    self._is_back(language)
        except MailAway as error:
            self._is_away(error, language)

    def _send(self, post: Post, digest: Digest) -> None:
        """Send one mail; if nobody knows what became of it, it may come again, as the same.

        The try is counted, and the next one put off, before it is made: an outbox that cannot
        be written sends nothing, and one that cannot be written afterwards few times the same.
        """
        outbox, kept, now = self._outbox, digest.kept, self._now()
        wait = min(2 * _WAIT_S * 2 ** min(kept.deferred, 10), 6 * _WAIT_MAX_S)
        outbox.begin(kept.person, digest.through, next_at=now + wait)
        message = compose(
            self._sender,
            digest.address,
            digest.told.kinds,
            due=digest.due,
            id_=self._id(kept, digest.through),
            now=self._office.desk.now(),
        )
        outcome = post.send(message, digest.address)
        if outcome is Outcome.SENT:
            outbox.sent(
                kept.person,
                through=digest.through,
                next_at=self._now() + self._interval_s,
                waits=digest.waits,
            )
        elif outcome is Outcome.REFUSED:
            self._is_refused(digest)

    def _is_refused(self, digest: Digest) -> None:
        kept = digest.kept
        if kept.refused + 1 < REFUSED_MAX:
            later = self._interval_s * 4**kept.refused
            self._outbox.refused(kept.person, next_at=self._now() + later)
        else:
            self._give_up(replace(kept, pending_through=digest.through), digest.wanting.since)

    def _give_up(self, kept: Kept, address: int | None) -> None:
        """Try a mail no more and let the next one tell it, if the address is still used."""
        through = kept.told_through if kept.pending_through is None else kept.pending_through
        next_at = self._now() + self._interval_s
        self._outbox.give_up(kept.person, address=address, through=through, next_at=next_at)

    def _waiting(self, owner: Owner, after: int, through: int | None = None) -> Waiting:
        asked = asked_by(self._office, owner)
        return waiting(self._reader, asked, after=after, through=through).value

    def _id(self, kept: Kept, through: int) -> str:
        """Return what tells a mail from every other one and nothing of its reader.

        It follows from what the mail tells, so the same mail has the same one.
        """
        said = f"{self._office.origin}\n{kept.person}\n{kept.told_through}\n{through}"
        text = f"notice mail\n{said}\n{kept.due_day if kept.due else ''}"
        return hmac.digest(self._office.index_key, text.encode(), sha256)[:16].hex()

    def _is_away(self, error: MailAway, language: Language) -> None:
        if not self._away:
            _OPERATOR.warning(say("mail_server_is_away", language, why=error.why))
            self._outbox.keep_number("stuck", 1)
        self._away += 1
        self._wait()

    def _is_back(self, language: Language) -> None:
        if self._away or self._outbox.number("stuck"):
            self._away = 0
            self._outbox.keep_number("stuck", 0)
            _OPERATOR.warning(say("mail_server_is_back", language))

    def _wait(self) -> None:
        wait = min(_WAIT_S * 2 ** min(max(self._away - 1, 0), 10), _WAIT_MAX_S)
        self._not_before = self._now() + wait

    def _now(self) -> float:
        return self._office.desk.now().timestamp()

"""What becomes of refused attempts: entries where it is known who made them, else lines.

| who | where |
|---|---|
| a person who is signed in, a key whose signature holds | an entry of her own, `act.refused` |
| whoever signs in the name of a known key | an entry of the ledger's own, so many an hour |
| nobody known | the security log |

What cannot become an entry, because the log may not grow now, goes to the security log. If
that cannot be written either, the attempt is answered by an error, and so is every act that
might have to be refused: nothing is refused in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from ledger.application.callers import Caller, as_ledger
from ledger.application.desk import Appends, Intent
from ledger.application.streams import refusals_stream
from ledger.domain.refusal import Refused
from ledger.domain.refused_acts import ActRefused, codes_of
from ledger.domain.stored import encode_event
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.store.security_log import Said, SecurityLog
from ledger.store.throttle_rows import Limit

_HOUR = timedelta(hours=1)
CLAIMS_OF_A_KEY = Limit(30, _HOUR)
CLAIMS_OF_ALL = Limit(300, _HOUR)
"""Entries about signatures that no key has made; who knows an id could fill the log."""
BAD_SIGNATURE = "signature_is_unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A key of an organization that was named by a signature which is not its own."""

    key: UUID
    organization: UUID
    address: str


class Counts(Protocol):
    """Counts attempts for all processes, as `ThrottleRows` does."""

    def count(self, what: str, limit: Limit, *, now: datetime) -> timedelta | None:
        """Count one; return how long to wait where there were too many."""


class Refusals:
    """Writes refusals of one ledger down, from any thread; durable when a call returns."""

    def __init__(
        self,
        appends: Appends,
        security_log: SecurityLog,
        counts: Counts,
        *,
        origin: str,
        now: Callable[[], datetime],
        random_uuid: Callable[[], UUID],
    ) -> None:
        self._appends = appends
        self._security_log = security_log
        self._counts = counts
        self._ledger = as_ledger(system_actor(origin))
        self._now = now
        self._random_uuid = random_uuid

    def check(self) -> None:
        """Return while a refusal can be written down.

        Raises:
            SecurityLogError: It cannot: nothing may be done now.
        """
        self._security_log.check()

    def record(self, caller: Caller, intent: Intent, refused: Refused) -> None:
        """Write down that somebody known was refused.

        Raises:
            SecurityLogError: It could not be written anywhere.
        """
        self._record(caller, intent, codes_of(refused), {})

    def record_claim(self, claim: Claim, intent: Intent) -> None:
        """Write down that somebody signed in the name of a key that this ledger knows.

        Raises:
            SecurityLogError: It could not be written anywhere.
        """
        said: dict[str, Said] = {
            "claimed": str(claim.key),
            "organization": str(claim.organization),
            "address": claim.address,
        }
        if self._is_too_much(claim.key):
            self._write(self._ledger, intent, (BAD_SIGNATURE,), said, always=False)
            return
        self._record(self._ledger, intent, (BAD_SIGNATURE,), said, claim=claim)

    def record_reading(self, caller: Caller, intent: Intent, refused: Refused) -> None:
        """Write down that a known key was refused what it may repeat as often as it likes.

        So many an hour are entries, the others lines of the security log.

        Raises:
            SecurityLogError: It could not be written anywhere.
        """
        if self._is_too_much(caller.actor.id):
            self._write(caller, intent, codes_of(refused), {}, always=False)
            return
        self.record(caller, intent, refused)

    def note_anonymous(
        self, act: str, code: str, address: str, *, target: UUID | None = None
    ) -> None:
        """Write to the security log that somebody unknown was refused.

        A flood of them is only counted.

        Raises:
            SecurityLogError: It cannot be written.
        """
        self._note(act, (code,), address, target)

    def note_stranger(
        self, act: str, refused: Refused, address: str, *, target: UUID | None = None
    ) -> None:
        """Write to the security log for which reasons somebody unknown was refused.

        Raises:
            As `note_anonymous`.
        """
        self._note(act, codes_of(refused), address, target)

    def note_reader(self, act: str, address: str, *, target: UUID) -> None:
        """Write to the security log that somebody unknown was told of something, masked.

        A flood of them is only counted.

        Raises:
            As `note_anonymous`.
        """
        line: dict[str, Said] = {"act": act, "address": address, "target": str(target)}
        self._security_log.write("act.done", line)

    def _is_too_much(self, key: UUID) -> bool:
        """Return whether so many entries were made of a key that another one is none."""
        try:
            now = self._now()
            of_key = self._counts.count(f"claims of {key}", CLAIMS_OF_A_KEY, now=now)
            of_all = self._counts.count("claims", CLAIMS_OF_ALL, now=now)
        except Exception:  # noqa: BLE001 - what cannot be counted is not let into the log
            return True
        return of_key is not None or of_all is not None

    def _record(
        self,
        caller: Caller,
        intent: Intent,
        codes: tuple[str, ...],
        said: dict[str, Said],
        *,
        claim: Claim | None = None,
    ) -> None:
        event = ActRefused(
            act=intent.act,
            target=intent.target,
            codes=codes,
            digest=intent.digest,
            claimed=None if claim is None else claim.key,
            on_behalf_of=caller.organization,
        )
        try:
            self._appends.append(self._submission(caller, event))
        except Exception as error:  # noqa: BLE001 - whatever it was, the other log is next
            trouble = type(error).__name__
            self._write(caller, intent, codes, {**said, "trouble": trouble}, always=True)

    def _submission(self, caller: Caller, event: ActRefused) -> Submission:
        stored = encode_event(event)
        new = NewEvent(
            stream=str(refusals_stream(caller.actor.id)),
            type=stored.type,
            shape=stored.shape,
            by=caller.actor.text(),
            facts=stored.plain,
        )
        return Submission(self._random_uuid(), (new,))

    def _write(
        self,
        caller: Caller,
        intent: Intent,
        codes: tuple[str, ...],
        said: dict[str, Said],
        *,
        always: bool,
    ) -> None:
        line: dict[str, Said] = {
            "act": intent.act,
            "by": caller.actor.text(),
            "codes": codes,
            "target": _text(intent.target),
            "on_behalf_of": _text(caller.organization),
            "digest": intent.digest,
            **said,
        }
        self._security_log.write("act.refused", line, always=always)

    def _note(
        self, act: str, codes: tuple[str, ...], address: str, target: UUID | None
    ) -> None:
        line: dict[str, Said] = {"act": act, "codes": codes, "address": address}
        self._security_log.write("act.refused", {**line, "target": _text(target)})


def _text(id_: UUID | None) -> str | None:
    return None if id_ is None else str(id_)

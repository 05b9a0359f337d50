"""What signing in is put together from: rows, passwords, throttles, and where refusals go."""

from dataclasses import dataclass

from ledger.application.accepting import Acceptances
from ledger.application.desk import Desk
from ledger.application.inviting import Invitations
from ledger.application.opening import AccessParts
from ledger.application.refusals import Refusals
from ledger.application.signing_in import SignIns
from ledger.application.states import States
from ledger.store import chance
from ledger.store.access_rows import AccessRows
from ledger.store.passwords import Passwords
from ledger.store.security_log import SecurityLog
from ledger.store.stream_reading import StreamReader
from ledger.store.throttle_rows import ThrottleRows
from ledger.wiring.parts import Wiring


@dataclass(frozen=True, slots=True)
class Access:
    """Who comes in to one ledger, and by which desk things are done there."""

    desk: Desk
    refusals: Refusals
    security_log: SecurityLog
    parts: AccessParts
    sign_ins: SignIns
    invitations: Invitations
    acceptances: Acceptances

    def close(self) -> None:
        """Let go of the security log."""
        self.security_log.close()


def open_access(wiring: Wiring) -> Access:
    """Return a ledger's desk with what stands around it; nothing is written yet."""
    origin, secret = wiring.origin, wiring.seal_key
    throttles = ThrottleRows(wiring.engine, origin=origin, secret=secret)
    security_log = SecurityLog(wiring.paths.security_log, now=wiring.clock)
    refusals = Refusals(
        wiring.appender,
        security_log,
        throttles,
        origin=origin,
        now=wiring.clock,
        random_uuid=wiring.random_uuid,
    )
    reader = StreamReader(
        wiring.engine,
        wiring.vault,
        origin=origin,
        seal_key=secret,
        memory=wiring.memory,
    )
    desk = Desk(
        States(reader),
        wiring.appender,
        refusals,
        now=wiring.clock,
        random_uuid=wiring.random_uuid,
    )
    parts = AccessParts(
        desk=desk,
        rows=AccessRows(wiring.engine, origin=origin, secret=secret),
        throttles=throttles,
        passwords=Passwords(),
        refusals=refusals,
        random_bytes=chance.random_bytes,
    )
    return Access(
        desk=desk,
        refusals=refusals,
        security_log=security_log,
        parts=parts,
        sign_ins=SignIns(parts),
        invitations=Invitations(parts, origin=origin),
        acceptances=Acceptances(parts),
    )

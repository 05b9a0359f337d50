"""What a certificate rests on: records that were read again and found in the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from ledger.domain.account import Account
from ledger.domain.certificate.face import ENTRIES_MAX, LINES_MAX, Line, OpenLine, Predecessor
from ledger.domain.certificate.state import Certificate
from ledger.domain.civil_time import civil_date
from ledger.domain.organization.state import Organization
from ledger.domain.refusal import Refusal
from ledger.domain.rules import RuleBook
from ledger.domain.volunteer.state import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Records as their proved histories have them, all of them below ``size`` in the log.

    ``joined`` are entries of the account as `Face` has them. ``root`` is the root of the log at
    that size, in hex, as a checkpoint with the quorum of witnesses has it. ``account`` is what
    is credited to the volunteer.
    """

    lines: tuple[Line, ...] = ()
    open_lines: tuple[OpenLine, ...] = ()
    predecessors: tuple[Predecessor, ...] = ()
    joined: tuple[int, ...] = ()
    account: Account | None = None
    size: int = 0
    root: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a decision about a certificate looks at.

    ``acting`` is in whose name staff acts; ``holder_as_staff`` are the staff persons who are
    the holder herself, as far as is known; ``replaced`` the certificate whose place is to be
    taken. ``basis`` is there only where one is issued.
    """

    book: RuleBook
    volunteer: Volunteer
    issuer: Organization
    acting: Organization | None = None
    holder_as_staff: frozenset[UUID] = frozenset()
    replaced: Certificate | None = None
    basis: Basis = Basis()


def check_basis(state: Certificate, around: Surroundings) -> Iterator[Refusal]:
    """Yield why the records do not carry this certificate."""
    basis = around.basis
    if not basis.lines:
        yield Refusal("nothing_to_certify")
    if len(basis.lines) > LINES_MAX:
        yield Refusal("certificate_has_too_many_lines", "from_day", {"max": LINES_MAX})
    if sum(len(line.entries) for line in basis.lines) > ENTRIES_MAX:
        yield Refusal("certificate_rests_on_too_much", "from_day", {"max": ENTRIES_MAX})
    own = {around.issuer.id, *(each.organization for each in basis.predecessors)}
    for line in basis.lines:
        if line.organization not in own:
            yield Refusal("record_is_another_organizations", None, {"record": str(line.record)})
        if not state.covers(civil_date(line.start)):
            yield Refusal("record_is_outside_period", None, {"record": str(line.record)})
    yield from _check_credits(basis)


def _check_credits(basis: Basis) -> Iterator[Refusal]:
    """Yield where the account says something else than a record: neither is printed then."""
    credited = {} if basis.account is None else {c.record: c for c in basis.account.credits}
    for line in basis.lines:
        credit = credited.get(line.record)
        said = (line.start, line.end, line.minutes)
        if credit is None or (credit.start, credit.end, credit.minutes) != said:
            yield Refusal("record_differs_from_account", None, {"record": str(line.record)})

"""Volunteers in clear in an export: an entry for each of them before any of them is shown.

One entry a volunteer, not one for the file: each of them reads in her own history that she was
looked at, by whom, for whom and what for, as of every other look. A minor is opened by who is
responsible alone (MNR 36): others get her masked, and the rest of the file.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.desk import Intent
from ledger.application.disclosing import DISCLOSE, DISCLOSURES, OF_AGE
from ledger.application.docket import Docket
from ledger.application.exporting.selecting import EXPORTING
from ledger.application.office import Office
from ledger.application.permission import acting_in, check_role
from ledger.application.states import VOLUNTEER, fold
from ledger.application.streams import disclosures_stream
from ledger.domain.acting import check_person
from ledger.domain.civil_time import civil_date
from ledger.domain.disclosed import DisclosurePurpose, ProfileDisclosed
from ledger.domain.event import Erased
from ledger.domain.refusal import Refused, refuse
from ledger.domain.volunteer import age_on

AT_ONCE = 1_000
"""Volunteers of one act: what it reads of each is named in its submission."""


class _NobodyToShow(Exception):
    """All of them are erased, or minors who are not hers to open: there is nothing to write."""


def write_down(
    office: Office, caller: Caller, volunteers: Collection[UUID], purpose: DisclosurePurpose
) -> frozenset[UUID]:
    """Return whom the caller is shown in clear, now that it is in the log that she is.

    Entries of some of them may be there where this raises: then nobody is shown.

    Raises:
        ActRefused: She may not be shown anybody.
        As `Desk.perform`.
    """
    shown: set[UUID] = set()
    intent = Intent(act=DISCLOSE, target=caller.organization)
    wanted = sorted(volunteers)
    for start in range(0, max(1, len(wanted)), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        _read_afresh(office, some)

        def decided(docket: Docket, some: Sequence[UUID] = some) -> frozenset[UUID] | Refused:
            return _decided(docket, caller, some, purpose)

        try:
            shown |= office.desk.perform(caller, intent, decided).value
        except _NobodyToShow:
            continue
    return frozenset(shown)


def _read_afresh(office: Office, volunteers: Sequence[UUID]) -> None:
    """Let nothing be remembered of who was erased meanwhile."""
    found = office.states.many(VOLUNTEER, volunteers)
    states = {each: fold(VOLUNTEER, found[each]).state for each in volunteers}
    office.states.forget(
        each for each, state in states.items() if state is None or state.is_erased
    )
    office.states.prefetch((VOLUNTEER, each) for each in volunteers)
    office.states.prefetch((DISCLOSURES, disclosures_stream(each)) for each in volunteers)


def _decided(
    docket: Docket, caller: Caller, volunteers: Sequence[UUID], purpose: DisclosurePurpose
) -> frozenset[UUID] | Refused:
    acting = acting_in(docket, caller)
    reasons = check_person(docket.act, acting, *EXPORTING)
    if reasons or acting is None:
        return Refused(reasons) if reasons else refuse("acting_organization_is_missing")
    opens_minors = check_role("profile.disclose_minor", docket.act, acting) is None
    shown = [each for each in volunteers if _may_show(docket, each, opens_minors=opens_minors)]
    for each in shown:
        event = ProfileDisclosed(volunteer=each, purpose=purpose, on_behalf_of=acting.id)
        docket.add(DISCLOSURES, disclosures_stream(each), [event])
    if not shown:
        raise _NobodyToShow
    return frozenset(shown)


def _may_show(docket: Docket, volunteer: UUID, *, opens_minors: bool) -> bool:
    state = docket.read(VOLUNTEER, volunteer)
    born = None if state is None else state.birth_date
    if born is None or isinstance(born, Erased):
        return False
    return opens_minors or age_on(born, civil_date(docket.act.now)) >= OF_AGE

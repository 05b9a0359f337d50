"""Files that stations of a demonstration bring in, and the sheets behind some of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.demo.activities import Activities, Session
from ledger.application.demo.agenda import Agenda
from ledger.application.demo.bodies import Body
from ledger.application.demo.papers import sheet
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.importing.batches import Order
from ledger.application.importing.checking import PaperChecking
from ledger.application.importing.outcomes import RowOutcome, Summary
from ledger.application.importing.scanning import ScanAttaching, SentScan
from ledger.application.importing.whole_files import import_file
from ledger.application.office import Office
from ledger.domain.codes import Carrier, EvidenceKind, MediaType
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.imports import CheckImport
from ledger.domain.rules import INITIAL_CALENDAR
from ledger.projections.views import IMPORTS
from ledger.store.view_query import Query

_HEAD = (
    "姓名",
    "身份证号",
    "服务日期",
    "开始时间",
    "结束时间",
    "服务内容",
    "评价",
    "评价日期",
)
_BOM = "\ufeff"
_HOURS = ("09:00", "11:30")


class StationFiles:
    """Puts imports on the agenda: of a file alone, or of one that was copied from paper.

    ``said`` are the particulars of volunteers, as they were registered.
    """

    def __init__(
        self,
        office: Office,
        activities: Activities,
        agenda: Agenda,
        scanning: ScanAttaching,
        looking: EvidenceReading,
        said: Mapping[UUID, Mapping[str, Any]],
    ) -> None:
        self._office = office
        self._activities = activities
        self._agenda = agenda
        self._scanning = scanning
        self._looking = looking
        self._checking = PaperChecking(office, looking)
        self._said = said

    def plan(self, body: Body, day: date, volunteers: Sequence[UUID], carrier: Carrier) -> None:
        """Hold an activity whose records come in as one file, two working days later."""
        if body.recorder is None or body.reviewer is None:
            return
        recorder, reviewer = body.recorder, body.reviewer

        def register() -> None:
            said = self._activities.said(body, day, "社区便民服务日", len(volunteers))
            id_ = self._activities.register(body, said)
            session = Session(id_, body, day, _HOURS, "便民服务。", tuple(volunteers))
            come = INITIAL_CALENDAR.add(day, 2).day
            self._agenda.at(come, "14:20", lambda: bring(session))

        def bring(session: Session) -> None:
            summary, records = self._import(session, recorder, carrier)
            if carrier is Carrier.PAPER:
                self._compare(session, summary, (recorder, reviewer))
            shown = INITIAL_CALENDAR.add(self._activities.today(), 1).day
            self._activities.show_later(
                body, records, shown, lambda over: confirm(over, records)
            )

        def confirm(over: date, records: Sequence[UUID]) -> None:
            entries = self._activities.entries
            self._agenda.at(over, "09:40", lambda: entries.confirm(reviewer, records))

        self._activities.held += 1
        self._agenda.at(day - timedelta(days=3), "15:30", register)

    def _import(
        self, session: Session, recorder: Caller, carrier: Carrier
    ) -> tuple[Summary, list[UUID]]:
        told: list[RowOutcome] = []
        kind = (
            EvidenceKind.OTHER if carrier is Carrier.ELECTRONIC else EvidenceKind.SIGN_IN_SHEET
        )
        order = Order(activity=session.id, carrier=carrier, evidence=kind)
        file = io.BytesIO(self._content(session))
        summary = import_file(self._office, recorder, file, order, tell=told.append)
        if summary.last_seq is not None:
            self._office.views.wait_until(summary.last_seq)
        return summary, [each.record for each in told if each.record is not None]

    def _content(self, session: Session) -> bytes:
        start, end = session.hours
        lines = io.StringIO(newline="")
        table = csv.writer(lines)
        table.writerow(_HEAD)
        for volunteer in session.volunteers:
            said = self._said[volunteer]
            known = (said["name"], said["id_number"])
            day = session.day.isoformat()
            table.writerow((*known, day, start, end, session.content, 5, day))
        return (_BOM + lines.getvalue()).encode()

    def _compare(
        self, session: Session, summary: Summary, people: tuple[Caller, Caller]
    ) -> None:
        """Attach the sheet, and let somebody else look at it and say that it agrees."""
        recorder, reviewer = people
        scan = SentScan(
            content=sheet(f"Sign-in sheet {session.id}"),
            media_type=MediaType.PDF,
            kind=EvidenceKind.SIGN_IN_SHEET,
            pages=1,
        )
        evidence = self._scanning.keep(recorder, summary.id, scan).value
        self._looking.show(reviewer, evidence, DisclosurePurpose.INSPECTION)
        size = self._office.views.page(IMPORTS, Query(limit=1)).size
        rows = len(session.volunteers)
        said = CheckImport(agrees=True, rows_on_paper=rows, persons_on_paper=rows, as_of=size)
        self._checking.check(reviewer, summary.id, said)

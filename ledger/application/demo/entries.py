"""How records of a demonstration come in, are shown and reviewed: many as one act."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.application.callers import Caller
from ledger.application.demo.bodies import Body
from ledger.application.desk import Intent
from ledger.application.docket import Docket
from ledger.application.entering import ENTER, Sent, enter_in, publicize_all, read_records
from ledger.application.evidence_keeping import EvidenceKeeping, Upload
from ledger.application.forms.record import RecordForm
from ledger.application.forms.volunteer import ConfirmationForm, RegistrationForm
from ledger.application.office import Office
from ledger.application.record_surroundings import Entered, RecordDesk
from ledger.application.registering import REGISTER, register_in
from ledger.application.reviewing import credit_in
from ledger.application.states import VOLUNTEER
from ledger.application.submissions import Submissions
from ledger.application.volunteers import surroundings
from ledger.domain.codes import Channel, EvidenceKind, MediaType
from ledger.domain.record import ConfirmRecord
from ledger.domain.refusal import Refused
from ledger.domain.volunteer import decide
from ledger.proof.canonical import Value, encode


@dataclass(frozen=True, slots=True)
class Scanned:
    """A paper that was scanned, as a PDF."""

    content: bytes
    kind: EvidenceKind

    def evidence(self) -> dict[str, str]:
        """Return it as evidence is named."""
        return {"kind": self.kind, "sha256": hashlib.sha256(self.content).hexdigest()}


Step = Callable[[Docket], Refused | None]


class Entries:
    """Does for many at once what the people of an organization do one by one."""

    def __init__(
        self,
        office: Office,
        submissions: Submissions,
        keeping: EvidenceKeeping,
        random_uuid: Callable[[], UUID],
    ) -> None:
        self._keeping = keeping
        self._office = office
        self._submissions = submissions
        self._uuid = random_uuid

    def register(self, caller: Caller, people: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Register volunteers; return their ids."""
        forms = {self._uuid(): RegistrationForm.model_validate(each) for each in people}

        def step(docket: Docket) -> Refused | None:
            for id_, form in forms.items():
                outcome = register_in(docket, self._office, caller, form, id_)
                if isinstance(outcome, Refused):
                    return outcome
            return None

        self._perform(caller, REGISTER, step)
        return list(forms)

    def confirm_identities(self, caller: Caller, volunteers: Sequence[UUID]) -> None:
        """Confirm who volunteers are."""
        command = ConfirmationForm.model_validate({"method": "document_seen"}).command()

        def step(docket: Docket) -> Refused | None:
            around = surroundings(docket, self._office, caller)
            for each in volunteers:
                events = decide(docket.read(VOLUNTEER, each), command, docket.act, around)
                if isinstance(events, Refused):
                    return events
                docket.add(VOLUNTEER, each, events)
            return None

        self._perform(caller, "volunteer.confirm", step)

    def enter(
        self, caller: Caller, records: Sequence[Mapping[str, Any]], channel: Channel
    ) -> list[UUID]:
        """Enter records that came in by a channel; return their ids."""
        forms = {self._uuid(): RecordForm.model_validate(each) for each in records}
        named: dict[UUID, set[UUID]] = {}
        for form in forms.values():
            named.setdefault(form.activity, set()).add(form.volunteer)

        def step(docket: Docket) -> Refused | None:
            desk = RecordDesk(self._office, caller, docket, Entered(named))
            for id_, form in forms.items():
                outcome = enter_in(desk, id_, form, Sent(channel=channel))
                if isinstance(outcome, Refused):
                    return outcome
            return None

        self._perform(caller, ENTER, step)
        return list(forms)

    def keep_scan(
        self, caller: Caller, activity: UUID, persons: Sequence[UUID], paper: Scanned
    ) -> dict[str, str]:
        """Keep the scan of a paper; return it as the evidence that records name."""
        upload = Upload(
            content=paper.content,
            media_type=MediaType.PDF,
            kind=paper.kind,
            activity=activity,
            persons=tuple(persons),
        )
        self._keeping.keep(caller, upload)
        return paper.evidence()

    def submit(self, body: Body, records: Sequence[Mapping[str, Any]], jti: str) -> list[UUID]:
        """Send records as the system of an organization does, signed; return their ids."""
        if body.private_key is None or body.key is None:
            raise LookupError("an organization with a key is wanted")
        now = self._office.desk.now()
        items = [
            encode({"act": "record.submit", "nonce": self._uuid().hex, **each}).decode()
            for each in records
        ]
        manifest = {
            "jti": jti,
            "iat": int(now.timestamp()),
            "aud": self._office.origin,
            "records": [hashlib.sha256(each.encode()).hexdigest() for each in items],
        }
        protected = _base64url({"alg": "Ed25519", "kid": str(body.key)})
        payload = _base64url(manifest)
        signature = body.private_key.sign(f"{protected}.{payload}".encode())
        signed: dict[str, Value] = {
            "protected": protected,
            "payload": payload,
            "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode(),
            "records": [*items],
        }
        outcome = self._submissions.receive(encode(signed), "127.0.0.1")
        return [each.thing for each in outcome.items if each.thing is not None]

    def show(self, caller: Caller, records: Sequence[UUID]) -> None:
        """Show records from today on."""
        publicize_all(self._office, caller, records)

    def confirm(self, caller: Caller, records: Sequence[UUID]) -> None:
        """Confirm records and credit their minutes; what is held stays held."""
        named = read_records(self._office, records)

        def step(docket: Docket) -> Refused | None:
            desk = RecordDesk(self._office, caller, docket, Entered(named))
            for record in records:
                outcome = credit_in(desk, record, ConfirmRecord())
                if isinstance(outcome, Refused):
                    return outcome
            return None

        self._perform(caller, "record.confirm", step)

    def _perform(self, caller: Caller, act: str, step: Step) -> None:
        done = self._office.desk.perform(caller, Intent(act=act), step)
        self._office.views.wait_until(done.appended.first_seq + done.appended.count - 1)


def _base64url(said: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(encode(dict(said))).rstrip(b"=").decode()

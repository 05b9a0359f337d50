"""The items of a signed submission: one JSON text each, an act with its form and a nonce.

The nonce keeps the digest of an item from being guessed: the manifest that lists it is kept in
plain for good (architecture, 4.6).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import Field, ValidationError

from ledger.application import activities, registering
from ledger.application.docket import Docket
from ledger.application.entering import Sent, enter_in, publicize_in, resubmit_in
from ledger.application.forms.activity import ActivityForm
from ledger.application.forms.fields import Form, Id, Text
from ledger.application.forms.reasons import form_reasons
from ledger.application.forms.record import RecordForm, ResubmissionForm
from ledger.application.forms.volunteer import RegistrationForm
from ledger.application.record_surroundings import RecordDesk
from ledger.application.states import ACTIVITY, RECORD
from ledger.application.strict_json import UnreadableJsonError, read_json
from ledger.domain.refusal import Refused, refuse

NONCE = Field(min_length=22, max_length=100, examples=["mZ3kq0n2T5yJw8xV1sB6uA"])
"""At least 128 bits in base64url."""


class ItemForm(Protocol):
    """What every item has: its act, and the id that it asks for, if any."""

    @property
    def act(self) -> str: ...  # noqa: D102 - a member of the JSON
    @property
    def id(self) -> UUID | None: ...  # noqa: D102


class RecordItem(RecordForm):
    """Enter a record."""

    act: Literal["record.submit"]
    nonce: Text = NONCE
    id: Id | None = None


class ResubmissionItem(ResubmissionForm):
    """Enter a returned record anew."""

    act: Literal["record.resubmit"]
    nonce: Text = NONCE
    id: Id


class PublicityItem(Form):
    """Show a record from today on."""

    act: Literal["record.publicize"]
    nonce: Text = NONCE
    id: Id


class VolunteerItem(RegistrationForm):
    """Register a volunteer."""

    act: Literal["volunteer.register"]
    nonce: Text = NONCE
    id: Id | None = None


class ActivityItem(ActivityForm):
    """Register an activity."""

    act: Literal["activity.register"]
    nonce: Text = NONCE
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item that has its form: how it is decided, and whom it is about."""

    form: Any
    decide: Callable[[RecordDesk, UUID, Sent], UUID | Refused]
    person: Callable[[Docket, UUID], UUID]


def read_item(text: str) -> Item | Refused:
    """Return an item, or why it is none."""
    try:
        said = read_json(text)
    except UnreadableJsonError as error:
        return refuse(error.code, error.name)
    act = said.get("act") if isinstance(said, dict) else None
    reader = _READERS.get(act) if isinstance(act, str) else None
    if reader is None:
        return refuse("act_is_unknown", "act")
    try:
        return reader(said)
    except ValidationError as error:
        return Refused(form_reasons(error.errors()))


def _record(said: Mapping[str, Any]) -> Item:
    form = RecordItem.model_validate(said)
    return Item(
        form,
        lambda desk, id_, sent: enter_in(desk, id_, form, sent),
        lambda _docket, _thing: form.volunteer,
    )


def _resubmission(said: Mapping[str, Any]) -> Item:
    form = ResubmissionItem.model_validate(said)
    return Item(form, lambda desk, id_, sent: resubmit_in(desk, id_, form, sent), _volunteer_of)


def _publicity(said: Mapping[str, Any]) -> Item:
    form = PublicityItem.model_validate(said)
    return Item(form, lambda desk, id_, _sent: publicize_in(desk, id_), _volunteer_of)


def _volunteer(said: Mapping[str, Any]) -> Item:
    form = VolunteerItem.model_validate(said)
    return Item(
        form,
        lambda desk, id_, _sent: registering.register_in(
            desk.docket, desk.office, desk.caller, form, id_
        ),
        lambda _docket, thing: thing,
    )


def _activity(said: Mapping[str, Any]) -> Item:
    form = ActivityItem.model_validate(said)
    return Item(
        form,
        lambda desk, id_, _sent: activities.register_in(
            desk.docket, desk.office, desk.caller, form, id_
        ),
        _person_in_charge,
    )


def _person_in_charge(docket: Docket, activity: UUID) -> UUID:
    state = docket.read(ACTIVITY, activity)
    if state is None:
        raise LookupError("an activity that was decided upon is in the docket")
    return state.person_in_charge


def _volunteer_of(docket: Docket, record: UUID) -> UUID:
    state = docket.read(RECORD, record)
    if state is None:
        raise LookupError("a record that was decided upon is in the docket")
    return state.volunteer


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Item]] = {
    "volunteer.register": _volunteer,
    "activity.register": _activity,
    "record.submit": _record,
    "record.resubmit": _resubmission,
    "record.publicize": _publicity,
}

"""The national export: every field is mapped or it is said why not, and no code is invented."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.application.callers import Caller
from ledger.application.exporting.tables import TableOrder
from ledger.application.national import mapping
from ledger.application.national.archive import export_national
from ledger.application.national.mapping import ABSENT, TABLES, mapping_rows
from ledger.application.national.rules import Lacks, To, Told, Why, tell
from ledger.application.reading import HiddenError
from ledger.application.record_lists import RecordFilter
from ledger.domain import activity, organization, record, volunteer
from ledger.domain.codes import (
    AdmissionMode,
    Channel,
    Guarantee,
    IdType,
    OrganizationCategory,
    Phase,
    ServiceCategory,
    ServiceObject,
    Sex,
    SignKind,
    Skill,
)
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.organization.kinds import LegalForm
from ledger.domain.organization.kinds import Status as Standing
from ledger.domain.organization.particulars import ApprovingUnit
from ledger.domain.organization.particulars import Particulars as Body
from ledger.domain.record import RecordSubmitted, Service, Stage
from ledger.domain.volunteer.state import Volunteer
from tests.application.homes import ON_SQLITE
from tests.application.house import House
from tests.application.serving import Session, begin
from tests.application.town import Town
from tests.application.volunteering import WANG, erase

DOCUMENT = Path(__file__).parents[3] / "docs" / "exporting.md"
INSPECTION = DisclosurePurpose.INSPECTION
SERVED = {each.name for each in fields(Service)}
OF_THE_DOMAIN: dict[str, set[str]] = {
    "volunteer": {each.name for each in fields(Volunteer)},
    "volunteer.particulars": {each.name for each in fields(volunteer.Particulars)},
    "volunteer.guardian": {each.name for each in fields(volunteer.Guardian)},
    "organization": {each.name for each in fields(organization.Organization)},
    "organization.particulars": {each.name for each in fields(Body)},
    "organization.approving_unit": {each.name for each in fields(ApprovingUnit)},
    "activity": {each.name for each in fields(activity.Activity)},
    "activity.phase": {"phase"},
    "activity.particulars": {each.name for each in fields(activity.Particulars)},
    "activity.coordinates": {each.name for each in fields(activity.Coordinates)},
    "activity.posts": {each.name for each in fields(activity.Post)},
    "activity.sign_points": {each.name for each in fields(activity.SignPoint)},
    "record": {each.name for each in fields(record.Record)},
    "record.service": SERVED,
    "record.entry": {each.name for each in fields(RecordSubmitted)} - SERVED,
}
NATIONAL: dict[type[Enum], set[str]] = {
    Sex: set("12"),
    IdType: {f"{each:02}" for each in range(1, 9)},
    LegalForm: set("123"),
    OrganizationCategory: {"01", "99", *(f"{each:02}" for each in range(8, 17))},
    ServiceObject: {"99", *(f"{each:02}" for each in range(1, 14) if each != 12)},
    ServiceCategory: {"0099", *(f"{each:04}" for each in range(1, 21))},
    Skill: {"99", *(f"{each:02}" for each in range(1, 24))},
    AdmissionMode: set("12345"),
    Guarantee: {"01", "11", "99"},
    SignKind: set("123"),
    Phase: {"3", "4", "5", "7", "9", "12"},
}
"""The national tables, as far as they were read."""


@pytest.fixture
def session(house: House, town: Town) -> Session:
    return begin(house, town, house.office)


def exported(session: Session, by: Caller | None = None, **asked: Any) -> dict[str, bytes]:
    wanted = RecordFilter(organization=asked.pop("organization", None))
    order = TableOrder(wanted=wanted, format="csv", **asked)
    made = export_national(session.office, by or session.town.recorder, order)
    with zipfile.ZipFile(io.BytesIO(b"".join(made.content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def lines(content: bytes) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, content.splitlines())


@pytest.mark.parametrize("thing", OF_THE_DOMAIN)
def test_every_field_of_the_domain_is_mapped_or_it_is_said_why_not(thing: str) -> None:
    assert TABLES.keys() == OF_THE_DOMAIN.keys()
    assert set(TABLES[thing]) == OF_THE_DOMAIN[thing]


def test_no_national_field_has_two_sources() -> None:
    found = [
        code
        for rules in TABLES.values()
        for rule in rules.values()
        if isinstance(rule, To)
        for code in rule.codes
    ]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch("alb[pex][0-9]{4}", each) for each in found)


@pytest.mark.parametrize("table", NATIONAL)
def test_no_code_is_invented(table: type[Enum]) -> None:
    codes = {each.national for each in table if each.national is not None}  # type: ignore[attr-defined]
    assert codes <= NATIONAL[table]


def test_states_and_channels_have_the_codes_of_the_national_tables() -> None:
    assert mapping.EFFECT.keys() == set(Stage)
    assert set(mapping.EFFECT.values()) == set("123")
    assert set(Channel) - mapping.ENTRY.keys() == {Channel.SIGNED_IN}
    assert set(Standing) - mapping.STANDING.keys() == {Standing.REVOKED, Standing.SUCCEEDED}


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("channel", Channel.SIGNED_IN, mapping.ENTERED["channel"]),
        ("sex", Sex.UNKNOWN, mapping.PARTICULARS["sex"]),
        ("guarantees", (Guarantee.INSURANCE, Guarantee.MEALS), mapping.PLAN["guarantees"]),
        ("category", OrganizationCategory.PUBLIC_INSTITUTION, mapping.BODY["category"]),
        ("phase", Phase.PLANNED, mapping.PHASE),
        ("status", Standing.REVOKED, mapping.ORGANIZATION["status"]),
    ],
)
def test_a_value_without_counterpart_is_told(name: str, value: Any, rule: To) -> None:
    made = Told()
    tell(made, name, value, rule)
    assert made.national == {}
    assert made.lost == [{"field": name, "why": Why.NO_COUNTERPART.value}]
    assert name in made.ours


def test_values_are_written_as_the_national_system_does() -> None:
    assert mapping.division("110101001") == "110101001000000000"
    assert mapping.degrees(-500) == "-0.000500"
    assert mapping.degrees(116_407_413) == "116.407413"


def test_with_a_purpose_a_volunteer_stands_in_national_codes(session: Session) -> None:
    session.confirmed()
    files = exported(session, purpose=INSPECTION)
    (person,) = lines(files["volunteers.jsonl"])
    assert person["national"] == {
        "albp0063": "2",
        "albp0003": WANG["name"],
        "albp0064": WANG["name"],
        "albp0006": "2",
        "albp0014": "1800-01-01",
        "albp0065": "01",
        "albp0005": WANG["id_number"],
        "albp0066": WANG["id_number"],
        "albp0028": "110101001001000000",
        "albp0010": WANG["contact"],
        "albp0068": WANG["contact"],
        "albp0039": ["01", "03"],
    }
    assert person["ours"]["service_categories"] == ["community"]
    (served,) = lines(files["records.jsonl"])
    assert served["national"] == {
        "albx0174": "2",
        "albx0463": 5,
        "albx0464": 5,
        "albx0465": 4,
        "albx0173": "1",
    }
    assert (served["ours"]["minutes"], served["ours"]["volunteer"]) == (150, person["id"])
    (held,) = lines(files["activities.jsonl"])
    assert (held["national"]["albx0014"], held["national"]["albx0009"]) == (["03"], ["0001"])
    assert held["national"]["albx0035"] == "116.407413"
    assert {"field": "person_in_charge_name", "why": "staff"} in held["lost"]
    (body,) = lines(files["organizations.jsonl"])
    assert (body["national"]["albe0003"], body["national"]["albe0005"]) == ("2", "13")


@ON_SQLITE
def test_the_manifest_has_every_part_and_what_it_is_as_of(session: Session) -> None:
    session.enter()
    files = exported(session)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"].keys() == files.keys()
    for name, content in files.items():
        said = manifest["files"][name]
        assert said["sha256"] == sha256(content).hexdigest()
        assert (said["bytes"], said["lines"]) == (len(content), content.count(b"\n"))
    assert str(manifest["as_of"]) == manifest["checkpoint"].splitlines()[1]
    assert manifest["root"] == manifest["checkpoint"].splitlines()[2]
    assert "albp1110" in files["mapping.csv"].decode("utf-8-sig")


@ON_SQLITE
@pytest.mark.parametrize("is_erased", [False, True], ids=["masked", "erased"])
def test_who_is_not_shown_in_clear_is_not_named_in_any_part(
    session: Session, *, is_erased: bool
) -> None:
    session.enter()
    if is_erased:
        erase(session.house, session.volunteer)
    files = exported(session, purpose=INSPECTION if is_erased else None)
    whole = b"".join(files.values()).decode()
    assert not [each for each in ("name", "id_number", "contact") if WANG[each] in whole]
    (person,) = lines(files["volunteers.jsonl"])
    assert {each["why"] for each in person["lost"]} == {"erased" if is_erased else "masked"}
    assert person["national"].keys() == {"albp0063"}


@ON_SQLITE
def test_other_organizations_have_no_national_file(session: Session) -> None:
    session.enter()
    with pytest.raises(HiddenError):
        exported(session, session.town.other_recorder, organization=session.town.station)


def test_the_document_shows_the_mapping() -> None:
    text = DOCUMENT.read_text("utf-8")
    shown = re.findall(r"^\| `([a-z_.]+)` \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    want = [
        (ours, " ".join(f"`{each}`" for each in national.split()), english)
        for ours, national, english, _ in mapping_rows()
        if ours
    ]
    assert shown == want
    assert [name for name, english, _ in ABSENT if f"| {name} | {english} |" not in text] == []
    assert {
        rule.why
        for rules in TABLES.values()
        for rule in rules.values()
        if isinstance(rule, Lacks)
    } < set(Why)

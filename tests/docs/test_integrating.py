"""docs/integrating.md is true: its commands are run, and its tables are the forms."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel

from ledger.application.submitted_items import (
    ActivityItem,
    PublicityItem,
    RecordItem,
    ResubmissionItem,
    VolunteerItem,
)
from tests.docs.blocks import ROOT, run

FORMS: Mapping[str, type[BaseModel]] = {
    "volunteer.register": VolunteerItem,
    "activity.register": ActivityItem,
    "record.submit": RecordItem,
    "record.publicize": PublicityItem,
}
_SHARED = {"act", "nonce"}


@pytest.mark.tool("openssl", "curl")
def test_its_commands_lead_from_nothing_to_a_verified_receipt(tmp_path: Path) -> None:
    run("integrating.md", tmp_path)


def table(act: str) -> str:
    """Return the table of an act."""
    text = (ROOT / "docs" / "integrating.md").read_text("utf-8")
    return text.split(f"| `{act}` |", 1)[1].split("\n\n", 1)[0]


@pytest.mark.parametrize("act", FORMS)
def test_its_tables_name_every_field(act: str) -> None:
    words = set(re.findall(r"[a-z_0-9]+", table(act)))
    assert FORMS[act].model_fields.keys() - _SHARED - words == set()


@pytest.mark.parametrize("act", FORMS)
def test_what_it_prints_bold_is_required(act: str) -> None:
    fields = FORMS[act].model_fields
    bold = set(re.findall(r"\*\*([a-z_]+)\*\*", table(act)))
    required = {name for name, field in fields.items() if field.is_required()}
    assert required - _SHARED == bold & fields.keys()


def test_a_resubmission_has_the_fields_of_an_entry_but_two() -> None:
    left_out = {"activity", "volunteer"}
    assert ResubmissionItem.model_fields.keys() == RecordItem.model_fields.keys() - left_out

"""Whatever comes that the OpenAPI document allows, or just not: answered as documented."""

from typing import Any, TypeAlias

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.api.v1.running import RunningTown

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
Request: TypeAlias = Case[Any]
EXAMPLES = 4
"""Of each operation, of what the document allows, and as many of what it does not."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NAMES = {
    "organization": ("station", "entrusted", "district"),
    "person": ("station.recorder", "station.both"),
    "activity": ("activity",),
    "volunteer": ("wang", "ouyang"),
    "key": ("key",),
}
"""What there is of each kind that a path has a place for."""
DOCUMENTS = ("/api/v1/credential-types/certificate-1",)
PEOPLE = (None, "station.recorder", "station.head", "district.head", "entrusted.head", "wang")
SETTINGS = hypothesis.settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_every_answer_is_a_documented_one(
    town: RunningTown, document: schemathesis.BaseSchema, subtests: pytest.Subtests
) -> None:
    found = list(document.get_all_operations())
    readable = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(readable) == len(found) > 80
    for operation in readable:
        for mode in modes_of(operation):
            with subtests.test(operation.label, mode=mode.value):
                look_at(town, operation, mode)


def modes_of(operation: Operation) -> list[GenerationMode]:
    """Return what can be sent: files of the log and the state have nothing to get wrong.

    Nor has a document of the API that is the same for whoever asks.
    """
    is_asked = operation.path.startswith("/api/v1") and operation.path not in DOCUMENTS
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if is_asked else [])]


def look_at(town: RunningTown, operation: Operation, mode: GenerationMode) -> None:
    """Send requests to an operation, by anybody."""

    @SETTINGS
    @given(operation.as_strategy(mode), st.sampled_from(PEOPLE), st.integers(0, 11))
    def look(case: Request, by: str | None, choice: int) -> None:
        case.path_parameters |= there(town, case, choice)
        case.call_and_validate(headers=town.headers(by), checks=CHECKS)

    look()


def there(town: RunningTown, case: Request, choice: int) -> dict[str, str]:
    """Return ids of things of the town for the places that a path has, three times in four."""
    if choice % 4 == 0:
        return {}
    record = town.places.shown["wang"][choice % 8]
    names = {kind: names[choice % len(names)] for kind, names in NAMES.items()}
    known = {"record": record} | {kind: town.id(name) for kind, name in names.items()}
    return {name: known[name] for name in case.path_parameters if name in known}

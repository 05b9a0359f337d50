"""The list of cases is complete, and the report says of each what was seen."""

import re
from pathlib import Path

import pytest

from tests.faults.cases import REQUIRED
from tests.faults.fault_report import Line, report_text

HERE = Path(__file__).parent


def files_by_case() -> dict[int, list[str]]:
    """Return which files hold tests of which case."""
    found: dict[int, list[str]] = {}
    for path in sorted(HERE.glob("test_case_*.py")):
        for number in re.findall(r"@pytest\.mark\.case\((\d+), \"", path.read_text("utf-8")):
            found.setdefault(int(number), []).append(path.name)
    return found


@pytest.mark.parametrize("number", REQUIRED)
def test_every_required_case_has_a_test(number: int) -> None:
    assert files_by_case().get(number)


def test_a_case_stands_in_the_file_that_is_named_after_it() -> None:
    for number, files in files_by_case().items():
        assert {name[: len("test_case_00")] for name in files} == {f"test_case_{number:02}"}
        assert number in REQUIRED


def test_the_report_is_in_the_order_of_the_cases_and_names_what_is_missing() -> None:
    lines = [
        Line(7, "later", "b", "failed"),
        Line(1, "a | b", "c", "passed", "strace\nx", {"kills": 3, "lost": 0}),
    ]
    text = report_text(lines, machine=["2 × processor"], missing=[9])
    assert "2 cases, 2 tests, 1 of them not passed. Not run: 9." in text
    rows = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    assert rows == [
        "| 1 | a \\| b | strace x | kills 3, lost 0 | `c` | passed |",
        "| 7 | later |  |  | `b` | failed |",
    ]
    assert text == report_text(lines[::-1], machine=["2 × processor"], missing=[9])
